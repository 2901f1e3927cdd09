"""What each format keeps and loses, and how it is used, as one page: docs/formats.md."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

from ingest.manuals import cell, with_bold
from ingest.writers import FIELDS, Writer, formats, install_command, writer

_HEADINGS = "Use it|Tried|Source"
_INTRODUCTION = """\
# Formats

Made by `make docs` from the formats themselves; `ingest formats NAME` prints one manual.

`ingest convert exam.txt --to NAME` writes a format, `ingest split bank.json --to NAME -o FOLDER` one file a
topic. JSON holds everything. What a format cannot hold of one question is a finding
([W001](rules.md#w001-lost-in-format)); what it never holds stands in the tables below, which the tests
compare with what is written.
"""


def render() -> str:
    """The page, in Markdown: a table of all formats, tables of what they hold, then each manual."""
    every = [writer(name) for name in formats()]
    return "\n".join([*_head(every), *_tables(every), *(line for each in every for line in _manual(each))])


def one(entry: Writer) -> str:
    """The manual of one format, for a terminal, with what it holds and what not."""
    lines = [f"{entry.format}: {', '.join(_files(entry))}"]
    lines += [f"needs: {install_command(entry.extra)}"] if entry.extra else []
    lines += ["", entry.manual, "", "Holds:", *(f"  {text}" for text in _texts(entry.holds))]
    if lost := _texts(FIELDS.keys() - entry.holds):
        lines += ["", "Does not hold:", *(f"  {text}" for text in lost)]
    return "\n".join(lines)


def _texts(names: Collection[str]) -> list[str]:
    return [text for name, text in FIELDS.items() if name in names]


def _head(every: Sequence[Writer]) -> Iterator[str]:
    yield _INTRODUCTION
    yield "| format | gives | is | needs |\n| --- | --- | --- | --- |"
    for each in every:
        files = "<br>".join(f"`{name}`" for name in _files(each))
        needs = f"`{install_command(each.extra)}`" if each.extra else ""
        yield f"| {_link(each)} | {files} | {cell(each.summary)} | {needs} |"


def _tables(every: Sequence[Writer]) -> Iterator[str]:
    yield "\n## What each holds\n"
    yield "### Files for programs\n"
    yield from _table([each for each in every if "findings" in each.holds])
    yield "\n### Flashcards, quizzes, evaluations and sheets\n"
    yield "Their users do not see which records are doubtful: settle the doubts first (`ingest correct`).\n"
    yield from _table([each for each in every if "findings" not in each.holds])


def _table(chosen: Sequence[Writer]) -> Iterator[str]:
    """What all of them hold, what none of them does, and a table of the rest."""
    by_all = frozenset.intersection(*(each.holds for each in chosen))
    by_some = frozenset.union(*(each.holds for each in chosen))
    yield f"- **All hold** {'; '.join(_texts(by_all))}."
    if by_none := _texts(FIELDS.keys() - by_some):
        yield f"- **None holds** {'; '.join(by_none)}."
    yield f"\n| | {' | '.join(map(_link, chosen))} |"
    yield f"| --- |{' :-: |' * len(chosen)}"
    for name in FIELDS:
        if name in by_some - by_all:
            marks = " | ".join("✓" if name in each.holds else "–" for each in chosen)
            yield f"| {cell(FIELDS[name])} | {marks} |"


def _manual(entry: Writer) -> Iterator[str]:
    yield f"\n## {entry.format}\n"
    yield with_bold(entry.manual, _HEADINGS)


def _files(entry: Writer) -> list[str]:
    return [f"exam{name}" for name in entry.names]


def _link(entry: Writer) -> str:
    return f"[{entry.format}](#{entry.format})"
