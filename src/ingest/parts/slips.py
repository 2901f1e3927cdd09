"""Slips: words that are mistyped, and not other words."""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import OSA

_LEAST_LETTERS = 4


def are_slips(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether words, in lower case, differ in nothing but mistyped letters and spaces between them.

    >>> are_slips(["the", "palnet"], ["the", "planet"]), are_slips(["typical"], ["atypical"])
    (True, False)
    """
    if "".join(one) == "".join(other):
        return True
    return len(one) == len(other) and all(map(_is_slip, one, other))


def _is_slip(one: str, other: str) -> bool:
    """Whether a word is another one with a letter more, less, exchanged or in another place.

    Not the first letter: "typical" and "atypical" are two words.
    """
    if one == other:
        return True
    if one[:1] != other[:1] or min(len(one), len(other)) < _LEAST_LETTERS:
        return False
    return one.isalpha() and other.isalpha() and OSA.distance(one, other, score_cutoff=1) == 1
