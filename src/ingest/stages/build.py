"""Blocks to questions: where the options begin, the key, what the explanation says of each option.

Where the stem ends is decided by evidence that is added up (``ingest.evidence``); this stage turns
the decision into records. References, findings and the occurrence of repeated questions are filled in by
what comes after it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ingest.evidence import Body, decide_borders
from ingest.locales import CourseWords
from ingest.model.block import Block, Border, ExplanationParts, Reading
from ingest.model.question import Attempt, Item, Option, Place, Question, QuestionType, option_id
from ingest.model.source import LineIndex, SourceText, Span
from ingest.parts.asking import compile_asking
from ingest.parts.explanation import split_explanation
from ingest.parts.folding import fold
from ingest.parts.items import find_items
from ingest.parts.paragraphs import split_paragraphs

_NOTHING = ExplanationParts((), (), None, ())


def build(
    source: SourceText,
    lines: LineIndex,
    blocks: Sequence[Block],
    words: CourseWords,
    *,
    keep_attempt: bool = False,
) -> tuple[list[Question], list[Reading]]:
    """One question and one reading for each block, in order.

    Every block becomes a question here, also one without a key: what is wrong with it is for the
    rules to say. ``keep_attempt`` keeps what the sitter chose.
    """
    bodies = [_body(source.text, block, words) for block in blocks]
    borders = decide_borders(bodies)
    questions = []
    readings = []
    for block, body, border in zip(blocks, bodies, borders, strict=True):
        reading = _reading(block, body, border, words)
        questions.append(_question(source, lines, reading, keep_attempt=keep_attempt))
        readings.append(reading)
    return questions, readings


def _body(text: str, block: Block, words: CourseWords) -> Body:
    paragraphs = split_paragraphs(text, block)
    explanation = block.explanation
    return Body(
        paragraphs=paragraphs,
        first_marked=next((i for i, each in enumerate(paragraphs) if each.mark), None),
        right_count=sum(each.mark is not None and each.mark.label.correct for each in paragraphs),
        explanation=text[explanation.start : explanation.end] if explanation else "",
        words=words,
    )


def _reading(block: Block, body: Body, border: Border, words: CourseWords) -> Reading:
    index = border.index
    paragraphs = body.paragraphs
    options = paragraphs[index:]
    parts = _NOTHING
    if body.explanation:
        parts = split_explanation(
            body.explanation,
            [each.text for each in options],
            [each.mark is not None and each.mark.label.correct for each in options],
            words,
        )
    asking = compile_asking(words)
    stem = paragraphs[:index]
    counts = (asking.stated_count(each.text) for each in reversed(stem))
    stated = next((count for count in counts if count), None)
    return Reading(block, paragraphs, border, body.explanation, parts, stated)


def _question(
    source: SourceText,
    lines: LineIndex,
    reading: Reading,
    *,
    keep_attempt: bool,
) -> Question:
    block = reading.block
    stem_texts = [each.text for each in reading.stem]
    stem = "\n\n".join(stem_texts)
    options = _options(reading)
    texts = [option.text for option in options]
    answer = tuple(option.id for option in options if option.correct)
    explanation = reading.explanation or None
    topic = _text(source.text, block.topic)
    items = find_items(stem_texts, texts)
    return Question(
        id=identify(stem, texts),
        occurrence=1,
        fingerprint=fingerprint(stem, options, explanation, topic),
        number=block.number,
        type=_type(reading, len(answer)),
        stem=stem,
        select_count=reading.stated_count or len(answer) or None,
        options=options,
        answer=answer,
        accepted=(),
        items=tuple(Item(str(place), text) for place, text in enumerate(items, 1)),
        explanation=explanation,
        rationale=reading.parts.rationale,
        references=(),
        topic=topic,
        attempt=_attempt(reading, options) if keep_attempt else None,
        findings=(),
        source=Place(source.file, lines.lines(block.span)),
    )


def _options(reading: Reading) -> tuple[Option, ...]:
    parts = reading.parts.options or (None,) * len(reading.options)
    return tuple(
        Option(
            id=option_id(place),
            text=paragraph.text,
            correct=paragraph.mark is not None and paragraph.mark.label.correct,
            explanation=part.text if part else None,
        )
        for place, (paragraph, part) in enumerate(zip(reading.options, parts, strict=True))
    )


def _type(reading: Reading, right: int) -> QuestionType:
    """By the family of the marks; where the number of right options contradicts it, by that."""
    several = any(mark.label.several for mark in reading.block.marks)
    if right > 1 or (several and not right):
        return "multi_select"
    return "single_select"


def _attempt(reading: Reading, options: tuple[Option, ...]) -> Attempt:
    chosen = tuple(
        option.id
        for option, paragraph in zip(options, reading.options, strict=True)
        if paragraph.mark is not None and paragraph.mark.label.chosen
    )
    return Attempt(status=reading.block.status, selected=chosen, typed=None)


def _text(text: str, span: Span | None) -> str | None:
    return text[span.start : span.end] if span else None


def identify(stem: str, options: Sequence[str]) -> str:
    """The id of a question: the same when its options are shuffled or its key is corrected.

    >>> identify("Which?", ["Tea", "Coffee"]) == identify("Which? ", ["coffee", "Tea"])
    True
    """
    return f"q_{_digest([fold(stem), *sorted(map(fold, options))])}"


def fingerprint(stem: str, options: Sequence[Option], explanation: str | None, topic: str | None) -> str:
    """A hash of a question's whole content, 16 hex digits."""
    parts = [stem, explanation or "", topic or ""]
    for option in options:
        parts += [option.text, "1" if option.correct else "0", option.explanation or ""]
    return _digest(parts)


def _digest(parts: Sequence[str]) -> str:
    # The unit separator keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()[:16]
