"""Evidence for the place where the options begin: one kind a file, found by looking into this
folder.

A leaf has ``weigh(body, facts) -> dict[int, float]``: log-odds for or against each possible border,
nothing where it is silent. It may have ``learn(bodies) -> facts``, called once a file. The log-odds
are added up, so each leaf speaks only for what it sees itself.
"""

from __future__ import annotations

import math
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from ingest.locales import CourseWords
from ingest.model.block import Border, Paragraph
from ingest.model.source import Span
from ingest.parts.restatements import Spot

Weigh = Callable[["Body", Any], dict[int, float]]
Learn = Callable[[Sequence["Body"]], Any]


@dataclass(slots=True)
class Body:
    """What evidence is given: one question before its stem is told from its options."""

    paragraphs: tuple[Paragraph, ...]
    first_marked: int | None
    """Index of the first paragraph with a mark or a reason: an option, so the border is not after it."""
    right_count: int
    """How many paragraphs are marked as right options."""
    explanation: str
    """The overall explanation; empty where there is none."""
    words: CourseWords
    spots: tuple[Spot, ...] = ()
    """Where the explanation restates the paragraphs, and its headings."""
    heading: Span | None = None
    """The heading over the options."""

    @property
    def borders(self) -> range:
        """Indices at which the options may begin: not after the first marked one, and after some
        stem, unless the first paragraph is marked."""
        last = self.first_marked
        if last is None:
            last = max(len(self.paragraphs) - 2, 0)
        return range(min(1, last), last + 1)


@cache
def leaves() -> tuple[tuple[str, Weigh, Learn | None], ...]:
    """Name, ``weigh`` and ``learn`` of every piece of evidence, sorted by name."""
    found = []
    for entry in sorted(pkgutil.iter_modules(__path__), key=lambda entry: entry.name):
        module = import_module(f"{__name__}.{entry.name}")
        found.append((entry.name, module.weigh, getattr(module, "learn", None)))
    return tuple(found)


def decide_borders(bodies: Sequence[Body]) -> list[Border]:
    """The most likely border of each body, with what spoke for it. Where nothing tells two borders
    apart, the one that gives about four options; its margin is 0, so it is doubtful."""
    learned = learn(bodies)
    return [decide(body, learned) for body in bodies]


Learned = Sequence[tuple[str, Weigh, Any]]


def learn(bodies: Sequence[Body]) -> Learned:
    """Every piece of evidence with what it has learned from the file."""
    return [(name, weigh, learn(bodies) if learn else None) for name, weigh, learn in leaves()]


def decide(body: Body, learned: Learned) -> Border:
    """The most likely border of one body."""
    borders = body.borders
    scores = dict.fromkeys(borders, 0.0)
    evidence = []
    for name, weigh, facts in learned:
        if weights := weigh(body, facts):
            spoken = [(at, weight) for at, weight in weights.items() if at in scores]
            if spoken:
                evidence.append((name, tuple(sorted(spoken))))
            for at, weight in spoken:
                scores[at] += weight
    best = borders[0]
    margin = math.inf
    if len(borders) > 1:
        second, first = sorted(scores.values())[-2:]
        margin = first - second
        equal = [at for at in borders if scores[at] == first]
        four = len(body.paragraphs) - 4
        best = min(equal, key=lambda at: abs(four - at)) if len(equal) > 1 else equal[0]
    return Border(best, tuple(evidence), margin)
