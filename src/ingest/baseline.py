"""Known findings, which fail no run: an old set need not be mended before new defects are seen.

A finding is known by its code, the question's id and its message, not by its line, so that an entry holds
when lines move or a file is renamed. Equal ones are counted.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from ingest.errors import IngestError
from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic

_VERSION = "1.0"


class Known(NamedTuple):
    """What a finding is known by."""

    code: str
    id: str
    """Of the question; empty for findings about a file."""
    message: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings beside a baseline."""

    files: tuple[Checked, ...]
    """With the new findings only."""
    known: int
    """How many others there are."""
    stale: tuple[Known, ...]
    """Entries without a finding, sorted; one for each time."""


def baseline_of(files: Iterable[Checked]) -> Counter[Known]:
    """The findings of a run as a baseline."""
    return Counter(_known(each) for file in files for each in file.diagnostics)


def compare(files: Sequence[Checked], baseline: Counter[Known]) -> Compared:
    """What is new in a run, and what of the baseline is no longer there."""
    left = baseline.copy()
    fresh = []
    known = 0
    for file in files:
        new = []
        for each in file.diagnostics:
            key = _known(each)
            if left[key] > 0:
                left[key] -= 1
                known += 1
            else:
                new.append(each)
        fresh.append(replace(file, diagnostics=tuple(new)))
    return Compared(tuple(fresh), known, tuple(sorted((+left).elements())))


def render(baseline: Counter[Known]) -> str:
    """The baseline as a file: JSON, sorted, one entry a line, so that changes read well."""
    entries = [
        json.dumps(
            {"code": key.code, "id": key.id or None, "message": key.message, "count": count},
            ensure_ascii=False,
        )
        for key, count in sorted(baseline.items())
    ]
    findings = "\n    " + ",\n    ".join(entries) + "\n  " if entries else ""
    return f'{{\n  "version": "{_VERSION}",\n  "findings": [{findings}]\n}}\n'


def parse(text: str, path: str) -> Counter[Known]:
    """A baseline file. Raises ``IngestError`` that names the file and what is wrong in it."""
    try:
        table = json.loads(text)
        if table["version"] != _VERSION:
            raise IngestError(f"{path}: a baseline of version {table['version']}, not {_VERSION}")
        return Counter(dict(map(_entry, table["findings"])))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise IngestError(f"{path} is no baseline; write one with --write-baseline") from error


def _entry(entry: dict[str, Any]) -> tuple[Known, int]:
    key = Known(entry["code"], entry["id"] or "", entry["message"])
    count = entry["count"]
    if not all(isinstance(each, str) for each in key) or not isinstance(count, int) or count < 1:
        raise ValueError("not what was written")
    return key, count


def _known(diagnostic: Diagnostic) -> Known:
    return Known(diagnostic.code, diagnostic.id or "", diagnostic.message)
