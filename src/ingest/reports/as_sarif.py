"""SARIF 2.1.0, which code hosts and editors read.

Source: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS Standard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson

from ingest.model.diagnostic import Diagnostic, Severity
from ingest.reports import Report, fingerprints, said
from ingest.rules import Rule, rule

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def render(report: Report) -> Iterator[str]:
    """One log with one run; its rules are those that found something."""
    codes = sorted({each.code for each in report.diagnostics()})
    places = {code: place for place, code in enumerate(codes)}
    driver = {
        "name": "ingest",
        "version": report.version,
        "rules": [_rule(rule(code)) for code in codes],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(each, places[each.code], fingerprint)
            for each, fingerprint in zip(report.diagnostics(), fingerprints(report), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    yield orjson.dumps(log, option=orjson.OPT_INDENT_2).decode()


def _rule(entry: Rule) -> dict[str, Any]:
    summary, _, rest = entry.manual.partition("\n\n")
    return {
        "id": entry.code,
        "name": "".join(word.capitalize() for word in entry.name.split("-")),
        "shortDescription": {"text": summary.replace("\n", " ")},
        "fullDescription": {"text": summary.replace("\n", " ")},
        "help": {"text": rest or summary},
        "defaultConfiguration": {"level": _LEVELS[entry.severity]},
    }


def _result(diagnostic: Diagnostic, rule_index: int, fingerprint: str) -> dict[str, Any]:
    message = said(diagnostic) + (f"\n{diagnostic.hint}" if diagnostic.hint else "")
    return {
        "ruleId": diagnostic.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": message},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": quote(diagnostic.file.removeprefix("./"))},
                    "region": {
                        "startLine": diagnostic.line,
                        "startColumn": diagnostic.column,
                        "endLine": diagnostic.end_line,
                        "endColumn": diagnostic.end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"ingest/v1": fingerprint},
        "properties": {"number": diagnostic.number, "id": diagnostic.id},
    }
