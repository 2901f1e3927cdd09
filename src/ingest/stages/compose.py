"""Entries to blocks: a text that shows each part of the questions on lines of its own, and the blocks that
say what is what. Stands in for lex and segment where the input is no plain copy of the page.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from ingest.model.block import Address, Block, Given, Label, Mark, Paragraph, Part
from ingest.model.entry import Entry, Page, Rich
from ingest.model.source import Span


def compose(file_text: str, entries: Sequence[Entry]) -> Page:
    """The entries as text, each part on lines of its own, with the blocks that say what is what."""
    composer = _Composer(file_text)
    for entry in entries:
        composer.add(entry)
    hits = Counter(
        choice.label.locale
        for entry in entries
        for choice in entry.choices
        if choice.label and choice.label.locale
    )
    locale = min(hits, key=lambda code: (-hits[code], code)) if hits else None
    return Page("".join(composer.parts), tuple(composer.blocks), tuple(composer.places), locale)


@dataclass(slots=True)
class _Composer:
    file_text: str
    parts: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    length: int = 0
    starts: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        lines = self.file_text.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in lines), initial=0))[: len(lines)]

    def add(self, entry: Entry) -> None:
        start = self.length
        labels = [self.write(_header(entry), entry.at)]
        stem = self.write_rich(entry.stem)
        body = self.length
        paragraphs = list(_split(entry.stem.text, stem.start))
        addresses = _shifted(entry.stem, stem)
        first = len(paragraphs)
        marks = []
        for choice in entry.choices:
            mark = None
            if choice.label:
                place = choice.text.places[0][1] if choice.text.places else entry.at
                span = self.write(choice.word or "Correct answer", place)
                mark = Mark(choice.label, span, word=choice.word)
                marks.append(mark)
                labels.append(span)
            text = self.write_rich(choice.text)
            addresses += _shifted(choice.text, text)
            reason = None
            if choice.reason.text:
                labels.append(
                    self.write(
                        "Explanation", choice.reason.places[0][1] if choice.reason.places else entry.at
                    )
                )
                reason = self.write_rich(choice.reason)
                addresses += _shifted(choice.reason, reason)
            paragraphs.append(Paragraph(text.start, text.end, choice.text.text, mark, reason))
            body = self.length
        explanation = topic = None
        if entry.explanation.text:
            labels.append(self.write("Overall explanation", _at(entry.explanation, entry.at)))
            explanation = self.write_rich(entry.explanation)
            addresses += _shifted(entry.explanation, explanation)
        if entry.topic.text:
            labels.append(self.write("Domain", _at(entry.topic, entry.at)))
            topic = self.write_rich(entry.topic)
        header = Mark(Label(Part.HEADER, ""), labels[0], entry.number, entry.status)
        self.blocks.append(
            Block(
                span=Span(start, self.length),
                header=header,
                status=entry.status,
                body=Span(labels[0].end, body),
                marks=tuple(marks),
                stray_marks=(),
                labels=tuple(labels),
                explanation=explanation,
                topic=topic,
                is_fill_in=entry.is_fill_in,
                given=Given(tuple(paragraphs), first),
                addresses=tuple(addresses),
            )
        )
        self.write("", entry.at)

    def write(self, line: str, at: int) -> Span:
        """One line, which comes from an offset of the file."""
        return self.write_rich(Rich(line, ((0, at),)))

    def write_rich(self, rich: Rich) -> Span:
        """A text on lines of its own."""
        span = Span(self.length, self.length + len(rich.text))
        offsets = [offset for offset, _ in rich.places]
        at = 0
        for line in rich.text.split("\n"):
            # The first place inside the line; else the last one before it.
            known = bisect_right(offsets, at + len(line)) - 1
            inside = next(
                (i for i in range(max(bisect_right(offsets, at) - 1, 0), known + 1) if offsets[i] >= at),
                known,
            )
            self.places.append(
                self.position(rich.places[inside][1]) if rich.places and inside >= 0 else self.last()
            )
            at += len(line) + 1
        self.parts.append(rich.text + "\n")
        self.length += len(rich.text) + 1
        return span

    def last(self) -> tuple[int, int]:
        return self.places[-1] if self.places else (1, 1)

    def position(self, at: int) -> tuple[int, int]:
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1


def _header(entry: Entry) -> str:
    return "Question" if entry.number is None else f"Question {entry.number}"


def _at(rich: Rich, default: int) -> int:
    return rich.places[0][1] if rich.places else default


def _shifted(rich: Rich, span: Span) -> list[Address]:
    return [each._replace(at=each.at + span.start) for each in rich.addresses]


def _split(text: str, start: int) -> list[Paragraph]:
    paragraphs = []
    at = start
    for part in text.split("\n\n"):
        if part.strip():
            paragraphs.append(Paragraph(at, at + len(part), part))
        at += len(part) + 2
    return paragraphs
