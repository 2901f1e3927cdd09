"""An overall explanation taken apart: what it says about each option, and why the key is right.

What follows a restated option, up to the next one or a heading, is about that option. Options that
stand on lines of their own, one directly after the other, share the paragraph that follows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from ingest.locales import CourseWords
from ingest.model.block import ExplanationParts
from ingest.model.source import Span
from ingest.parts.restatements import Heading, Spot, find_spots


def split_explanation(
    explanation: str, options: Sequence[str], correct: Sequence[bool], words: CourseWords
) -> ExplanationParts:
    """The parts of an explanation, given the options and which of them are right."""
    sections = _sections(find_spots(explanation, options, words))
    headings = _headings(sections, len(options))
    sections = _agreeing(sections, correct)
    reasons: list[list[str]] = [[] for _ in options]
    rationale: list[str] = []
    references: list[Span] = []
    waiting: list[int] = []
    first = sections[0][0].start if sections else len(explanation)
    _add(rationale, explanation[:first])
    for place, (spot, heading) in enumerate(sections):
        stop = sections[place + 1][0].start if place + 1 < len(sections) else len(explanation)
        body = explanation[spot.end : stop].strip()
        if spot.text is None:
            waiting = []
            if heading == "references":
                references.append(Span(spot.end, stop))
            elif heading == "correct":
                _add(rationale, body)
            continue
        waiting = [*waiting, spot.text] if spot.is_alone else [spot.text]
        if not body:
            continue
        reason = _verdict(words).sub("", body, count=1).strip()
        for option in waiting if reason else ():
            reasons[option].append(reason)
        if any(correct[option] for option in waiting):
            _add(rationale, reason)
        waiting = []
    return ExplanationParts(
        options=tuple("\n\n".join(texts) or None for texts in reasons),
        headings=headings,
        restated=tuple(_restated(sections, len(options))),
        rationale="\n\n".join(rationale) or None,
        references=tuple(references),
    )


def restated_headings(
    explanation: str, texts: Sequence[str], words: CourseWords
) -> tuple[frozenset[str], ...]:
    """For each text, the headings (``correct``, ``incorrect``) under which it is restated."""
    return _headings(_sections(find_spots(explanation, texts, words)), len(texts))


_Section = tuple[Spot, Heading | None]


def _sections(spots: Sequence[Spot]) -> list[_Section]:
    """Each spot with the heading it stands under."""
    heading: Heading | None = None
    sections: list[_Section] = []
    for spot in spots:
        if spot.text is None:
            heading = spot.heading
        sections.append((spot, spot.heading or heading))
    return sections


def _headings(sections: Sequence[_Section], count: int) -> tuple[frozenset[str], ...]:
    found: list[set[str]] = [set() for _ in range(count)]
    for spot, heading in sections:
        if spot.text is not None and heading in ("correct", "incorrect"):
            found[spot.text].add(heading)
    return tuple(map(frozenset, found))


def _agreeing(sections: list[_Section], correct: Sequence[bool]) -> list[_Section]:
    """The sections without restated options that stand under the other heading while they also stand
    under their own: a right option's reason may well list the wrong ones."""

    def own(option: int) -> str:
        return "correct" if correct[option] else "incorrect"

    settled = {spot.text for spot, heading in sections if spot.text is not None and heading == own(spot.text)}
    return [
        (spot, heading)
        for spot, heading in sections
        if spot.text not in settled
        or heading not in ("correct", "incorrect")
        or (spot.text is not None and heading == own(spot.text))
    ]


def _restated(sections: Sequence[_Section], count: int) -> list[bool]:
    found = {spot.text for spot, _ in sections}
    return [index in found for index in range(count)]


def _add(texts: list[str], text: str) -> None:
    if text := text.strip():
        texts.append(text)


@cache
def _verdict(words: CourseWords) -> re.Pattern[str]:
    """A sentence that says no more than that the option is right or wrong."""
    phrases = "|".join(re.escape(phrase) for phrase in sorted(words.verdict, key=len, reverse=True))
    return re.compile(rf"\A(?:{phrases})[ \t]*(?:\([^()\n]*\))?[ \t]*(?:\.\)?|(?=\n|\Z))", re.IGNORECASE)
