"""Blocks to readings: where the options begin, the key, what the explanation says of each option.

Where the stem ends is decided by evidence that is added up (``ingest.evidence``), or by a person's
correction. The build stage makes the records of it.
"""

from __future__ import annotations

import math
from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ingest.evidence import Body, Learned, decide, learn
from ingest.locales import CourseWords
from ingest.model.block import Block, Border, ExplanationParts, Given, Paragraph, Reading
from ingest.model.diagnostic import Finding
from ingest.model.question import option_id
from ingest.model.source import Span
from ingest.parts.asking import Asking, compile_asking, has_blank
from ingest.parts.explanation import split_explanation
from ingest.parts.folding import fold
from ingest.parts.identity import digest
from ingest.parts.items import find_items
from ingest.parts.paragraphs import has_short_reasons, split_paragraphs
from ingest.parts.restatements import find_spots

if TYPE_CHECKING:
    from ingest.model.correction import Correction

_MOST_CORRECTIONS = 16
"""Of one question; any more no longer fit."""
_NOTHING = ExplanationParts((), (), (), None, ())


class Interpreted(NamedTuple):
    """How the blocks of one text are read."""

    readings: tuple[Reading, ...]
    """One for each block, in order."""
    settled: frozenset[int]
    """Indices of those that a correction settles."""


def interpret(
    text: str, blocks: Sequence[Block], words: CourseWords, corrections: Sequence[Correction] = ()
) -> tuple[Interpreted, list[Finding]]:
    """One reading for each block, in order.

    Codes: P108 for a correction that fits no question, P109 for one that was applied.
    """
    short_reasons = has_short_reasons(text, blocks)
    bodies = [_body(text, block, words, short_reasons=short_reasons) for block in blocks]
    learned = learn([body for body, block in zip(bodies, blocks, strict=True) if not block.given])
    readings: list[Reading] = []
    bodies.reverse()
    for block in blocks:
        body = bodies.pop()  # and no longer kept, so that readings take up its memory
        border = _given(block.given) if block.given else decide(body, learned)
        readings.append(_read(text, block, body, border, words))
    settled: frozenset[int] = frozenset()
    findings: list[Finding] = []
    if corrections:
        settled, findings = _settle(text, readings, words, corrections, learned, short_reasons=short_reasons)
    return Interpreted(tuple(readings), settled), findings


def _settle(
    text: str,
    readings: list[Reading],
    words: CourseWords,
    corrections: Sequence[Correction],
    learned: Learned,
    *,
    short_reasons: bool,
) -> tuple[frozenset[int], list[Finding]]:
    """Applies corrections to readings; which of these they settle, and what there is to say of them."""
    settled: Counter[int] = Counter()
    findings = []
    known = _Known(readings)
    for correction in corrections:
        index = known.fitting(correction)
        reading = None
        if index is not None and not correction.checked:
            continue
        if index is not None and settled[index] < _MOST_CORRECTIONS:
            reading = _correct(text, readings[index], words, correction, learned, short_reasons=short_reasons)
        if index is None or reading is None:
            findings.append(known.stale(correction))
            continue
        settled[index] += 1
        known.change(index, replace(reading, topic=correction.topic or reading.topic))
        findings.append(Finding("P109", "corrected or checked by hand", known.header(index), None, index))
    return frozenset(settled), findings


class _Known:
    """The readings by what corrections call them."""

    def __init__(self, readings: list[Reading]) -> None:
        self._readings = readings
        self._headers: dict[int, Span] = {}
        self._fitting: dict[tuple[int | None, str], list[int]] = {}
        self._first: dict[int | None, int] = {}
        for index, each in enumerate(readings):
            self._fitting.setdefault((each.block.number, each.fingerprint), []).append(index)
            self._first.setdefault(each.block.number, index)

    def fitting(self, correction: Correction) -> int | None:
        """The first reading that a correction is about."""
        return next(iter(self._fitting.get((correction.question, correction.fingerprint), ())), None)

    def change(self, index: int, reading: Reading) -> None:
        """Puts another reading into the place of one."""
        old, number = self._readings[index], reading.block.number
        if old.fingerprint != reading.fingerprint:
            self._fitting[number, old.fingerprint].remove(index)
            insort(self._fitting.setdefault((number, reading.fingerprint), []), index)
        self._readings[index] = reading

    def header(self, index: int) -> Span:
        """Where a question begins."""
        if index not in self._headers:
            self._headers[index] = self._readings[index].places()["header"]
        return self._headers[index]

    def stale(self, correction: Correction) -> Finding:
        """P108 for a correction that fits no question."""
        message = f"a correction for question {correction.question} no longer fits"
        hint = "compare the question with the page again, and renew the entry: ingest correct"
        index = self._first.get(correction.question)
        if index is None:
            return Finding("P108", f"{message}: there is no such question", Span(0, 0), hint)
        return Finding("P108", message, self.header(index), hint, index)


def _body(
    text: str,
    block: Block,
    words: CourseWords,
    dropped: tuple[Span, ...] = (),
    *,
    short_reasons: bool = False,
) -> Body:
    if block.given:
        paragraphs = block.given.paragraphs
    else:
        paragraphs = split_paragraphs(text, block, dropped, short_reasons=short_reasons)
    place = block.explanation
    explanation = text[place.start : place.end] if place else ""
    if block.is_markdown:
        explanation = _without_markdown(explanation)
    spots = find_spots(explanation, [each.text for each in paragraphs], words) if explanation else ()
    marked = [place for place, each in enumerate(paragraphs) if each.mark or each.reason]
    return Body(
        paragraphs=paragraphs,
        first_marked=marked[0] if marked else None,
        right_count=len(block.answer) or sum([paragraphs[place].is_right for place in marked]),
        explanation=explanation,
        words=words,
        heading=block.options_heading,
        spots=tuple(spots),
    )


