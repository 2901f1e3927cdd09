"""Two texts compared word by word.

White space is no difference. A word is what stands between white space; in Chinese, Japanese and Thai, which
are written without any, a letter.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

from rapidfuzz.distance import Indel

from ingest.model.difference import Words

_WITHOUT_SPACES = "\u0e00-\u0e7f\u3000-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef"
_WORD = re.compile(rf"(?:[{_WITHOUT_SPACES}]|[^\s{_WITHOUT_SPACES}]+)\s*")
_PUNCTUATION = ".,;:!?\"'()[]"
_MOST_PAIRS = 400_000_000
"""Words of one text times words of the other, above which they are not aligned: some 50 megabytes."""
_SHORT_RUN = 2


class _Run(NamedTuple):
    """Words of the old text and of the new one, as half-open ranges."""

    is_same: bool
    old: tuple[int, int]
    new: tuple[int, int]

    @property
    def size(self) -> int:
        return self.old[1] - self.old[0] + self.new[1] - self.new[0]

    def with_next(self, run: _Run) -> _Run:
        """This run and the next one as one change."""
        return _Run(is_same=False, old=(self.old[0], run.old[1]), new=(self.new[0], run.new[1]))


def spaced_words(text: str) -> list[str]:
    """The words of a text, each with the white space that follows it."""
    return _WORD.findall(text)


def words_of(text: str) -> list[str]:
    """The words of a text, as they are written."""
    return [word.rstrip() for word in spaced_words(text)]


def plain_words(text: str) -> list[str]:
    """The words of a text, without the punctuation around them; what is nothing but punctuation stays."""
    return [word.strip(_PUNCTUATION) or word for word in words_of(text)]


def have_same_words(one: str, other: str) -> bool:
    """Whether two texts differ in white space at most."""
    return one == other or words_of(one) == words_of(other)


def word_changes(old: str, new: str) -> tuple[Words, ...]:
    """How the old text becomes the new one; what is removed comes before what is added in its place.

    >>> [(each.op, each.text) for each in word_changes("a cup of tea", "a pot of tea")]
    [('same', 'a '), ('removed', 'cup '), ('added', 'pot '), ('same', 'of tea')]
    """
    removed, added = spaced_words(old.strip()), spaced_words(new.strip())
    found: list[Words] = []
    for run in _joined(_aligned(removed, added)):
        before, after = "".join(removed[slice(*run.old)]), "".join(added[slice(*run.new)])
        if run.is_same:
            # What is removed at the end of the text follows a space that the new text does not have.
            is_last = before[-1:].isspace() and not after[-1:].isspace()
            found.append(Words("same", f"{after} " if is_last else after))
            continue
        found += [Words("removed", before)] if before else []
        found += [Words("added", after)] if after else []
    return tuple(found)


def _aligned(old: Sequence[str], new: Sequence[str]) -> list[_Run]:
    """Runs of same and of changed words by turns."""
    numbers: dict[str, int] = {}
    first = [numbers.setdefault(word.rstrip(), len(numbers)) for word in old]
    second = [numbers.setdefault(word.rstrip(), len(numbers)) for word in new]
    if len(first) * len(second) > _MOST_PAIRS:
        return [_Run(first == second, (0, len(first)), (0, len(second)))]
    runs: list[_Run] = []
    for each in Indel.opcodes(first, second):
        run = _Run(each.tag == "equal", (each.src_start, each.src_end), (each.dest_start, each.dest_end))
        if runs and not runs[-1].is_same and not run.is_same:
            run = runs.pop().with_next(run)
        runs.append(run)
    return runs


def _joined(runs: Sequence[_Run]) -> list[_Run]:
    """The runs without those of a word or two between larger changes, which say nothing by themselves."""
    joined: list[_Run] = []
    for place, run in enumerate(runs):
        is_inside = joined and place < len(runs) - 1
        is_lost = is_inside and _is_lost(run, joined[-1], runs[place + 1])
        if joined and not joined[-1].is_same and (is_lost or not run.is_same):
            run = joined.pop().with_next(run)  # noqa: PLW2901 - grows with what it is joined to
        joined.append(run)
    return joined


def _is_lost(run: _Run, before: _Run, after: _Run) -> bool:
    words = run.old[1] - run.old[0]
    return run.is_same and words <= _SHORT_RUN and min(before.size, after.size) > 2 * words
