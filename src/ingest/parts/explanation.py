"""An overall explanation taken apart: what it says about each option, and why the key is right.

Explanations restate the options: at the start of a line, alone or before a dash, or in quotes after
a word such as ``INCORRECT:``. What follows a restated option, up to the next one or a heading, is
about that option; options restated one directly after the other share what follows.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from ingest.locales import CourseWords
from ingest.model.block import ExplanationPart, ExplanationParts
from ingest.model.source import Span
from ingest.parts.folding import fold

# What may stand between a restated option and the reason: a stop, a dash or colon with a space on one
# side (before a capital, so that " -auto" after a command is none); or nothing, at the line's end.
_SEPARATOR = r"[ \t]*[-–—:][ \t]+|[ \t]+[-–—](?=[A-ZÀ-Þ])"
_AFTER_OPTION = re.compile(rf"\.?(?:{_SEPARATOR}|[ \t]*[-–—:]?[ \t]*(?=\n|\Z))")
_DASH = re.compile(_SEPARATOR)
_QUOTES = '"“«'


@dataclass(frozen=True, slots=True)
class _Spot:
    """A place where one option is restated, or a heading."""

    start: int
    end: int
    option: int | None
    """Null for a heading."""
    heading: str | None
    """``correct``, ``incorrect`` or ``references``: what the heading, or the word before a quoted
    option, announces."""


def is_restated(paragraph: str, explanation: str) -> bool:
    """Whether an explanation restates a paragraph, at the start of a line or in quotes."""
    core = paragraph.rstrip(". ")
    if not core:
        return False
    if _find(core, "\n" + explanation):
        return True
    if any(quote + core in explanation for quote in _QUOTES):
        return True
    # Exact first: folding a whole explanation costs more than all the rest.
    folded = fold(core)
    return bool(folded) and bool(_find(folded, _folded(explanation)))


def split_explanation(
    explanation: str, options: Sequence[str], correct: Sequence[bool], words: CourseWords
) -> ExplanationParts:
    """The parts of an explanation, given the options and which of them are right."""
    spots = _spots(explanation, options, words)
    spots = _agreeing(spots, correct)
    texts: list[list[ExplanationPart]] = [[] for _ in options]
    rationale: list[str] = []
    references: list[Span] = []
    heading: str | None = None
    waiting: list[tuple[int, str | None]] = []
    first = spots[0].start if spots else len(explanation)
    _add(rationale, explanation[:first])
    for place, spot in enumerate(spots):
        stop = spots[place + 1].start if place + 1 < len(spots) else len(explanation)
        body = explanation[spot.end : stop].strip()
        if spot.option is None:
            heading = spot.heading
            waiting = []
            if heading == "references":
                references.append(Span(spot.end, stop))
            elif heading == "correct":
                _add(rationale, body)
            continue
        waiting.append((spot.option, spot.heading or heading))
        if not body:
            continue
        reason = _verdict(words).sub("", body, count=1).strip()
        for option, under in waiting if reason else ():
            section = under if under in ("correct", "incorrect") else None
            texts[option].append(ExplanationPart(reason, spot.end, section))
        if any(correct[option] for option, _ in waiting):
            _add(rationale, reason)
        waiting = []
    return ExplanationParts(
        options=tuple(_join(parts) for parts in texts),
        restated=tuple(any(spot.option == index for spot in spots) for index in range(len(options))),
        rationale="\n\n".join(rationale) or None,
        references=tuple(references),
    )


def restated_headings(explanation: str, options: Sequence[str], words: CourseWords) -> list[set[str]]:
    """For each option, the headings (``correct``, ``incorrect``) under which it is restated."""
    headings: list[set[str]] = [set() for _ in options]
    current: str | None = None
    for spot in _spots(explanation, options, words):
        if spot.option is None:
            current = spot.heading
        elif (spot.heading or current) in ("correct", "incorrect"):
            headings[spot.option].add(spot.heading or current or "")
    return headings


def has_heading(text: str, words: CourseWords) -> bool:
    """Whether a text holds a line that only explanations have: ``Correct option:``,
    ``INCORRECT: "…"``."""
    if _headings(words).search("\n" + text):
        return True
    leads = _leads(words)
    return leads is not None and leads.search(text) is not None


def _add(texts: list[str], text: str) -> None:
    if text := text.strip():
        texts.append(text)


def _join(parts: list[ExplanationPart]) -> ExplanationPart | None:
    if len(parts) < 2:
        return parts[0] if parts else None
    text = "\n\n".join(part.text for part in parts)
    return ExplanationPart(text, parts[0].start, parts[0].heading)


def _agreeing(spots: list[_Spot], correct: Sequence[bool]) -> list[_Spot]:
    """The spots without those that stand under the other heading, where the option also stands
    under its own: a right option's reason may well list the wrong ones."""
    current: str | None = None
    sections: list[str | None] = []
    for spot in spots:
        if spot.option is None:
            current = spot.heading
        sections.append(spot.heading or current)
    own = {
        spot.option
        for spot, section in zip(spots, sections, strict=True)
        if spot.option is not None and section == ("correct" if correct[spot.option] else "incorrect")
    }
    return [
        spot
        for spot, section in zip(spots, sections, strict=True)
        if spot.option is None
        or spot.option not in own
        or section not in ("correct", "incorrect")
        or section == ("correct" if correct[spot.option] else "incorrect")
    ]


