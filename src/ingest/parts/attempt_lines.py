"""What of a block tells what the sitter did, and what stands in its place where that was not asked for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from ingest.locales import load_all
from ingest.model.block import Part, Reading
from ingest.model.source import LineIndex, Span

_TO_NUMBER = re.compile(r"\D*\d+")
_ANY_RIGHT = "✓"


def attempt_lines(text: str, reading: Reading) -> Iterator[tuple[Span, str]]:
    """The places, with as many lines as before: the status is gone, a mark over what was chosen says only
    whether that is right, and an answer that was typed and is wrong is gone."""
    block = reading.block
    if block.header and block.header.status:
        span = block.header.span
        if match := _TO_NUMBER.match(text[span.start : span.end]):
            yield Span(span.start + match.end(), span.end), ""
    elif block.header and block.status and len(block.labels) > 1:
        yield block.labels[1], ""
    for mark in (*block.marks, *block.stray_marks):
        if mark.label.chosen:
            is_right = mark.label.correct
            yield mark.span, _right_word(mark.label.locale, several=mark.label.several) if is_right else ""
    for each in reading.options if reading.is_fill_in else ():
        if each.is_wrong_choice:
            yield Span(each.start, each.end), "\n" * text.count("\n", each.start, each.end)


def without_attempt(text: str, span: Span, reading: Reading) -> str:
    """A part of the text without them."""
    parts = []
    at = span.start
    for place, instead in sorted(attempt_lines(text, reading)):
        if at <= place.start and place.end <= span.end:
            parts += [text[at : place.start], instead]
            at = place.end
    return "".join([*parts, text[at : span.end]])


def lines_without_attempt(text: str, readings: Iterable[Reading]) -> dict[int, str]:
    """The lines that have some of it, by their number, without it."""
    index = LineIndex(text)
    found: dict[int, str] = {}
    for reading in readings:
        for place, _ in attempt_lines(text, reading):
            start = text.rfind("\n", 0, place.start) + 1
            end = text.find("\n", place.end)
            whole = Span(start, len(text) if end < 0 else end)
            shown = without_attempt(text, whole, reading).split("\n")
            found |= zip(
                range(index.line(place.start), index.line(place.start) + len(shown)), shown, strict=True
            )
    return found


@cache
def _right_word(code: str, *, several: bool) -> str:
    """What the page says over a right option that was not chosen."""
    for locale in load_all():
        for word, label in locale.labels:
            is_plain = label.part is Part.MARK and label.correct and not label.chosen and not label.follows
            if locale.code == code and is_plain and label.several is several:
                return word
    return _ANY_RIGHT
