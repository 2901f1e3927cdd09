"""The limits that hold for one input, and what is said where it exceeds one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from ingest.errors import LimitError
from ingest.model.block import Block
from ingest.model.limits import Limits, setting_of


class Bounds(NamedTuple):
    """What one input may hold."""

    file: str = "text"
    """What messages call the input."""
    limits: Limits = Limits()

    def check(self, name: str, figure: int, has: str) -> None:
        """Raises ``LimitError`` where a figure is more than the limit of that name; ``has`` says of what the
        figure is, with a pair of braces for it."""
        limit: int = getattr(self.limits, name)
        if figure > limit:
            raise LimitError(self.file, has.format(f"{figure:,}"), setting_of(name), limit)


def check_lines(text: str, bounds: Bounds) -> None:
    """Raises ``LimitError`` for a text with a line that is too long."""
    most = bounds.limits.line_length
    # A line that is too long holds a whole half of the limit in which no line ends; few texts have one, and
    # need to be taken apart.
    half = max(most // 2, 1)
    if any(text.find("\n", at, at + half) < 0 for at in range(0, len(text) - half + 1, half)):
        bounds.check("line_length", max(map(len, text.split("\n"))), "a line of {} letters")


def check_questions(text: str, blocks: Sequence[Block], bounds: Bounds) -> None:
    """Raises ``LimitError`` for too many questions, and for one with too many lines before its
    explanation."""
    bounds.check("questions", len(blocks), "{} questions")
    most = bounds.limits.question_lines
    for block in blocks:
        start, end = block.body
        if end - start > most and text.count("\n", start, end) > most:
            lines = sum(not line.isspace() and line != "" for line in text[slice(*block.body)].split("\n"))
            bounds.check("question_lines", lines, "a question with {} lines before its explanation")
