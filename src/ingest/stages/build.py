"""Readings to questions: the public records.

Every block becomes a question here, also one without a key: what is wrong with it is for the rules to say.
Findings and the occurrence of repeated questions are filled in by what comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.model.block import Block, Paragraph, Reading
from ingest.model.question import (
    Attempt,
    Item,
    Option,
    Place,
    Question,
    QuestionType,
    Reference,
    option_id,
)
from ingest.model.source import LineIndex, SourceText
from ingest.parts.identity import identify


def build(
    source: SourceText,
    lines: LineIndex,
    readings: Sequence[Reading],
    references: Sequence[tuple[Reference, ...]],
    *,
    keep_attempt: bool = False,
) -> tuple[Question, ...]:
    """One question for each reading, in order. ``keep_attempt`` keeps what the sitter chose."""
    return tuple(
        [
            _question(source, lines, reading, own, keep_attempt=keep_attempt)
            for reading, own in zip(readings, references, strict=True)
        ]
    )


def _question(
    source: SourceText,
    lines: LineIndex,
    reading: Reading,
    references: tuple[Reference, ...],
    *,
    keep_attempt: bool,
) -> Question:
    block = reading.block
    stem = "\n\n".join([each.text for each in reading.stem])
    options = () if reading.is_fill_in else _options(source.text, reading)
    texts = [option.text for option in options]
    answer = tuple([option.id for option in options if option.correct])
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
        references=references,
        topic=reading.topic,
        attempt=_attempt(reading, options) if keep_attempt else None,
        findings=(),
        source=Place(source.file, lines.lines(block.span)),
    )


def _options(text: str, reading: Reading) -> tuple[Option, ...]:
    parts = reading.parts.options or (None,) * len(reading.options)
    entries = zip(reading.options, reading.correct, parts, strict=True)
    return tuple(
        [
            Option(option_id(place), paragraph.text, correct, _reason(text, reading.block, paragraph) or part)
            for place, (paragraph, correct, part) in enumerate(entries)
        ]
    )


def _reason(text: str, block: Block, paragraph: Paragraph) -> str | None:
    """What stands below an option, under a label of its own."""
    if paragraph.reason is None:
        return None
    reason = text[paragraph.reason.start : paragraph.reason.end]
    if not block.is_markdown:
        return reason
    from ingest.parts.markdown import to_plain  # few copies have any

    return to_plain(reason)


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
    if right > 1 or (not right and any(mark.label.several for mark in reading.block.marks)):
        return "multi_select"
    return "single_select"


def _attempt(reading: Reading, options: tuple[Option, ...]) -> Attempt:
    is_chosen = [each.mark is not None and each.mark.label.chosen for each in reading.options]
    if reading.is_fill_in:
        typed = [each.text for each, chosen in zip(reading.options, is_chosen, strict=True) if chosen]
        return Attempt(reading.block.status, (), typed[0] if typed else None)
    chosen = (option.id for option, chosen in zip(options, is_chosen, strict=True) if chosen)
    return Attempt(reading.block.status, tuple(chosen), None)
