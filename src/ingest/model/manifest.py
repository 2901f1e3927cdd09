"""The list of what was made from what: ``out/manifest.json``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

from ingest.model.question import Code, Pattern

Sha256 = Annotated[str, Pattern("^[0-9a-f]{64}$")]

_CONFIG = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Output:
    """One file that was written."""

    path: str
    """Below the output folder, with forward slashes."""
    format: str
    sha256: Sha256
    made_from: Annotated[str, Pattern("^[0-9a-f]{16}$")]
    """Hash of all that it depends on: the input, its corrections, the settings, the program's version."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Doubt:
    """A question that a finding of severity warning or error concerns."""

    number: int | None
    findings: tuple[Code, ...]
    """The codes of all its findings."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class ManifestEntry:
    """One input, and what was made from it."""

    file: str
    """Its name, as in its records."""
    sha256: Sha256
    corrections: Sha256 | None
    """Of the correction file beside it; null where there is none."""
    questions: int
    doubtful: tuple[Doubt, ...]
    selected: int | None
    """How many of the questions were written; null for all."""
    settled: int
    """Questions that a person has checked or corrected."""
    rejected: int
    """Blocks that gave no record."""
    errors: int
    """Findings of severity error."""
    warnings: int
    outputs: tuple[Output, ...]

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Manifest:
    """What stands in an output folder. Holds no time and no path from outside of it, so that the same inputs
    give the same bytes."""

    kind: Literal["manifest"]
    version: str
    """Of the program that wrote it."""
    files: tuple[ManifestEntry, ...]
    """Sorted by name."""

    __pydantic_config__ = _CONFIG
