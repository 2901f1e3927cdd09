"""What makes a question the same question: its id, and hashes over texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace

from ingest.model.question import Question
from ingest.parts.folding import fold


def identify(stem: str, options: Sequence[str]) -> str:
    """The id of a question: the same when its options are shuffled or its key is corrected.

    >>> identify("Which?", ["Tea", "Coffee"]) == identify("Which? ", ["coffee", "Tea"])
    True
    """
    return f"q_{digest([fold(stem), *sorted(map(fold, options))])}"


def fingerprint(question: Question) -> str:
    """The hash of a question's whole content, as the stage that builds it makes it."""
    texts = [option.text for option in question.options]
    flags = ["1" if option.correct else "0" for option in question.options]
    return digest([question.stem, *texts, *flags, question.explanation or "", question.topic or ""])


def unique_id(question: Question, sign: str = "-") -> str:
    """The id, with the occurrence behind it where that is above 1: unique within the document."""
    return question.id if question.occurrence == 1 else f"{question.id}{sign}{question.occurrence}"


def is_same_text(one: Question, other: Question) -> bool:
    """Whether two questions have one text, as the id sees it; whatever ids they have."""
    if one.stem != other.stem and fold(one.stem) != fold(other.stem):
        return False
    first = [option.text for option in one.options]
    second = [option.text for option in other.options]
    return first == second or sorted(map(fold, first)) == sorted(map(fold, second))


def renumbered(questions: Sequence[Question]) -> tuple[Question, ...]:
    """The questions with their occurrences counted anew."""
    seen: dict[str, int] = {}
    numbered = []
    for question in questions:
        occurrence = seen[question.id] = seen.get(question.id, 0) + 1
        is_same = question.occurrence == occurrence
        numbered.append(question if is_same else replace(question, occurrence=occurrence))
    return tuple(numbered)


def digest(texts: Sequence[str]) -> str:
    """A hash over texts, 16 hex digits."""
    # The unit separator keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
