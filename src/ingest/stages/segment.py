"""Marks to blocks: one block for each question, and what stands outside them.

Grammar of a page::

    page     = preamble? block*
    block    = header status? body [explanation-label text] [topic-label topic-line] trailer?
    body     = (text | answer-mark)*

A label counts only where the grammar has a place for it: a status word directly under its header, a
topic label before the topic line that ends the question. A lost header is seen by what follows a
topic: answer marks, hence another question.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ingest.model.block import Block, Mark, Part
from ingest.model.diagnostic import Finding
from ingest.model.source import Span

_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class Outside:
    """Text that belongs to no question."""

    span: Span
    kind: Literal["preamble", "unknown"]


@dataclass(frozen=True, slots=True)
class Segments:
    """A text cut into questions; blocks and outside text cover every line that is not blank."""

    blocks: tuple[Block, ...]
    outside: tuple[Outside, ...]


def segment(text: str, marks: tuple[Mark, ...]) -> tuple[Segments, list[Finding]]:
    """The blocks of a text, in order, and the furniture around them.

    Codes: P002 for text after a question that is of no known kind, P003 for a question without its
    header, T003 for a label with a damaged letter.
    """
    cutter = _Cutter(text)
    starts = _headers(marks)
    if not marks:
        whole = _trim(text, Span(0, len(text)))
        return Segments((), (Outside(whole, "unknown"),) if whole else ()), []
    first = marks[starts[0]].span.start if starts else len(text)
    cutter.lead(Span(0, first), marks[: starts[0] if starts else len(marks)])
    for place, start in enumerate(starts):
        end = starts[place + 1] if place + 1 < len(starts) else len(marks)
        stop = marks[end].span.start if end < len(marks) else len(text)
        header = marks[start]
        cutter.cut(Span(header.span.start, stop), header, marks[start + 1 : end])
    return Segments(tuple(cutter.blocks), tuple(cutter.outside)), cutter.findings


def _headers(marks: tuple[Mark, ...]) -> list[int]:
    """Which marks are headers of questions.

    A line such as ``Question 2`` also occurs inside explanations. There it is out of sequence, or
    the true header with the same number follows, and no answer mark stands before that.
    """
    candidates = [index for index, mark in enumerate(marks) if mark.label.part is Part.HEADER]
    headers: list[int] = []
    for place, index in enumerate(candidates):
        following = candidates[place + 1] if place + 1 < len(candidates) else len(marks)
        if headers and _is_inside_explanation(marks, headers[-1], index):
            own = marks[index + 1 : following]
            has_answer = any(mark.label.part is Part.MARK for mark in own)
            next_number = marks[following].number if following < len(marks) else None
            in_sequence = marks[index].number == (marks[headers[-1]].number or 0) + 1
            if not has_answer and (not in_sequence or next_number == marks[index].number):
                continue
        headers.append(index)
    return headers


def _is_inside_explanation(marks: tuple[Mark, ...], header: int, index: int) -> bool:
    parts = [mark.label.part for mark in marks[header + 1 : index]]
    return Part.EXPLANATION in parts and Part.TOPIC not in parts


class _Cutter:
    """Collects the blocks of one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.blocks: list[Block] = []
        self.outside: list[Outside] = []
        self.findings: list[Finding] = []

    def lead(self, span: Span, marks: tuple[Mark, ...]) -> None:
        """The text before the first header: furniture, or the rest of a cut question."""
        if any(mark.label.part is not Part.STATUS for mark in marks):
            self.cut(span, None, marks)
        else:
            self.set_aside(span, "preamble")

    def cut(self, span: Span, header: Mark | None, marks: tuple[Mark, ...]) -> None:
        """One block from a region, and further ones where a header was lost."""
        region = _Region(self.text, _trim(self.text, span) or span, header, marks)
        block, rest, rest_marks = region.block()
        self.blocks.append(block)
        self.report_damaged(block, marks)
        if header is None:
            place = _first_line(self.text, block.span)
            self.findings.append(
                Finding(
                    "P003",
                    "a question without its header",
                    place,
                    "the header line was lost in copying: put it back, or leave the question out",
                    len(self.blocks) - 1,
                )
            )
        if any(mark.label.part in (Part.MARK, Part.EXPLANATION) for mark in rest_marks):
            self.cut(rest, None, rest_marks)
        else:
            self.set_aside(rest, "unknown")

    def report_damaged(self, block: Block, marks: tuple[Mark, ...]) -> None:
        """A finding for each label of the block that was read in spite of a damaged letter."""
        used = (block.header, *marks) if block.header else marks
        for mark in used:
            if mark.is_damaged and block.span.start <= mark.span.start < block.span.end:
                line = self.text[mark.span.start : mark.span.end].strip()
                what = mark.label.part.replace("_", " ")
                message = f"“{line[:60]}” was read as a label ({what})"
                self.findings.append(
                    Finding("T003", message, mark.span, "correct the line", len(self.blocks) - 1)
                )

    def set_aside(self, span: Span, kind: Literal["preamble", "unknown"]) -> None:
        place = _trim(self.text, span)
        if place is None:
            return
        self.outside.append(Outside(place, kind))
        if kind == "unknown":
            excerpt = self.text[place.start : place.end].split("\n", 1)[0][:60]
            self.findings.append(
                Finding(
                    "P002",
                    f"text after the end of a question: “{excerpt}”",
                    place,
                    "if it belongs to a question, a label before it was lost",
                )
            )


