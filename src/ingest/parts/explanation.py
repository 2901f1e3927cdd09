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
from ingest.parts.restatements import Heading, Spot


def split_explanation(
    explanation: str, spots: Sequence[Spot], first: int, correct: Sequence[bool], words: CourseWords
) -> ExplanationParts:
    """The parts of an explanation, given where it restates the paragraphs of the question
    (``find_spots``), which of these is the first option, and which options are right."""
    verdict, beginnings = _verdict(words)
    sections, under = _sections(spots, first)
    sections = _agreeing(sections, under, correct)
    reasons: list[list[str]] = [[] for _ in correct]
    restated = [False] * len(correct)
    rationale: list[str] = []
    references: list[Span] = []
    waiting: dict[int, None] = {}
    stops = [start for start, *_ in sections]
    stops.append(len(explanation))
    _add(rationale, explanation[: stops[0]])
    for (_, end, option, heading, is_alone), stop in zip(sections, stops[1:], strict=True):
        body = explanation[end:stop].strip()
        if option is None:
            waiting = {}
            if heading == "references":
                references.append(Span(end, stop))
            elif heading == "correct":
                _add(rationale, body)
            continue
        restated[option] = True
        waiting = {**waiting, option: None} if is_alone else {option: None}
        if not body:
            continue
        reason = body
        if body[:2].lower() in beginnings:
            reason = verdict.sub("", body, count=1).strip()
        is_right = False
        for each in waiting:
            is_right = is_right or correct[each]
            if reason:
                reasons[each].append(reason)
        if is_right:
            _add(rationale, reason)
        waiting = {}
    return ExplanationParts(
        options=tuple(["\n\n".join(texts) or None for texts in reasons]),
        headings=_headings(under, len(correct)),
        restated=tuple(restated),
        rationale="\n\n".join(rationale) or None,
        references=tuple(references),
        has_stem_as_wrong=_has_stem_as_wrong(spots, first),
    )


def _has_stem_as_wrong(spots: Sequence[Spot], first: int) -> bool:
    if not any(texts and texts[0] < first for _, _, texts, _, _ in spots):
        return False
    of_stem = [spot for spot in spots if not spot[2] or spot[2][0] < first]
    return any("incorrect" in under for under in restated_headings(of_stem, first))


def restated_headings(spots: Sequence[Spot], count: int) -> tuple[frozenset[str], ...]:
    """For each of the first ``count`` texts, the headings (``correct``, ``incorrect``) under which it is
    restated."""
    return _headings(_sections(spots, 0)[1], count)


_Section = tuple[int, int, int | None, Heading | None, bool]
"""A spot counted from the first option: start, end, option (null for a heading), the heading under which it
stands, whether it stands alone."""
_Under = tuple[set[int], set[int]]
"""The options that are restated under a heading for right ones, and for wrong ones."""
# One object for each set: there are four, and one for every option would take a tenth of the memory.
_NO_HEADING: frozenset[str] = frozenset()
_CORRECT, _INCORRECT = frozenset(["correct"]), frozenset(["incorrect"])
_BOTH = _CORRECT | _INCORRECT


def _sections(spots: Sequence[Spot], first: int) -> tuple[list[_Section], _Under]:
    """Headings and restated options, counted from the first option, and which of these stand under which; of
    several equal options the first place is the first one's, and so on."""
    turns: dict[int, int] = {}
    heading: Heading | None = None
    sections: list[_Section] = []
    right: set[int] = set()
    wrong: set[int] = set()
    for start, end, texts, announced, is_alone in spots:
        option: int | None = None
        if not texts:
            heading = announced
        elif len(texts) == 1:
            option = texts[0] - first
            if option < 0:
                continue
        else:
            options = [index - first for index in texts if index >= first]
            if not options:
                continue
            turn = turns[options[0]] = turns.get(options[0], -1) + 1
            option = options[min(turn, len(options) - 1)]
        under = announced or heading
        sections.append((start, end, option, under, is_alone))
        if option is not None:
            if under == "correct":
                right.add(option)
            elif under == "incorrect":
                wrong.add(option)
    return sections, (right, wrong)


def _headings(under: _Under, count: int) -> tuple[frozenset[str], ...]:
    right, wrong = under
    if not right and not wrong:
        return (_NO_HEADING,) * count
    return tuple(
        [
            (_BOTH if place in wrong else _CORRECT)
            if place in right
            else (_INCORRECT if place in wrong else _NO_HEADING)
            for place in range(count)
        ]
    )


def _agreeing(sections: list[_Section], under: _Under, correct: Sequence[bool]) -> list[_Section]:
    """The sections without restated options that stand under the other heading while they also stand
    under their own: a right option's reason may well list the wrong ones."""
    right, wrong = under
    both = right & wrong
    if not both:
        return sections
    return [
        (start, end, option, heading, is_alone)
        for start, end, option, heading, is_alone in sections
        if option not in both
        or heading not in ("correct", "incorrect")
        or (heading == "correct") == correct[option]
    ]


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
