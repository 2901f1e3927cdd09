"""Questions that are nearly the same: finding them among many, in time that grows with their number.

Two questions come into question when they share a piece: an option, a sentence of the stem, a half of it.
The first few questions with a piece stand for all that have it, and each question is compared with the few
that share most with it, rare pieces before common ones.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from heapq import nlargest
from typing import TYPE_CHECKING, NamedTuple

from ingest.model.question import Question

if TYPE_CHECKING:
    from ingest.parts.likeness import Difference

_MOST_WITH_A_PIECE = 4
_MOST_COMPARED = 2
_MOST_SENTENCES = 8
_LONGEST_PART = 64
_RARE = 4
"""What a shared piece counts that one other question has; with more of them it counts less."""


Place = tuple[int, int]
"""Group and index of a question."""


class NearRepeat(NamedTuple):
    """Two questions that are nearly the same, by their places."""

    place: Place
    earlier: Place
    difference: Difference


def near_repeats(groups: Sequence[Sequence[Question]]) -> Iterator[NearRepeat]:
    """Each question that is nearly the same as one of an earlier group, once, with the earliest such one.

    Of questions with one id, which are the same and not nearly, the first one is looked at.
    """
    index = _Index(groups)
    known: set[str] = set()
    for group, questions in enumerate(groups):
        fresh: list[tuple[Place, set[int]]] = []
        for place, question in enumerate(questions):
            if question.id in known or not _is_usable(question):
                continue
            known.add(question.id)
            pieces = _pieces(question)
            found = index.find(question, pieces)
            if found:
                yield NearRepeat((group, place), *found)
            else:
                fresh.append(((group, place), pieces))
        for where, pieces in fresh:
            index.add(where, pieces)


def _is_usable(question: Question) -> bool:
    return bool(question.id and question.stem and (question.answer or question.accepted))


class _Index:
    """The questions so far that repeat none, by their pieces."""

    def __init__(self, groups: Sequence[Sequence[Question]]) -> None:
        self._groups = groups
        self._places: list[Place] = []
        # A number where one question has the piece, since most pieces have no second one.
        self._with_piece: dict[int, int | list[int]] = {}

    def add(self, place: Place, pieces: set[int]) -> None:
        number = len(self._places)
        self._places.append(place)
        with_piece = self._with_piece
        for piece in pieces:
            others = with_piece.setdefault(piece, number)
            if isinstance(others, list):
                if len(others) < _MOST_WITH_A_PIECE:
                    others.append(number)
            elif others != number:
                with_piece[piece] = [others, number]

    def find(self, question: Question, pieces: set[int]) -> tuple[Place, Difference] | None:
        """The earliest question that is nearly the same, of those that share most."""
        shared = self._shared(pieces)
        likely = [(share, -number) for number, share in shared.items() if share >= _RARE]
        if len(likely) > _MOST_COMPARED:
            likely = nlargest(_MOST_COMPARED, likely)
        if not likely:
            return None
        from ingest.parts.likeness import compare  # loads rapidfuzz, which few sets need

        for number in sorted(-each for _, each in likely):
            group, index = self._places[number]
            difference = compare(self._groups[group][index], question)
            if difference:
                return (group, index), difference
        return None

    def _shared(self, pieces: set[int]) -> dict[int, int]:
        """How much other questions share with one."""
        shared: dict[int, int] = {}
        for piece in pieces & self._with_piece.keys():
            others = self._with_piece[piece]
            if isinstance(others, int):
                shared[others] = shared.get(others, 0) + _RARE
            else:
                weight = _RARE // len(others)
                for number in others:
                    shared[number] = shared.get(number, 0) + weight
        return shared


def _pieces(question: Question) -> set[int]:
    """Hashes of the options, of the stem's sentences, and of parts from its beginning and its end: one slip
    leaves most of them as they are."""
    stem = question.stem.lower()
    half = min(1 << (len(stem) // 2).bit_length() >> 1, _LONGEST_PART)
    texts = [option.text.lower() for option in question.options]
    texts += stem.split(". ", _MOST_SENTENCES)
    texts += (stem[:half], stem[: 2 * half], stem[-half:])
    return set(map(hash, texts))