def _spots(explanation: str, options: Sequence[str], words: CourseWords) -> list[_Spot]:
    """Headings and restated options, in order, none inside another."""
    padded = "\n" + explanation
    found: list[_Spot] = [
        _Spot(match.start(), match.end() - 1, None, match.lastgroup)
        for match in _headings(words).finditer(padded)
    ]
    quoted = _leads(words)
    missing: list[int] = []
    cores = [option.rstrip(". ") for option in options]
    twins = Counter(cores)
    earlier: Counter[str] = Counter()
    for index, core in enumerate(cores):
        spots = [_Spot(start, end - 1, index, None) for start, end in _find(core, padded)]
        spots += _find_quoted(core, explanation, index, quoted)
        if not spots:
            missing.append(index)
        if twins[core] > 1:  # the first place is the first one's, and so on
            spots = spots[earlier[core] :: twins[core]]
            earlier[core] += 1
        found += spots
    if missing:
        found += _find_folded(explanation, options, missing)
    found.sort(key=lambda spot: (spot.start, -spot.end))
    kept: list[_Spot] = []
    for spot in found:
        if not kept or spot.start >= kept[-1].end:
            kept.append(spot)
    return kept


def _find(core: str, padded: str) -> list[tuple[int, int]]:
    """Where a text stands at the start of a line and ends there or before a dash; offsets into the
    text with one line end put in front, the start being that of the line end."""
    places = []
    needle = "\n" + core
    at = padded.find(needle) if core else -1
    while at >= 0:
        after = _AFTER_OPTION.match(padded, at + len(needle))
        if after:
            places.append((at, after.end()))
        at = padded.find(needle, at + len(needle))
    return places


def _find_quoted(core: str, explanation: str, index: int, leads: re.Pattern[str] | None) -> list[_Spot]:
    """Where an option stands in quotes after a word such as ``INCORRECT:``."""
    spots: list[_Spot] = []
    if leads is None or not core or not any(quote + core in explanation for quote in _QUOTES):
        return spots
    for lead in leads.finditer(explanation):
        if explanation.startswith(core, lead.end()):
            end = lead.end() + len(core)
            tail = re.compile(r'\.?["”»]').match(explanation, end)
            if tail:
                spots.append(_Spot(lead.start(), tail.end(), index, lead.lastgroup))
    return spots


def _find_folded(explanation: str, options: Sequence[str], missing: list[int]) -> list[_Spot]:
    """Where an option is restated with other quotes, spaces or capitals."""
    wanted = {fold(options[index].rstrip(". ")): index for index in missing}
    spots = []
    for match in re.finditer(r"[^\n]+", explanation):
        for end, after in _heads(match[0]):
            index = wanted.get(fold(match[0][:end].rstrip(". ")))
            if index is not None:
                spots.append(_Spot(match.start(), match.start() + after, index, None))
                break
    return spots


@lru_cache(maxsize=2)  # one explanation is asked for each paragraph of its question
def _folded(explanation: str) -> str:
    return "\n" + "\n".join(map(fold, explanation.split("\n")))


def _heads(line: str) -> list[tuple[int, int]]:
    """Where a restated option may end in a line, the longest first, and where the reason begins."""
    heads = [(dash.start(), dash.end()) for dash in _DASH.finditer(line)]
    return [(len(line), len(line)), *reversed(heads)]


@cache
def _headings(words: CourseWords) -> re.Pattern[str]:
    """A heading on a line of its own, with or without a colon."""
    groups = {
        "correct": words.correct_heading,
        "incorrect": words.incorrect_heading,
        "references": words.references_heading,
    }
    alternatives = "|".join(
        f"(?P<{name}>{'|'.join(re.escape(word) for word in sorted(group, key=len, reverse=True))})"
        for name, group in groups.items()
    )
    return re.compile(rf"\n[ \t*]*+(?:{alternatives})[ \t]*:?[ \t*]*(?=\n|\Z)", re.IGNORECASE)


@cache
def _verdict(words: CourseWords) -> re.Pattern[str]:
    """A sentence that says no more than that the option is right or wrong."""
    phrases = "|".join(re.escape(phrase) for phrase in sorted(words.verdict, key=len, reverse=True))
    return re.compile(rf"\A(?:{phrases})[ \t]*(?:\([^()\n]*\))?[ \t]*(?:\.\)?|(?=\n|\Z))", re.IGNORECASE)


@cache
def _leads(words: CourseWords) -> re.Pattern[str] | None:
    """``CORRECT: "`` at the start of a line."""
    groups = {"correct": words.correct_lead, "incorrect": words.incorrect_lead}
    alternatives = "|".join(
        f"(?P<{name}>{'|'.join(map(re.escape, group))})" for name, group in groups.items()
    )
    return re.compile(rf"^[ \t]*(?:{alternatives})[ \t]*:[ \t]*[{_QUOTES}]", re.MULTILINE)