class _Region:
    """The text from one header to the next."""

    def __init__(self, text: str, span: Span, header: Mark | None, marks: tuple[Mark, ...]) -> None:
        self.text = text
        self.span = span
        self.header = header
        self.marks = marks

    def block(self) -> tuple[Block, Span, tuple[Mark, ...]]:
        """The block, the text after it, and the marks in that text."""
        begin = self.header.span.end if self.header else self.span.start
        marks, status = self._take_status(begin)
        labels = [self.header.span] if self.header else []
        if status:
            begin = status.span.end
            labels.append(status.span)
        body_count = next(
            (i for i, mark in enumerate(marks) if mark.label.part in (Part.EXPLANATION, Part.TOPIC)),
            len(marks),
        )
        answers = tuple(mark for mark in marks[:body_count] if mark.label.part is Part.MARK)
        explained = (
            marks[body_count]
            if body_count < len(marks) and marks[body_count].label.part is Part.EXPLANATION
            else None
        )
        topic_mark, topic, rest_start = self._topic(marks[body_count:])
        end = topic_mark.span.start if topic_mark else self.span.end
        explanation = None
        if explained:
            labels.append(explained.span)
            explanation = _trim(self.text, Span(explained.span.end, end))
        if topic_mark:
            labels.append(topic_mark.span)
        body = Span(begin, explained.span.start if explained else end)
        block = Block(
            span=Span(self.span.start, min(rest_start, self.span.end)),
            header=self.header,
            status=(self.header.status if self.header else None) or (status.label.status if status else None),
            body=body,
            marks=answers,
            stray_marks=tuple(
                mark for mark in marks[body_count:] if mark.label.part is Part.MARK and mark.span.start < end
            ),
            labels=(*labels, *(mark.span for mark in answers)),
            explanation=explanation,
            topic=topic,
        )
        rest_marks = tuple(mark for mark in marks if mark.span.start >= rest_start)
        return block, Span(rest_start, self.span.end), rest_marks

    def _take_status(self, begin: int) -> tuple[tuple[Mark, ...], Mark | None]:
        """The status word under the header; a status word elsewhere is text."""
        first = self.marks[0] if self.marks else None
        is_status = (
            first is not None
            and first.label.status is not None
            and self.header is not None
            and self.header.status is None
            and not self.text[begin : first.span.start].strip()
        )
        rest = self.marks[1:] if is_status else self.marks
        marks = tuple(mark for mark in rest if mark.label.part is not Part.STATUS)
        return marks, first if is_status else None

    def _topic(self, marks: tuple[Mark, ...]) -> tuple[Mark | None, Span | None, int]:
        """The topic label that ends the question, the topic's line, and where the rest begins.

        Of several candidate labels the last one counts, unless answer marks follow an earlier one:
        then the earlier one ends this question, and the header of the next was lost.
        """
        labels = [mark for mark in marks if mark.label.part is Part.TOPIC]
        for mark in labels:
            line = _LINE.search(self.text, mark.span.end, self.span.end)
            end = line.end() if line else mark.span.end
            later = [each for each in marks if each.span.start > end]
            next_label = next((each for each in later if each in labels), None)
            is_answered = any(
                each.label.part is Part.MARK
                and (next_label is None or each.span.start < next_label.span.start)
                for each in later
            )
            if next_label is None or is_answered:
                # The topic's line may read like a label: here it is none.
                return mark, _trim(self.text, Span(*line.span())) if line else None, end
        return None, None, self.span.end


def _trim(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; null where nothing is left."""
    value = text[span.start : span.end]
    start = span.start + len(value) - len(value.lstrip())
    end = span.start + len(value.rstrip())
    return Span(start, end) if end > start else None


def _first_line(text: str, span: Span) -> Span:
    line = _LINE.search(text, span.start, span.end)
    return Span(*line.span()) if line else span
