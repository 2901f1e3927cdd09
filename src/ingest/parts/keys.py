"""The keys of several copies of one question: whether they are contrary, and which one counts.

Keys are compared by the folded texts of the right options, since letters change when options are shuffled.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ingest.model.bank import KeyPolicy
from ingest.model.question import Question
from ingest.parts.folding import fold

FoldedKey = frozenset[str]
"""Empty where there is no key: that contradicts none."""

Turn = tuple[int, int]
"""When a copy was read: which input of the run, and which question of it."""


def answer_of(question: Question) -> tuple[str, ...]:
    """The texts of the right options, in their order; where there are none, the accepted answers."""
    return tuple(option.text for option in question.options if option.correct) or tuple(question.accepted)


def folded(answer: Iterable[str]) -> FoldedKey:
    """What of a key is compared."""
    return frozenset(map(fold, answer))


def key_of(question: Question) -> FoldedKey:
    """The folded key of a question."""
    return folded(answer_of(question))


def chosen_key(policy: KeyPolicy, holders: Mapping[FoldedKey, Sequence[Sequence[Turn]]]) -> FoldedKey | None:
    """Which of several contrary keys counts; null where the policy does not decide.

    ``holders`` has the turns of each copy that has a key. A copy without turns does not count for ``first``
    and ``newest``: nobody knows when it was read.
    """
    if policy == "majority":
        ranked = sorted(holders, key=lambda key: -len(holders[key]))
        is_tie = len(holders[ranked[0]]) == len(holders[ranked[1]])
        return None if is_tie else ranked[0]
    turns = {turn: key for key, copies in holders.items() for copy in copies for turn in copy}
    if policy == "none" or not turns:
        return None
    return turns[min(turns) if policy == "first" else max(turns)]
