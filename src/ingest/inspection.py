"""How a dump was read: every line with the role it was given, and the evidence for each border."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model.block import Reading
from ingest.model.result import Result
from ingest.model.source import LineIndex


@dataclass(frozen=True, slots=True)
class LineRole:
    """One line of the text."""

    line: int
    role: str
    """``label``, ``stem``, ``option A`` …, ``explanation``, ``topic``, ``preamble``, ``unknown``;
    ``blank`` for an empty line."""
    text: str


@dataclass(frozen=True, slots=True)
class Weight:
    """What one piece of evidence says."""

    evidence: str
    line: int
    """Where the options would begin."""
    log_odds: float


@dataclass(frozen=True, slots=True)
class BorderReport:
    """Where the options of one question begin, and why."""

    number: int | None
    first_line: int
    last_line: int
    options_from: int | None
    """The line; null where there are no options."""
    margin: float | None
    """Log-odds between the best place and the second best; null where there is no other place."""
    weights: tuple[Weight, ...]


@dataclass(frozen=True, slots=True)
class Inspection:
    """One file, or one question of it."""

    file: str
    lines: tuple[LineRole, ...]
    questions: tuple[BorderReport, ...]


def inspect(result: Result, number: int | None = None) -> Inspection:
    """The lines and borders of a file, or of the questions with one printed number."""
    index = LineIndex(result.source.text)
    readings = [each for each in result.readings if number is None or each.block.number == number]
    ranges = [index.lines(each.block.span) for each in readings]
    wanted = {line for first, last in ranges for line in range(first, last + 1)}
    return Inspection(
        file=result.source.file,
        lines=tuple(each for each in _line_roles(result, index) if number is None or each.line in wanted),
        questions=tuple(_border(each, index) for each in readings),
    )


def render(inspection: Inspection) -> Iterator[str]:
    """The inspection as lines of text."""
    reports = {report.first_line: report for report in inspection.questions}
    for line in inspection.lines:
        if report := reports.get(line.line):
            yield from _render_border(report)
        yield f"{line.line:6}  {line.role:12}  {line.text}".rstrip()


def _render_border(report: BorderReport) -> Iterator[str]:
    number = "without number" if report.number is None else str(report.number)
    yield ""
    if report.options_from is None:
        yield f"-- question {number}: no options"
        return
    sure = "the only possible place" if report.margin is None else f"margin {report.margin:.1f}"
    yield f"-- question {number}: options from line {report.options_from}, {sure}"
    for weight in report.weights:
        yield f"--   {weight.evidence:16} {weight.log_odds:+5.1f} for line {weight.line}"


def _border(reading: Reading, index: LineIndex) -> BorderReport:
    starts = [index.line(each.start) for each in reading.paragraphs]
    border = reading.border
    first, last = index.lines(reading.block.span)
    margin = None if border.margin == float("inf") else round(border.margin, 2)
    return BorderReport(
        number=reading.block.number,
        first_line=first,
        last_line=last,
        options_from=starts[border.index] if border.index < len(starts) else None,
        margin=margin,
        weights=tuple(
            Weight(name, starts[at], round(log_odds, 2))
            for name, weights in border.evidence
            for at, log_odds in weights
        ),
    )


def _line_roles(result: Result, index: LineIndex) -> Iterator[LineRole]:
    roles: dict[int, str] = {}
    for role, span in result.roles():
        first, last = index.lines(span)
        for line in range(first, last + 1):
            roles[line] = role
    for line, text in enumerate(result.source.text.split("\n"), 1):
        yield LineRole(line, _shown(roles.get(line, "unread"), text), text)


def _shown(role: str, text: str) -> str:
    if not text.strip():
        return "blank"
    if role.startswith("options."):
        from ingest.model.question import option_id

        return f"option {option_id(int(role.partition('.')[2]))}"
    return role