def _read(
    text: str,
    block: Block,
    body: Body,
    border: Border,
    words: CourseWords,
    correct: tuple[bool, ...] | None = None,
    dropped: tuple[Span, ...] = (),
) -> Reading:
    asking = compile_asking(words)
    is_fill_in = _fills_blank(body, words, is_told=block.is_fill_in)
    if is_fill_in and body.first_marked is not None:
        border = Border(body.first_marked, (), math.inf)
    stem, options = body.paragraphs[: border.index], body.paragraphs[border.index :]
    correct = correct or _key(block, options)
    parts = _NOTHING
    if body.explanation:
        spots = body.spots
        if block.reasons or (block.given and any(each.reason for each in options)):
            # What is said of an option stands below it; the overall explanation is about all of them.
            spots = tuple(spot for spot in spots if all(index < border.index for index in spot[2]))
        parts = split_explanation(body.explanation, spots, border.index, correct, words)
    stem_texts = [each.text for each in stem]
    option_texts = [each.text for each in options]
    topic = _topic(text, block)
    flags = ["1" if each else "0" for each in correct]
    return Reading(
        block=block,
        stem=stem,
        options=options,
        border=border,
        explanation=body.explanation,
        parts=parts,
        correct=correct,
        stated_count=_stated_count(stem_texts, asking),
        items=find_items(stem_texts, option_texts, asking),
        fingerprint=digest(["\n\n".join(stem_texts), *option_texts, *flags, body.explanation, topic or ""]),
        topic=topic,
        dropped=dropped,
        is_fill_in=is_fill_in,
    )


def _stated_count(stem: Sequence[str], asking: Asking) -> int | None:
    """The number of answers that the last paragraph with such a number asks for."""
    for paragraph in reversed(stem):
        if count := asking.stated_count(paragraph):
            return count
    return None


def _given(given: Given) -> Border:
    return Border(given.first_option, (), math.inf)


def _key(block: Block, options: Sequence[Paragraph]) -> tuple[bool, ...]:
    if block.answer:
        return tuple(option_id(place) in block.answer for place in range(len(options)))
    return tuple(each.is_right for each in options)


def _fills_blank(body: Body, words: CourseWords, *, is_told: bool) -> bool:
    """Whether a blank is to be filled: nothing but marked answers stands under the stem, one right and
    perhaps a wrong one that was typed; and the page says so, or the paragraph above them has the blank."""
    first = body.first_marked
    if not first:
        return is_told and not body.paragraphs[1:]
    if not is_told and not has_blank(body.paragraphs[first - 1].text):
        return False
    answers = body.paragraphs[first:]
    if any(each.mark is None or each.mark.label.several for each in answers):
        return False
    if is_told:
        return True
    is_choice = {fold(each.text.rstrip(".")) for each in answers} <= set(map(fold, words.true_false))
    return len(answers) <= 2 and body.right_count == 1 and not is_choice


def _topic(text: str, block: Block) -> str | None:
    if block.topic is None:
        return None
    topic = text[block.topic.start : block.topic.end]
    return _without_markdown(topic).strip() if block.is_markdown else topic


def _without_markdown(text: str) -> str:
    from ingest.parts.markdown import to_plain  # few copies have any

    return to_plain(text)


def _correct(
    text: str,
    reading: Reading,
    words: CourseWords,
    correction: Correction,
    learned: Learned,
    *,
    short_reasons: bool,
) -> Reading | None:
    """The reading with a correction applied; null where the correction names what is not there."""
    block = reading.block
    lines = _lines(text, block.body) if correction.drop else {}
    spans = tuple(lines[line.strip()] for line in correction.drop if line.strip() in lines)
    # Readers have no lines to drop, and what stands below an option is no part of it.
    reasons = [each.reason for each in reading.paragraphs if each.reason]
    if len(spans) < len(correction.drop) or (spans and block.given) or _overlap(spans, reasons):
        return None
    body = _body(text, block, words, spans, short_reasons=short_reasons)
    border = decide(body, learned) if spans else reading.border
    if correction.first_option is not None:
        starts = [each.text.startswith(correction.first_option) for each in body.paragraphs]
        if True not in starts:
            return None
        # The last one, since a stem may begin like an option.
        index = len(starts) - 1 - starts[::-1].index(True)
        border = Border(index, (("correction", ((index, math.inf),)),), math.inf)
    ids = [option_id(place) for place in range(len(body.paragraphs) - border.index)]
    correct = None
    if correction.answer is not None:
        if not set(correction.answer) <= set(ids):
            return None
        correct = tuple(each in correction.answer for each in ids)
    return _read(text, block, body, border, words, correct, spans)


def _overlap(lines: Sequence[Span], others: Sequence[Span]) -> bool:
    """Whether one of some lines and one of some other places have letters in common."""
    ordered = sorted(lines)
    before = [bisect_left(ordered, each.end, key=lambda line: line.start) - 1 for each in others]
    return any(
        place >= 0 and ordered[place].end > each.start for place, each in zip(before, others, strict=True)
    )


def _lines(text: str, body: Span) -> dict[str, Span]:
    """The first line of each content, without those that are blank."""
    found: dict[str, Span] = {}
    at = body.start
    for each in text[body.start : body.end].split("\n"):
        if bare := each.strip():
            found.setdefault(bare, Span(at, at + len(each)))
        at += len(each) + 1
    return found
