"""One JSON object with all findings, for programs."""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.reports import Report


def render(report: Report) -> Iterator[str]:
    """``{"diagnostics": […]}``, each as in converted files."""
    yield orjson.dumps({"diagnostics": list(report.diagnostics())}, option=orjson.OPT_INDENT_2).decode()
