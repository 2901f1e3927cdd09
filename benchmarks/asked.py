"""What was asked of ingest, in figures, and whether it is reached."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from measuring import spread


@dataclass(frozen=True)
class Goal:
    """One figure that was asked for."""

    what: str
    limit: float
    is_least: bool = False
    """Whether the figure is to be so high at least; else so low at most."""


@dataclass(frozen=True)
class Answer:
    """What was found of a goal."""

    goal: Goal
    values: Sequence[float]
    """One for each turn."""
    where: str = ""
    """Where time or memory goes, for the case that the goal is missed."""


_WHOLE = "3,250 questions to JSON and CSV, all default checks, one core: CPU time as a multiple of"
BESIDE_PYGIFTPARSER = Goal(f"{_WHOLE} pygiftparser's", 0.65)
BESIDE_FLOOR = Goal(f"{_WHOLE} the floor's", 5)
SMALL = Goal("65 questions to JSON and CSV: CPU time as a multiple of pygiftparser's", 1)
TWO_JOBS = Goal("10,000 files, wall time: how many times as fast two jobs are as one", 1.6, is_least=True)
UNCHANGED = Goal(
    "10,000 files, wall time: how many times as fast a second run is in which nothing has changed",
    20,
    is_least=True,
)
FLAT = Goal("peak memory of the largest process with 10,000 files, as a multiple of that with 100", 1.2)
GOALS = (BESIDE_PYGIFTPARSER, BESIDE_FLOOR, SMALL, TWO_JOBS, UNCHANGED, FLAT)

HEADER = ("what", "asked", "measured (lowest–highest)", "reached")


def rows(answers: Sequence[Answer]) -> Iterator[tuple[str, ...]]:
    """Rows of a table, one for each goal. Of several answers to one, some only say where the time goes."""
    for goal in GOALS:
        asked = f"at {'least' if goal.is_least else 'most'} {goal.limit:g}"
        own = [each for each in answers if each.goal == goal]
        values = [value for each in own for value in each.values]
        if not values:
            yield goal.what, asked, "not measured", ""
            continue
        where = "; ".join(each.where for each in own if each.where)
        yield goal.what, asked, spread(values), _verdict(goal, median(values), where)


def _verdict(goal: Goal, value: float, where: str) -> str:
    if value >= goal.limit if goal.is_least else value <= goal.limit:
        return "yes"
    missed = f"no: {abs(value / goal.limit - 1):.0%} {'less' if goal.is_least else 'more'} than asked"
    return f"{missed}; {where}" if where else missed
