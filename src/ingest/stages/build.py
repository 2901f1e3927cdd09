"""Blocks to questions: where the options begin, the key, what the explanation says of each option.

Where the stem ends is decided by evidence that is added up (``ingest.evidence``), or by a person's
correction; this stage turns the decision into records. References, findings and the occurrence of
repeated questions are filled in by what comes after it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from ingest.evidence import Body, Learned, decide, learn
from ingest.locales import CourseWords
from ingest.model.block import Block, Border, ExplanationParts, Given, Paragraph, Reading
from ingest.model.correction import Correction
from ingest.model.diagnostic import Finding
from ingest.model.question import Attempt, Item, Option, Place, Question, QuestionType, option_id
from ingest.model.source import LineIndex, SourceText, Span
from ingest.parts.asking import compile_asking, has_blank
from ingest.parts.explanation import split_explanation
from ingest.parts.folding import fold
from ingest.parts.identity import digest, identify
from ingest.parts.items import find_items
from ingest.parts.markdown import to_plain
from ingest.parts.paragraphs import has_short_reasons, split_paragraphs
from ingest.parts.restatements import find_spots

_NOTHING = ExplanationParts((), (), (), None, ())


@dataclass(frozen=True, slots=True)
class Built:
    """Questions with the way they were read, one of each for a block."""

    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]
    settled: frozenset[int]
    """Indices of the questions that a correction settles."""


def build(
    source: SourceText,
    lines: LineIndex,
    blocks: Sequence[Block],
    words: CourseWords,
    corrections: Sequence[Correction] = (),
    *,
    keep_attempt: bool = False,
) -> tuple[Built, list[Finding]]:
    """One question and one reading for each block, in order.

    Every block becomes a question here, also one without a key: what is wrong with it is for the
    rules to say. ``keep_attempt`` keeps what the sitter chose.

    Codes: P108 for a correction that fits no question, P109 for one that was applied.
    """
    text = source.text
    short_reasons = has_short_reasons(text, blocks)
    bodies = [_body(text, block, words, short_reasons=short_reasons) for block in blocks]
    learned = learn([body for body, block in zip(bodies, blocks, strict=True) if not block.given])
    readings: list[Reading] = []
    questions: list[Question] = []
    bodies.reverse()
    for block in blocks:
        body = bodies.pop()  # and no longer kept, so that readings take up its memory
        border = _given(block.given) if block.given else decide(body, learned)
        readings.append(_read(text, block, body, border, words))
        questions.append(_question(source, lines, readings[-1], keep_attempt=keep_attempt))
    settled: set[int] = set()
    findings = []
    for correction in corrections:
        index = _fitting(correction, questions)
        if index is None:
            findings.append(_stale(correction, questions, readings))
        elif correction.checked:
            reading = _correct(text, readings[index], words, correction, learned, short_reasons=short_reasons)
            if reading is None:
                findings.append(_stale(correction, questions, readings))
                continue
            settled.add(index)
            corrected = _question(source, lines, reading, keep_attempt=keep_attempt)
            questions[index] = replace(corrected, topic=correction.topic or corrected.topic)
            readings[index] = reading
            place = reading.places()["header"]
            findings.append(Finding("P109", "corrected or checked by hand", place, None, index))
    return Built(tuple(questions), tuple(readings), frozenset(settled)), findings


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
        explanation = to_plain(explanation)
    spots = find_spots(explanation, [each.text for each in paragraphs], words) if place else ()
    return Body(
        paragraphs=paragraphs,
        first_marked=next((i for i, each in enumerate(paragraphs) if each.mark or each.reason), None),
        right_count=len(block.answer) or sum(each.is_right for each in paragraphs),
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
    options = body.paragraphs[border.index :]
    correct = correct or _key(block, options)
    parts = _NOTHING
    if body.explanation:
        spots = body.spots
        if block.reasons or (block.given and any(each.reason for each in options)):
            # What is said of an option stands below it; the overall explanation is about all of them.
            spots = tuple(spot for spot in spots if all(index < border.index for index in spot.texts))
        parts = split_explanation(body.explanation, spots, border.index, correct, words)
    stem = [each.text for each in body.paragraphs[: border.index]]
    option_texts = [each.text for each in options]
    counts = (asking.stated_count(each) for each in reversed(stem))
    topic = _topic(text, block) or ""
    flags = ("1" if each else "0" for each in correct)
    return Reading(
        block=block,
        paragraphs=body.paragraphs,
        border=border,
        explanation=body.explanation,
        parts=parts,
        correct=correct,
        stated_count=next((count for count in counts if count), None),
        items=find_items(stem, option_texts, asking),
        fingerprint=digest(["\n\n".join(stem), *option_texts, *flags, body.explanation, topic]),
        dropped=dropped,
        is_fill_in=is_fill_in,
    )


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
    return to_plain(topic).strip() if block.is_markdown else topic


def _fitting(correction: Correction, questions: Sequence[Question]) -> int | None:
    return next(
        (
            index
            for index, question in enumerate(questions)
            if (question.number, question.fingerprint) == (correction.question, correction.fingerprint)
        ),
        None,
    )


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


def _stale(correction: Correction, questions: Sequence[Question], readings: Sequence[Reading]) -> Finding:
    same = [index for index, each in enumerate(questions) if each.number == correction.question]
    message = f"a correction for question {correction.question} no longer fits"
    hint = "compare the question with the page again, and renew the entry: ingest correct"
    if not same:
        return Finding("P108", f"{message}: there is no such question", Span(0, 0), hint)
    return Finding("P108", message, readings[same[0]].places()["header"], hint, same[0])


def _question(source: SourceText, lines: LineIndex, reading: Reading, *, keep_attempt: bool) -> Question:
    block = reading.block
    stem_texts = [each.text for each in reading.stem]
    stem = "\n\n".join(stem_texts)
    options = () if reading.is_fill_in else _options(source.text, reading)
    texts = [option.text for option in options]
    answer = tuple(option.id for option in options if option.correct)
    accepted = _answers(reading, is_right=True) if reading.is_fill_in else ()
    return Question(
        id=identify(stem, texts),
        occurrence=1,
        fingerprint=reading.fingerprint,
        number=block.number,
        type=_type(reading, len(answer)),
        stem=stem,
        select_count=None if reading.is_fill_in else reading.stated_count or len(answer) or None,
        options=options,
        answer=answer,
        accepted=accepted,
        items=tuple(Item(str(place), text) for place, text in enumerate(reading.items, 1)),
        explanation=reading.explanation
        or (_own_reasons(source.text, reading) if reading.is_fill_in else None),
        rationale=reading.parts.rationale
        or _joined(option.explanation for option in options if option.correct),
        references=(),
        topic=_topic(source.text, block),
        attempt=_attempt(reading, options) if keep_attempt else None,
        findings=(),
        source=Place(source.file, lines.lines(block.span)),
    )


def _options(text: str, reading: Reading) -> tuple[Option, ...]:
    parts = reading.parts.options or (None,) * len(reading.options)
    entries = zip(reading.options, reading.correct, parts, strict=True)
    return tuple(
        Option(option_id(place), paragraph.text, correct, _reason(text, reading.block, paragraph) or part)
        for place, (paragraph, correct, part) in enumerate(entries)
    )


def _reason(text: str, block: Block, paragraph: Paragraph) -> str | None:
    """What stands below an option, under a label of its own."""
    if paragraph.reason is None:
        return None
    reason = text[paragraph.reason.start : paragraph.reason.end]
    return to_plain(reason) if block.is_markdown else reason


def _own_reasons(text: str, reading: Reading) -> str | None:
    return _joined(_reason(text, reading.block, each) for each in reading.options)


def _answers(reading: Reading, *, is_right: bool) -> tuple[str, ...]:
    """The accepted answers of a question with a blank, or those that were typed and are wrong."""
    return tuple(each.text for each in reading.options if each.is_right is is_right)


def _joined(texts: Iterable[str | None]) -> str | None:
    return "\n\n".join(text for text in texts if text) or None


def _type(reading: Reading, right: int) -> QuestionType:
    """By the family of the marks; where the number of right options contradicts it, by that."""
    if reading.is_fill_in:
        return "fill_in"
    several = any(mark.label.several for mark in reading.block.marks)
    if right > 1 or (several and not right):
        return "multi_select"
    return "single_select"


def _attempt(reading: Reading, options: tuple[Option, ...]) -> Attempt:
    is_chosen = [each.mark is not None and each.mark.label.chosen for each in reading.options]
    if reading.is_fill_in:
        typed = [each.text for each, chosen in zip(reading.options, is_chosen, strict=True) if chosen]
        return Attempt(reading.block.status, (), typed[0] if typed else None)
    chosen = (option.id for option, chosen in zip(options, is_chosen, strict=True) if chosen)
    return Attempt(reading.block.status, tuple(chosen), None)
