"""``ingest convert``: dumps to clean files."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ingest.errors import unknown
from ingest.inputs import find, find_listed, reading_options, reading_settings, selection_options
from ingest.parts.counted import counted
from ingest.terminal import fail, say, say_error

if TYPE_CHECKING:
    from ingest.converting import Conversion, ConvertSettings
    from ingest.finding import Input
    from ingest.progress import Progress
    from ingest.selecting import Selection

_SHOWN_DOUBTS = 12
_EACH_IS_TOLD = 20
_INTERRUPTED = 130
_TIDIED_AFTER = 512


@click.command("convert")
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option(
    "-o", "--out", metavar="FOLDER", help="Where the files go; - prints one format, by default json.  [out]"
)
@click.option("--to", "formats", metavar="FORMATS", help="Formats, joined by commas.  [json,csv]")
@reading_options
@selection_options
@click.option(
    "--from-file", metavar="LIST", help="Also the inputs that a file names, one a line; - reads them."
)
@click.option(
    "--include", multiple=True, metavar="PATTERN", help="In folders only files that fit; may stand again."
)
@click.option(
    "--exclude", multiple=True, metavar="PATTERN", help="In folders no file that fits; may stand again."
)
@click.option("--keep-attempt", is_flag=True, help="Keep what the sitter chose.")
@click.option("--csv-safe", is_flag=True, help="Disarm CSV cells that a spreadsheet would run as a formula.")
@click.option("-f", "--force", is_flag=True, help="Convert again what has not changed since the last run.")
@click.option("--prune", is_flag=True, help="Remove the outputs of inputs that do not exist any more.")
@click.option("-j", "--jobs", type=click.IntRange(min=1), metavar="N", help="Processes.  [as many as pay]")
@click.option("--cluster", metavar="ADDRESS", help="A Dask cluster that does the work.")
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@click.option("-q", "--quiet", is_flag=True, help="Print only errors.")
def command(
    inputs: tuple[str, ...],
    out: str | None,
    formats: str | None,
    labels: str | None,
    selection: Selection | None,
    from_file: str | None,
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    **flags: Any,
) -> None:
    """Convert dumps, or files converted before, into clean files.

    INPUT is a file, a folder (its text files and saved pages at any depth: .txt, .text, .md, .markdown,
    .html, .htm; and tables and JSON files that hold questions as the site has them), a quoted pattern such
    as "dumps/**/*.txt", a URL such as s3://bucket/dumps, or - for standard input; without any, the folder
    raw/. A converted file (JSON, JSON Lines, CSV) or a bank is named itself, or by a pattern.

    Findings are printed and stand in the output as well; at the end the command says how many questions are
    sure and which are doubtful. What has not changed since the last run is left as it is, and its findings
    are not printed again; the exit status is the same.

    \b
    Examples:
      ingest convert exam.txt
      ingest convert dumps/ -o converted --to json,jsonl,csv
      ingest convert out/exam.json --to anki --topic Security --sure
      cat exam.txt | ingest convert - --to jsonl > exam.jsonl
    """
    from ingest.converting import ConvertSettings
    from ingest.errors import IngestError
    from ingest.finding import Search
    from ingest.writers import WriteSettings

    to_stdout = out == "-" or (out is None and inputs == ("-",))
    _check_flags(flags, to_stdout=to_stdout)
    settings = ConvertSettings(
        _formats(formats, ("json",) if to_stdout else ("json", "csv")),
        reading_settings(labels, keep_attempt=flags["keep_attempt"]),
        selection,
        WriteSettings(csv_safe=flags["csv_safe"]),
    )
    arguments = inputs or (() if from_file else ("raw",))
    found, errors = find(arguments, Search(include, exclude, out=None if to_stdout else out or "out"))
    if from_file:
        found, errors = find_listed(from_file, found, errors)
    told = _Told(strict=flags["strict"], quiet=flags["quiet"])
    try:
        if to_stdout:
            _print_converted(found, settings, told)
        else:
            # What cannot be found may be on a disk that is not there now: its outputs are not removed.
            flags["prune"] = flags["prune"] and not errors
            _convert_to_folder(found, out or "out", settings, flags, told)
    except IngestError as error:
        fail(str(error))
    for message in errors:
        say_error(message)
    if told.done and not told.is_any_selected:
        fail("no question is selected")
    if not (told.done or errors or told.quiet):
        click.echo("nothing to do: the list names no file", err=True)
    sys.exit(2 if errors or told.failed else int(told.has_findings))


def _check_flags(flags: dict[str, Any], *, to_stdout: bool) -> None:
    if flags["cluster"] and flags["jobs"]:
        fail("--jobs is for processes of this machine, --cluster for those of others: give one of them")
    for name in ("cluster", "jobs", "prune"):
        if to_stdout and flags[name]:
            fail(f"--{name} is for outputs in a folder, and here one is printed: give -o FOLDER")


@dataclass(slots=True)
class _Told:
    """What has come of the inputs so far: in numbers, since they may be many."""

    strict: bool
    quiet: bool
    done: int = 0
    failed: int = 0
    unchanged: int = 0
    questions: int = 0
    doubtful: int = 0
    settled: int = 0
    rejected: int = 0
    selected: int | None = None
    outputs: int = 0
    errors: int = 0
    warnings: int = 0

    def add(self, conversion: Conversion) -> None:
        self.done += 1
        self.failed += conversion.error is not None
        self.unchanged += conversion.is_unchanged
        self.questions += conversion.questions
        self.doubtful += len(conversion.doubtful)
        self.settled += conversion.settled
        self.rejected += conversion.rejected
        if conversion.selected is not None:
            self.selected = (self.selected or 0) + conversion.selected
        self.outputs += len(conversion.outputs)
        self.errors += conversion.errors
        self.warnings += conversion.warnings

    @property
    def has_findings(self) -> bool:
        return bool(self.errors or (self.strict and self.warnings))

    @property
    def is_any_selected(self) -> bool:
        return self.selected != 0 or self.failed == self.done

    def total(self) -> str:
        """How many were read, and how many are sure."""
        text = (
            f"{counted(self.questions, 'question')} read,"
            f" {self.questions - self.doubtful} sure, {self.doubtful} doubtful"
        )
        if self.settled:
            text += f", {self.settled} settled by hand"
        if self.rejected:
            text += f", {counted(self.rejected, 'block')} rejected"
        return text if self.selected is None else f"{text}; {self.selected} selected"


def _convert_to_folder(
    inputs: Sequence[Input], out: str, settings: ConvertSettings, flags: dict[str, Any], told: _Told
) -> None:
    from ingest.batch import Batch
    from ingest.parts.visible import visible
    from ingest.progress import Progress

    batch = Batch(inputs, out, settings, force=flags["force"])
    progress = Progress(len(inputs), is_quiet=told.quiet)
    with ExitStack() as stack:
        executor = None
        if flags["cluster"]:
            from ingest.clusters import connected

            executor = stack.enter_context(connected(flags["cluster"]))
        tells_each = len(inputs) <= _EACH_IS_TOLD and not told.quiet
        run = batch.run(flags["jobs"], executor)
        try:
            for conversion, entry in zip(run, batch.inputs, strict=False):
                told.add(conversion)
                if told.done == 1:
                    # What is loaded by now stays to the end: nobody need look at it again.
                    gc.freeze()
                _tell(conversion, _shown(entry), progress, quiet=told.quiet)
                if tells_each and not conversion.error:
                    progress.say(visible(f"{_shown(entry)}: {_verdict(conversion, out)}"))
                progress.advance()
                if told.done % _TIDIED_AFTER == 0:
                    # Not for cycles, of which there are none: until then the interpreter keeps thousands of
                    # small objects for later use.
                    gc.collect()
        except KeyboardInterrupt:
            run.close()
            _end_interrupted(told, len(inputs), progress)
        finally:
            progress.clear()
    _tell_gone(batch, out, prune=flags["prune"], quiet=told.quiet)
    if told.done < len(inputs):
        rest = len(inputs) - told.done
        say_error(f"{counted(rest, 'more input')} {'was' if rest == 1 else 'were'} not tried")
    if len(inputs) > 1 and not told.quiet:
        say(f"{counted(told.done, 'input')}: {told.total()}; {counted(told.outputs, 'file')} in {out}/")
    if told.unchanged and not told.quiet:
        findings = " --force tells their findings again" if told.warnings or told.errors else ""
        click.echo(f"{told.unchanged} unchanged since the last run.{findings}", err=True)


def _tell_gone(batch: Any, out: str, *, prune: bool, quiet: bool) -> None:
    """The inputs of earlier runs that do not exist any more."""
    if prune:
        for path, is_gone in batch.prune():
            if not quiet:
                told = "removed, since its input is gone" if is_gone else "was edited, and stays"
                say(f"{out}/{path}: {told}")
        return
    for name, paths in () if quiet else batch.gone():
        left = ", ".join(f"{out}/{path}" for path in paths)
        say(f"{name} is gone, and {left} stayed: --prune removes them")


def _end_interrupted(told: _Told, total: int, progress: Progress) -> NoReturn:
    progress.say(
        f"interrupted: {told.done} of {total} inputs are done and stay; the next run does the others"
    )
    sys.exit(_INTERRUPTED)


def _print_converted(inputs: Sequence[Input], settings: ConvertSettings, told: _Told) -> None:
    from ingest.converting import choose, losses_of, open_input, summary
    from ingest.parts.visible import visible
    from ingest.progress import Progress
    from ingest.writers import writer

    formats = settings.formats
    if len(formats) != 1:
        fail(f"standard output takes one format, not {len(formats)}: choose with --to")
    if len(inputs) > 1:
        fail(f"standard output takes one input, not {len(inputs)}: give -o FOLDER")
    for entry in inputs:
        opened, _ = open_input(entry, settings.reading)
        chosen = choose(opened, settings.selection)
        document = chosen.document if chosen else opened.document
        content, notes = writer(formats[0]).render(document, settings.writing)
        if document.questions or not chosen:
            click.echo(content, nl=False)
        losses = list(losses_of(document, formats[0], notes))
        changes = [each.message for each in notes if each.index is None]
        conversion = summary(opened, chosen, losses=losses, notes=changes)
        told.add(conversion)
        progress = Progress(1)
        _tell(conversion, _shown(entry), progress, quiet=told.quiet)
        if not told.quiet:
            progress.say(visible(f"{_shown(entry)}: {_verdict(conversion)}"))


def _shown(entry: Input) -> str:
    """What messages call an input: the path as given."""
    return entry.address if entry.data is None else entry.name


def _tell(conversion: Conversion, path: str, progress: Progress, *, quiet: bool) -> None:
    """The findings of one input, as text."""
    if conversion.error:
        progress.clear()
        say_error(conversion.error)
    shown = {"error"} if quiet else {"error", "warning"}
    if conversion.errors or conversion.warnings or conversion.notes:
        from ingest.parts.visible import visible
        from ingest.reports.as_text import lines_of

        for each in conversion.diagnostics:
            if each.severity in shown:
                # What a converted file carries is about the lines of its dump.
                place = path if each.file == conversion.file else each.file
                for line in lines_of([each], lambda number: conversion.lines.get(number, ""), place):
                    progress.say(line)
        for note in () if quiet else conversion.notes:
            progress.say(visible(f"{path}: {note}"))


def _verdict(conversion: Conversion, out: str = "") -> str:
    """How many were read, how many are sure, which are doubtful, and what was written: one line."""
    told = _Told(strict=False, quiet=False)
    told.add(conversion)
    text = told.total() + _which(conversion.doubtful)
    if not out:
        return text
    if conversion.is_unchanged:
        return f"{text}; unchanged"
    written = ", ".join(f"{out.rstrip('/')}/{output.path}" for output in conversion.outputs)
    return f"{text} → {written or 'no file'}"


def _which(doubtful: Sequence[tuple[int | None, tuple[str, ...]]]) -> str:
    shown = [
        f"{'?' if number is None else number} ({' '.join(codes)})"
        for number, codes in doubtful[:_SHOWN_DOUBTS]
    ]
    more = len(doubtful) - len(shown)
    return (f": {', '.join(shown)}" if shown else "") + (f" and {more} more" if more else "")


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
