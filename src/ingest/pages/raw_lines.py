"""The lines of a dump as stretches of one role, for each block of the text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from ingest.model.block import Reading
from ingest.model.result import Result
from ingest.model.source import LineIndex, Span
from ingest.parts.attempt_lines import without_attempt


class Stretch(NamedTuple):
    """Lines that follow each other and have the same role."""

    role: str
    """``label``, ``stem``, ``option``, ``reason``, ``explanation``, ``topic``, ``page``, ``dropped`` or
    ``unknown``."""
    option: int | None
    """The 0-based place of the option, for ``option`` and ``reason``."""
    first: int
    last: int
    """Lines of the file."""
    start: tuple[int, int]
    """Line and column of its beginning."""
    text: str
    tells: bool
    """Whether it tells which options are right."""


_ROLES = {"options": "option", "answers": "option", "reasons": "reason"}


def stretches(result: Result, lines: LineIndex) -> list[tuple[Stretch, ...]]:
    """For each reading its lines, in order; blank lines belong to none."""
    return [tuple(_of_reading(reading, result.source.text, lines)) for reading in result.readings]


def unknown(text: str, first: int, last: int) -> tuple[Stretch, ...]:
    """Text of which nothing more is known."""
    return (Stretch("unknown", None, first, last, (first, 1), text, tells=False),)


def _of_reading(reading: Reading, text: str, lines: LineIndex) -> Iterator[Stretch]:
    """One stretch for each field and label, those of one field that follow each other made one."""
    block = reading.block
    roles = [
        *reading.fields(),
        *(("label", span) for span in block.labels),
        *(("page", span) for span in block.furniture),
    ]
    roles.sort(key=lambda entry: (entry[1].start, entry[1].end))
    joined: list[tuple[str, Span]] = []
    for role, span in roles:
        if joined and joined[-1][0] == role != "label":
            span = Span(joined.pop()[1].start, span.end)  # noqa: PLW2901 - the longer one takes its place
        joined.append((role, span))
    for name, span in joined:
        whole = text[span.start : span.end]
        begin = span.start + len(whole) - len(whole.lstrip("\n"))
        end = span.start + len(whole.rstrip())
        if begin >= end:
            continue
        role, _, place = name.partition(".")
        first, last = lines.lines(Span(begin, end))
        yield Stretch(
            role=_ROLES.get(role, role),
            option=int(place) if place else None,
            first=first,
            last=last,
            start=lines.position(begin),
            text=without_attempt(text, Span(begin, end), reading),
            tells=_tells(reading, role, span),
        )


def _tells(reading: Reading, role: str, span: Span) -> bool:
    if role != "label":
        return role in ("reasons", "explanation", "answers")
    block = reading.block
    if block.header and span == block.header.span:
        return False
    # The label of the topic is the last one, and says nothing.
    return not (block.topic and block.topic.start >= span.end and span == block.labels[-1])
