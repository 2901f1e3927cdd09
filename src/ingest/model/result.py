"""What reading one input gives: the public document, and how the text was read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ingest.model.block import Reading
from ingest.model.diagnostic import Diagnostic
from ingest.model.document import Document, Furniture, Rejected
from ingest.model.question import Question
from ingest.model.source import SourceText, Span


@dataclass(frozen=True, slots=True)
class Result:
    """One input, read."""

    document: Document
    source: SourceText
    readings: tuple[Reading, ...]
    """One for each block of the text, also for those that were rejected."""
    outside: tuple[tuple[str, Span], ...]
    """Text outside the blocks, with its kind: ``preamble``, ``page`` or ``unknown``."""
    settled: frozenset[int | None]
    """Numbers of the questions that a person has checked or corrected."""
    kept: tuple[int, ...]
    """For each question the index of its reading."""

    @property
    def questions(self) -> tuple[Question, ...]:
        return self.document.questions

    @property
    def rejected(self) -> tuple[Rejected, ...]:
        return self.document.rejected

    @property
    def furniture(self) -> tuple[Furniture, ...]:
        return self.document.furniture

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return self.document.diagnostics

    @property
    def doubtful(self) -> tuple[Question, ...]:
        """The questions that a finding of severity warning or error concerns; the others are sure."""
        return self.document.doubtful

    def roles(self) -> Iterator[tuple[str, Span]]:
        """Every part of the text that is not blank, with the role it was given, in order.

        Roles: ``preamble``, ``unknown``; ``page`` for rules, badges and buttons; ``label``; ``stem``,
        ``options.0``, ``reasons.0``, ``options.1`` …, ``explanation``, ``topic``; ``dropped`` for what a
        correction took out.
        """
        roles = [(role, span) for role, span in self.outside]
        for reading in self.readings:
            roles += reading.fields()
            roles += (("label", span) for span in reading.block.labels)
            roles += (("page", span) for span in reading.block.furniture)
        # An option that is only a picture has a place, but no text.
        return iter(
            sorted((each for each in roles if each[1]), key=lambda each: (each[1].start, each[1].end))
        )
