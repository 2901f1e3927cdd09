"""``ingest stats``: what question sets hold, in numbers."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

import click

from ingest.inputs import find_sets, reading_options, reading_settings
from ingest.parts.counted import counted
from ingest.terminal import say_error

if TYPE_CHECKING:
    from ingest.counting import KeyPositions, Statistics
    from ingest.finding import Input
    from ingest.reading import ReadSettings
    from ingest.validation import Checking

_MOST_NAMES = 20
_NAME = 48


class _File(NamedTuple):
    name: str
    statistics: Statistics


@click.command("stats")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_options
def command(inputs: tuple[str, ...], form: str, labels: str | None) -> None:
    """Count topics, types, keys, lengths, references and findings of question sets.

    INPUT is what validate takes, and banks. Key positions are tested against chance: a set of which mostly B
    is right, or the longest option, can be passed without knowing anything, and the command says so in
    words. The text shows a line for each file and the numbers of all together; JSON has all numbers of each
    file as well. Findings are those of validate, of every severity.

    \b
    Examples:
      ingest stats bank.json
      ingest stats sets/ --format json > stats.json
    """
    from ingest.counting import count
    from ingest.parts.visible import visible

    found, errors = find_sets(inputs)
    checked, wrong = _check(found, reading_settings(labels))
    pairs = [(each.questions.questions, each.diagnostics) for each in checked]
    files = [_File(entry.questions.file, count([each])) for entry, each in zip(checked, pairs, strict=True)]
    total = count(pairs)
    if form == "json":
        import orjson

        value = {"files": [{"file": each.name, **_plain(each.statistics)} for each in files], "total": total}
        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        click.echo(orjson.dumps(value, option=option), nl=False)
    elif files:
        for line in _text(files, total):
            click.echo(visible(line))
    for message in (*errors, *wrong):
        say_error(message)
    sys.exit(2 if errors or wrong or not files else 0)


def _check(inputs: Sequence[Input], reading: ReadSettings) -> tuple[list[Checking], list[str]]:
    """The inputs with all their findings, and what could not be read."""
    from ingest.errors import IngestError
    from ingest.files import content_of
    from ingest.parts.file_names import told_apart
    from ingest.validation import CheckSettings, check_file, compare

    checked: list[Checking] = []
    errors: list[str] = []
    settings = CheckSettings(reading=reading)
    names = told_apart([each.name for each in inputs], [each.path.resolve().parts for each in inputs])
    for name, entry in zip(names, inputs, strict=True):
        try:
            data, corrections, _ = content_of(entry, reading.limits)
            checked.append(check_file(data, name, settings, corrections))
        except IngestError as error:
            errors.append(str(error))
    compare(checked)
    return checked, errors


def _plain(statistics: Statistics) -> dict[str, object]:
    from dataclasses import fields

    return {each.name: getattr(statistics, each.name) for each in fields(statistics)}


def _text(files: Sequence[_File], total: Statistics) -> Iterator[str]:
    if len(files) > 1:
        yield from _table(
            ["file", "questions", "topics", "explained", "references", "findings", "keys"],
            [_row(each) for each in files],
        )
        yield ""
    yield files[0].name if len(files) == 1 else f"All {len(files)} files"
    yield f"  questions  {total.questions:,}: {_listed(total.types)}"
    yield f"  options    {_listed(total.options, 'with ')}"
    yield from _named("topics", total.topics, total.without_topic, "without a topic")
    yield from _keys(total)
    yield from _lengths(total)
    yield from _named("references", total.hosts, total.without_reference, "questions without a reference")
    yield from _named("findings", _with_names(total.findings), 0, "")


def _row(file: _File) -> list[str]:
    numbers = file.statistics
    lopsided = numbers.longest_right.is_lopsided or any(each.is_lopsided for each in numbers.key_positions)
    return [
        file.name,
        f"{numbers.questions:,}",
        f"{len(numbers.topics):,}",
        f"{numbers.lengths['explanation'].texts:,}",
        f"{sum(numbers.hosts.values()):,}",
        f"{sum(numbers.findings.values()):,}",
        "lopsided" if lopsided else "",
    ]


def _listed(counts: Mapping[str, int], joint: str = "") -> str:
    """Counts by name in one line: 57 single_select, 8 multi_select."""
    return ", ".join(f"{number:,} {joint}{name}" for name, number in counts.items()) or "none"


def _named(title: str, counts: Mapping[str, int], without: int, whatever: str) -> Iterator[str]:
    """Counts by name, the most frequent ones."""
    if not counts and not without:
        return
    yield ""
    yield f"  {title}"
    width = len(f"{max([*counts.values(), without]):,}")
    for name, number in list(counts.items())[:_MOST_NAMES]:
        yield f"    {number:>{width},}  {name}"
    if len(counts) > _MOST_NAMES:
        rest = list(counts.values())[_MOST_NAMES:]
        yield f"    {sum(rest):>{width},}  {counted(len(rest), 'other')}"
    if without:
        yield f"    {without:>{width},}  {whatever}"


def _with_names(findings: Mapping[str, int]) -> dict[str, int]:
    from ingest.rules import rule

    return {f"{code} {rule(code).name} ({rule(code).severity})": number for code, number in findings.items()}


def _keys(total: Statistics) -> Iterator[str]:
    yield ""
    yield "  the right option, where there is one"
    for each in total.key_positions:
        yield f"    of {each.options}: {_positions(each)}"
        yield f"      {each.verdict} (p = {each.p:.2g})"
    longest = total.longest_right
    yield f"    the longest one: {longest.right} of {longest.questions}, by chance {longest.expected:.1f}"
    yield f"      {longest.verdict} (p = {longest.p:.2g})"


def _positions(each: KeyPositions) -> str:
    from ingest.model.question import option_id

    return ", ".join(f"{option_id(place)} {number:,}" for place, number in enumerate(each.counts))


def _lengths(total: Statistics) -> Iterator[str]:
    yield ""
    rows = [
        [f"{name}s", *map("{:,.0f}".format, (each.texts, each.median, each.ninety_percent, each.longest))]
        for name, each in total.lengths.items()
    ]
    for line in _table(["letters", "texts", "median", "90 %", "longest"], rows):
        yield f"  {line}"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines of a table, its first column to the left and the others to the right."""
    lines = [header, *([_short(row[0]), *row[1:]] for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(header))]
    for line in lines:
        cells = [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]
        yield "  ".join(cells).rstrip()


def _short(name: str) -> str:
    return name if len(name) <= _NAME else f"…{name[1 - _NAME :]}"
