"""For a comment on a pull request, on GitHub and GitLab: a summary, then each question; long ones, and all
where there are many, are folded.

What comes out of question sets cannot break the page: it is escaped, so that no mark of Markdown and no HTML
counts, no address becomes a link, and nobody is mentioned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ingest.differences import Compared, label, name, shorten, shown, summary, title
from ingest.model.difference import Change, Entry, Text, Words
from ingest.parts.counted import counted
from ingest.parts.visible import visible

_MOST_OPEN = 10
"""Questions, above which all are folded."""
_LONG = 700
"""Letters of a question's changes, above which they are folded."""
_MOST_LETTERS = 60_000
"""A comment on GitHub has room for 65,536."""
_MOST_MOVED = 20
_MARKS = re.compile(r"([\\`*_\[\]|~])")
_MENTION = re.compile(r"([@#!%^&~])(?=[\w\"'])")
_ADDRESS = re.compile(r"(?i)\b(https?|ftp|mailto|xmpp|www|gh)(?=[:.-])")
# Dollar signs that begin no formula, as GitHub asks for them.
_INSTEAD = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ("$", "<span>$</span>"))
_GAP = "&#8203;"
"""A space of no width: there is nothing to see, and no mention and no link any more."""


def render(compared: Compared) -> Iterator[str]:
    """A heading with the summary, the questions, and what moved."""
    difference = compared.difference
    yield f"**{_code(compared.old_file)} → {_code(compared.new_file)}**: {summary(difference)}"
    room = _MOST_LETTERS
    for count, entry in enumerate(difference.entries):
        block = _one(entry, has_many=len(difference.entries) > _MOST_OPEN)
        room -= sum(map(len, block))
        if room < 0:
            yield from ("", f"… and {counted(len(difference.entries) - count, 'more question')}")
            break
        yield ""
        yield from block
    if difference.moved:
        moved = [name(*each).removeprefix("question ") for each in difference.moved[:_MOST_MOVED]]
        rest = len(difference.moved) - len(moved)
        yield from ("", f"Moved: {', '.join(moved)}" + (f" and {rest} more" if rest else ""))


def escape(text: str) -> str:
    r"""A text, in one line, that Markdown shows as it is.

    >>> escape("<b>*x*</b> @me")
    '&lt;b&gt;\\*x\\*&lt;/b&gt; @&#8203;me'
    """
    line = visible(" ".join(text.split()))
    # No text has a control character any more.
    line = _ADDRESS.sub("\\1\0", _MENTION.sub("\\1\0", line))
    for sign, instead in _INSTEAD:
        line = line.replace(sign, instead)
    return _MARKS.sub(r"\\\1", line).replace("\0", _GAP)


def _code(text: str) -> str:
    """A text as code, whatever ticks it has."""
    line = visible(" ".join(text.split()))
    fence = "`" * (max(map(len, re.findall("`+", line)), default=0) + 1)
    space = " " if line.startswith("`") or line.endswith("`") else ""
    return f"{fence}{space}{line}{space}{fence}"


def _one(entry: Entry, *, has_many: bool) -> list[str]:
    said = title(entry)
    said = said[0].upper() + said[1:]
    lines = list(_lines(entry))
    if has_many or sum(map(len, lines)) > _LONG:
        return ["<details>", f"<summary>{said}</summary>", "", *lines, "", "</details>"]
    return [f"**{said}**", "", *lines]


def _lines(entry: Entry) -> Iterator[str]:
    for change in entry.changes:
        yield from _change(change)
    placed = entry.new or entry.old
    if placed is not None and not entry.changes:
        yield f"- stem: {escape(shorten(placed.question.stem))}"
        for option in placed.question.options:
            yield f"- option {escape(option.id)}{' (right)' if option.correct else ''}: {_text(option.text)}"


def _change(change: Change) -> Iterator[str]:
    what = escape(label(change))
    if change.words:
        yield f"- {what}: {_words(change.words)}"
    elif change.field in ("answer", "accepted", "type", "select_count"):
        yield f"- {what}: {_all(change.old, '~~')} → {_all(change.new, '**')}"
    else:
        mark = _code if change.field == "references" else _text
        yield from (f"- {what} removed: {mark(each.text)}" for each in change.old)
        yield from (f"- {what} added: {mark(each.text)}" for each in change.new)


def _words(words: Sequence[Words]) -> str:
    """Always with spaces around the marks, without which they may not count."""
    line = ""
    before = "same"
    for each in shown(words):
        is_plain = each.op == before == "same"
        space = "" if not line or (each.is_joined and is_plain) else " "
        line += space + _marked(each.op, each.text)
        before = each.op
    return line


def _marked(op: str, text: str) -> str:
    mark = {"removed": "~~", "added": "**"}.get(op, "")
    return f"{mark}{escape(text)}{mark}"


def _all(texts: Sequence[Text], mark: str) -> str:
    named = [
        f"{escape(each.option)} “{_text(each.text)}”" if each.option else _text(each.text) for each in texts
    ]
    return ", ".join(f"{mark}{each}{mark}" for each in named) or "none"


def _text(text: str) -> str:
    return escape(shorten(text))
