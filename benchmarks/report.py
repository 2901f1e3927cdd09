"""The report: sections as Markdown, and their bars as one picture. It names no machine and no day."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterator, Sequence
from pathlib import Path

import asked
from chart import draw
from measuring import own_peak_mib
from sections import Plan, Section, Table, is_compiled

# Parts that nothing measures yet.
_NEVER = ("other tools that make or read such files: txttoqti, genanki, gift-pegjs (Node), R/exams (R)",)


def write(folder: Path, plan: Plan, sections: Sequence[Section], left_out: Sequence[str]) -> None:
    """Writes ``benchmarks.md`` and ``benchmarks.svg``."""
    panels = [panel for section in sections for panel in section.panels]
    lines = ["# Benchmarks", "", *_asked(sections), "", "## Method", "", *_method(plan)]
    if panels:
        lines += [
            "",
            "![Time as bars, memory as curves; the tables below hold the same figures](benchmarks.svg)",
        ]
        (folder / "benchmarks.svg").write_text(draw(panels), encoding="utf-8")
    for section in sections:
        lines += ["", *markdown(section)]
    lines += ["", "## Not measured", "", *_not_measured(sections, left_out), ""]
    (folder / "benchmarks.md").write_text("\n".join(lines), encoding="utf-8")


def markdown(section: Section) -> Iterator[str]:
    yield f"## {section.title}"
    for part in section.parts:
        yield ""
        if isinstance(part, Table):
            yield from _table(part)
        else:
            yield part


def _table(table: Table) -> Iterator[str]:
    for row in (table.header, ["---"] * len(table.header), *table.rows):
        yield f"| {' | '.join(row)} |"


def _asked(sections: Sequence[Section]) -> Iterator[str]:
    yield "## What was asked"
    yield ""
    answers = [answer for section in sections for answer in section.answers]
    yield from _table(Table(asked.HEADER, list(asked.rows(answers))))


def _method(plan: Plan) -> Iterator[str]:
    machine = f"{platform.system()} on {platform.machine()}, {os.cpu_count()} CPUs"
    yield f"""\
Written by `make bench BENCH="--report docs"`. Python {platform.python_version()}, {machine}.
{_form()} Questions: those of `{plan.dump.name}`, in copies whose longer words
are others, so that nothing is read twice; for validating and merging all words from three letters on are
others.

Whole processes are run in turn (A, B, A, B, …), {plan.runs} times (at most 3 times from 10,000 questions
on, and for validating and merging), after a run that is not counted. In that run, what a conversion wrote
was looked at: all questions came out. CPU seconds are those of user and system, as the operating system
counts them. A figure is the median, with the lowest and the highest in brackets; a ratio is the median of
the ratios of each turn. Wall time was taken on a machine that does other things too. Peak memory counts
from that of the measuring program, {own_peak_mib():.0f} MiB: what is below is not seen."""


def _form() -> str:
    if is_compiled():
        return "ingest is the wheel with compiled stages (`make compiled`)."
    return "ingest is not compiled."


def _not_measured(sections: Sequence[Section], left_out: Sequence[str]) -> Iterator[str]:
    for name in left_out:
        yield f"- the part `{name}`, which was not asked for"
    for section in sections:
        for what in section.not_measured:
            yield f"- {section.title}: {what}"
    for what in _NEVER:
        yield f"- {what}"
