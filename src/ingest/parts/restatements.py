"""Where an explanation restates options, and where its headings stand.

An option is restated at the start of a line — after a bullet, in quotes, or after a word such as
``INCORRECT:`` — and ends there or before a dash or colon. The explanation is walked once, whatever the
number of options; exact text first, folded text only for what was not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from ingest.locales import CourseWords
from ingest.parts.folding import fold

Heading = Literal["correct", "incorrect", "references"]

# Between a restated option and its reason: a dash or colon with a space on one side; before a capital,
# so that the " -auto" of a command is none.
_SEPARATOR = re.compile(r"[ \t]*[-–—:][ \t]+|[ \t]+[-–—](?=[A-ZÀ-Þ])")
_OPENING = re.compile(r"[ \t]*(?:[-•*–▪◦·‣][ \t]+|[0-9]{1,2}[.)][ \t]+)?[*_]{0,3}")
_CLOSING = " \t.*_"
_QUOTES = {'"': '"', "“": "”", "«": "»"}
_PREFIX = 8
# A line has few separators before the end of a restated option; a hostile one has thousands.
_MOST_SEPARATORS = 24
_LONGEST_HEADING = 60


@dataclass(frozen=True, slots=True)
class Spot:
    """One option where it is restated, or one heading. Offsets count from the explanation's start."""

    start: int
    end: int
    """Where the reason begins."""
    text: int | None
    """Index of the text that is restated; null for a heading."""
    heading: Heading | None
    """What the heading, or the word before a quoted option, announces."""
    is_alone: bool
    """Whether the option's line ends with it."""


def find_spots(explanation: str, texts: Sequence[str], words: CourseWords) -> list[Spot]:
    """Headings and restated texts, in the order of the explanation; of several equal texts the first
    place is the first one's, and so on."""
    wanted = _Wanted(texts)
    spots = list(_walk(explanation, wanted, words))
    missing = wanted.missing({spot.text for spot in spots})
    if missing:
        spots += _walk_folded(explanation, texts, missing)
        spots += _whole_lines(explanation, texts, missing)
        spots.sort(key=lambda spot: spot.start)
    return _share_twins(spots, wanted)


def is_quoted(text: str, explanation: str) -> bool:
    """Whether the text stands in quotes anywhere in the explanation."""
    core = text.rstrip(". ")
    return bool(core) and any(quote + core in explanation for quote in _QUOTES)


def has_heading(text: str, words: CourseWords) -> bool:
    """Whether a text holds a line that only explanations have: ``Correct option:``,
    ``INCORRECT: "…"``."""
    return any(
        _heading(line, words) is not None or _lead(line, 0, words) is not None for line in text.split("\n")
    )


class _Wanted:
    """Texts to look for, by their whole and by their beginning."""

    def __init__(self, texts: Sequence[str], folded: Iterable[int] | None = None) -> None:
        self.indices: dict[str, list[int]] = {}
        chosen = range(len(texts)) if folded is None else folded
        for index in chosen:
            core = texts[index].strip(_CLOSING)
            if core := core if folded is None else fold(core):
                self.indices.setdefault(core, []).append(index)
        self.prefixes = {core[:_PREFIX] for core in self.indices}
        self.short = {core for core in self.prefixes if len(core) < _PREFIX}
        self.longest = max(map(len, self.indices), default=0)

    def may_begin(self, line: str, at: int) -> bool:
        """A cheap look: whether a wanted text begins like the line does."""
        beginning = line[at : at + _PREFIX]
        if beginning in self.prefixes:
            return True
        return bool(self.short) and any(beginning[:size] in self.short for size in range(1, _PREFIX))

    def missing(self, found: set[int | None]) -> list[int]:
        return [indices[0] for indices in self.indices.values() if indices[0] not in found]


def _walk(explanation: str, wanted: _Wanted, words: CourseWords) -> Iterator[Spot]:
    start = 0
    for line in explanation.split("\n"):
        if line:
            yield from _read_line(line, start, wanted, words)
        start += len(line) + 1


def _read_line(line: str, start: int, wanted: _Wanted, words: CourseWords) -> Iterator[Spot]:
    at = 0
    heading = _heading(line, words)
    if heading is not None:
        kind, at = heading
        yield Spot(start, start + at, None, kind, is_alone=not line[at:].strip())
    lead = _lead(line, at, words)
    if lead is not None:
        kind, at = lead
        for found, end in _quoted(line, at, wanted):
            yield Spot(start, start + end, found, kind, is_alone=False)
            return
    begin = _OPENING.match(line, at)
    at = begin.end() if begin and line[at : at + _PREFIX] not in wanted.prefixes else at
    if line[at : at + 1] in _QUOTES:
        for found, end in _quoted(line, at + 1, wanted):
            after = _SEPARATOR.match(line, end)
            if after or not line[end:].strip(_CLOSING):
                yield Spot(start + at, start + (after.end() if after else len(line)), found, None, not after)
                return
    if wanted.may_begin(line, at):
        for head, end in _heads(line, at, wanted.longest):
            if head in wanted.indices:
                yield Spot(start + at, start + end, wanted.indices[head][0], None, end == len(line))
                return


