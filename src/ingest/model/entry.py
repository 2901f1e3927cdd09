"""What a reader hands on: questions of an input form that already says what is what."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.model.block import Address, Block, Label
from ingest.model.question import Status


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
