"""One input to its files: what another process or machine can do by itself."""

from __future__ import annotations

import errno
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.errors import IngestError, unknown
from ingest.files import content_of
from ingest.finding import Input
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.parts.counted import counted
from ingest.reading import ReadSettings
from ingest.stores import join, store_of
from ingest.writers import Note, WriteSettings, writer

if TYPE_CHECKING:
    from ingest.documents import Opened
    from ingest.model.document import Document
    from ingest.selecting import Selected, Selection

# After one of these no other input can be written either.
_FATAL = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.ENOTDIR}
_latest: list[Opened] = []
"""What was read last. It goes when the next input is read, or with the process: to take the records of a
large dump apart one by one is a twentieth of its run."""


@dataclass(frozen=True, slots=True)
class ConvertSettings:
    """How inputs are read, what of them is written, and how."""

    formats: tuple[str, ...] = ("json", "csv")
    reading: ReadSettings = field(default_factory=ReadSettings)
    selection: Selection | None = None
    """Which questions; null for all."""
    writing: WriteSettings = field(default_factory=WriteSettings)


class Written(NamedTuple):
    """One file that was written."""

    path: str
    """Below the output folder, with forward slashes."""
    format: str
    sha256: str
    stamp: str = ""


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
    outputs: tuple[Written, ...] = ()
    notes: tuple[str, ...] = ()
    """What a format changed or cannot hold."""
    error: str | None = None
    """Why the input could not be converted at all."""
    stops: bool = False
    """Whether no other input can be written either."""
    is_unchanged: bool = False
    """Whether nothing had to be done: neither the input nor its outputs have changed since the last run."""
    errors: int = 0
    """Findings of severity error, also where they are not told again."""
    warnings: int = 0
    corrections: str | None = None
    """The SHA-256 of the correction file; null where there is none."""
    diagnostics: tuple[Diagnostic, ...] = field(default=(), repr=False)
    """The findings; none for an input that has not changed."""
    lines: Mapping[int, str] = field(default_factory=dict, repr=False)
    """The lines of the dump that findings of severity error and warning are about."""

    @property
    def sure(self) -> int:
        """How many questions no such finding concerns."""
        return self.questions - len(self.doubtful)


class Task(NamedTuple):
    """One input, and the files it is to give below ``out``, by format."""

    entry: Input
    out: str
    outputs: Mapping[str, Sequence[str]]


def convert_tasks(tasks: Sequence[Task], settings: bytes) -> list[Conversion]:
    """Converts some inputs, in another process; the settings are pickled."""
    return [convert_one(task, _unpickled(settings)) for task in tasks]


def convert_one(task: Task, settings: ConvertSettings) -> Conversion:
    """Converts one input. Never raises. What was read stays in memory until the next one, or ``let_go``."""
    entry = task.entry
    let_go()
    try:
        opened, corrections = open_input(entry, settings.reading)
        _latest.append(opened)
        chosen = choose(opened, settings.selection)
        document = chosen.document if chosen else opened.document
        if chosen and not document.questions:
            return summary(opened, chosen, corrections=corrections)
        written: list[Written] = []
        losses: list[Diagnostic] = []
        notes: list[str] = []
        for format_name, names in task.outputs.items():
            form = writer(format_name)
            contents = form.files(document, settings.writing).values()
            for name, pieces in zip(names, contents, strict=True):
                written.append(Written(name, format_name, *_write(join(task.out, name), pieces)))
            found = form.notes(document, settings.writing)
            notes += (f"{names[0]}: {note.message}" for note in found if note.index is None)
            losses += losses_of(document, format_name, found)
    except _CannotWriteError as error:
        return Conversion(entry.name, error=str(error), stops=error.stops)
    except IngestError as error:
        return Conversion(entry.name, error=str(error))
    except Exception as error:  # noqa: BLE001 - of whatever kind it is, it costs one input
        return failed(entry, error)
    return summary(opened, chosen, tuple(written), losses, notes, corrections=corrections)


def let_go() -> None:
    """Frees what was read last."""
    _latest.clear()


def failed(entry: Input, error: Exception) -> Conversion:
    """What there is to say of an input with which something went wrong that nobody has thought of."""
    said = str(error) or (
        "there is not enough memory" if isinstance(error, MemoryError) else "no more is known"
    )
    return Conversion(entry.name, error=f"{entry.address}: {type(error).__name__}: {said}")


