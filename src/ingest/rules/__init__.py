"""The rules: one file each, found by looking into this folder.

A file's name is its code and its name: ``q001_no_right_option.py`` is Q001, ``no-right-option``. Its
docstring is the manual that ``ingest rules Q001`` prints. It has ``SEVERITY``, and ``REJECTS = True``
when a question with this finding is no usable record. A rule over finished records has
``check(questions) -> Iterator[Problem]``; the others are found by the stage that their manual names.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ingest.locales import CourseWords
from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.model.question import Question


@dataclass(frozen=True, slots=True)
class Problem:
    """One defect of one question."""

    index: int
    """Which question of the set."""
    message: str
    field: str = "stem"
    """Where: ``header``, ``stem``, ``stem.last``, ``options.0`` …, ``explanation``, ``topic``; the header
    where the question has no such field."""
    hint: str | None = None


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """What rules look at: the questions of one file and, for a dump, how they were read."""

    questions: tuple[Question, ...]
    readings: tuple[Reading, ...]
    """One for each question; empty where the file was converted before."""
    words: CourseWords


Check = Callable[[QuestionSet], Iterator[Problem]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of the catalogue."""

    code: str
    name: str
    severity: Severity
    rejects: bool
    manual: str
    check: Check | None


@cache
def catalogue() -> dict[str, str]:
    """Every code with the name of its module, sorted, without loading any."""
    modules = sorted(entry.name for entry in pkgutil.iter_modules(__path__))
    return {module.split("_", 1)[0].upper(): module for module in modules}


@cache
def rule(code: str) -> Rule:
    """The rule of a code. Raises ``KeyError`` for an unknown one."""
    name = catalogue()[code]
    module = import_module(f"{__name__}.{name}")
    return Rule(
        code=code,
        name=name.split("_", 1)[1].replace("_", "-"),
        severity=module.SEVERITY,
        rejects=getattr(module, "REJECTS", False),
        manual=(module.__doc__ or "").strip(),
        check=getattr(module, "check", None),
    )


def rules() -> Iterator[Rule]:
    """Every rule, sorted by code."""
    return map(rule, catalogue())
