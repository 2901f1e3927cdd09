"""JUnit XML, which nearly every build server reads.

A file is a test suite and a finding a test case; a file without findings has one case that passes. A
finding that does not fail the run is a passed case with the finding as its output. Source: the schema
junit-10.xsd of the Jenkins xUnit plugin.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic
from ingest.reports import Report, said

# What XML 1.0 cannot hold, not even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(report: Report) -> Iterator[str]:
    """The XML document, some lines a finding."""
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield '<testsuites name="ingest validate">'
    for file in report.files:
        yield from _suite(file, report)
    yield "</testsuites>"


def _suite(file: Checked, report: Report) -> Iterator[str]:
    failures = sum(each.severity in report.failing for each in file.diagnostics)
    tests = max(len(file.diagnostics), 1)
    name = _attribute(file.file)
    errors = 1 if file.error else 0
    yield f'  <testsuite name={name} tests="{tests}" failures="{failures}" errors="{errors}">'
    if file.error:
        yield f'    <testcase classname={name} name="readable" time="0">'
        yield f"      <error message={_attribute(file.error)}/>"
        yield "    </testcase>"
    elif not file.diagnostics:
        yield f'    <testcase classname={name} name="no findings" time="0"/>'
    for diagnostic in file.diagnostics:
        yield from _case(diagnostic, fails=diagnostic.severity in report.failing)
    yield "  </testsuite>"


def _case(diagnostic: Diagnostic, *, fails: bool) -> Iterator[str]:
    place = f"{diagnostic.file}:{diagnostic.line}:{diagnostic.column}"
    about = "" if diagnostic.number is None else f" question {diagnostic.number}"
    title = f"{diagnostic.code} {diagnostic.name}{about} at {diagnostic.line}:{diagnostic.column}"
    text = f"{place}: {diagnostic.code} {said(diagnostic)}" + (
        f"\n{diagnostic.hint}" if diagnostic.hint else ""
    )
    yield f'    <testcase classname={_attribute(diagnostic.file)} name={_attribute(title)} time="0">'
    if fails:
        kind = _attribute(diagnostic.severity.value)
        yield f"      <failure type={kind} message={_attribute(said(diagnostic))}>{_text(text)}</failure>"
    else:
        yield f"      <system-out>{_text(text)}</system-out>"
    yield "    </testcase>"


def _text(text: str) -> str:
    return escape(_FORBIDDEN.sub("\ufffd", text))


def _attribute(text: str) -> str:
    return quoteattr(_FORBIDDEN.sub("\ufffd", text), {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
