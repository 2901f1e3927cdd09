"""Which findings a person wants to see, and of which files.

A selector is a code, the beginning of one, or a rule's name: ``Q003``, ``P1``, ``R``, ``repeated-option``.
Of several that hold for a code the longest decides; of two as long as each other, the one that ignores.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatch
from pathlib import Path

from ingest.errors import IngestError, unknown
from ingest.model.diagnostic import Severity

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
        from ingest.rules import catalogue

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
        below = (place.relative_to(self.folder) if place.is_relative_to(self.folder) else place).as_posix()
        pattern = pattern.removeprefix("./").rstrip("/")
        return any((fnmatch(below, pattern), fnmatch(below, f"{pattern}/*"), fnmatch(place.name, pattern)))

    def _is_grave(self, code: str) -> bool:
        from ingest.rules import rule

        return self.severity is Severity.INFO or (
            _GRAVITY.index(rule(code).severity) >= _GRAVITY.index(self.severity)
        )

    def with_flags(
        self,
        select: tuple[str, ...] | None = None,
        extend_select: tuple[str, ...] = (),
        ignore: tuple[str, ...] | None = None,
    ) -> Choice:
        """The choice with what a person has said on the command line: that wins, also where the settings
        ignore what is selected there."""
        wanted = (*(select or ()), *extend_select)
        ignored = tuple(each for each in self.ignore if not any(each.startswith(code) for code in wanted))
        return replace(
            self,
            select=self.select if select is None else select,
            extend_select=(*self.extend_select, *extend_select),
            ignore=ignored if ignore is None else ignore,
        )

    @property
    def failing(self) -> frozenset[Severity]:
        """The severities that fail the run."""
        return frozenset({Severity.ERROR, Severity.WARNING} if self.strict else {Severity.ERROR})


def selectors(values: Sequence[str]) -> tuple[str, ...]:
    """Selectors as a person wrote them. Raises ``IngestError`` for one that selects nothing."""
    found = tuple(_selector(value) for value in values if value.strip())
    if values and not found:
        raise IngestError("an empty selection: name codes, or their beginnings")
    return found


def _selector(value: str) -> str:
    from ingest.rules import catalogue, rule

    code = value.strip().upper()
    if code == "ALL":
        return ""
    if any(known.startswith(code) for known in catalogue()):
        return code
    names = {rule(known).name: known for known in catalogue()}
    if value.strip().lower() in names:
        return names[value.strip().lower()]
    hint = unknown("rule", code, catalogue())
    raise IngestError(hint if "did you mean" in hint else f"unknown rule {code!r}; see ingest rules")


def _longest(code: str, selectors: Iterable[str]) -> int:
    """The length of the longest selector that holds for the code; -1 where none does."""
    return max((len(each) for each in selectors if code.startswith(each)), default=-1)
