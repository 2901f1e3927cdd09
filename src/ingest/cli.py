"""The command ``ingest``: the only code that prints and exits.

Exit status: 0 no finding of severity error, 1 some (with ``--strict``, warnings count too), 2
something could not run. Messages go to stderr, data to stdout. Everything but click is imported by
the command that needs it, since at the size of one exam the imports are the run.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ingest.errors import unknown

if TYPE_CHECKING:
    from ingest.batch import Conversion, Input
    from ingest.choice import Choice
    from ingest.model.checked import Checked
    from ingest.model.diagnostic import Severity
    from ingest.model.result import Result
    from ingest.pipeline import ReadSettings
    from ingest.validation import CheckSettings
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
@click.argument("inputs", nargs=-1, metavar="[INPUT]...")
@click.option("--select", "select", metavar="CODES", help="Only these rules: codes or their beginnings.")
@click.option("--extend-select", metavar="CODES", help="These rules too.")
@click.option("--ignore", metavar="CODES", help="Not these rules.")
@click.option(
    "--severity", metavar="LEAST", help="The least severity shown: error, warning, info.  [warning]"
)
@click.option("--strict", is_flag=True, help="Exit with 1 on warnings too.")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--statistics", is_flag=True, help="Print how often each rule finds something, not where.")
@click.option(
    "--format", "form", metavar="FORMAT", help="How findings are printed.  [text; on a runner its own]"
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the report there, and print text.")
@_labels_option
@click.option("-q", "--quiet", is_flag=True, help="Print only the findings, no summary.")
def validate(
    inputs: tuple[str, ...],
    labels: str | None,
    form: str | None,
    output_file: str | None,
    **flags: Any,
) -> None:
    """Find every defect of question sets, and fail when there is one.

    INPUT is what convert takes, and converted JSON, JSON Lines and CSV files, whoever wrote or edited them;
    without any, the folder raw/. Converted files are checked against their schema first, then all records by
    the rules (ingest rules); doubts that a converted file carries from its dump are told again. Several
    files are also compared with each other.

    Rules are chosen by code or the beginning of one, joined by commas: Q003, P1, R. Settings stand in the
    nearest ingest.toml, or pyproject.toml under tool.ingest, at or above each file. FORMAT is text, concise,
    json, jsonl, github, gitlab, sarif or junit; on a GitHub or GitLab runner it is theirs by itself.

    \b
    Examples:
      ingest validate dumps/ questions.json
      ingest validate sets --ignore Q010,Q011 --strict
      ingest validate sets --format sarif -o ingest.sarif
    """
    from ingest.reports import formats

    form = form or _runner_format()
    if form not in formats():
        _fail(unknown("format", form, formats()))
    from ingest.batch import validate_each
    from ingest.model.diagnostic import Severity

    found, errors = _find(inputs or ("raw",), converted=True)
    if output_file and any(Path(output_file).resolve() == entry.path.resolve() for entry in found):
        _fail(f"{output_file} is an input: choose another file for the report")
    choices = [_choice(entry, flags) for entry in found]
    settings = [_check_settings(entry, choice, labels) for entry, choice in zip(found, choices, strict=True)]
    checked = validate_each(found, settings)
    failing = [file.fails(choice.failing) for file, choice in zip(checked, choices, strict=True)]
    severities = frozenset[Severity]().union(*(choice.failing for choice in choices))
    _print_report(checked, form, output_file, severities, statistics=flags["statistics"])
    errors += [each.error for each in checked if each.error]
    for message in errors:
        _say_error(message)
    if not flags["quiet"]:
        hidden = {choice.severity.value for choice in choices} - {"info"}
        click.echo(_found(checked, hidden), err=True)
    sys.exit(2 if errors or not checked else int(any(failing) and not flags["exit_zero"]))


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
@click.option("--markdown", is_flag=True, help="Print all manuals as one page.")
def rules(code: str | None, *, markdown: bool) -> None:
    """List the rules, or print the manual of one.

    \b
    Examples:
      ingest rules
      ingest rules Q003
    """
    from ingest.rules import catalogue, rule

    if markdown:
        from ingest.manual import render

        click.echo(render())
        return
    if code is None:
        for each in catalogue():
            entry = rule(each)
            summary = entry.manual.split("\n\n", 1)[0].replace("\n", " ")
            click.echo(f"{each}  {entry.severity:7}  {entry.name:32}  {summary}")
        return
    if code.upper() not in catalogue():
        _fail(unknown("rule", code.upper(), catalogue()))
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
        _fail(unknown("schema", name, schemas.names()))
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


def _runner_format() -> str:
    """The form of findings that a build runner understands, or text."""
    import os

    runners = {"GITHUB_ACTIONS": "github", "GITLAB_CI": "gitlab"}
    return next((form for name, form in runners.items() if os.environ.get(name) == "true"), "text")


def _choice(entry: Input, flags: dict[str, Any]) -> Choice:
    """What counts for an input: the settings nearest to it, and the options of the command."""
    from dataclasses import replace

    from ingest.choice import selectors
    from ingest.configuration import load_settings
    from ingest.errors import IngestError
    from ingest.model.diagnostic import Severity

    severity = flags["severity"]
    if severity is not None and severity.lower() not in list(Severity):
        _fail(unknown("severity", severity, list(Severity)))
    try:
        choice = load_settings(_folder(entry)).choice
        for name in ("select", "extend_select", "ignore"):
            if flags[name] is not None:
                named: dict[str, Any] = {name: selectors(flags[name].split(","))}
                choice = replace(choice, **named)
    except IngestError as error:
        _fail(str(error))
    if severity is not None:
        choice = replace(choice, severity=Severity(severity.lower()))
    return replace(choice, strict=True) if flags["strict"] else choice


def _check_settings(entry: Input, choice: Choice, labels: str | None) -> CheckSettings:
    from dataclasses import replace

    from ingest.configuration import load_settings
    from ingest.validation import CheckSettings

    folder = _folder(entry)
    reading = replace(_reading(labels, folder=folder), topics=load_settings(folder).topics)
    return CheckSettings(choice.codes(entry.path), reading)


def _folder(entry: Input) -> Path:
    return entry.path.absolute().parent if entry.data is None else Path()


def _print_report(
    checked: Sequence[Checked],
    form: str,
    output_file: str | None,
    failing: frozenset[Severity],
    *,
    statistics: bool,
) -> None:
    """The findings, or how many there are of each kind."""
    from ingest import __version__
    from ingest.errors import IngestError
    from ingest.files import save
    from ingest.reports import Report, renderer, statistics_of

    report = Report(checked, __version__, failing)
    lines = statistics_of(report, form) if statistics else renderer(form)(report)
    if output_file is not None:
        try:
            save(Path(output_file), (f"{line}\n".encode() for line in lines))
        except IngestError as error:
            _fail(str(error))
        lines = statistics_of(report, "text") if statistics else renderer("text")(report)
    for line in lines:
        click.echo(line)


def _found(checked: Sequence[Checked], hidden: set[str]) -> str:
    """What was looked at and found: one line."""
    counts = {"error": 0, "warning": 0, "info": 0}
    for file in checked:
        for each in file.diagnostics:
            counts[each.severity] += 1
    names = {"error": "error", "warning": "warning", "info": "note"}
    told = [_count(number, names[severity]) for severity, number in counts.items() if number]
    files = _count(len(checked), "file")
    questions = _count(sum(each.questions for each in checked), "question")
    text = f"{files}, {questions}: {', '.join(told) or 'nothing found'}"
    least = "error" if "error" in hidden else "warning" if hidden else ""
    return (
        text
        + (f" (of severity {least} and above)" if least == "warning" else "")
        + (" (of severity error)" if least == "error" else "")
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _doubted(result: Result) -> list[int]:
    """Numbers of the questions that a person should look at."""
    numbers = [each.number for each in result.doubtful] + [each.number for each in result.rejected]
    return [number for number in numbers if number is not None]


def _find(arguments: Sequence[str], *, converted: bool = False) -> tuple[list[Input], list[str]]:
    """The inputs, standard input among them."""
    from ingest.batch import Input, find_inputs

    found, errors = find_inputs((each for each in arguments if each != "-"), converted=converted)
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
    from ingest.reports.as_text import lines_of

    shown = {"error"} if quiet else {"error", "warning"}
    grave = [each for each in conversion.diagnostics if each.severity in shown]
    if grave:
        source = result.source
        # A page's text is composed anew, so its lines are not those of the file.
        lines = [] if source.places else (source.given or source.text).split("\n")
        for line in lines_of(grave, lambda n: lines[n - 1] if n <= len(lines) else "", path):
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
            _fail(unknown("format", name, formats()))
    return names


def _reading(labels: str | None, *, keep_attempt: bool = False, folder: Path = Path()) -> ReadSettings:
    """How to read, with a person's own labels: those of the settings that hold for a folder."""
    from ingest.configuration import load_label_file, load_settings
    from ingest.errors import IngestError
    from ingest.locales import names
    from ingest.pipeline import ReadSettings

    try:
        own = load_settings(folder).labels
        if labels is not None and labels.endswith(".toml"):
            own = (load_label_file(Path(labels)),)
            labels = own[0].code
    except IngestError as error:
        _fail(str(error))
    known = sorted({*names(), *(locale.code for locale in own)})
    if labels is not None and labels not in known:
        _fail(unknown("language", labels, known))
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


def _say_error(message: str) -> None:
    click.echo(f"{click.style('error', fg='red', bold=True)}: {message}", err=True)


def _fail(message: str) -> NoReturn:
    _say_error(message)
    sys.exit(2)
