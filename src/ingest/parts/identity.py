"""What makes a question the same question: its id, and hashes over texts."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from ingest.model.question import Question
from ingest.parts.folding import fold


def identify(stem: str, options: Sequence[str]) -> str:
    """The id of a question: the same when its options are shuffled or its key is corrected.

    >>> identify("Which?", ["Tea", "Coffee"]) == identify("Which? ", ["coffee", "Tea"])
    True
    """
    return f"q_{digest([fold(stem), *sorted(map(fold, options))])}"


def is_same_text(one: Question, other: Question) -> bool:
    """Whether two questions have one text, as the id sees it; whatever ids they have."""
    if one.stem != other.stem and fold(one.stem) != fold(other.stem):
        return False
    first = [option.text for option in one.options]
    second = [option.text for option in other.options]
    return first == second or sorted(map(fold, first)) == sorted(map(fold, second))


def digest(texts: Sequence[str]) -> str:
    """A hash over texts, 16 hex digits."""
    # The unit separator keeps ("ab", "c") and ("a", "bc") apart.
    return hashlib.sha256("\x1f".join(texts).encode()).hexdigest()[:16]
