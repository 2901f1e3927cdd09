"""The options of two versions of a question, paired: the same ones first, then the nearest."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel, Levenshtein

from ingest.model.question import Option
from ingest.parts.folding import fold
from ingest.parts.slips import are_slips
from ingest.parts.word_changes import plain_words, words_of

_ALIKE = 0.5
"""The least share of words in common of an option that was reworded."""
_ALIKE_LETTERS = 0.75
"""The least share of letters of one that has too few words for that."""
_FEW_WORDS = 4
_MOST_COMPARED = 2_500
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


class OptionPair(NamedTuple):
    """Places of an option in two versions."""

    old: int
    new: int
    likeness: float
    """1 where it is the same but for spaces, punctuation, and upper and lower case."""


def pair_options(old: Sequence[Option], new: Sequence[Option]) -> list[OptionPair]:
    """Each option with its counterpart, in the order of the old ones; those without are left out."""
    olds, news = dict(enumerate(old)), dict(enumerate(new))
    pairs: list[OptionPair] = []
    # Of options with one text, those that are both right, or both wrong, belong together.
    keys: tuple[Callable[[Option], Hashable], ...] = (
        lambda option: (option.text, option.correct),
        lambda option: option.text,
        lambda option: tuple(words_of(option.text)),
        lambda option: tuple(plain_words(fold(option.text))),
    )
    for key in keys:
        if not olds or not news:
            break
        pairs += (OptionPair(*each, 1.0) for each in _take(olds, news, key))
    if olds and news and len(olds) * len(news) <= _MOST_COMPARED:
        pairs += _nearest(olds, news)
    return sorted(pairs)


def is_same_answer(old: str, new: str) -> bool:
    """Whether an option and its counterpart answer the same: not where a number is another one, nor where a
    short option has another word."""
    one, other = fold(old), fold(new)
    if _NUMBER.findall(one) != _NUMBER.findall(other):
        return False
    first, second = plain_words(one), plain_words(other)
    return min(len(first), len(second)) >= _FEW_WORDS or are_slips(first, second)


def _take(
    olds: dict[int, Option], news: dict[int, Option], key: Callable[[Option], Hashable]
) -> Iterable[tuple[int, int]]:
    """Pairs with the same key, taken out of what is left."""
    waiting: dict[Hashable, list[int]] = {}
    for place, option in news.items():
        waiting.setdefault(key(option), []).append(place)
    for place, option in list(olds.items()):
        places = waiting.get(key(option))
        if places:
            other = places.pop(0)
            del olds[place], news[other]
            yield place, other


def _nearest(olds: dict[int, Option], news: dict[int, Option]) -> Iterable[OptionPair]:
    """Pairs of what is alike, the nearest first, taken out of what is left."""
    first = {place: fold(option.text) for place, option in olds.items()}
    second = {place: fold(option.text) for place, option in news.items()}
    found = [
        OptionPair(i, j, _likeness(one, other)) for i, one in first.items() for j, other in second.items()
    ]
    found.sort(key=lambda pair: (-pair.likeness, abs(pair.old - pair.new), pair.old + pair.new))
    for pair in found:
        if pair.likeness and pair.old in olds and pair.new in news:
            del olds[pair.old], news[pair.new]
            yield pair


def _likeness(one: str, other: str) -> float:
    """Between 0 and 1; 0 where they are not alike."""
    first, second = plain_words(one), plain_words(other)
    letters = Levenshtein.normalized_similarity(one, other, score_cutoff=_ALIKE_LETTERS)
    if min(len(first), len(second)) < _FEW_WORDS:
        return letters
    return max(letters, Indel.normalized_similarity(first, second, score_cutoff=_ALIKE))
