"""The rules: one file each, found by looking into this folder.

A file's name is its code and its name: ``q001_no_right_option.py`` is Q001, ``no-right-option``. Its
docstring is the manual that ``ingest rules Q001`` prints. It has ``SEVERITY``, and ``REJECTS = True``
when a question with this finding is no usable record. A rule over finished records has
``check(questions) -> Iterator[Problem]``; one over several files has ``check_sets(sets) ->
Iterator[tuple[int, Problem]]``, with the place of the set.

The rules of this folder tell whether a record may be read wrong or is of no use: ``convert`` runs them, and
their codes travel with the record. Those of the folder ``quality`` are run by ``ingest validate`` alone.
Those of ``elsewhere`` check nothing: they are found by the stage that their manual names.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib import import_module
from typing import NamedTuple

from ingest.locales import CourseWords
from ingest.model.block import Reading
from ingest.model.diagnostic import Fix, Severity
from ingest.model.limits import Limits
from ingest.model.question import Question
from ingest.parts.docstrings import docstring

_QUALITY, _ELSEWHERE = "quality", "elsewhere"


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of one question."""

    index: int
    """Which question of the set."""
    message: str
    field: str = "stem"
    """Where: ``header``, ``stem``, ``stem.last``, ``options.0`` …, ``reasons.0`` … (what is said of an
    option), ``explanation``, ``topic``, ``references.0`` …; the header where the question has no such
    field."""
    hint: str | None = None
    text: str | None = None
    """The offending text, where it is a part of the field: as the record has it."""
    fix: Fix | None = None


@dataclass(frozen=True)
class QuestionSet:
    """What rules look at: the questions of one file and, for a dump, how they were read."""

    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]
    """One for each question; empty where the file was converted before."""
    words: CourseWords
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The topics that a person's settings list, each with its other names; empty where there is no list."""
    file: str = ""
    """The name of the file."""
    limits: Limits = field(default_factory=Limits)
    """How much one input may hold."""

    @cached_property
    def lettered(self) -> frozenset[int]:
        """The questions whose explanation holds a letter by itself, which several rules look for."""
        from ingest.parts.letters import has_lone_letter

        return frozenset(
            index
            for index, question in enumerate(self.questions)
            if question.explanation and has_lone_letter(question.explanation)
        )

    @cached_property
    def odd_texts(self) -> tuple[str, ...]:
        """For each question those of its texts that are not all ASCII."""
        from ingest.parts.fields import odd_text

        return tuple(map(odd_text, self.questions))


Check = Callable[[QuestionSet], Iterator[Problem]]
CheckSets = Callable[[Sequence[QuestionSet]], Iterator[tuple[int, Problem]]]


class Rule(NamedTuple):
    """One entry of the catalogue."""

    code: str
    name: str
    severity: Severity
    rejects: bool
    module: str
    in_records: bool
    """Whether ``convert`` looks for it too."""
    check: Check | None
    check_sets: CheckSets | None

    @property
    def manual(self) -> str:
        return docstring(self.module)


@cache
def catalogue() -> dict[str, str]:
    """Every code with the name of its module below this folder, sorted, without loading any."""
    here = [entry.name for entry in pkgutil.iter_modules(__path__) if not entry.ispkg]
    below = [
        f"{folder}.{entry.name}"
        for folder in (_QUALITY, _ELSEWHERE)
        for entry in pkgutil.iter_modules([f"{__path__[0]}/{folder}"])
    ]
    return dict(sorted((_name(module).split("_", 1)[0].upper(), module) for module in [*here, *below]))


def _name(module: str) -> str:
    return module.rpartition(".")[2]


@cache
def rule(code: str) -> Rule:
    """The rule of a code. Raises ``KeyError`` for an unknown one."""
    path = catalogue()[code]
    name = f"{__name__}.{path}"
    module = import_module(name)
    return Rule(
        code=code,
        name=_name(path).split("_", 1)[1].replace("_", "-"),
        severity=module.SEVERITY,
        rejects=getattr(module, "REJECTS", False),
        module=name,
        in_records=not path.startswith(_QUALITY),
        check=getattr(module, "check", None),
        check_sets=getattr(module, "check_sets", None),
    )


def rules(*, every: bool = True) -> Iterator[Rule]:
    """The rules, sorted by code: every one, or those that ``convert`` runs, without loading another."""
    return (rule(code) for code, path in catalogue().items() if every or "." not in path)
