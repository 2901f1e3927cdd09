"""Labels with one damaged letter, looked for only where a label is missing.

A line such as "Respuesta corecta" is a label when its question has none of that kind; an option
"Domains" is not one when its question has its topic. Clean dumps lack no label, and so are not searched
a second time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from ingest.locales import Locale
from ingest.model.block import Label, Mark, Part
from ingest.model.source import Span

if TYPE_CHECKING:
    import regex

_LEAST_LETTERS = 6
_HEADER, _MARK = Part.HEADER, Part.MARK
_SOUGHT = (_MARK, Part.EXPLANATION, Part.TOPIC)


class _Region(NamedTuple):
    """The text from one header to the next, and which labels it lacks."""

    span: Span
    taken: frozenset[int]
    """Where its lines that are labels begin."""
    missing: tuple[Part, ...]
    numbers: range
    """Numbers of questions missing after it."""


def find_damaged_labels(text: str, marks: Sequence[Mark], locale: Locale) -> list[Mark]:
    """Marks for the lines that are labels of the locale but for one letter, in order."""
    found: list[Mark] = []
    regions = list(_lacking(text, marks))
    if not regions:
        return found
    patterns = _patterns(locale)
    lengths = _lengths(locale)
    for region in regions:
        wanted = list(region.missing)
        numbers = region.numbers
        for start, line in _short_lines(text, region, lengths):
            span = Span(start, start + len(line))
            for label, pattern in patterns:
                match = pattern.fullmatch(line.strip(" \t#*"))
                if match is None:
                    continue
                if label.part is Part.HEADER and int(match["number"]) in numbers:
                    found.append(Mark(label, span, int(match["number"]), is_damaged=True))
                    # What the lost question lacks is not known yet; it has its own labels.
                    wanted = []
                elif label.part in wanted:
                    found.append(Mark(label, span, is_damaged=True))
                    if label.part is not Part.MARK:
                        wanted.remove(label.part)
                else:
                    continue
                break
    usual = {part for part in Part if part is Part.MARK or _is_usual(part, marks, found)}
    return [mark for mark in found if mark.label.part in usual]


def _lacking(text: str, marks: Sequence[Mark]) -> Iterator[_Region]:
    """The regions that lack a label, or after which a question is missing."""
    headers = [place for place, mark in enumerate(marks) if mark.label.part is _HEADER]
    for order, place in enumerate(headers):
        following = headers[order + 1] if order + 1 < len(headers) else len(marks)
        end = marks[following].span.start if following < len(marks) else len(text)
        own = marks[place + 1 : following]
        parts = {mark.label.part for mark in own if mark.label.part is not _MARK or mark.label.correct}
        missing = tuple([part for part in _SOUGHT if part not in parts])
        numbers = range(0)
        number = marks[place].number
        if following < len(marks) and number is not None:
            numbers = range(number + 1, marks[following].number or 0)
        if missing or numbers:
            taken = frozenset(mark.span.start for mark in own)
            yield _Region(Span(marks[place].span.end, end), taken, missing, numbers)


def _is_usual(part: Part, marks: Sequence[Mark], found: Sequence[Mark]) -> bool:
    """Whether at least half of the questions have the part, damaged ones included: in a dump without
    topics an option that reads nearly like the topic's label is an option."""
    headers = sum(mark.label.part is Part.HEADER for mark in (*marks, *found))
    return sum(mark.label.part is part for mark in (*marks, *found)) * 2 >= headers


def _short_lines(text: str, region: _Region, lengths: range) -> Iterator[tuple[int, str]]:
    """The lines of a region that are no labels and about as long as one."""
    start = region.span.start
    for line in text[region.span.start : region.span.end].split("\n"):
        if len(line) in lengths and start not in region.taken:
            yield start, line
        start += len(line) + 1


def _lengths(locale: Locale) -> range:
    """How long a damaged label can be, with a number, a colon, indentation or emphasis around it."""
    lengths = [len(word) for word, _ in locale.labels if len(word) >= _LEAST_LETTERS]
    return range(min(lengths) - 1, max(lengths) + 13)


def _patterns(locale: Locale) -> list[tuple[Label, regex.Pattern[str]]]:
    """One fuzzy pattern a label; loaded only here, since clean dumps need none."""
    import regex

    patterns = []
    for word, label in locale.labels:
        if len(word) < _LEAST_LETTERS or label.part is Part.STATUS:
            continue
        fuzzy = rf"(?:{regex.escape(word)}){{e<=1}}"
        number = r"[ ]?(?P<number>[0-9]{1,6})[ ]*:?" if label.part is Part.HEADER else r"[ ]*:?"
        patterns.append((label, regex.compile(fuzzy + number, regex.IGNORECASE)))
    return patterns
