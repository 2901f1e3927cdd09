"""A code quality report, which GitLab shows in the merge request.

Source: "Code Quality", section "Code Quality report format", in GitLab's documentation.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator

import orjson

from ingest.model.diagnostic import Diagnostic, Severity
from ingest.reports import Report, said

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> Iterator[str]:
    """A JSON array with one object a finding."""
    seen: Counter[str] = Counter()
    entries = [_entry(each, seen) for each in report.diagnostics()]
    yield orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode()


def _entry(diagnostic: Diagnostic, seen: Counter[str]) -> dict[str, object]:
    # Without the line, so that a finding stays the same when lines are put in above it.
    what = "\0".join(
        (diagnostic.file.removeprefix("./"), diagnostic.code, diagnostic.id or "", diagnostic.message)
    )
    seen[what] += 1
    return {
        "description": said(diagnostic) + (f" ({diagnostic.hint})" if diagnostic.hint else ""),
        "check_name": diagnostic.code,
        "fingerprint": hashlib.sha256(f"{what}\0{seen[what]}".encode()).hexdigest()[:32],
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": diagnostic.file.removeprefix("./"),
            "positions": {
                "begin": {"line": diagnostic.line, "column": diagnostic.column},
                "end": {"line": diagnostic.end_line, "column": diagnostic.end_column},
            },
        },
    }
