"""The public record of one converted file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.integer import Integer
from ingest.model.question import Code, Pattern, Question

SCHEMA_VERSION: Literal["1.0"] = "1.0"

FurnitureKind = Literal["preamble", "page", "dropped"]

_CONFIG = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Provenance:
    """The file that was read."""

    file: str
    """Its name below the folder or argument it was given by; never absolute."""
    sha256: Annotated[str, Pattern("^[0-9a-f]{64}$")]
    encoding: str
    labels: str | None
    """The locale of its labels; null where no label was found."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Rejected:
    """A block of text that is no usable question, kept whole."""

    number: Integer | None
    lines: tuple[Integer, Integer]
    text: str
    """All its lines; without what the sitter did, unless that was asked for."""
    findings: tuple[Code, ...]

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Furniture:
    """Lines outside questions."""

    lines: tuple[Integer, Integer]
    kind: FurnitureKind

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Document:
    """Everything that one file holds."""

    schema_version: Literal["1.0"]
    source: Provenance
    questions: tuple[Question, ...]
    rejected: tuple[Rejected, ...]
    furniture: tuple[Furniture, ...]
    diagnostics: tuple[Diagnostic, ...]

    __pydantic_config__ = _CONFIG

    @property
    def doubtful(self) -> tuple[Question, ...]:
        """The questions that a finding of severity warning or error concerns; the others are sure."""
        grave = {each.code for each in self.diagnostics if each.severity is not Severity.INFO}
        return tuple(each for each in self.questions if not grave.isdisjoint(each.findings))
