"""The command ``ingest``: the only code that prints and exits.

Exit status: 0 no finding of severity error, 1 some (with ``--strict``, warnings count too), 2
something could not run. Messages go to stderr, data to stdout. Everything but click is imported by
the command that needs it, since at the size of one exam the imports are the run.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

if TYPE_CHECKING:
    from ingest.batch import Conversion, Input
    from ingest.model.result import Result
    from ingest.pipeline import ReadSettings
    from ingest.writers import WriteSettings

_SHOWN_DOUBTS = 12

# Only one run of the command is concerned. Records hold no cycles, and the collector would walk all of
# them again and again: a third of the time of a large dump.
gc.disable()

_labels_option = click.option(
    "--labels",
    metavar="LANGUAGE",
    help="Language of the page's labels, where it is not found by itself, or a TOML file with labels.",
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="exam-ingest", prog_name="ingest")
def main() -> None:
    """Turn copied practice-exam review pages into validated question records and clean files.

    \b
    Copy the review page of an exam into a text file, then:
      ingest convert exam.txt          writes out/exam.json and out/exam.csv
      ingest inspect exam.txt          shows how each line was read
      ingest rules P101                explains a finding
    """


@main.command()
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option(
    "-o", "--out", metavar="FOLDER", help="Where the files go; - prints one format, by default json.  [out]"
)
@click.option("--to", "formats", metavar="FORMATS", help="Formats, joined by commas.  [json,csv]")
@_labels_option
@click.option("--keep-attempt", is_flag=True, help="Keep what the sitter chose.")
@click.option("--csv-safe", is_flag=True, help="Disarm CSV cells that a spreadsheet would run as a formula.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Print only errors.")
def convert(
    inputs: tuple[str, ...],
    out: str | None,
    formats: str | None,
    labels: str | None,
    *,
    keep_attempt: bool,
    csv_safe: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Convert dumps into clean files.

    INPUT is a file, a folder (its text files and saved pages at any depth: .txt, .text, .md, .markdown,
    .html, .htm; and tables and JSON files that hold questions as the site has them), a quoted pattern such
    as "dumps/**/*.txt", or - for standard input; without any, the folder raw/. Findings are
    printed and stand in the output as well; at the end the command says how many questions are sure
    and which are doubtful.

    \b
    Examples:
      ingest convert exam.txt
      ingest convert dumps/ -o converted --to json,jsonl,csv
      cat exam.txt | ingest convert - --to jsonl > exam.jsonl
    """
    from ingest.errors import IngestError
    from ingest.writers import WriteSettings

    reading = _reading(labels, keep_attempt=keep_attempt)
    writing = WriteSettings(csv_safe=csv_safe)
    found, errors = _find(inputs or ("raw",))
    to_stdout = out == "-" or (out is None and inputs == ("-",))
    names = _formats(formats, ("json",) if to_stdout else ("json", "csv"))
    try:
        if to_stdout:
            done = _print_converted(found, names, reading, writing, quiet=quiet)
        else:
            done = _convert_to_folder(found, Path(out or "out"), names, reading, writing, quiet=quiet)
    except IngestError as error:
        _fail(str(error))
    for message in errors:
        _say_error(message)
    sys.exit(_status(done, failed=bool(errors), strict=strict))


