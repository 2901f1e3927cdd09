"""What validating one file gives."""

from __future__ import annotations

from collections.abc import Callable, Container
from dataclasses import dataclass

from ingest.model.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Checked:
    """One file with its findings."""

    file: str
    """Its path as it was given, with forward slashes; below the working folder, from there."""
    questions: int
    """How many it holds."""
    diagnostics: tuple[Diagnostic, ...]
    """Sorted by place."""
    line: Callable[[int], str]
    """A line of the file by its number; empty where there is none."""
    error: str | None = None
    """Why it could not be read at all."""

    def fails(self, severities: Container[Severity]) -> bool:
        """Whether a finding is of one of these severities."""
        return any(each.severity in severities for each in self.diagnostics)
