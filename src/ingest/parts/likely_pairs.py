"""Which questions of two sets are worth comparing, in time that grows with their number.

Those that share pieces of text, rare ones before common ones, and those with one number. Nothing depends on
which of the two sets comes first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from heapq import nsmallest
from typing import NamedTuple

Pair = tuple[int, int]
"""Places of a question in the old and in the new set."""

_MOST_WITH_A_PIECE = 32
"""Pairs of questions that share a piece, above which it says nothing."""
_MOST_COMPARED = 4


class Clues(NamedTuple):
    """What a question is found by."""

    number: int | None
    pieces: frozenset[str]


def likely_pairs(first: Mapping[int, Clues], second: Mapping[int, Clues]) -> set[Pair]:
    """For each question the few that share most with it, and the one with its number."""
    of_old: dict[int, dict[int, int]] = {}
    of_new: dict[int, dict[int, int]] = {}
    for (i, j), share in _shares(first, second).items():
        of_old.setdefault(i, {})[j] = share
        of_new.setdefault(j, {})[i] = share
    pairs = {(i, j) for i, shares in of_old.items() for j in _best(shares)}
    pairs |= {(i, j) for j, shares in of_new.items() for i in _best(shares)}
    return pairs | set(_same_numbers(first, second))


def _shares(first: Mapping[int, Clues], second: Mapping[int, Clues]) -> Counter[Pair]:
    """How much questions share: a piece counts the less, the more of them have it."""
    holders: dict[str, tuple[list[int], list[int]]] = {}
    for side, sides in enumerate((first, second)):
        for place, each in sides.items():
            for piece in each.pieces:
                holders.setdefault(piece, ([], []))[side].append(place)
    shares: Counter[Pair] = Counter()
    for olds, news in holders.values():
        count = len(olds) * len(news)
        if 0 < count <= _MOST_WITH_A_PIECE:
            weight = _MOST_WITH_A_PIECE // count
            for i in olds:
                for j in news:
                    shares[i, j] += weight
    return shares


def _best(shares: Mapping[int, int]) -> Iterable[int]:
    """The places that share most; none that shares far less than another one."""
    least = max(shares.values()) / _MOST_COMPARED
    likely = [place for place, share in shares.items() if share >= least]
    return nsmallest(_MOST_COMPARED, likely, key=lambda place: (-shares[place], place))


def _same_numbers(first: Mapping[int, Clues], second: Mapping[int, Clues]) -> Iterator[Pair]:
    """Pairs with one number, which no other question has."""
    places = [_by_number(sides) for sides in (first, second)]
    for number in places[0].keys() & places[1].keys():
        (i, *others), (j, *more) = places[0][number], places[1][number]
        if not others and not more:
            yield i, j


def _by_number(sides: Mapping[int, Clues]) -> dict[int, list[int]]:
    places: dict[int, list[int]] = {}
    for place, side in sides.items():
        if side.number is not None:
            places.setdefault(side.number, []).append(place)
    return places
