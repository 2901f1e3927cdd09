"""Workflow commands, from which a GitHub runner makes annotations in the pull request.

Source: "Workflow commands for GitHub Actions" in GitHub's documentation, and the escapes of its toolkit
(``@actions/core``, command.ts). A runner shows at most ten annotations of each kind a step; all stand in the
log.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model.diagnostic import Diagnostic, Severity
from ingest.parts.visible import visible
from ingest.reports import Report, said

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> Iterator[str]:
    """``::error file=…,line=…::message``, one a finding."""
    return map(_command, report.diagnostics())


def _command(diagnostic: Diagnostic) -> str:
    places = {
        "file": diagnostic.file,
        "line": diagnostic.line,
        "col": diagnostic.column,
        "endLine": diagnostic.end_line,
        "endColumn": diagnostic.end_column,
        "title": f"{diagnostic.code} {diagnostic.name}",
    }
    if diagnostic.end_line != diagnostic.line:
        del places["col"], places["endColumn"]  # the runner takes columns on one line only
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in places.items())
    message = said(diagnostic) + (f"\n{diagnostic.hint}" if diagnostic.hint else "")
    return f"::{_COMMANDS[diagnostic.severity]} {properties}::{_data(message)}"


def _data(text: str) -> str:
    # Other control characters are shown: what reads the log may obey them.
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
