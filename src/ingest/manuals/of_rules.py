"""The manuals of all rules as one page: docs/rules.md."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.manuals import cell, summary, with_bold
from ingest.rules import Rule, rules

_FAMILIES = {
    "T": "text and encoding",
    "P": "parsing and doubt: whether a dump was read right",
    "Q": "question integrity",
    "R": "references",
    "S": "the form of converted files",
    "W": "what a format cannot hold",
}
_HEADINGS = "Why it matters|Example|How to mend it|Found by"


def render() -> str:
    """The page, in Markdown: a table of all rules, then each manual."""
    return "\n".join([*_head(), *(line for entry in rules() for line in _manual(entry))])


def _head() -> Iterator[str]:
    yield "# Rules\n"
    yield "Made by `make docs` from the rules themselves; `ingest rules CODE` prints one manual.\n"
    yield "A finding of severity error fails a run; a warning with `--strict`; a note (info) never does, and"
    yield "is shown with `--severity info`. Rules marked with a star are run by `ingest validate` only; the"
    yield "codes of the others travel with the records of `ingest convert`.\n"
    for letter, meaning in _FAMILIES.items():
        yield f"- **{letter}**: {meaning}"
    yield "\n| code | name | severity | finds |\n| --- | --- | --- | --- |"
    for entry in rules():
        star = "" if entry.in_records else "*"
        link = f"[{entry.code}](#{_anchor(entry)}){star}"
        yield f"| {link} | {entry.name} | {entry.severity} | {cell(summary(entry.manual))} |"


def _manual(entry: Rule) -> Iterator[str]:
    yield f"\n## {entry.code} {entry.name}\n"
    yield with_bold(entry.manual, _HEADINGS)


def _anchor(entry: Rule) -> str:
    return f"{entry.code.lower()}-{entry.name}"
