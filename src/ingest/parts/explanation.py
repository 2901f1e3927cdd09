"""An overall explanation taken apart: what it says about each option, and why the key is right.

What follows a restated option, up to the next one or a heading, is about that option. Options that
stand on lines of their own, one directly after the other, share the paragraph that follows them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from ingest.locales import CourseWords
from ingest.model.block import ExplanationParts
from ingest.model.source import Span
from ingest.parts.restatements import Heading, Spot


def split_explanation(
    explanation: str, spots: Sequence[Spot], first: int, correct: Sequence[bool], words: CourseWords
) -> ExplanationParts:
    """The parts of an explanation, given where it restates the paragraphs of the question
    (``find_spots``), which of these is the first option, and which options are right."""
    verdict, beginnings = _verdict(words)
    sections = _sections(_options_only(spots, first))
    headings = _headings(sections, len(correct))
    sections = _agreeing(sections, correct)
    reasons: list[list[str]] = [[] for _ in correct]
    rationale: list[str] = []
    references: list[Span] = []
    waiting: list[int] = []
    begin = sections[0][0].start if sections else len(explanation)
    _add(rationale, explanation[:begin])
    for place, (spot, heading) in enumerate(sections):
        stop = sections[place + 1][0].start if place + 1 < len(sections) else len(explanation)
        body = explanation[spot.end : stop].strip()
        if not spot.texts:
            waiting = []
            if heading == "references":
                references.append(Span(spot.end, stop))
            elif heading == "correct":
                _add(rationale, body)
            continue
        waiting = [*waiting, spot.texts[0]] if spot.is_alone else [spot.texts[0]]
        if not body:
            continue
        reason = body
        if body[:2].lower() in beginnings:
            reason = verdict.sub("", body, count=1).strip()
        for option in waiting if reason else ():
            reasons[option].append(reason)
        if any(correct[option] for option in waiting):
            _add(rationale, reason)
        waiting = []
    return ExplanationParts(
        options=tuple("\n\n".join(texts) or None for texts in reasons),
        headings=headings,
        restated=tuple(_restated(sections, len(correct))),
        rationale="\n\n".join(rationale) or None,
        references=tuple(references),
        has_stem_as_wrong=_has_stem_as_wrong(spots, first),
    )


def _has_stem_as_wrong(spots: Sequence[Spot], first: int) -> bool:
    of_stem = [spot for spot in spots if not spot.texts or spot.texts[0] < first]
    if all(not spot.texts for spot in of_stem):
        return False
    return any("incorrect" in under for under in restated_headings(of_stem, first))


def restated_headings(spots: Sequence[Spot], count: int) -> tuple[frozenset[str], ...]:
    """For each of the first ``count`` texts, the headings (``correct``, ``incorrect``) under which it is
    restated."""
    return _headings(_sections(_options_only(spots, 0)), count)


_Section = tuple[Spot, Heading | None]
# One object for each set: there are four, and one for every option would take a tenth of the memory.
_HEADINGS = {
    each: each for each in map(frozenset, ([], ["correct"], ["incorrect"], ["correct", "incorrect"]))
}


def _options_only(spots: Sequence[Spot], first: int) -> Iterator[Spot]:
    """Headings and restated options, counted from the first option; of several equal options the first
    place is the first one's, and so on."""
    turns: dict[int, int] = {}
    for spot in spots:
        if not spot.texts:
            yield spot
            continue
        if len(spot.texts) == 1:
            index = spot.texts[0] - first
            if index >= 0:
                yield Spot(spot.start, spot.end, (index,), spot.heading, spot.is_alone)
            continue
        options = [index - first for index in spot.texts if index >= first]
        if len(options) > 1:
            turn = turns[options[0]] = turns.get(options[0], -1) + 1
            options = [options[min(turn, len(options) - 1)]]
        if options:
            yield Spot(spot.start, spot.end, tuple(options), spot.heading, spot.is_alone)


def _sections(spots: Iterable[Spot]) -> list[_Section]:
    """Each spot with the heading it stands under."""
    heading: Heading | None = None
    sections: list[_Section] = []
    for spot in spots:
        if not spot.texts:
            heading = spot.heading
        sections.append((spot, spot.heading or heading))
    return sections


def _headings(sections: Sequence[_Section], count: int) -> tuple[frozenset[str], ...]:
    found: list[set[str]] = [set() for _ in range(count)]
    for spot, heading in sections:
        if spot.texts and spot.texts[0] < count and heading in ("correct", "incorrect"):
            found[spot.texts[0]].add(heading)
    return tuple(_HEADINGS[frozenset(each)] for each in found)


def _agreeing(sections: list[_Section], correct: Sequence[bool]) -> list[_Section]:
    """The sections without restated options that stand under the other heading while they also stand
    under their own: a right option's reason may well list the wrong ones."""
    own: set[int] = set()
    other: set[int] = set()
    for spot, heading in sections:
        if spot.texts and heading in ("correct", "incorrect"):
            index = spot.texts[0]
            (own if (heading == "correct") == correct[index] else other).add(index)
    both = own & other
    if not both:
        return sections
    return [
        (spot, heading)
        for spot, heading in sections
        if not spot.texts
        or spot.texts[0] not in both
        or heading not in ("correct", "incorrect")
        or (heading == "correct") == correct[spot.texts[0]]
    ]


def _restated(sections: Sequence[_Section], count: int) -> list[bool]:
    found = {index for spot, _ in sections for index in spot.texts}
    return [index in found for index in range(count)]


def _add(texts: list[str], text: str) -> None:
    if text := text.strip():
        texts.append(text)


@cache
def _verdict(words: CourseWords) -> tuple[re.Pattern[str], frozenset[str]]:
    """A sentence that says no more than that the option is right or wrong; and its first two letters, for
    a quick look."""
    phrases = "|".join(re.escape(phrase) for phrase in sorted(words.verdict, key=len, reverse=True))
    pattern = re.compile(rf"\A(?:{phrases})[ \t]*(?:\([^()\n]*\))?[ \t]*(?:\.\)?|(?=\n|\Z))", re.IGNORECASE)
    return pattern, frozenset(phrase[:2].lower() for phrase in words.verdict)
