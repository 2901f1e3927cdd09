"""What the lex, segment and interpret stages hand on: labels with their places, and the block of text
that holds one question.

Values here are made once per label, question or paragraph, never once per line. Nothing changes them (a test
looks), but they are not frozen: that takes five times as long to make. The fields of a named tuple take ten
times as long to reach. Those of which there are most say themselves how they begin, since only that is
compiled.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import Any, NamedTuple

from ingest.model.question import Status
from ingest.model.source import Span


class Part(StrEnum):
    """What a label on the page announces."""

    HEADER = "header"
    STATUS = "status"
    MARK = "mark"
    """An answer mark: its option is right, or was chosen."""
    ANSWER = "answer"
    """The key by letters: ``Respuesta correcta: B``."""
    OPTIONS = "options"
    """A heading over the options."""
    FILL_IN = "fill_in"
    """The page's instruction over a fill-in-the-blank question."""
    EXPLANATION = "explanation"
    """The overall explanation follows."""
    REASON = "reason"
    """The explanation of one option follows; on old pages, the overall one."""
    RESOURCES = "resources"
    TOPIC = "topic"
    RULE = "rule"
    """A line of dashes."""
    FURNITURE = "furniture"
    """A button or badge of the page."""


@dataclass(slots=True)
class Label:
    """One label's meaning, as a locale file gives it."""

    part: Part
    locale: str
    correct: bool = False
    """A mark's option is right; a status says the question was answered right."""
    chosen: bool = False
    """The sitter selected the option."""
    follows: bool = False
    """The mark stands below its option instead of above it: ``(Correct)``, on old pages."""
    several: bool = False
    """The mark belongs to a question with several right answers."""
    status: Status | None = None
    """``correct``, ``incorrect`` or ``skipped``."""


@dataclass(slots=True, init=False)
class Mark:
    """A label where it stands: a whole line of the text."""

    label: Label
    span: Span
    """The line without its line end."""
    number: int | None
    """The question number, for a header."""
    status: Status | None
    """What the word says as a status word, or the status word glued to a header."""
    word: str
    """The label as it stands."""
    letters: str
    """The options that an answer line names: ``BD``."""
    is_damaged: bool
    """Whether the line is the label but for one letter."""
    is_decorated: bool
    """Whether the line has Markdown around the label: ``**Domain**``, ``## Question 1``."""

    def __init__(
        self,
        label: Label,
        span: Span,
        number: int | None = None,
        status: Status | None = None,
        word: str = "",
        letters: str = "",
        *,
        is_damaged: bool = False,
        is_decorated: bool = False,
    ) -> None:
        self.label = label
        self.span = span
        self.number = number
        self.status = status
        self.word = word
        self.letters = letters
        self.is_damaged = is_damaged
        self.is_decorated = is_decorated

    def __reduce__(self) -> tuple[Any, ...]:
        # What is compiled and says itself how it begins is not copied or pickled without.
        begin = partial(Mark, is_damaged=self.is_damaged, is_decorated=self.is_decorated)
        return begin, (self.label, self.span, self.number, self.status, self.word, self.letters)


class Address(NamedTuple):
    """A link or an image that the text does not show."""

    url: str
    at: int
    """Where in the text it belongs."""
    is_image: bool


class Given(NamedTuple):
    """What an input form says by itself, so that nothing needs to be found out."""

    paragraphs: tuple[Paragraph, ...]
    first_option: int
    """Index of the first option among the paragraphs."""


@dataclass(slots=True)
class Block:
    """The text of one question, cut at its labels."""

    span: Span
    header: Mark | None
    """Null where the header was lost."""
    status: Status | None
    body: Span
    """Stem, options, marks and, in some layouts, what is said of each option."""
    marks: tuple[Mark, ...]
    """The answer marks inside the body, in order."""
    stray_marks: tuple[Mark, ...]
    """Where none belongs: answer marks inside the explanation, its label again, another line that names the
    answer."""
    labels: tuple[Span, ...]
    """Every line of the block that is a label."""
    explanation: Span | None
    topic: Span | None
    reasons: tuple[Mark, ...] = ()
    """The labels inside the body that come before the explanation of one option."""
    inserts: tuple[Span, ...] = ()
    """Other lines inside the body that belong to the page: rules, headings, instructions."""
    options_heading: Span | None = None
    """The heading over the options; one of the inserts."""
    answer: str = ""
    """The letters of the right options, where a line names them: ``BD``."""
    is_fill_in: bool = False
    """Whether the page's instruction says that a blank is to be filled."""
    is_told_by_place: bool = False
    """Whether the explanation stands under a label that elsewhere belongs to single options."""
    is_markdown: bool = False
    """Whether a label of the block has Markdown around it."""
    furniture: tuple[Span, ...] = ()
    """Lines of the page after the question: rules and badges."""
    given: Given | None = None
    """Null for a plain copy of the page."""
    addresses: tuple[Address, ...] = ()

    @property
    def number(self) -> int | None:
        return self.header.number if self.header else None


