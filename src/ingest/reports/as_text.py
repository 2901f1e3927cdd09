"""Findings for people: place, code, message, the source line with a caret, and the hint."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import click

from ingest.model.diagnostic import Diagnostic
from ingest.parts.visible import visible
from ingest.reports import Report, said

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_WIDTH = 100


def render(report: Report) -> Iterator[str]:
    """Some lines for each finding."""
    for file in report.files:
        if file.diagnostics:
            yield from lines_of(file.diagnostics, file.line, file.file)


def lines_of(diagnostics: Iterable[Diagnostic], line: Callable[[int], str], shown_file: str) -> Iterator[str]:
    """Some lines for each diagnostic, in the order given.

    ``line`` gives a line of the file, or nothing where it is not at hand; ``shown_file`` is the path that the
    reader typed, so that the place can be opened.
    """
    for diagnostic in diagnostics:
        yield from _one(diagnostic, line(diagnostic.line), shown_file)


def _one(diagnostic: Diagnostic, line: str, shown_file: str) -> Iterator[str]:
    place = f"{shown_file}:{diagnostic.line}:{diagnostic.column}"
    code = click.style(diagnostic.code, fg=_COLOURS[diagnostic.severity], bold=True)
    yield f"{visible(place)}: {code} {visible(said(diagnostic))}"
    # A window of the line around the place, since paragraphs are lines of many hundred characters.
    begin = max(0, diagnostic.column - 1 - _WIDTH // 2) if diagnostic.column > _WIDTH - 10 else 0
    excerpt = visible(line[begin : begin + _WIDTH])
    if excerpt.strip():
        length = 1
        if diagnostic.end_line == diagnostic.line:
            length = max(1, min(diagnostic.end_column - diagnostic.column, _WIDTH - 2))
        caret = " " * (diagnostic.column - 1 - begin) + "^" * min(
            length, max(1, len(excerpt) - (diagnostic.column - 1 - begin))
        )
        yield f"    | {excerpt}"
        yield f"    | {caret}"
    if diagnostic.hint:
        yield f"    = {visible(diagnostic.hint)}"