def _heads(line: str, at: int, longest: int) -> Iterator[tuple[str, int]]:
    """What may be a restated text at the start of a line, the longest first, and where the reason
    begins."""
    stop = at + longest + len(_CLOSING)
    if len(line) <= stop:
        yield line[at:].strip(_CLOSING), len(line)
    separators = []
    for separator in _SEPARATOR.finditer(line, at, min(stop + 4, len(line))):
        separators.append(separator)
        if len(separators) == _MOST_SEPARATORS:
            break
    for separator in reversed(separators):
        yield line[at : separator.start()].strip(_CLOSING), separator.end()


def _quoted(line: str, at: int, wanted: _Wanted) -> Iterator[tuple[int, int]]:
    """The wanted text in quotes that were opened before ``at``, and where the quotes end."""
    closing = line.find(_QUOTES.get(line[at - 1], '"'), at)
    tries = 0
    while closing >= 0 and tries < _MOST_SEPARATORS:
        core = line[at:closing].strip(_CLOSING)
        if core in wanted.indices:
            yield wanted.indices[core][0], closing + 1
            return
        tries += 1
        closing = line.find(_QUOTES.get(line[at - 1], '"'), closing + 1)


def _walk_folded(explanation: str, texts: Sequence[str], missing: list[int]) -> Iterator[Spot]:
    """Texts restated with other quotes, spaces or capitals."""
    lower = explanation.lower()
    likely = [index for index in missing if _first_word(texts[index]) in lower]
    if not likely:
        return
    wanted = _Wanted(texts, likely)
    start = 0
    for line in explanation.split("\n"):
        begin = _OPENING.match(line)
        at = begin.end() if begin else 0
        for head, end in _heads(line, at, 2 * wanted.longest) if line else ():
            found = wanted.indices.get(fold(head))
            if found:
                yield Spot(start + at, start + end, found[0], None, end == len(line))
                break
        start += len(line) + 1


def _first_word(text: str) -> str:
    return next((word.lower() for word in re.findall(r"[A-Za-z0-9]+", text[:80])), "")


def _whole_lines(explanation: str, texts: Sequence[str], missing: list[int]) -> Iterator[Spot]:
    """Texts of several lines, such as code, where they stand line for line."""
    for index in missing:
        text = texts[index]
        if "\n" in text and (at := f"\n{explanation}\n".find(f"\n{text}\n")) >= 0:
            yield Spot(at, at + len(text), index, None, is_alone=True)


def _share_twins(spots: list[Spot], wanted: _Wanted) -> list[Spot]:
    twins = {indices[0]: indices for indices in wanted.indices.values() if len(indices) > 1}
    if not twins:
        return spots
    seen: dict[int, int] = {}
    shared = []
    for spot in spots:
        indices = twins.get(spot.text, []) if spot.text is not None else []
        if indices:
            turn = seen[indices[0]] = seen.get(indices[0], -1) + 1
            index = indices[min(turn, len(indices) - 1)]
            shared.append(Spot(spot.start, spot.end, index, spot.heading, spot.is_alone))
        else:
            shared.append(spot)
    return shared


def _heading(line: str, words: CourseWords) -> tuple[Heading, int] | None:
    """What a heading line announces, and where the text after its colon begins."""
    colon = line.find(":", 0, _LONGEST_HEADING)
    if colon < 0 and len(line) > _LONGEST_HEADING:
        return None
    phrase = line[:colon] if colon >= 0 else line
    kind = _heading_words(words).get(phrase.strip(" \t*_#").lower())
    if kind is None:
        return None
    end = colon + 1 if colon >= 0 else len(line)
    # "Correct option: …" goes on in the line; the emphasis after its colon does not.
    return kind, len(line) if not line[end:].strip(" \t*_") else end + len(line[end:]) - len(
        line[end:].lstrip()
    )


def _lead(line: str, at: int, words: CourseWords) -> tuple[Heading, int] | None:
    """What a word such as ``INCORRECT: "`` at the start of a line announces, and where the quoted
    text begins."""
    match = _lead_pattern(words).match(line, at)
    return (_LEADS[match.lastgroup or ""], match.end()) if match else None


_LEADS: dict[str, Heading] = {"correct": "correct", "incorrect": "incorrect"}


@cache
def _heading_words(words: CourseWords) -> dict[str, Heading]:
    kinds: dict[str, Heading] = {}
    for word in words.correct_heading:
        kinds[word.lower()] = "correct"
    for word in words.incorrect_heading:
        kinds[word.lower()] = "incorrect"
    for word in words.references_heading:
        kinds[word.lower()] = "references"
    return kinds


@cache
def _lead_pattern(words: CourseWords) -> re.Pattern[str]:
    groups = {"correct": words.correct_lead, "incorrect": words.incorrect_lead}
    alternatives = "|".join(
        f"(?P<{name}>{'|'.join(map(re.escape, group))})" for name, group in groups.items()
    )
    return re.compile(rf"[ \t*]*(?:{alternatives})[ \t*]*:[ \t*]*[{''.join(_QUOTES)}]")
