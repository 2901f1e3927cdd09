"""Which question of an old set is which one of a new set.

By id first; then, since the id changes with stem and options, by what the texts have in common. As many
pairs are looked at as there are questions, times a few: those that share rare pieces, and those with the
same number. Nothing depends on which of the two sets is called the old one.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

from rapidfuzz.distance import Indel, LCSseq

from ingest.model.question import Question
from ingest.parts.folding import fold
from ingest.parts.likely_pairs import Clues, Pair, likely_pairs
from ingest.parts.option_pairs import is_same_answer, pair_options
from ingest.parts.slips import are_slips
from ingest.parts.word_changes import plain_words

_PIECE = 3
"""Words of a stem that make a piece."""
_MOST_PIECES = 400
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。？！])|\n")
_LEAST_LIKENESS = 0.3
"""Of stems, for two questions with one id and few options in common."""
_LEAST_OPTIONS = 3
"""In common, so that they say something: "True" and "False" do not."""
_DISTINCTIVE_LETTERS = 60
"""Letters of the options in common, from which on they fit no other question."""
_DISTINCTIVE_WORDS = 12
"""Words of a stem, from which on it fits no other question."""
_LEAST_ALIKE = {(True, True): 0.35, (True, False): 0.5, (False, True): 0.5, (False, False): 0.7}
"""The least likeness of stems, and of options, of a question with one key: by whether it still asks the same,
and whether its number is the same."""
_NUMBER_COUNTS = 0.2
_KEY_COUNTS = 0.2


def pair_questions(old: Sequence[Question], new: Sequence[Question]) -> list[Pair]:
    """Each question with its counterpart, in the order of the new set; those without are left out.

    Two questions of one scenario, which ask for different things, are no counterparts.
    """
    olds, news = dict(enumerate(old)), dict(enumerate(new))
    pairs: list[Pair] = []
    keys: tuple[Callable[[Question], Hashable], ...] = (
        lambda question: (question.id, _content(question)) if question.id else None,
        _content,
        lambda question: (question.id, question.occurrence) if question.id else None,
        lambda question: question.id or None,
    )
    for key in keys:
        if olds and news:
            pairs += _take(olds, news, key)
    if olds and news:
        pairs += _nearest(olds, news, _common_options(old, new))
    return sorted(pairs, key=lambda pair: pair[1])


def _content(question: Question) -> Hashable:
    options = tuple(sorted((option.text, option.correct) for option in question.options))
    return question.stem, options, question.accepted, question.explanation, question.topic


def _take(
    olds: dict[int, Question], news: dict[int, Question], key: Callable[[Question], Hashable]
) -> Iterator[Pair]:
    """Pairs with the same key, taken out of what is left, unless two questions are unlike all the same. A
    question whose key is null has none."""
    waiting: dict[Hashable, list[int]] = {}
    for place in reversed(olds):
        waiting.setdefault(key(olds[place]), []).append(place)
    for place, question in list(news.items()):
        own = key(question)
        places = waiting.get(own) if own is not None else None
        if places and can_be_same(olds[places[-1]], question):
            other = places.pop()
            del olds[other], news[place]
            yield other, place


def can_be_same(old: Question, new: Question) -> bool:
    """Whether two questions with one id have much in common: ids can be edited, and go stale."""
    if old.stem == new.stem:
        return True
    shared = {option.text for option in old.options} & {option.text for option in new.options}
    if len(shared) >= _LEAST_OPTIONS:
        return True
    one, other = plain_words(fold(old.stem)), plain_words(fold(new.stem))
    return Indel.normalized_similarity(one, other) >= _LEAST_LIKENESS


def _common_options(*sets: Iterable[Question]) -> frozenset[str]:
    """Options, folded, that more than one question of a set has: "True", or names in a list."""
    common: set[str] = set()
    for questions in sets:
        counts = Counter(fold(option.text) for question in questions for option in question.options)
        common |= {text for text, count in counts.items() if count > 1}
    return frozenset(common)


class _Side:
    """A question as it is compared with others."""

    def __init__(self, question: Question, common: frozenset[str]) -> None:
        self.question = question
        self.options = [fold(option.text) for option in question.options]
        self.accepted = frozenset(map(fold, question.accepted))
        self.words = plain_words(fold(question.stem))
        self._common = common

    @cached_property
    def asking(self) -> list[str]:
        """The words of the sentence that asks: the last one with a question mark, or the last one."""
        sentences = [each for each in _SENTENCE_END.split(self.question.stem) if each.strip()]
        asking = [each for each in sentences if "?" in each or "？" in each] or sentences
        return plain_words(fold(asking[-1])) if asking else []

    def clues(self) -> Clues:
        """What is looked for in other questions: options, accepted answers, words of the stem."""
        words = self.words[:_MOST_PIECES]
        ends = range(_PIECE, max(len(words), _PIECE) + 1)
        runs = (" ".join(words[end - _PIECE : end]) for end in ends)
        return Clues(self.question.number, frozenset({*words, *self.options, *self.accepted, *runs}))

    def is_distinctive(self, shared: Iterable[str]) -> bool:
        """Whether options belong to no other question."""
        texts = list(shared)
        if len(self.options) < _LEAST_OPTIONS:
            return False
        return sum(map(len, texts)) >= _DISTINCTIVE_LETTERS or self._common.isdisjoint(texts)


def _nearest(
    olds: Mapping[int, Question], news: Mapping[int, Question], common: frozenset[str]
) -> Iterator[Pair]:
    """Pairs of versions of one question, those most alike first."""
    first = {place: _Side(question, common) for place, question in olds.items()}
    second = {place: _Side(question, common) for place, question in news.items()}
    found = []
    clues = [{place: side.clues() for place, side in sides.items()} for sides in (first, second)]
    for i, j in likely_pairs(*clues):
        sameness = _sameness(first[i], second[j])
        if sameness:
            found.append((-sameness, abs(i - j), i + j, (i, j)))
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for *_, (i, j) in sorted(found):
        if i not in taken_old and j not in taken_new:
            taken_old.add(i)
            taken_new.add(j)
            yield i, j


def _sameness(old: _Side, new: _Side) -> float:
    """How much two questions are one; 0 where they are two, however alike."""
    options, shared = _compare_options(old, new)
    if not options:
        return 0
    stems = Indel.normalized_similarity(old.words, new.words)
    has_number = old.question.number is not None and old.question.number == new.question.number
    has_key = _have_same_key(old, new)
    distinctive = old.is_distinctive(shared) or new.is_distinctive(shared)
    if has_key and not _are_same(old, new, stems, options, distinctive=distinctive, has_number=has_number):
        return 0
    if not has_key and not _are_same_with_other_key(old, new, stems, options, has_number=has_number):
        return 0
    return stems + options + _NUMBER_COUNTS * has_number + _KEY_COUNTS * has_key


def _compare_options(old: _Side, new: _Side) -> tuple[float, set[str]]:
    """How much of the options is alike, between 0 and 1, and those in common."""
    if not old.options and not new.options:
        return float(bool(old.accepted & new.accepted) or old.words == new.words), set()
    shared = set(old.options) & set(new.options)
    pairs = pair_options(old.question.options, new.question.options)
    return sum(pair.likeness for pair in pairs) / max(len(old.options), len(new.options)), shared


def _have_same_key(old: _Side, new: _Side) -> bool:
    one, other = old.question, new.question
    if not one.options and not other.options:
        return bool(old.accepted & new.accepted)
    pairs = pair_options(one.options, other.options)
    kept = [
        pair
        for pair in pairs
        if one.options[pair.old].correct
        and other.options[pair.new].correct
        and is_same_answer(one.options[pair.old].text, other.options[pair.new].text)
    ]
    return len(kept) == len(one.answer) == len(other.answer)


def _are_same(
    old: _Side, new: _Side, stems: float, options: float, *, distinctive: bool, has_number: bool
) -> bool:
    """Whether two questions with one key are one."""
    if are_slips(old.words, new.words):
        return options >= 0.5
    if not distinctive:
        return options >= 0.75 and stems >= (0.75 if has_number else 0.85)
    least = _LEAST_ALIKE[are_slips(old.asking, new.asking), has_number]
    return stems >= least and options >= least


def _are_same_with_other_key(
    old: _Side, new: _Side, stems: float, options: float, *, has_number: bool
) -> bool:
    """Whether two questions are one whose key was changed too: only where it still asks the same, since one
    scenario, with one list of options, asks for the cheapest way and for the fastest."""
    if are_slips(old.words, new.words):
        is_distinctive = has_number or len(new.words) >= _DISTINCTIVE_WORDS
        return options >= (0.5 if is_distinctive else 0.75)
    if not has_number or options < 0.75:
        return False
    if are_slips(old.asking, new.asking):
        return stems >= 0.85
    is_longer = LCSseq.similarity(old.words, new.words) == min(len(old.words), len(new.words))
    return is_longer and stems >= 0.75
