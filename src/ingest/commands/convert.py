"""``ingest convert``: dumps to clean files."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.errors import unknown
from ingest.inputs import find, labels_option, reading_settings, selection_options
from ingest.terminal import fail, say_error

if TYPE_CHECKING:
    from ingest.batch import Conversion, Input
    from ingest.documents import Opened
    from ingest.pipeline import ReadSettings
    from ingest.selecting import Selection
    from ingest.writers import WriteSettings

_SHOWN_DOUBTS = 12


@click.command("convert")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option(
    "-o", "--out", metavar="FOLDER", help="Where the files go; - prints one format, by default json.  [out]"
)
@click.option("--to", "formats", metavar="FORMATS", help="Formats, joined by commas.  [json,csv]")
@labels_option
@selection_options
@click.option("--keep-attempt", is_flag=True, help="Keep what the sitter chose.")
@click.option("--csv-safe", is_flag=True, help="Disarm CSV cells that a spreadsheet would run as a formula.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Print only errors.")
def command(
    inputs: tuple[str, ...],
    out: str | None,
    formats: str | None,
    labels: str | None,
    selection: Selection | None,
    *,
    keep_attempt: bool,
    csv_safe: bool,
    strict: bool,
    quiet: bool,
) -> None:
    """Convert dumps, or files converted before, into clean files.

    INPUT is a file, a folder (its text files and saved pages at any depth: .txt, .text, .md, .markdown,
    .html, .htm; and tables and JSON files that hold questions as the site has them), a quoted pattern such
    as "dumps/**/*.txt", or - for standard input; without any, the folder raw/. A converted file (JSON, JSON
    Lines, CSV) or a bank is named itself, or by a pattern. Findings are printed and stand in the output as
    well; at the end the command says how many questions are sure and which are doubtful.

    \b
    Examples:
      ingest convert exam.txt
      ingest convert dumps/ -o converted --to json,jsonl,csv
      ingest convert out/exam.json --to anki --topic Security --sure
      cat exam.txt | ingest convert - --to jsonl > exam.jsonl
    """
    from ingest.errors import IngestError
    from ingest.writers import WriteSettings

    reading = reading_settings(labels, keep_attempt=keep_attempt)
    writing = WriteSettings(csv_safe=csv_safe)
    found, errors = find(inputs or ("raw",))
    to_stdout = out == "-" or (out is None and inputs == ("-",))
    names = _formats(formats, ("json",) if to_stdout else ("json", "csv"))
    try:
        if to_stdout:
            done = _print_converted(found, names, reading, writing, selection, quiet=quiet)
        else:
            folder = Path(out or "out")
            done = _convert_to_folder(found, folder, names, reading, writing, selection, quiet=quiet)
    except IngestError as error:
        fail(str(error))
    for message in errors:
        say_error(message)
    if done and not any(each.selected or each.selected is None for each in done):
        fail("no question is selected")
    sys.exit(_status(done, failed=bool(errors), strict=strict))


def _convert_to_folder(
    inputs: Sequence[Input],
    out: Path,
    formats: Sequence[str],
    reading: ReadSettings,
    writing: WriteSettings,
    selection: Selection | None,
    *,
    quiet: bool,
) -> list[Conversion]:
    from ingest.batch import convert_each

    paths = {entry.name: _shown(entry) for entry in inputs}
    done = []
    for conversion, opened in convert_each(inputs, out, formats, reading, writing, selection):
        done.append(conversion)
        _tell(conversion, opened, paths[conversion.file], quiet=quiet)
        if opened and not quiet:
            written = ", ".join(str(out / output.path) for output in conversion.outputs) or "no file"
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
    selection: Selection | None,
    *,
    quiet: bool,
) -> list[Conversion]:
    from dataclasses import replace

    from ingest.batch import choose, losses_of, open_input, summarise
    from ingest.writers import writer

    if len(formats) != 1:
        fail(f"standard output takes one format, not {len(formats)}: choose with --to")
    if len(inputs) > 1:
        fail(f"standard output takes one input, not {len(inputs)}: give -o FOLDER")
    done = []
    for entry in inputs:
        opened = open_input(entry, reading)
        chosen = choose(opened, selection)
        document = chosen.document if chosen else opened.document
        content, notes = writer(formats[0]).render(document, writing)
        if document.questions or not chosen:
            click.echo(content, nl=False)
        told = summarise(opened, chosen)
        losses = losses_of(document, formats[0], notes)
        changes = (each.message for each in notes if each.index is None)
        conversion = replace(told, diagnostics=(*told.diagnostics, *losses), notes=(*told.notes, *changes))
        done.append(conversion)
        _tell(conversion, opened, _shown(entry), quiet=quiet)
        if not quiet:
            click.echo(f"{_shown(entry)}: {_verdict(conversion)}", err=True)
    return done


def _shown(entry: Input) -> str:
    """What messages call an input: the path as given."""
    return str(entry.path) if entry.data is None else entry.name


def _tell(conversion: Conversion, opened: Opened | None, path: str, *, quiet: bool) -> None:
    """The findings of one input, as text."""
    if conversion.error:
        say_error(conversion.error)
    if opened is None:
        return
    from ingest.reports.as_text import lines_of, visible

    shown = {"error"} if quiet else {"error", "warning"}
    grave = [each for each in conversion.diagnostics if each.severity in shown]
    if opened.result:
        source = opened.result.source
        # A page's text is composed anew, so its lines are not those of the file.
        lines = [] if source.places else (source.given or source.text).split("\n")
        for line in lines_of(grave, lambda n: lines[n - 1] if n <= len(lines) else "", path):
            click.echo(line, err=True)
    else:
        # What a converted file carries is about the lines of its dump.
        for each in grave:
            for line in lines_of([each], lambda _: "", each.file):
                click.echo(line, err=True)
    for note in () if quiet else conversion.notes:
        click.echo(visible(f"{path}: {note}"), err=True)


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
    if rejected:
        text += f", {rejected} block{'' if rejected == 1 else 's'} rejected"
    chosen = [each.selected for each in conversions if each.selected is not None]
    return text + (f"; {sum(chosen)} selected" if chosen else "")


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
        fail(f"--to names no format; known: {', '.join(formats())}")
    for name in names:
        if name not in formats():
            fail(unknown("format", name, formats()))
    return names
