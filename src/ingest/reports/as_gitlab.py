"""A code quality report, which GitLab shows in the merge request.

Source: "Code Quality", section "Code Quality report format", in GitLab's documentation.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.diagnostic import Diagnostic, Severity
from ingest.reports import Report, fingerprints, said

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> Iterator[str]:
    """A JSON array with one object a finding."""
    entries = [
        _entry(each, fingerprint)
        for each, fingerprint in zip(report.diagnostics(), fingerprints(report), strict=True)
    ]
    yield orjson.dumps(entries, option=orjson.OPT_INDENT_2).decode()


def _entry(diagnostic: Diagnostic, fingerprint: str) -> dict[str, object]:
    return {
        "description": said(diagnostic) + (f" ({diagnostic.hint})" if diagnostic.hint else ""),
        "check_name": diagnostic.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[diagnostic.severity],
        "location": {
            "path": diagnostic.file.removeprefix("./"),
            "positions": {
                "begin": {"line": diagnostic.line, "column": diagnostic.column},
                "end": {"line": diagnostic.end_line, "column": diagnostic.end_column},
            },
        },
    }
