"""Input forms that already say what is what: one a file, found by looking into this folder.

A copy of the page is plain text, and has the stages for itself. The same questions also come as a saved
page, as the site's upload table, as its assessments. A leaf has ``recognises(text) -> bool``, which looks
at the content, not at the file's name, and ``read(text, locales) -> list[Entry]``; both never raise for
bad input. ``compose`` turns entries into the text and the blocks that the later stages work on.
"""

from __future__ import annotations

import pkgutil
from bisect import bisect_right
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from itertools import accumulate
from typing import Any

from ingest.locales import Locale
from ingest.model.block import Address, Block, Given, Label, Mark, Paragraph, Part
from ingest.model.question import Status
from ingest.model.source import Span

_FIRST_LETTERS = "<{[\"'"


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its places in the file."""

    text: str = ""
    places: tuple[tuple[int, int], ...] = ()
    """Offsets in the text with the offsets in the file that they come from, ascending."""
    addresses: tuple[Address, ...] = ()
    """Links and images that the text does not show; ``at`` counts from the text's start."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One option or, of a question with a blank, one answer."""

    text: Rich
    label: Label | None = None
    """What its mark says; null without one."""
    word: str = ""
    """The mark as it stands."""
    reason: Rich = Rich()


@dataclass(frozen=True, slots=True)
class Entry:
    """One question as the input form has it."""

    at: int
    """Where it begins in the file."""
    number: int | None
    stem: Rich
    choices: tuple[Choice, ...]
    explanation: Rich = Rich()
    topic: Rich = Rich()
    status: Status | None = None
    is_fill_in: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What a reader has read: a text that can be shown line by line, and its blocks."""

    text: str
    blocks: tuple[Block, ...]
    places: tuple[tuple[int, int], ...]
    """For each line of the text, line and column in the file."""
    locale: str | None


def read_page(text: str, locales: tuple[Locale, ...]) -> Page | None:
    """The questions of a text that is no plain copy of the page; null for one that is, or that holds none."""
    leaf = _leaf(text)
    entries = leaf.read(text, locales) if leaf else []
    return compose(text, entries) if entries else None


def is_known(text: str) -> bool:
    """Whether a text, or its beginning, is one of the forms."""
    return _leaf(text) is not None


def _leaf(text: str) -> Any:
    # Nearly all inputs are plain copies: for those no leaf is loaded.
    start = text[:2000].lstrip("\ufeff \t\n")
    if start[:1] not in _FIRST_LETTERS and "," not in start.split("\n", 1)[0]:
        return None
    modules = sorted(entry.name for entry in pkgutil.iter_modules(__path__))
    leaves = (import_module(f"{__name__}.{name}") for name in modules)
    return next((leaf for leaf in leaves if leaf.recognises(text)), None)


def compose(file_text: str, entries: Sequence[Entry]) -> Page:
    """The entries as text, each part on lines of its own, with the blocks that say what is what."""
    composer = _Composer(file_text)
    for entry in entries:
        composer.add(entry)
    hits = Counter(
        choice.label.locale for entry in entries for choice in entry.choices if choice.label and choice.label.locale
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
                labels.append(self.write("Explanation", choice.reason.places[0][1] if choice.reason.places else entry.at))
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
            inside = next((i for i in range(max(bisect_right(offsets, at) - 1, 0), known + 1) if offsets[i] >= at), known)
            self.places.append(self.position(rich.places[inside][1]) if rich.places and inside >= 0 else self.last())
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