@dataclass(slots=True, init=False)
class Paragraph:
    """A run of lines in a block's body, without the blank lines around it."""

    start: int
    end: int
    text: str
    """Without letter, bullet and Markdown."""
    mark: Mark | None
    """The mark that stands above the paragraph, or on old pages below it."""
    reason: Span | None
    """What the copy says about it directly below, under a label of its own."""
    code_at: int | None
    """Where code begins in the text that follows the prose."""
    is_set_off: bool
    """Whether a letter or a bullet stood before it, it is indented, or all of it is bold."""

    def __init__(
        self,
        start: int,
        end: int,
        text: str,
        mark: Mark | None = None,
        reason: Span | None = None,
        code_at: int | None = None,
        *,
        is_set_off: bool = False,
    ) -> None:
        self.start = start
        self.end = end
        self.text = text
        self.mark = mark
        self.reason = reason
        self.code_at = code_at
        self.is_set_off = is_set_off

    def __reduce__(self) -> tuple[Any, ...]:
        begin = partial(Paragraph, is_set_off=self.is_set_off)
        return begin, (self.start, self.end, self.text, self.mark, self.reason, self.code_at)

    @property
    def prose(self) -> str:
        """The text without the code after it."""
        return self.text if self.code_at is None else self.text[: self.code_at].rstrip()

    @property
    def is_right(self) -> bool:
        return self.mark is not None and self.mark.label.correct

    @property
    def is_wrong_choice(self) -> bool:
        """Whether the sitter chose it, or typed it, and it is wrong."""
        return self.mark is not None and self.mark.label.chosen and not self.mark.label.correct


@dataclass(slots=True)
class ExplanationParts:
    """An overall explanation, taken apart. One entry an option, in the order of the options."""

    options: tuple[str | None, ...]
    """What is said of each option, without the restated option and the dash; or null."""
    headings: tuple[frozenset[str], ...]
    """The headings (``correct``, ``incorrect``) under which each option is restated."""
    restated: tuple[bool, ...]
    """Whether each option is restated, with or without a reason."""
    rationale: str | None
    references: tuple[Span, ...]
    """The lists under a heading such as ``References:``; offsets from the explanation's start."""
    has_stem_as_wrong: bool = False
    """Whether a paragraph of the stem is restated among the wrong options."""


@dataclass(slots=True)
class Border:
    """Where the options begin, and how sure that is."""

    index: int
    """Index of the first option among the body's paragraphs."""
    evidence: tuple[tuple[str, tuple[tuple[int, float], ...]], ...]
    """For each piece of evidence that spoke, by its file's name: borders and their log-odds."""
    margin: float
    """Log-odds between the best border and the second best; infinite where there is no choice."""


@dataclass(slots=True)
class Reading:
    """How one block was read: the places of its fields and the evidence that decided."""

    block: Block
    stem: tuple[Paragraph, ...]
    options: tuple[Paragraph, ...]
    border: Border
    explanation: str
    """The overall explanation; empty where there is none."""
    parts: ExplanationParts
    correct: tuple[bool, ...]
    """For each option, whether it is right: by its mark, or by a correction."""
    stated_count: int | None
    """The number of answers the stem asks for in words."""
    items: tuple[str, ...]
    """The numbered things that options such as ``2,4,3`` refer to."""
    fingerprint: str
    """Hash of the question's whole content, 16 hex digits."""
    topic: str | None = None
    """As printed, or by a correction."""
    dropped: tuple[Span, ...] = ()
    """Lines that a correction took out."""
    is_fill_in: bool = False
    """Whether a blank is to be filled: then the options are accepted and typed answers."""

    @property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        return (*self.stem, *self.options)

    def fields(self) -> Iterator[tuple[str, Span]]:
        """Every field of the question with its place, in the order of the text.

        Names: ``stem``, ``options.0`` (``answers.0`` where a blank is to be filled), ``reasons.0``,
        ``options.1`` …, ``explanation``, ``topic``; ``dropped``.
        """
        for paragraph in self.stem:
            yield "stem", Span(paragraph.start, paragraph.end)
        for index, paragraph in enumerate(self.options):
            name = "answers" if self.is_fill_in else "options"
            yield f"{name}.{index}", Span(paragraph.start, paragraph.end)
            if paragraph.reason:
                yield f"reasons.{index}", paragraph.reason
        if self.block.explanation:
            yield "explanation", self.block.explanation
        if self.block.topic:
            yield "topic", self.block.topic
        for span in self.dropped:
            yield "dropped", span

    def places(self) -> dict[str, Span]:
        """The first span of each field; ``stem.last`` is the stem's last paragraph, ``header`` the
        question's header or, where it was lost, the block's beginning."""
        block = self.block
        places = {"header": block.header.span if block.header else Span(block.span.start, block.span.start)}
        for name, span in self.fields():
            places.setdefault(name, span)
        if self.stem:
            places["stem.last"] = Span(self.stem[-1].start, self.stem[-1].end)
        return places
