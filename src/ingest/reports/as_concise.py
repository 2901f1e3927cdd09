"""One line a finding, for editors and for searching."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.parts.visible import visible
from ingest.reports import Report, said


def render(report: Report) -> Iterator[str]:
    """``file:line:column: CODE message``."""
    for each in report.diagnostics():
        yield visible(f"{each.file}:{each.line}:{each.column}: {each.code} {said(each)}")
