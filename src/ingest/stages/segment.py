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

import itertools
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
    is_explaining = False
    for place, index in enumerate(candidates):
        following = candidates[place + 1] if place + 1 < len(candidates) else len(marks)
        parts = [mark.label.part for mark in marks[index + 1 : following]]
        if headers and is_explaining and Part.MARK not in parts:
            next_number = marks[following].number if following < len(marks) else None
            in_sequence = marks[index].number == (marks[headers[-1]].number or 0) + 1
            if not in_sequence or next_number == marks[index].number:
                is_explaining = Part.TOPIC not in parts
                continue
        headers.append(index)
        is_explaining = Part.EXPLANATION in parts and Part.TOPIC not in parts
    return headers


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
        place = _trim(self.text, span) or span
        region = _Region(self.text, place.end, marks)
        while header or region.has_question():
            block = region.take(place, header)
            self.blocks.append(block)
            self.report_damaged((header, *region.used) if header else region.used)
            if header is None:
                self.report_lost_header(block)
            header = None
            rest = _trim(self.text, Span(block.span.end, place.end))
            if rest is None:
                return
            place = rest
        self.set_aside(place, "unknown")

    def report_lost_header(self, block: Block) -> None:
        hint = "the header line was lost in copying: put it back, or leave the question out"
        place = _first_line(self.text, block.span)
        index = len(self.blocks) - 1
        self.findings.append(Finding("P003", "a question without its header", place, hint, index))

    def report_damaged(self, marks: tuple[Mark, ...]) -> None:
        """A finding for each label of the last block that was read in spite of a damaged letter."""
        for mark in marks:
            if mark.is_damaged:
                line = self.text[mark.span.start : mark.span.end].strip()
                what = mark.label.part.replace("_", " ")
                message = f"“{line[:60]}” was read as a label ({what})"
                index = len(self.blocks) - 1
                self.findings.append(Finding("T003", message, mark.span, "correct the line", index))

    def set_aside(self, span: Span, kind: Literal["preamble", "unknown"]) -> None:
        place = _trim(self.text, span)
        if place is None:
            return
        self.outside.append(Outside(place, kind))
        if kind == "unknown":
            excerpt = self.text[place.start : place.end].split("\n", 1)[0][:60]
            hint = "if it belongs to a question, a label before it was lost"
            message = f"text after the end of a question: “{excerpt}”"
            self.findings.append(Finding("P002", message, place, hint))


class _Region:
    """The text from one header to the next; blocks are taken from it one by one."""

    def __init__(self, text: str, end: int, marks: tuple[Mark, ...]) -> None:
        self.text = text
        self.end = end
        self.marks = marks
        self.next = 0
        """The first mark that no block has taken."""
        self.used: tuple[Mark, ...] = ()
        """The marks of the block taken last."""

    def has_question(self) -> bool:
        """Whether answer marks or an explanation follow."""
        parts = (Part.MARK, Part.EXPLANATION)
        places = range(self.next, len(self.marks))
        return any(self.marks[place].label.part in parts for place in places)

    def take(self, span: Span, header: Mark | None) -> Block:
        """The block that begins at the span's start."""
        begin = header.span.end if header else span.start
        labels = [header.span] if header else []
        status = self._take_status(begin, header)
        if status:
            begin = status.span.end
            labels.append(status.span)
        first = self.next
        topic_mark, topic, end = self._take_topic()
        taken = (m for m in self.marks[first : self.next] if m.label.part is not Part.STATUS)
        # Other lines that read like the topic's label are text.
        marks = tuple(m for m in taken if m is topic_mark or m.label.part is not Part.TOPIC)
        self.used = marks
        answers = tuple(itertools.takewhile(lambda mark: mark.label.part is Part.MARK, marks))
        rest = marks[len(answers) :]
        explained = rest[0] if rest and rest[0].label.part is Part.EXPLANATION else None
        stop = topic_mark.span.start if topic_mark else end
        labels += (mark.span for mark in (explained, topic_mark) if mark)
        return Block(
            span=Span(span.start, end),
            header=header,
            status=(header.status if header else None) or (status.label.status if status else None),
            body=Span(begin, explained.span.start if explained else stop),
            marks=answers,
            stray_marks=tuple(m for m in rest if m.label.part is Part.MARK and m.span.start < stop),
            labels=(*labels, *(mark.span for mark in answers)),
            explanation=_trim(self.text, Span(explained.span.end, stop)) if explained else None,
            topic=topic,
        )

    def _take_status(self, begin: int, header: Mark | None) -> Mark | None:
        """The status word under the header; a status word elsewhere is text."""
        first = self.marks[self.next] if self.next < len(self.marks) else None
        if first is None or first.label.status is None or header is None or header.status:
            return None
        if self.text[begin : first.span.start].strip():
            return None
        self.next += 1
        return first

    def _take_topic(self) -> tuple[Mark | None, Span | None, int]:
        """The topic label that ends the question, the topic's line, and where the block ends; takes
        all marks up to there.

        Of several candidate labels the last one counts, unless answer marks follow an earlier one:
        then the earlier one ends this question, and the header of the next was lost.
        """
        index = self._find_topic(self.next)
        while index is not None:
            mark = self.marks[index]
            line = _LINE.search(self.text, mark.span.end, self.end)
            end = line.end() if line else mark.span.end
            # The topic's line may read like a label: here it is none.
            after = index + 1
            while after < len(self.marks) and self.marks[after].span.start <= end:
                after += 1
            later = self._find_topic(after)
            between = self.marks[after:later]
            is_option = self._is_option(index, between)
            if not is_option and (later is None or any(each.label.part is Part.MARK for each in between)):
                self.next = after
                return mark, _trim(self.text, Span(*line.span())) if line else None, end
            index = later
        self.next = len(self.marks)
        return None, None, self.end

    def _is_option(self, index: int, between: tuple[Mark, ...]) -> bool:
        """Whether a line that reads like the topic's label stands among the options: the explanation
        comes after it, and it has an empty line after it, or no answer mark before the explanation."""
        earlier = self.marks[self.next : index]
        if any(each.label.part is Part.EXPLANATION for each in earlier):
            return False
        parts = [each.label.part for each in between]
        if Part.EXPLANATION not in parts:
            return False
        is_apart = self.text.startswith("\n\n", self.marks[index].span.end)
        return is_apart or Part.MARK not in parts[: parts.index(Part.EXPLANATION)]

    def _find_topic(self, start: int) -> int | None:
        places = range(start, len(self.marks))
        return next((place for place in places if self.marks[place].label.part is Part.TOPIC), None)


def _trim(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; null where nothing is left."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def _first_line(text: str, span: Span) -> Span:
    line = _LINE.search(text, span.start, span.end)
    return Span(*line.span()) if line else span
