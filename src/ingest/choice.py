"""Which findings a person wants to see, and of which files.

A selector is a code or the beginning of one: ``Q003``, ``P1``, ``R``. Of several that hold for a code the
longest decides; of two as long as each other, the one that ignores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from ingest.errors import IngestError, unknown
from ingest.model.diagnostic import Severity
from ingest.rules import catalogue, rule

_GRAVITY = (Severity.INFO, Severity.WARNING, Severity.ERROR)
_EVERY = ("",)


@dataclass(frozen=True, slots=True)
class Choice:
    """The rules that count."""

    select: tuple[str, ...] = _EVERY
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Patterns for paths below ``folder``, or for names; with the selectors to ignore there."""
    severity: Severity = Severity.WARNING
    """The least severity that is shown."""
    strict: bool = False
    """Whether warnings fail the run."""
    folder: Path = Path()
    """Where the settings file is."""

    def codes(self, path: Path) -> frozenset[str]:
        """The codes that count for a file."""
        ignored = [*self.ignore]
        for pattern, selectors in self.per_file_ignores:
            if self._is_meant(path, pattern):
                ignored += selectors
        selected = (*self.select, *self.extend_select)
        return frozenset(
            code
            for code in catalogue()
            if _longest(code, selected) > _longest(code, ignored) and self._is_grave(code)
        )

    def _is_meant(self, path: Path, pattern: str) -> bool:
        place = path.absolute()
        below = place.relative_to(self.folder) if place.is_relative_to(self.folder) else place
        return fnmatch(below.as_posix(), pattern) or fnmatch(place.name, pattern)

    def _is_grave(self, code: str) -> bool:
        return self.severity is Severity.INFO or (
            _GRAVITY.index(rule(code).severity) >= _GRAVITY.index(self.severity)
        )

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that fail the run."""
        return frozenset({Severity.ERROR, Severity.WARNING} if self.strict else {Severity.ERROR})


def selectors(values: Sequence[str]) -> tuple[str, ...]:
    """Selectors as a person wrote them. Raises ``IngestError`` for one that selects nothing."""
    return tuple(_selector(value) for value in values if value.strip())


def _selector(value: str) -> str:
    code = value.strip().upper()
    if code == "ALL":
        return ""
    if not code or not any(known.startswith(code) for known in catalogue()):
        raise IngestError(unknown("rule", code, catalogue()))
    return code


def _longest(code: str, selectors: Iterable[str]) -> int:
    """The length of the longest selector that holds for the code; -1 where none does."""
    return max((len(each) for each in selectors if code.startswith(each)), default=-1)
