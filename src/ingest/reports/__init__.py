"""How findings are shown: one form a file, found by looking into this folder.

A file is named after its form: ``as_github.py`` is ``github``. Its docstring says whom it is for. It has
``render(report) -> Iterator[str]``, which gives the lines of the output.
"""

from __future__ import annotations

import hashlib
import pkgutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic, Severity


@dataclass(frozen=True, slots=True)
class Report:
    """What one run has found."""

    files: Sequence[Checked]
    """Sorted by name."""
    version: str
    """Of this program."""
    failing: frozenset[Severity] = frozenset({Severity.ERROR})
    """The severities that fail the run."""

    def diagnostics(self) -> Iterator[Diagnostic]:
        """Every finding, by file and place."""
        return (diagnostic for file in self.files for diagnostic in file.diagnostics)


Render = Callable[[Report], Iterator[str]]


@cache
def formats() -> tuple[str, ...]:
    """The names of all forms, sorted, without loading any."""
    return tuple(sorted(entry.name.removeprefix("as_") for entry in pkgutil.iter_modules(__path__)))


def renderer(name: str) -> Render:
    """What renders a form. Raises ``KeyError`` for an unknown one."""
    if name not in formats():
        raise KeyError(name)
    render: Render = import_module(f"{__name__}.as_{name}").render
    return render


def fingerprints(report: Report) -> Iterator[str]:
    """A hash for each finding, all different, that stays the same when lines are put in above it: over file,
    rule, question, message, and how many such there were before."""
    seen: Counter[str] = Counter()
    for each in report.diagnostics():
        what = "\0".join((each.file.removeprefix("./"), each.code, each.id or "", each.message))
        seen[what] += 1
        yield hashlib.sha256(f"{what}\0{seen[what]}".encode()).hexdigest()[:32]


def said(diagnostic: Diagnostic) -> str:
    """The message with the question it is about."""
    question = "" if diagnostic.number is None else f"question {diagnostic.number}: "
    return f"{question}{diagnostic.message}"


def statistics_of(report: Report, form: str) -> Iterator[str]:
    """How often each rule has found something, the most frequent first: as a table, or for the forms of JSON
    as that."""
    counts = Counter((each.code, each.name, each.severity.value) for each in report.diagnostics())
    rows = sorted(counts.items(), key=lambda entry: (-entry[1], entry[0]))
    if form.startswith("json"):
        import json

        entries = [
            {"code": code, "name": name, "severity": severity, "count": count}
            for (code, name, severity), count in rows
        ]
        yield from (
            map(json.dumps, entries) if form == "jsonl" else [json.dumps({"statistics": entries}, indent=2)]
        )
        return
    for (code, name, severity), count in rows:
        yield f"{count:6}  {code}  {severity:7}  {name}"
