"""Many inputs to many files: finding them, converting each, telling what came of it."""

from __future__ import annotations

import glob
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from ingest.documents import Opened, open_document
from ingest.errors import IngestError, unknown
from ingest.files import load, load_corrections, save
from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.document import Document
from ingest.pipeline import ReadSettings
from ingest.rules import rule
from ingest.writers import Note, WriteSettings, writer

if TYPE_CHECKING:
    from ingest.selecting import Selected, Selection
    from ingest.validation import CheckSettings

DEFAULT_FORMATS = ("json", "csv")
_DUMP_SUFFIXES = {".txt", ".text", ".md", ".markdown", ".html", ".htm"}
# Files of these kinds are mostly something else: what they hold decides.
_OTHER_SUFFIXES = {".csv", ".json"}
_SAMPLE = 65_536
_MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Input:
    """One dump to convert."""

    path: Path
    name: str
    """The path below the folder or pattern that named it; records and outputs are named by it."""
    data: bytes | None = None
    """Its content where that is no file: standard input."""


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was written."""

    path: str
    """Below the output folder, with forward slashes."""
    format: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Conversion:
    """What came of one input."""

    file: str
    sha256: str = ""
    questions: int = 0
    doubtful: tuple[tuple[int | None, tuple[str, ...]], ...] = ()
    """Number and finding codes of each doubtful question."""
    selected: int | None = None
    """How many of the questions were written; null for all."""
    settled: int = 0
    """Questions that a person has checked or corrected."""
    rejected: int = 0
    """Blocks that gave no record."""
    outputs: tuple[Output, ...] = ()
    notes: tuple[str, ...] = ()
    """What a format changed or cannot hold."""
    error: str | None = None
    """Why the input could not be converted at all."""
    diagnostics: tuple[Diagnostic, ...] = field(default=(), repr=False)

    @property
    def sure(self) -> int:
        return self.questions - len(self.doubtful)


def find_inputs(arguments: Iterable[str], *, converted: bool = False) -> tuple[list[Input], list[str]]:
    """The inputs that files, folders and patterns name, each once, sorted by name; and the errors.

    A folder gives its text files and saved pages at any depth, and tables and JSON files that hold questions
    as the site has them; with ``converted``, converted files too. Their names begin below the folder.
    """
    inputs: dict[Path, Input] = {}
    errors = []
    for argument in arguments:
        found = list(_expand(argument, converted=converted))
        if not found:
            errors.append(_nothing_found(argument))
        for entry in found:
            if _is_manifest(entry.path):
                errors.append(f"{entry.path} is the list of outputs, and holds no questions")
                continue
            place = Path(os.path.realpath(entry.path))
            # The shortest name, whatever the order of the arguments.
            other = inputs.get(place, entry)
            inputs[place] = min(entry, other, key=lambda each: (len(each.name), each.name))
    return sorted(inputs.values(), key=lambda entry: entry.name), errors


def plan_outputs(
    inputs: Sequence[Input], formats: Sequence[str], out: Path
) -> dict[str, dict[str, tuple[str, ...]]]:
    """For each input's name, the names of the files it will give below ``out``, for each format.

    Raises ``IngestError`` when two inputs would write one file, or one would overwrite an input.
    """
    plan: dict[str, dict[str, tuple[str, ...]]] = {}
    endings = {name: writer(name).names for name in formats}
    taken: dict[str, Input] = {}
    sources = {os.path.realpath(entry.path): entry for entry in inputs if entry.data is None}
    for entry in inputs:
        stem = PurePosixPath(entry.name).with_suffix("").as_posix()
        plan[entry.name] = {
            name: tuple(f"{stem}{ending}" for ending in each) for name, each in endings.items()
        }
        for name in (name for names in plan[entry.name].values() for name in names):
            other = taken.setdefault(name, entry)
            if other is not entry:
                raise IngestError(
                    f"{other.path} and {entry.path} would both write {out / name}:"
                    " rename one, or convert them one at a time with another -o"
                )
            if name == _MANIFEST:
                raise IngestError(f"{entry.path} would write {out / name}, the list of outputs: rename it")
            if source := sources.get(os.path.realpath(out / name)):
                raise IngestError(f"{out / name} would overwrite the input {source.path}: choose another -o")
    return plan


def convert(
    paths: Iterable[str | os.PathLike[str]],
    out: str | os.PathLike[str] = "out",
    formats: Sequence[str] = DEFAULT_FORMATS,
    reading: ReadSettings | None = None,
    writing: WriteSettings | None = None,
    selection: Selection | None = None,
) -> list[Conversion]:
    """Converts files, folders and patterns into a folder, and writes its ``manifest.json``.

    Files are dumps, or converted ones (JSON, JSON Lines, CSV) and banks; folders give their dumps. One entry
    for each input, sorted by name; an input that cannot be read has its ``error`` and does not stop the
    others. Raises ``IngestError`` before anything is written when two inputs would write one file, and for an
    unknown format.
    """
    inputs, errors = find_inputs(os.fspath(path) for path in paths)
    done = [each for each, _ in convert_each(inputs, Path(out), formats, reading, writing, selection)]
    return [*done, *(Conversion(file="", error=error) for error in errors)]


def convert_each(
    inputs: Sequence[Input],
    out: Path,
    formats: Sequence[str],
    reading: ReadSettings | None = None,
    writing: WriteSettings | None = None,
    selection: Selection | None = None,
) -> Iterator[tuple[Conversion, Opened | None]]:
    """The same for inputs already found, one at a time as they are done, with what was read; the
    manifest comes last."""
    plan = plan_outputs(inputs, formats, out)
    done = []
    for entry in inputs:
        conversion, opened = _convert_one(entry, plan[entry.name], out, reading, writing, selection)
        done.append(conversion)
        yield conversion, opened
    if any(conversion.outputs for conversion in done):
        save(out / _MANIFEST, [_manifest(done)])


def validate(paths: Iterable[str | os.PathLike[str]], settings: CheckSettings | None = None) -> list[Checked]:
    """Validates dumps and converted files, folders of them and patterns; also compares them with each other.

    One entry for each file, sorted by name; one that cannot be read has its ``error``. Settings files are
    read by the command only.
    """
    from ingest.validation import CheckSettings

    inputs, errors = find_inputs((os.fspath(path) for path in paths), converted=True)
    done = validate_each(inputs, [settings or CheckSettings()] * len(inputs))
    return [*done, *(Checked("", 0, (), lambda _: "", error) for error in errors)]


def validate_each(inputs: Sequence[Input], settings: Sequence[CheckSettings]) -> list[Checked]:
    """The same for inputs already found, each with its settings."""
    from ingest.validation import Checking, check_file, compare

    done: list[Checking | Checked] = []
    for entry, own in zip(inputs, settings, strict=True):
        shown = _shown(entry)
        try:
            data = load(entry.path) if entry.data is None else entry.data
            corrections = load_corrections(entry.path) if entry.data is None else ()
            done.append(check_file(data, shown, own, corrections))
        except IngestError as error:
            done.append(Checked(shown, 0, (), lambda _: "", str(error)))
    compare([each for each in done if isinstance(each, Checking)])
    return [each.checked() if isinstance(each, Checking) else each for each in done]


def _shown(entry: Input) -> str:
    """The path of an input from the working folder, where it is below it: what code hosts know it by."""
    if entry.data is not None:
        return entry.name
    path = entry.path
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return _plain(path.as_posix())


def open_input(entry: Input, settings: ReadSettings | None = None) -> Opened:
    """What one input holds, with the corrections beside a dump. Raises ``IngestError``."""
    if entry.data is not None:
        return open_document(entry.data, entry.name, settings)
    return open_document(load(entry.path), entry.name, settings, load_corrections(entry.path))


def choose(opened: Opened, selection: Selection | None) -> Selected | None:
    """What of an input is to be written; null for all."""
    if selection is None or selection.is_everything:
        return None
    from ingest.selecting import select

    return select(opened.document, selection)


def summarise(opened: Opened, chosen: Selected | None = None) -> Conversion:
    """The counts and diagnostics of one input, before anything is written; ``chosen`` is what of it will be,
    null for all."""
    document = opened.document
    return Conversion(
        file=opened.file,
        sha256=opened.sha256,
        questions=len(document.questions),
        doubtful=tuple((each.number, each.findings) for each in document.doubtful),
        selected=len(chosen.document.questions) if chosen else None,
        settled=len(opened.result.settled) if opened.result else 0,
        rejected=len(document.rejected),
        notes=tuple(_notes(opened, chosen)),
        diagnostics=document.diagnostics,
    )


def _notes(opened: Opened, chosen: Selected | None) -> Iterator[str]:
    """What a person should know of the choice."""
    if opened.apart:
        yield f"{opened.apart} with contrary keys stay in the bank"
    if chosen and not chosen.document.questions:
        topics = sorted({each.topic for each in opened.document.questions if each.topic})
        yield from (unknown("topic", each, topics) for each in chosen.unknown_topics)
    if chosen and chosen.kept_order:
        which = (
            f"{'?' if each.number is None else each.number} ({words})" for each, words in chosen.kept_order
        )
        yield f"the order of options stays where it matters or is in doubt: {', '.join(which)}"


def has_errors(conversions: Iterable[Conversion], *, strict: bool = False) -> bool:
    """Whether any finding is of severity error; with ``strict``, or warning."""
    grave = {Severity.ERROR, Severity.WARNING} if strict else {Severity.ERROR}
    return any(each.severity in grave for conversion in conversions for each in conversion.diagnostics)


def _convert_one(
    entry: Input,
    names: Mapping[str, Sequence[str]],
    out: Path,
    reading: ReadSettings | None,
    writing: WriteSettings | None,
    selection: Selection | None,
) -> tuple[Conversion, Opened | None]:
    settings = writing or WriteSettings()
    try:
        opened = open_input(entry, reading)
        chosen = choose(opened, selection)
        document = chosen.document if chosen else opened.document
        told = summarise(opened, chosen)
        if told.selected == 0:
            return told, opened
        outputs: list[Output] = []
        notes: list[str] = []
        losses: list[Diagnostic] = []
        for format_name, own in names.items():
            form = writer(format_name)
            contents = form.files(document, settings).values()
            for name, pieces in zip(own, contents, strict=True):
                outputs.append(Output(name, format_name, save(out / name, pieces)))
            found = form.notes(document, settings)
            notes += (f"{own[0]}: {note.message}" for note in found if note.index is None)
            losses += losses_of(document, format_name, found)
    except IngestError as error:
        return Conversion(file=entry.name, error=str(error)), None
    diagnostics = (*told.diagnostics, *losses)
    return (
        replace(told, outputs=tuple(outputs), notes=(*told.notes, *notes), diagnostics=diagnostics),
        opened,
    )


def losses_of(document: Document, format_name: str, notes: Sequence[Note]) -> Iterator[Diagnostic]:
    """What questions lose in a format, as findings (W001)."""
    entry = rule("W001")
    for note in notes:
        if note.index is None:
            continue
        question = document.questions[note.index]
        line = question.source.lines[0]
        yield Diagnostic(
            code=entry.code,
            name=entry.name,
            severity=entry.severity,
            message=f"{format_name} cannot hold it: {note.message}",
            hint=None,
            file=question.source.file,
            line=line,
            column=1,
            end_line=line,
            end_column=1,
            number=question.number,
            id=question.id,
        )


def _manifest(conversions: Sequence[Conversion]) -> bytes:
    import orjson

    from ingest import __version__

    files = [
        {
            "file": each.file,
            "sha256": each.sha256,
            "questions": each.questions,
            "sure": each.sure,
            "doubtful": [number for number, _ in each.doubtful],
            "rejected": each.rejected,
            "outputs": each.outputs,
        }
        for each in sorted(conversions, key=lambda each: each.file)
        if each.outputs
    ]
    option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
    return orjson.dumps({"version": __version__, "files": files}, option=option)


def _expand(argument: str, *, converted: bool) -> Iterator[Input]:
    path = Path(argument)
    # The functions of os.path say no where a name is too long or forbidden; Path's methods raise.
    if os.path.isdir(argument):  # noqa: PTH112
        yield from _below(path, sorted(path.rglob("*")), converted=converted)
    elif os.path.exists(argument):  # noqa: PTH110
        yield Input(path, _plain(path.name))
    elif glob.has_magic(argument):
        parts = path.parts
        fixed = next(place for place, part in enumerate(parts) if glob.has_magic(part))
        root = Path(*parts[:fixed])
        found = sorted(Path(name) for name in glob.glob(argument, recursive=True))  # noqa: PTH207 - keeps what the person typed
        for each in found:
            if each.is_file() and not _is_manifest(each):
                below = each.relative_to(root)
                yield Input(each, _plain(each.name if ".." in below.parts else below.as_posix()))


def _nothing_found(argument: str) -> str:
    if not os.path.isdir(argument):  # noqa: PTH112 - never raises
        return f"no such file: {argument or 'the empty name'}"
    folder = Path(argument)
    converted = next(
        (path for path in sorted(folder.rglob("*")) if path.is_file() and _is_converted(path)), None
    )
    if converted is None:
        return f"no dumps in {argument}"
    pattern = (folder / "**" / f"*{converted.suffix}").as_posix()
    return f'no dumps in {argument}; name its converted files by a pattern: "{pattern}"'


def _is_manifest(path: Path) -> bool:
    return path.name == _MANIFEST and _head(path).startswith(b'{\n  "version"')


def _plain(name: str) -> str:
    """A name that can be written: letters that are no text are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def _below(folder: Path, paths: Iterable[Path], *, converted: bool) -> Iterator[Input]:
    for path in paths:
        below = path.relative_to(folder)
        is_hidden = any(part.startswith(".") for part in below.parts)
        if not is_hidden and path.is_file() and (_is_dump(path) or (converted and _is_converted(path))):
            yield Input(path, _plain(below.as_posix()))


def _is_dump(path: Path) -> bool:
    suffix = path.suffix.lower()
    if suffix in _OTHER_SUFFIXES:
        from ingest.readers import is_known

        return is_known(_head(path).decode("utf-8", errors="replace"))
    return suffix in _DUMP_SUFFIXES


def _is_converted(path: Path) -> bool:
    from ingest.converted import form_named, looks_converted

    return form_named(path.name) is not None and looks_converted(_head(path))


def passed_over(arguments: Iterable[str], inputs: Sequence[Input]) -> list[str]:
    """The files of folders that have the name of a converted file and are none, as far as is seen: so that
    nobody takes them for validated."""
    from ingest.converted import form_named

    taken = {entry.path for entry in inputs}
    return sorted(
        path.as_posix()
        for argument in arguments
        if os.path.isdir(argument)  # noqa: PTH112 - never raises
        for path in Path(argument).rglob("*")
        if path not in taken and path.is_file() and form_named(path.name)
    )


def _head(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(_SAMPLE)
    except OSError:
        return b""