@main.command()
@click.argument("path", metavar="INPUT")
@click.option("--question", "number", type=int, metavar="N", help="Only the question with this number.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_labels_option
def inspect(path: str, number: int | None, form: str, labels: str | None) -> None:
    """Show how a dump was read: every line with its role, and the evidence.

    INPUT is a file, or - for standard input. For each question stands where its options begin, what
    each piece of evidence says (log-odds; 3 is about 20 : 1), and the margin to the next best place.

    \b
    Examples:
      ingest inspect exam.txt | less
      ingest inspect exam.txt --question 12
    """
    from ingest import inspection

    result = _read(path, labels)
    report = inspection.inspect(result, number)
    if number is not None and not report.questions:
        _fail(f"{path} has no question {number}{_numbers(result)}")
    if form == "json":
        import orjson

        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        click.echo(orjson.dumps(report, option=option), nl=False)
        return
    from ingest.reports.as_text import visible

    for line in inspection.render(report):
        click.echo(visible(line))


@main.command()
@click.argument("path", metavar="INPUT", type=click.Path(dir_okay=False))
@click.option("--question", "numbers", type=int, multiple=True, metavar="N", help="A question; repeatable.")
@_labels_option
def correct(path: str, numbers: tuple[int, ...], labels: str | None) -> None:
    """Write entries to settle doubts, to be edited by hand.

    Adds an entry for each question N, filled in as it is read now, to the file x.corrections.toml
    beside the dump x.txt; without --question, for each doubtful or rejected one that has none. Compare
    the entry with the page, edit it, and set checked = true: every later run applies it. The dump
    itself is never changed.

    \b
    Examples:
      ingest correct exam.txt --question 12
      ingest correct exam.txt
    """
    from ingest.corrections import entry
    from ingest.files import corrections_path, load_corrections, save

    result = _read(path, labels, corrected=False)
    blocks = {each.block.number: index for index, each in enumerate(result.readings)}
    for number in numbers:
        if number not in blocks:
            _fail(f"{path} has no question {number}{_numbers(result)}")
    target = corrections_path(Path(path))
    present = {each.question for each in load_corrections(Path(path))}
    chosen = numbers or [number for number in _doubted(result) if number not in present]
    entries = [entry(result, blocks[number]) for number in chosen]
    if not entries:
        click.echo(f"{path}: nothing is doubtful that has no entry", err=True)
        return
    old = target.read_bytes() if target.exists() else b""
    save(target, [old + "".join(entries).encode()])
    listed = ", ".join(map(str, chosen))
    click.echo(f"{target}: entries for {listed}; edit them, then set checked = true", err=True)


@main.command()
@click.argument("code", required=False)
def rules(code: str | None) -> None:
    """List the rules, or print the manual of one.

    \b
    Examples:
      ingest rules
      ingest rules Q003
    """
    from ingest.rules import catalogue, rule

    if code is None:
        for each in catalogue():
            entry = rule(each)
            summary = entry.manual.split("\n\n", 1)[0].replace("\n", " ")
            click.echo(f"{each}  {entry.severity:7}  {entry.name:32}  {summary}")
        return
    if code.upper() not in catalogue():
        _fail(_unknown("rule", code.upper(), catalogue()))
    entry = rule(code.upper())
    click.echo(f"{entry.code} {entry.name} ({entry.severity})\n\n{entry.manual}")


@main.command()
@click.argument("name", required=False)
@click.option("--write", "folder", metavar="FOLDER", help="Write every schema into a folder.")
def schema(name: str | None, folder: str | None) -> None:
    """Print the JSON Schema of a record, or write all of them.

    NAME is document (a converted JSON file, the default), question (a line of JSON Lines) or
    corrections.

    \b
    Examples:
      ingest schema > document.schema.json
      ingest schema --write schema
    """
    from ingest import schema as schemas

    if name is not None and name not in schemas.names():
        _fail(_unknown("schema", name, schemas.names()))
    if folder is not None:
        from ingest.errors import IngestError
        from ingest.files import save

        try:
            for each in schemas.names() if name is None else (name,):
                save(Path(folder) / f"{each}.schema.json", [schemas.render(each).encode()])
        except IngestError as error:
            _fail(str(error))
        return
    click.echo(schemas.render(name or "document"), nl=False)


@main.command("formats")
def list_formats() -> None:
    """List the output formats."""
    from ingest.writers import formats, writer

    for name in formats():
        click.echo(f"{name:10}  {writer(name).suffix:8}  {writer(name).summary}")


@main.command("locales")
def list_locales() -> None:
    """List the languages of labels that are known."""
    from ingest.locales import load_all

    for locale in (*load_all(), *_reading(None).own_labels):
        headers = [word for word, label in locale.labels if label.part == "header"]
        count = len(locale.inferred)
        note = f"  ({count} words not yet seen in a copy)" if count else ""
        click.echo(f"{locale.code}  {locale.name:10}  {', '.join(headers)} 1 …{note}")


def _doubted(result: Result) -> list[int]:
    """Numbers of the questions that a person should look at."""
    numbers = [each.number for each in result.doubtful] + [each.number for each in result.rejected]
    return [number for number in numbers if number is not None]


def _find(arguments: Sequence[str]) -> tuple[list[Input], list[str]]:
    """The inputs, standard input among them."""
    from ingest.batch import Input, find_inputs

    found, errors = find_inputs(each for each in arguments if each != "-")
    if "-" in arguments:
        found.append(Input(Path("-"), "stdin", _standard_input()))
    return found, errors


def _convert_to_folder(
    inputs: Sequence[Input],
    out: Path,
    formats: Sequence[str],
    reading: ReadSettings,
    writing: WriteSettings,
    *,
    quiet: bool,
) -> list[Conversion]:
    from ingest.batch import convert_each

    paths = {entry.name: _shown(entry) for entry in inputs}
    done = []
    for conversion, result in convert_each(inputs, out, formats, reading, writing):
        done.append(conversion)
        _tell(conversion, result, paths[conversion.file], quiet=quiet)
        if conversion.outputs and not quiet:
            written = ", ".join(str(out / output.path) for output in conversion.outputs)
            click.echo(f"{paths[conversion.file]}: {_verdict(conversion)} → {written}", err=True)
    if len(done) > 1 and not quiet:
        outputs = sum(len(each.outputs) for each in done)
        click.echo(f"{len(done)} inputs: {_total(done)}; {outputs} files in {out}/", err=True)
    return done


def _print_converted(
    inputs: Sequence[Input],
    formats: Sequence[str],
    reading: ReadSettings,
    writing: WriteSettings,
    *,
    quiet: bool,
) -> list[Conversion]:
    from ingest.batch import read_input, summarise
    from ingest.writers import writer

    if len(formats) != 1:
        _fail(f"standard output takes one format, not {len(formats)}: choose with --to")
    if len(inputs) > 1:
        _fail(f"standard output takes one input, not {len(inputs)}: give -o FOLDER")
    done = []
    for entry in inputs:
        result = read_input(entry, reading)
        content, notes = writer(formats[0]).render(result.document, writing)
        click.echo(content, nl=False)
        conversion = summarise(result)
        done.append(conversion)
        _tell(conversion, result, _shown(entry), quiet=quiet)
        for note in () if quiet else (*notes, _verdict(conversion)):
            click.echo(f"{_shown(entry)}: {note}", err=True)
    return done


def _shown(entry: Input) -> str:
    """What messages call an input: the path as given."""
    return str(entry.path) if entry.data is None else entry.name


def _tell(conversion: Conversion, result: Result | None, path: str, *, quiet: bool) -> None:
    """The findings of one input, as text."""
    if conversion.error:
        _say_error(conversion.error)
    if result is None:
        return
    from ingest.reports.as_text import render

    shown = {"error"} if quiet else {"error", "warning"}
    grave = [each for each in conversion.diagnostics if each.severity in shown]
    if grave:
        for line in render(grave, result.source, path):
            click.echo(line, err=True)
    for note in () if quiet else conversion.notes:
        click.echo(note, err=True)


def _verdict(conversion: Conversion) -> str:
    """How many were read, how many are sure, which are doubtful: one line."""
    return _total([conversion]) + _which(conversion.doubtful)


def _total(conversions: Sequence[Conversion]) -> str:
    questions = sum(each.questions for each in conversions)
    sure = sum(each.sure for each in conversions)
    rejected = sum(each.rejected for each in conversions)
    text = (
        f"{questions} question{'' if questions == 1 else 's'} read, {sure} sure, {questions - sure} doubtful"
    )
    if settled := sum(each.settled for each in conversions):
        text += f", {settled} settled by hand"
    return text + (f", {rejected} block{'' if rejected == 1 else 's'} rejected" if rejected else "")


def _which(doubtful: Sequence[tuple[int | None, tuple[str, ...]]]) -> str:
    shown = [
        f"{'?' if number is None else number} ({' '.join(codes)})"
        for number, codes in doubtful[:_SHOWN_DOUBTS]
    ]
    more = len(doubtful) - len(shown)
    return (f": {', '.join(shown)}" if shown else "") + (f" and {more} more" if more else "")


def _status(done: Sequence[Conversion], *, failed: bool, strict: bool) -> int:
    from ingest.batch import has_errors

    if failed or not done or any(each.error for each in done):
        return 2
    return int(has_errors(done, strict=strict))


def _formats(text: str | None, default: tuple[str, ...]) -> tuple[str, ...]:
    from ingest.writers import formats

    if text is None:
        return default
    names = tuple(dict.fromkeys(name.strip().lower() for name in text.split(",") if name.strip()))
    if not names:
        _fail(f"--to names no format; known: {', '.join(formats())}")
    for name in names:
        if name not in formats():
            _fail(_unknown("format", name, formats()))
    return names


def _reading(labels: str | None, *, keep_attempt: bool = False) -> ReadSettings:
    """How to read, with a person's own labels."""
    from ingest.configuration import load_label_file, load_own_labels
    from ingest.errors import IngestError
    from ingest.locales import names
    from ingest.pipeline import ReadSettings

    try:
        own = load_own_labels(Path())
        if labels is not None and labels.endswith(".toml"):
            own = (load_label_file(Path(labels)),)
            labels = own[0].code
    except IngestError as error:
        _fail(str(error))
    known = sorted({*names(), *(locale.code for locale in own)})
    if labels is not None and labels not in known:
        _fail(_unknown("language", labels, known))
    return ReadSettings(labels=labels, keep_attempt=keep_attempt, own_labels=own)


def _read(path: str, labels: str | None, *, corrected: bool = True) -> Result:
    """One dump, with the corrections beside it."""
    from ingest.errors import IngestError
    from ingest.files import load, read
    from ingest.pipeline import read_bytes

    settings = _reading(labels)
    try:
        if path == "-":
            return read_bytes(_standard_input(), "stdin", settings)
        if corrected:
            return read(path, settings)
        return read_bytes(load(Path(path)), Path(path).name, settings)
    except IngestError as error:
        _fail(str(error))


def _numbers(result: Result) -> str:
    """The numbers of a dump's questions, for messages."""
    present = sorted(each.block.number for each in result.readings if each.block.number is not None)
    return f"; it has {_ranges(present)}" if present else ""


def _standard_input() -> bytes:
    if sys.stdin is None:
        _fail("standard input is closed")
    return sys.stdin.buffer.read()


def _ranges(numbers: Sequence[int]) -> str:
    """Sorted numbers as ranges: 1-12, 14."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number in (runs[-1][-1], runs[-1][-1] + 1):
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if run[0] == run[-1] else f"{run[0]}-{run[-1]}" for run in runs)


def _unknown(what: str, name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), 1, 0.5)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    return f"unknown {what} {name!r}; {hint}"


def _say_error(message: str) -> None:
    click.echo(f"{click.style('error', fg='red', bold=True)}: {message}", err=True)


def _fail(message: str) -> NoReturn:
    _say_error(message)
    sys.exit(2)
