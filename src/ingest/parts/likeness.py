"""Whether two questions are nearly the same, and how they differ.

A slip is a letter, punctuation or a space. With nothing but slips two questions are nearly the same,
whatever their keys. With more than that they are if they have the same key, the same numbers, and enough in
common that belongs to no third question: with one other word a question may ask for something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice
from typing import NamedTuple

from rapidfuzz.distance import LCSseq, Levenshtein, Postfix, Prefix

from ingest.model.question import Question
from ingest.parts.folding import fold
from ingest.parts.slips import are_slips

ALIKE_STEMS = 0.85
"""The least share of words in common, by the longest common subsequence: one word of seven may differ."""
ALIKE_BUT_LONGER = 0.66
"""The same where one stem is the other with words added."""
DISTINCTIVE_OPTIONS = 60
"""Letters of the options in common, from which on they are no list of names that fits many questions."""
DISTINCTIVE_STEM = 25
"""Words of a stem, from which on it fits no other question."""
_LEAST_OPTIONS = 3
_MOST_SLIPS = 3
_PUNCTUATION = ".,;:!?\"')] "
_CODE_SIGN = re.compile(r"[{}=<>;|\\$]|\w\(")
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"\S+")
_SPACE = re.compile(r"\s")
_LETTERS_A_WORD = 15


class Difference(NamedTuple):
    """How the later of two questions differs from the earlier one."""

    same_key: bool
    field: str
    text: str
    """What stands there only in the later one, as it is written; empty where words are missing."""
    earlier_text: str


class _Stems(NamedTuple):
    are_slips: bool
    words: int
    text: str
    earlier_text: str
    """Where they first differ."""


class _Options(NamedTuple):
    are_slips: bool
    has_same_key: bool
    letters: int
    """Of the options in common."""
    place: tuple[int, int] | None
    """The last two that differ."""


def compare(earlier: Question, later: Question) -> Difference | None:
    """How the later question differs from the earlier one; null where they are not nearly the same."""
    if earlier.type != later.type or len(earlier.options) != len(later.options):
        return None
    options = _compare_options(earlier, later)
    stems = options and _compare_stems(earlier.stem, later.stem)
    if not options or not stems:
        return None
    same_key = options.has_same_key and _accepted(earlier) == _accepted(later)
    if not (stems.are_slips and options.are_slips) and not (
        same_key and _are_distinctive(later, stems, options)
    ):
        return None
    if options.place and not (stems.text or stems.earlier_text):
        place, other = options.place
        text, earlier_text = later.options[other].text, earlier.options[place].text
        return Difference(same_key, f"options.{other}", text, earlier_text)
    return Difference(same_key, "stem", stems.text, stems.earlier_text)


def _accepted(question: Question) -> list[str]:
    return sorted(map(fold, question.accepted))


def _are_distinctive(question: Question, stems: _Stems, options: _Options) -> bool:
    """Whether what two questions have in common belongs to no third one."""
    if 0 < len(question.options) < _LEAST_OPTIONS:
        return False
    return stems.words >= DISTINCTIVE_STEM or options.letters >= DISTINCTIVE_OPTIONS


def _compare_options(earlier: Question, later: Question) -> _Options | None:
    """Null where more than one option is without its like."""
    first = [option.text for option in earlier.options]
    second = [option.text for option in later.options]
    rest = [place for place, text in enumerate(first) if text not in second]
    others = [place for place, text in enumerate(second) if text not in first]
    for place in rest:
        first[place] = _plain(first[place])
    for place in others:
        second[place] = _plain(second[place])
    rest = [place for place in rest if first[place] not in second]
    others = [place for place in others if second[place] not in first]
    if len(rest) != len(others) or (first and len(rest) == len(first)):
        return None
    pairs = _slips(first, second, rest, others) if rest else []
    if len(rest) > 1:
        return None
    pairs += zip(rest, others, strict=True)
    letters = sum(map(len, second)) - sum(len(second[other]) for _, other in pairs)
    right = _right(earlier, first)
    for place, other in pairs:
        second[other] = first[place]
    return _Options(not rest, right == _right(later, second), letters, pairs[-1] if pairs else None)


def _plain(text: str) -> str:
    return fold(text).rstrip(_PUNCTUATION)


def _right(question: Question, texts: list[str]) -> set[str]:
    return {text for text, option in zip(texts, question.options, strict=True) if option.correct}


def _slips(first: list[str], second: list[str], rest: list[int], others: list[int]) -> list[tuple[int, int]]:
    """The pairs of options that differ in slips, taken out of the places that have no like."""
    pairs = []
    for place in rest[:]:
        other = next((each for each in others if _is_slip_of(first[place], second[each])), None)
        if other is not None:
            pairs.append((place, other))
            rest.remove(place)
            others.remove(other)
    return pairs


def _is_slip_of(one: str, other: str) -> bool:
    """Whether two options differ in slips only."""
    if Levenshtein.distance(one, other, score_cutoff=_MOST_SLIPS) > _MOST_SLIPS:
        return False
    return are_slips(_plain_words(one.split()), _plain_words(other.split()))


def _compare_stems(earlier: str, later: str) -> _Stems | None:
    """Null where they have less in common than nearly all, or differ in a number."""
    has_words = later.count(" ") * _LETTERS_A_WORD > len(later)
    one, other, outside = _middles(earlier, later, has_words=has_words)
    first, second = _words(one, has_words=has_words), _words(other, has_words=has_words)
    common = LCSseq.similarity(first, second)
    alike = 2 * (outside + common) / max(2 * outside + len(first) + len(second), 1)
    if alike < ALIKE_BUT_LONGER:
        return None
    is_longer = common == min(len(first), len(second))
    if alike < ALIKE_STEMS and not is_longer and len(second) - common > _MOST_SLIPS:
        return None
    edits = [each for each in Levenshtein.opcodes(first, second) if each.tag != "equal"]
    removed = _plain_words(word for each in edits for word in first[each.src_start : each.src_end])
    added = _plain_words(word for each in edits for word in second[each.dest_start : each.dest_end])
    if removed == added:
        return _Stems(_CODE_SIGN.search(later) is None, outside + len(second), "", "")
    slipped = are_slips(removed, added)
    if not slipped and not is_longer and (alike < ALIKE_STEMS or _numbers(removed) != _numbers(added)):
        return None
    text = _part(other, edits[0].dest_start, edits[0].dest_end)
    return _Stems(slipped, outside + len(second), text, _part(one, edits[0].src_start, edits[0].src_end))


def _middles(earlier: str, later: str, *, has_words: bool) -> tuple[str, str, int]:
    """Two texts without the words that they begin and end with alike, and how many words these are."""
    start = Prefix.similarity(earlier, later)
    if not has_words:
        end = Postfix.similarity(earlier[start:], later[start:])
        return earlier[start : len(earlier) - end], later[start : len(later) - end], start + end
    start = max(later.rfind(" ", 0, start), later.rfind("\n", 0, start)) + 1
    one, other = earlier[start:], later[start:]
    end = Postfix.similarity(one, other)
    space = _SPACE.search(other, len(other) - end)
    end = len(other) - space.start() if space else 0
    outside = later.count(" ", 0, start) + later.count(" ", len(later) - end)
    return one[: len(one) - end], other[: len(other) - end], outside


def _words(text: str, *, has_words: bool) -> list[str]:
    """The words of a text, folded; its letters where it is written without spaces."""
    folded = fold(text)
    return folded.split() if has_words else list(folded)


def _plain_words(words: Iterable[str]) -> list[str]:
    """Words without the punctuation around them; what is nothing but punctuation stays."""
    return [word.rstrip(_PUNCTUATION).lstrip("\"'([") or word for word in words]


def _numbers(words: list[str]) -> list[str]:
    return _NUMBER.findall(" ".join(words))


def _part(text: str, start: int, end: int) -> str:
    """Some words of a text, as they stand there."""
    words = list(islice(_WORD.finditer(text), start, end))
    return text[words[0].start() : words[-1].end()] if words else ""
