"""Blocks to readings: where the options begin, the key, what the explanation says of each option.

Where the stem ends is decided by evidence that is added up (``ingest.evidence``), or by a person's
correction. The build stage makes the records of it.
"""

from __future__ import annotations

import math
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
    settled: set[int] = set()
    findings = []
    for correction in corrections:
        index = _fitting(correction, readings)
        if index is None:
            findings.append(_stale(correction, readings))
        elif correction.checked:
            reading = _correct(text, readings[index], words, correction, learned, short_reasons=short_reasons)
            if reading is None:
                findings.append(_stale(correction, readings))
                continue
            settled.add(index)
            readings[index] = replace(reading, topic=correction.topic or reading.topic)
            place = reading.places()["header"]
            findings.append(Finding("P109", "corrected or checked by hand", place, None, index))
    return Interpreted(tuple(readings), frozenset(settled)), findings


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


def _fitting(correction: Correction, readings: Sequence[Reading]) -> int | None:
    wanted = (correction.question, correction.fingerprint)
    same = (i for i, each in enumerate(readings) if (each.block.number, each.fingerprint) == wanted)
    return next(same, None)


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
    dropped = [_find_line(text, block.body, line) for line in correction.drop]
    spans = tuple(span for span in dropped if span)
    # Readers have no lines to drop, and what stands below an option is no part of it.
    reasons = [each.reason for each in reading.paragraphs if each.reason]
    if len(spans) < len(dropped) or (spans and block.given) or any(_overlap(spans, each) for each in reasons):
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


def _overlap(spans: tuple[Span, ...], other: Span) -> bool:
    return any(span.start < other.end and other.start < span.end for span in spans)


def _find_line(text: str, body: Span, line: str) -> Span | None:
    at = body.start
    for each in text[body.start : body.end].split("\n"):
        if each.strip() == line.strip() and line.strip():
            return Span(at, at + len(each))
        at += len(each) + 1
    return None


def _stale(correction: Correction, readings: Sequence[Reading]) -> Finding:
    same = [index for index, each in enumerate(readings) if each.block.number == correction.question]
    message = f"a correction for question {correction.question} no longer fits"
    hint = "compare the question with the page again, and renew the entry: ingest correct"
    if not same:
        return Finding("P108", f"{message}: there is no such question", Span(0, 0), hint)
    return Finding("P108", message, readings[same[0]].places()["header"], hint, same[0])