def open_input(entry: Input, settings: ReadSettings | None = None) -> tuple[Opened, str | None]:
    """What one input holds, with the corrections beside a dump, and their hash. Raises ``IngestError``."""
    from ingest.documents import open_document  # with all stages: a run without changes needs none

    settings = settings or ReadSettings()
    data, corrections, sha256 = content_of(entry, settings.limits)
    return open_document(data, entry.name, settings, corrections), sha256


def choose(opened: Opened, selection: Selection | None) -> Selected | None:
    """What of an input is to be written; null for all."""
    if selection is None or selection.is_everything:
        return None
    from ingest.selecting import select

    return select(opened.document, selection)


def summary(
    opened: Opened,
    chosen: Selected | None = None,
    outputs: tuple[Written, ...] = (),
    losses: Sequence[Diagnostic] = (),
    notes: Sequence[str] = (),
    *,
    corrections: str | None = None,
) -> Conversion:
    """What came of an input that was read. ``chosen`` is what of it was written, null for all; ``losses`` are
    what formats cannot hold."""
    document = opened.document
    diagnostics = (*document.diagnostics, *losses)
    return Conversion(
        file=opened.file,
        sha256=opened.sha256,
        questions=len(document.questions),
        doubtful=tuple((each.number, each.findings) for each in document.doubtful),
        selected=len(chosen.document.questions) if chosen else None,
        settled=len(opened.result.settled) if opened.result else 0,
        rejected=len(document.rejected),
        outputs=outputs,
        notes=(*_notes(opened, chosen), *notes),
        errors=sum(each.severity is Severity.ERROR for each in diagnostics),
        warnings=sum(each.severity is Severity.WARNING for each in diagnostics),
        corrections=corrections,
        diagnostics=diagnostics,
        lines=_lines(opened, diagnostics),
    )


def losses_of(document: Document, format_name: str, notes: Sequence[Note]) -> Iterator[Diagnostic]:
    """What questions lose in a format, as findings (W001)."""
    from ingest.documents import diagnostic_of

    for note in notes:
        if note.index is not None:
            message = f"{format_name} cannot hold it: {note.message}"
            yield diagnostic_of(document.questions[note.index], "W001", message)


def _notes(opened: Opened, chosen: Selected | None) -> Iterator[str]:
    """What a person should know of the choice."""
    if opened.apart:
        yield f"{counted(opened.apart, 'question')} with contrary keys left in the bank"
    if chosen and not chosen.document.questions:
        topics = sorted({each.topic for each in opened.document.questions if each.topic})
        yield from (unknown("topic", each, topics) for each in chosen.unknown_topics)
    if chosen and chosen.kept_order:
        which = (
            f"{'?' if each.number is None else each.number} ({words})" for each, words in chosen.kept_order
        )
        yield f"the order of options stays where it matters or is in doubt: {', '.join(which)}"


def _lines(opened: Opened, diagnostics: Sequence[Diagnostic]) -> dict[int, str]:
    # A page's text is composed anew, so its lines are not those of the file.
    if opened.result is None or opened.result.source.places:
        return {}
    numbers = {each.line for each in diagnostics if each.severity is not Severity.INFO}
    if not numbers:
        return {}
    from ingest.parts.attempt_lines import lines_without_attempt

    source = opened.result.source
    lines = (source.given or source.text).split("\n")
    shown = {number: lines[number - 1] for number in sorted(numbers) if number <= len(lines)}
    hidden = lines_without_attempt(source.text, opened.result.readings)
    return {number: hidden.get(number, line) for number, line in shown.items()}


class _CannotWriteError(IngestError):
    """An output cannot be written."""

    def __init__(self, address: str, error: OSError) -> None:
        super().__init__(f"cannot write {address}: {error.strerror or error}")
        self.stops = error.errno in _FATAL


def _write(address: str, pieces: Iterator[bytes]) -> tuple[str, str]:
    try:
        return store_of(address).write(address, pieces)
    except OSError as error:
        raise _CannotWriteError(address, error) from error


@lru_cache(maxsize=1)
def _unpickled(settings: bytes) -> ConvertSettings:
    """The same object for the same bytes: caches know labels by their identity."""
    import pickle  # one process needs none

    unpickled: ConvertSettings = pickle.loads(settings)  # noqa: S301 - made by this run
    return unpickled
