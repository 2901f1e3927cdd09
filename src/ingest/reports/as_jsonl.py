"""One JSON object a line and finding, for programs that read as they go."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.reports import Report


def render(report: Report) -> Iterator[str]:
    """Each finding as in converted files."""
    for diagnostic in report.diagnostics():
        yield orjson.dumps(diagnostic).decode()
