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
from ingest.model.entry import Choice, Entry, Page, Rich
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
    labels: list[Span] = field(default_factory=list)
    """Of the entry that is being written."""
    addresses: list[Address] = field(default_factory=list)
    """The same."""

    def __post_init__(self) -> None:
        lines = self.file_text.split("\n")
        self.starts = list(accumulate((len(line) + 1 for line in lines), initial=0))[: len(lines)]

    def add(self, entry: Entry) -> None:
        """One entry: its text, its block and the place of each line."""
        start = self.length
        header = Mark(
            Label(Part.HEADER, ""), self.write(_header(entry), entry.at), entry.number, entry.status
        )
        self.labels = [header.span]
        self.addresses = []
        stem = self.write_rich(entry.stem)
        paragraphs = list(_split(entry.stem.text, stem.start))
        first = len(paragraphs)
        paragraphs += (self.choice(choice, entry.at) for choice in entry.choices)
        body = Span(header.span.end, self.length)
        explanation = self.labelled("Overall explanation", entry.explanation, entry.at)
        topic = self.labelled("Domain", entry.topic, entry.at)
        self.blocks.append(
            Block(
                span=Span(start, self.length),
                header=header,
                status=entry.status,
                body=body,
                marks=tuple(each.mark for each in paragraphs if each.mark),
                stray_marks=(),
                labels=tuple(self.labels),
                explanation=explanation,
                topic=topic,
                is_fill_in=entry.is_fill_in,
                given=Given(tuple(paragraphs), first),
                addresses=tuple(self.addresses),
            )
        )
        self.write("", entry.at)

    def choice(self, choice: Choice, default: int) -> Paragraph:
        """An option with its mark above it and its explanation below it."""
        mark = None
        if choice.label:
            span = self.write(choice.word or "Correct answer", _at(choice.text, default))
            mark = Mark(choice.label, span, word=choice.word)
            self.labels.append(span)
        text = self.write_rich(choice.text)
        reason = self.labelled("Explanation", choice.reason, default)
        return Paragraph(text.start, text.end, choice.text.text, mark, reason)

    def labelled(self, label: str, rich: Rich, default: int) -> Span | None:
        """A text below its label; nothing where there is none."""
        if not rich.text:
            return None
        self.labels.append(self.write(label, _at(rich, default)))
        return self.write_rich(rich)

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
        self.addresses += (each._replace(at=each.at + span.start) for each in rich.addresses)
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


def _split(text: str, start: int) -> list[Paragraph]:
    paragraphs = []
    at = start
    for part in text.split("\n\n"):
        if part.strip():
            paragraphs.append(Paragraph(at, at + len(part), part))
        at += len(part) + 2
    return paragraphs
