"""The file's usual number of options, learned from the marks alone, for each number of right answers.

From the first mark to the end stand at most as many paragraphs as there are options, and exactly as
many where the first option is right. So over many questions the largest tail is the usual count.
Speaks in 705 of 745 real questions and was never wrong there: it is silent where too few questions
were seen, and the weaker the more of them have longer tails.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from ingest.evidence import Body
from ingest.parts.pairs import is_pair

# Never wrong in 705 questions, but of courses that always have the same count. Others have not, so a
# paragraph that asks weighs more.
_STRONGEST = math.log(150)
_LEAST_QUESTIONS = 5


def learn(bodies: Sequence[Body]) -> dict[int, tuple[int, float]]:
    """For each number of right answers: the usual count of options and the weight of that."""
    tails: dict[int, list[int]] = {}
    for body in bodies:
        if body.first_marked is not None and body.right_count and not _is_pair(body):
            tail = len(body.paragraphs) - body.first_marked
            tails.setdefault(body.right_count, []).append(tail)
    usual = {right: _usual(right, seen) for right, seen in tails.items()}
    return {right: fact for right, fact in usual.items() if fact}


def weigh(body: Body, facts: dict[int, tuple[int, float]]) -> dict[int, float]:
    """Speaks for the border that gives the usual count."""
    fact = facts.get(body.right_count)
    return {len(body.paragraphs) - fact[0]: fact[1]} if fact else {}


def _is_pair(body: Body) -> bool:
    """Whether the question states something: its two options say nothing of the others."""
    return is_pair([each.text for each in body.paragraphs[-2:]], body.words)


def _usual(right: int, tails: list[int]) -> tuple[int, float] | None:
    total = len(tails)
    if total < _LEAST_QUESTIONS:
        return None
    seen = Counter(tails)
    for count in sorted(seen, reverse=True):
        # With the right answers at random places, the first option is right in right/count of them.
        expected = total * right / count
        if count > right and seen[count] >= max(2.0, 0.4 * expected):
            break
    else:
        return None
    # How unlikely such tails are if the options were one more. Halved, since authors do not put the
    # key at random places: a dozen questions whose first option is never right are no proof.
    chance = total * -math.log1p(-right / (count + 1)) / 2
    # … and how many questions must have more, for the longer tails that were seen.
    longer = sum(number for tail, number in seen.items() if tail > count)
    share = longer * (count + 1) / right / total
    if share >= 0.5:
        return None
    against = math.log((1 - share) / share) if share else math.inf
    return count, min(_STRONGEST, chance, against)
