"""Readings to the references of their questions: every URL, its role and its canonical form.

One pattern walks the whole text once; each URL goes to the question it stands in. Nothing is
fetched.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from heapq import merge

from ingest.locales import CourseWords
from ingest.model.block import Reading
from ingest.model.diagnostic import Finding
from ingest.model.question import Reference, Role
from ingest.model.source import LineIndex, Span
from ingest.parts.urls import canonical, end_of_first, is_plain, trim

_BEGINNING = re.compile(r"https?:[^\s<>\"“”«»`]")
_URL = re.compile(rf"{_BEGINNING.pattern}+")
# In capitals it has no literal beginning to search for, which takes ten times as long.
_URL_IN_CAPITALS = re.compile(_URL.pattern, re.IGNORECASE)
_BEGINNING_IN_CAPITALS = re.compile(_BEGINNING.pattern, re.IGNORECASE)
_CAPITALS = re.compile("H(?:TTP|ttp)")  # a quarter of the time that looking for each word takes
_LINE_END = re.compile("\n")
# The text of a Markdown image that stands before its address.
_IMAGE = re.compile(r"!\[[^\]\n]*\]\(<?\Z")
_RANK: tuple[Role, ...] = ("reference", "inline", "credit", "image")
_Placed = tuple[int, int, str, str, bool]
"""An URL: where it begins and ends, how it reads, its canonical form where that is known, whether it is an
image's."""


@dataclass(slots=True)
class _Found:
    """The places of one canonical URL inside one question."""

    url: str
    role: Role
    lines: list[int]


def find_references(
    text: str,
    lines: LineIndex,
    readings: Sequence[Reading],
    words: CourseWords,
) -> tuple[list[tuple[Reference, ...]], list[Finding]]:
    """For each reading its references, one for each distinct canonical URL, first place first.

    Role: ``reference`` if it stands under a heading such as "References:" anywhere in the question;
    else ``inline`` if it stands in prose; ``credit`` if it stands only after "via -".

    Codes: R001 for a URL that cannot be one.
    """
    findings: list[Finding] = []
    found: list[dict[str, _Found]] = [{} for _ in readings]
    starts = [reading.block.span.start for reading in readings]
    ends = [reading.block.span.end for reading in readings]
    listed = [_lists(text, reading) for reading in readings]
    credit = re.compile(
        rf"(?:^|[\s(])(?:{'|'.join(map(re.escape, words.credit))})[ \t]*[-–—:][ \t]*[(\[<]?$", re.IGNORECASE
    )
    pattern = _URL_IN_CAPITALS if _CAPITALS.search(text) else _URL
    for start, end, url, known, is_image in _all_addresses(pattern, text, readings):
        index = bisect_right(starts, start) - 1
        if index < 0 or start >= ends[index]:
            continue
        address = known or _canonical(url)
        if address is None:
            message = f"malformed URL: {url}"
            findings.append(Finding("R001", message, Span(start, end), "correct it in the source", index))
            address = url
        role: Role = "inline"
        if _is_listed(start, listed[index]):
            role = "reference"
        elif credit.search(text, max(0, start - 12), start):
            role = "credit"
        if is_image or _is_image(text, start):
            role = "image"
        line = lines.line(start)
        entry = found[index].get(address)
        if entry is None:
            found[index][address] = _Found(url, role, [line])
            continue
        if entry.role != role:
            entry.role = min(entry.role, role, key=_RANK.index)
        if entry.lines[-1] != line:
            entry.lines.append(line)
    return [_references(entries) for entries in found], findings


def _is_listed(at: int, lists: Sequence[range]) -> bool:
    """Whether a place is in one of the lists, which are in order."""
    place = bisect_right(lists, at, key=lambda each: each.start) - 1
    return place >= 0 and at in lists[place]


def _all_addresses(pattern: re.Pattern[str], text: str, readings: Sequence[Reading]) -> Iterator[_Placed]:
    """Every URL with its place, and whether it is an image's: those in the text, and those that the input
    form has beside it."""
    shown = _addresses(pattern, text)
    hidden = [(a.at, a.at, a.url, "", a.is_image) for reading in readings for a in reading.block.addresses]
    if not hidden:
        return shown
    return merge(shown, sorted(hidden), key=lambda entry: entry[0])


def _is_image(text: str, at: int) -> bool:
    return text[at - 1 : at] in ("(", "<") and _IMAGE.search(text, max(0, at - 300), at) is not None


def _addresses(pattern: re.Pattern[str], text: str) -> Iterator[_Placed]:
    """Every URL with its place; two that are glued together are two."""
    beginning = _BEGINNING if pattern is _URL else _BEGINNING_IN_CAPITALS
    for match in pattern.finditer(text):
        start, end = match.span()
        if is_plain(match[0]):
            yield start, end, match[0], match[0], False
            continue
        found: re.Match[str] | None = match
        while found:
            start = found.start()
            url = trim(text[start : end_of_first(text, start, end)])
            yield start, start + len(url), url, "", False
            # What was trimmed off may hold another one; a lone scheme is none, but is reported as malformed.
            found = beginning.search(text, start + max(len(url), 1), end)


def _canonical(url: str) -> str | None:
    try:
        return canonical(url)
    except ValueError:
        return None


def _lists(text: str, reading: Reading) -> list[range]:
    """Where the lists under a references heading stand, as offsets into the text."""
    if not reading.parts.references or not reading.block.explanation:
        return []
    base = reading.block.explanation.start
    if not reading.block.is_markdown:
        return [range(base + span.start, base + span.end) for span in reading.parts.references]
    # The plain explanation has other offsets, but the same lines.
    lines = [base, *(match.end() for match in _LINE_END.finditer(text, base, reading.block.explanation.end))]
    lines.append(reading.block.explanation.end)
    plain = reading.explanation
    places = [(plain.count("\n", 0, s.start), plain.count("\n", 0, s.end)) for s in reading.parts.references]
    return [range(lines[first], lines[min(last + 1, len(lines) - 1)]) for first, last in places]


def _references(entries: dict[str, _Found]) -> tuple[Reference, ...]:
    return tuple(
        [Reference(entry.url, address, entry.role, tuple(entry.lines)) for address, entry in entries.items()]
    )
