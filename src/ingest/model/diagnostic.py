"""What is wrong, where, and what to do about it.

A stage or a rule hands on a ``Finding`` (a code and a place in the text); the catalogue of rules
knows its name and severity, and the two together, placed in the file, are a ``Diagnostic``.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from ingest.model.integer import Integer
from ingest.model.source import Span


class Severity(StrEnum):
    """How much a finding matters: an error fails the run, a warning with ``--strict``."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Fix(NamedTuple):
    """A change to one question that cannot change its meaning."""

    old: str
    """What is replaced."""
    new: str | None
    """By what; null takes the value of the field out."""
    field: str = ""
    """Where, as rules name it; empty for all texts of the question."""


class Finding(NamedTuple):
    """One defect as a stage or rule reports it."""

    code: str
    """``T``, ``P``, ``Q`` or ``R`` and three digits; the rule file of that code is its manual."""
    message: str
    """One terse sentence that names the offending text."""
    span: Span
    """Where it stands in the decoded text."""
    hint: str | None = None
    """What a person can do."""
    question: int | None = None
    """Index of the question in the file's order of reading; null for the file itself."""
    fix: Fix | None = None
    """What mends it in a converted file, where that cannot change the meaning."""


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """A finding with its place in the file as given: lines and columns are 1-based, in code points,
    the end exclusive. ``number`` and ``id`` are the question's, or null."""

    code: str
    name: str
    severity: Severity
    message: str
    hint: str | None
    file: str
    line: Integer
    column: Integer
    end_line: Integer
    end_column: Integer
    number: Integer | None
    id: str | None

    __pydantic_config__ = {"extra": "forbid", "use_attribute_docstrings": True}  # noqa: RUF012 - read by pydantic, never changed
