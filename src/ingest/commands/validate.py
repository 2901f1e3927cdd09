"""``ingest validate``: defects of question sets, named and pointed at."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from ingest.errors import unknown
from ingest.inputs import find_sets, isolated_option, reading_options, reading_settings
from ingest.parts.counted import counted
from ingest.parts.visible import visible
from ingest.terminal import fail, say, say_error

if TYPE_CHECKING:
    from ingest.choice import Choice
    from ingest.configuration import Settings
    from ingest.finding import Input
    from ingest.model.checked import Checked
    from ingest.model.diagnostic import Severity
    from ingest.validation import CheckSettings

_BASELINE = "ingest-baseline.json"


@click.command("validate")
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
@click.option("--fix", "fixes", is_flag=True, help="Mend in converted files what cannot change the meaning.")
@click.option("--diff", "previews", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--baseline", metavar="FILE", help="Known findings, which are not shown and fail no run.")
@click.option(
    "--write-baseline", is_flag=True, help="Write what is found into the baseline.  [ingest-baseline.json]"
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the report there, and print text.")
@reading_options
@isolated_option
@click.option("-q", "--quiet", is_flag=True, help="Print only the findings, no summary.")
def command(
    inputs: tuple[str, ...],
    labels: str | None,
    form: str | None,
    output_file: str | None,
    baseline: str | None,
    *,
    write_baseline: bool,
    fixes: bool,
    previews: bool,
    **flags: Any,
) -> None:
    """Find every defect of question sets, and fail when there is one.

    INPUT is what convert takes, and converted JSON, JSON Lines and CSV files, whoever wrote or edited them;
    without any, the folder raw/. Converted files are checked against their schema first, then all records by
    the rules (ingest rules); doubts that a converted file carries from its dump are told again. Several
    files are also compared with each other. --fix mends a converted file in its place, and never a dump: for
    what is doubtful there it writes entries into the correction file, to be edited.

    Rules are chosen by code or the beginning of one, joined by commas: Q003, P1, R. Settings stand in the
    nearest ingest.toml, or pyproject.toml under tool.ingest, at or above each file, and can hide findings:
    where those files are of people whom you do not know, give --isolated. FORMAT is text, concise,
    json, jsonl, github, gitlab, sarif or junit; on a GitHub or GitLab runner it is theirs by itself.

    \b
    Examples:
      ingest validate dumps/ questions.json
      ingest validate sets --ignore Q010,Q011 --strict
      ingest validate sets --format sarif -o ingest.sarif
      ingest validate sets --baseline known.json
    """
    from ingest.reports import formats

    form = form or _runner_format()
    if form not in formats():
        fail(unknown("format", form, formats()))
    from ingest.finding import passed_over
    from ingest.model.diagnostic import Severity
    from ingest.validating import validate_each

    found, errors = find_sets(inputs or ("raw",))
    output_file = None if output_file == "-" else output_file
    if output_file and any(Path(output_file).resolve() == entry.path.resolve() for entry in found):
        fail(f"{output_file} is an input: choose another file for the report")
    known = Path(baseline or _BASELINE).resolve()
    if write_baseline and any(known == entry.path.resolve() for entry in found):
        fail(f"{baseline or _BASELINE} is an input: choose another file for the baseline")
    choices = [_choice(entry, flags) for entry in found]
    settings = [
        _check_settings(entry, choice, labels, isolated=flags["isolated"])
        for entry, choice in zip(found, choices, strict=True)
    ]
    if fixes or previews:
        errors += _fix(found, choices, settings, previews=previews)
    checked = validate_each(found, settings)
    if write_baseline:
        _write_baseline(checked, baseline or _BASELINE, errors)
    elif baseline is not None:
        checked = _compare_with(checked, baseline)
    failing = [file.fails(choice.failing) for file, choice in zip(checked, choices, strict=True)]
    severities = frozenset[Severity]().union(*(choice.failing for choice in choices))
    _print_report(checked, form, output_file, severities, statistics=flags["statistics"])
    errors += [each.error for each in checked if each.error]
    for message in errors:
        say_error(message)
    if not flags["quiet"]:
        for path in passed_over(inputs or ("raw",), found):
            say(f"{path}: no question set, passed over")
        hidden = {choice.severity.value for choice in choices} - {"info"}
        click.echo(_found(checked, hidden), err=True)
    sys.exit(2 if errors or not checked else int(any(failing) and not flags["exit_zero"]))


def _fix(
    inputs: Sequence[Input], choices: Sequence[Choice], settings: Sequence[CheckSettings], *, previews: bool
) -> list[str]:
    """Mends the inputs, or shows how; and what could not be done. A preview ends the run: with status 1 when
    something would change."""
    from dataclasses import replace

    from ingest.errors import IngestError
    from ingest.model.diagnostic import Severity

    errors = []
    is_any = False
    for entry, choice, own in zip(inputs, choices, settings, strict=True):
        # What can be mended is mended, however grave it is.
        codes = replace(choice, severity=Severity.INFO).codes(entry.path)
        try:
            is_any |= _fix_one(entry, replace(own, codes=codes), previews=previews)
        except IngestError as error:
            errors.append(str(error))
    if previews:
        for message in errors:
            say_error(message)
        sys.exit(2 if errors else int(is_any))
    return errors


def _fix_one(entry: Input, settings: CheckSettings, *, previews: bool) -> bool:
    """Mends one input, or shows how. Whether anything changes."""
    from ingest.errors import IngestError
    from ingest.files import corrections_path, load, load_corrections, load_input, save
    from ingest.fixing import Fixed, fix_file, new_entries, unified_diff

    if entry.data is not None:
        raise IngestError("standard input cannot be mended in its place: name a file")
    old = load_input(entry.path, settings.reading.limits)
    target = entry.path
    fixed = fix_file(old, entry.name, settings)
    if fixed is None:
        target = corrections_path(entry.path)
        present = {each.question for each in load_corrections(entry.path)}
        entries, count = new_entries(old, entry.name, settings, present)
        old = load(target) if target.exists() else b""
        fixed = Fixed(old + entries.encode(), count)
    if fixed.data == old:
        return False
    if previews:
        for line in unified_diff(old, fixed.data, target.as_posix()):
            click.echo(visible(line))
        return True
    save(target, [fixed.data])
    what = "mended" if target == entry.path else "to be edited; then set checked = true"
    say(f"{target}: {counted(fixed.count, 'finding')} {what}")
    return True


def _write_baseline(checked: Sequence[Checked], path: str, errors: list[str]) -> NoReturn:
    from ingest.baseline import baseline_of, render
    from ingest.errors import IngestError
    from ingest.files import save

    errors += [each.error for each in checked if each.error]
    for message in errors:
        say_error(message)
    if errors:
        fail("no baseline was written: it would lack what could not be read")
    known = baseline_of(checked)
    try:
        save(Path(path), [render(known).encode()])
    except IngestError as error:
        fail(str(error))
    say(f"{path}: {counted(known.total(), 'known finding')}")
    sys.exit(0)


def _compare_with(checked: Sequence[Checked], path: str) -> list[Checked]:
    """The files with their new findings only; the others, and entries that no longer fit, are told of."""
    from ingest.baseline import compare, parse
    from ingest.errors import IngestError
    from ingest.files import load

    try:
        compared = compare(checked, parse(load(Path(path)).decode("utf-8", "replace"), path))
    except IngestError as error:
        fail(str(error))
    if compared.known:
        say(f"{path}: {counted(compared.known, 'known finding')} not shown")
    for entry in compared.stale:
        about = f" of {entry.id}" if entry.id else ""
        say(f"{path}: stale, no longer found: {entry.code}{about}: {entry.message}")
    return list(compared.files)


def _runner_format() -> str:
    """The form of findings that a build runner understands, or text."""
    import os

    runners = {"GITHUB_ACTIONS": "github", "GITLAB_CI": "gitlab"}
    return next((form for name, form in runners.items() if os.environ.get(name) == "true"), "text")


def _choice(entry: Input, flags: dict[str, Any]) -> Choice:
    """What counts for an input: the settings nearest to it, and the options of the command."""
    from dataclasses import replace

    from ingest.choice import selectors
    from ingest.errors import IngestError
    from ingest.model.diagnostic import Severity

    severity = flags["severity"]
    if severity is not None and severity.lower() not in list(Severity):
        fail(unknown("severity", severity, list(Severity)))
    try:
        choice = _settings(_folder(entry, isolated=flags["isolated"])).choice
        chosen = {
            name: selectors(flags[name].split(","))
            for name in ("select", "extend_select", "ignore")
            if flags[name] is not None
        }
        choice = choice.with_flags(**chosen)
    except IngestError as error:
        fail(str(error))
    if severity is not None:
        choice = replace(choice, severity=Severity(severity.lower()))
    return replace(choice, strict=True) if flags["strict"] else choice


def _check_settings(entry: Input, choice: Choice, labels: str | None, *, isolated: bool) -> CheckSettings:
    from dataclasses import replace

    from ingest.validation import CheckSettings

    folder = _folder(entry, isolated=isolated)
    reading = replace(reading_settings(labels, folder=folder), topics=_settings(folder).topics)
    return CheckSettings(choice.codes(entry.path), reading)


def _settings(folder: Path | None) -> Settings:
    from ingest.configuration import Settings, load_settings

    return load_settings(folder) if folder else Settings()


def _folder(entry: Input, *, isolated: bool) -> Path | None:
    """Whose settings hold for an input; null for none."""
    if isolated:
        return None
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
            save(Path(output_file), (f"{click.unstyle(line)}\n".encode() for line in lines))
        except IngestError as error:
            fail(str(error))
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
    told = [counted(number, names[severity]) for severity, number in counts.items() if number]
    files = counted(len(checked), "file")
    questions = counted(sum(each.questions for each in checked), "question")
    text = f"{files}, {questions}: {', '.join(told) or 'nothing found'}"
    least = "error" if "error" in hidden else "warning" if hidden else ""
    return (
        text
        + (f" (of severity {least} and above)" if least == "warning" else "")
        + (" (of severity error)" if least == "error" else "")
    )
