"""For people at a terminal: ``[-old-]{+new+}``, in colour where there is any."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click

from ingest.differences import Compared, label, name, shorten, shown, title
from ingest.model.difference import Change, Entry, Text, Words
from ingest.parts.visible import visible

_MOST_MOVED = 20
_COLOURS = {"added": "green", "removed": "red", "changed": "yellow"}


def render(compared: Compared) -> Iterator[str]:
    """A line for each question, and one for each of its changes; then what moved."""
    difference = compared.difference
    yield f"{_line(compared.old_file)} → {_line(compared.new_file)}"
    for entry in difference.entries:
        yield from _one(entry)
    if difference.moved:
        moved = [name(*each).removeprefix("question ") for each in difference.moved[:_MOST_MOVED]]
        rest = len(difference.moved) - len(moved)
        yield f"moved: {', '.join(moved)}" + (f" and {rest} more" if rest else "")


def _one(entry: Entry) -> Iterator[str]:
    yield click.style(title(entry), fg=_COLOURS[entry.status], bold=True)
    if entry.changes:
        for change in entry.changes:
            yield from _change(change)
        return
    placed = entry.new or entry.old
    if placed is not None:
        yield f"    {_line(placed.question.stem)}"


def _change(change: Change) -> Iterator[str]:
    what = _line(label(change))
    if change.words:
        yield f"    {what}: {_words(change.words)}"
    elif change.field in ("answer", "accepted", "type", "select_count"):
        yield f"    {what}: {_all(change.old, 'removed')} → {_all(change.new, 'added')}"
    else:
        yield from (f"    {what} removed: {_marked('removed', each.text)}" for each in change.old)
        yield from (f"    {what} added: {_marked('added', each.text)}" for each in change.new)


def _words(words: Sequence[Words]) -> str:
    line = ""
    before = ""
    for each in shown(words):
        is_exchanged = before == "removed" and each.op == "added"
        space = "" if each.is_joined or is_exchanged or not line else " "
        line += space + _marked(each.op, each.text)
        before = each.op
    return line


def _marked(op: str, text: str) -> str:
    if op == "removed":
        return click.style(f"[-{_line(text)}-]", fg="red")
    if op == "added":
        return click.style(f"{{+{_line(text)}+}}", fg="green")
    return visible(text)


def _all(texts: Sequence[Text], op: str) -> str:
    named = [
        f"{_line(each.option)} “{_line(each.text)}”" if each.option else _line(each.text) for each in texts
    ]
    return click.style(", ".join(named) or "none", fg=_COLOURS[op])


def _line(text: str) -> str:
    return visible(shorten(text))
