"""How the difference of two question sets is shown: one form a file, found by looking into this folder.

A file is named after its form: ``as_markdown.py`` is ``markdown``. Its docstring says whom it is for. It has
``render(compared) -> Iterator[str]``, which gives the lines of the output.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import NamedTuple

from ingest.model.difference import KINDS, Change, Difference, Entry, Kind, Placed, Words
from ingest.parts.word_changes import spaced_words

_CONTEXT = 6
"""Words shown on either side of a change."""
_LONGEST = 40
"""Words shown of a text, above which its middle is left out."""
_LONGEST_WORD = 200
_PLURALS: dict[Kind, str] = {
    "key": "keys changed",
    "stem": "stems changed",
    "explanation": "explanations changed",
    "topic": "topics changed",
    "type": "types changed",
}


@dataclass(frozen=True, slots=True)
class Compared:
    """What one run has found."""

    old_file: str
    """As the reader knows it."""
    new_file: str
    difference: Difference


Render = Callable[[Compared], Iterator[str]]


@cache
def formats() -> tuple[str, ...]:
    """The names of all forms, sorted, without loading any."""
    return tuple(sorted(entry.name.removeprefix("as_") for entry in pkgutil.iter_modules(__path__)))


def renderer(name: str) -> Render:
    """What renders a form. Raises ``KeyError`` for an unknown one."""
    if name not in formats():
        raise KeyError(name)
    render: Render = import_module(f"{__name__}.as_{name}").render
    return render


def summary(difference: Difference) -> str:
    """What changed, counted in questions: ``2 added, 1 removed, 1 key changed, 60 the same``."""
    told = [f"{count} {name}" for name in ("added", "removed") if (count := difference.count(name))]
    told += (_counted(kind, count) for kind in KINDS if (count := difference.count_kind(kind)))
    told.append(f"{difference.same} the same")
    return ", ".join(told) + (f"; {len(difference.moved)} moved" if difference.moved else "")


def _counted(kind: Kind, count: int) -> str:
    if kind in ("options", "references"):
        return f"{kind} of {count} changed"
    return f"1 {kind} changed" if count == 1 else f"{count} {_PLURALS[kind]}"


def title(entry: Entry) -> str:
    """Which question it is, and what happened to it."""
    if entry.status == "changed":
        return f"{name(entry.old, entry.new)}: {', '.join(entry.kinds)} changed"
    return f"{name(entry.old, entry.new)}: {entry.status}"


def name(old: Placed | None, new: Placed | None) -> str:
    """A question by its number, or its place where it has none; with the old one where that is another."""
    now, before = _numbered(new), _numbered(old)
    return f"question {now or before}" + (f" (was {before})" if now and before and now != before else "")


def _numbered(placed: Placed | None) -> str:
    if placed is None:
        return ""
    number = placed.question.number
    return f"at place {placed.place + 1}" if number is None else str(number)


def label(change: Change) -> str:
    """The name of what changed, without what happened to it: ``option B``."""
    letter = (change.new or change.old)[0].option if change.new or change.old else None
    names = {
        "answer": "key",
        "accepted": "accepted answers",
        "options": f"option {letter}",
        "options.explanation": f"explanation of option {letter}",
        "select_count": "answers to select",
    }
    return names.get(change.field, change.field)


class Shown(NamedTuple):
    """Some words as people see them, in one line; or an ellipsis for words left out."""

    op: str
    """``same``, ``removed`` or ``added``; words left out are ``same``."""
    text: str
    is_joined: bool
    """Whether it follows what stands before it without a space."""


def shown(words: Sequence[Words]) -> Iterator[Shown]:
    """The changes with some words on either side."""
    is_joined = True
    for place, each in enumerate(words):
        if each.op == "same":
            line = " ".join(each.text.split())
            pieces = _ends(line, has_before=place > 0, has_after=place < len(words) - 1)
        else:
            pieces = [shorten(each.text)]
        for count, piece in enumerate(pieces):
            if count:
                yield Shown("same", "…", is_joined=False)
            if piece:
                yield Shown(each.op, piece, is_joined=is_joined and not count)
        is_joined = not each.text[-1:].isspace()


def _ends(line: str, *, has_before: bool, has_after: bool) -> list[str]:
    """What is shown of words that are the same: those next to a change, in two pieces, one of which may be
    empty, where others are left out between them."""
    words = spaced_words(line)
    head = _CONTEXT if has_before else 0
    tail = _CONTEXT if has_after else 0
    if len(words) <= head + tail + 1:
        return [_joined(words)]
    return [_joined(words[:head]), _joined(words[len(words) - tail :])]


def shorten(text: str) -> str:
    """A text in one line, without the middle of a long one."""
    words = spaced_words(" ".join(text.split()))
    if len(words) <= _LONGEST:
        return _joined(words)
    half = _LONGEST // 2
    return f"{_joined(words[:half])} … {_joined(words[-half:])}"


def _joined(words: Sequence[str]) -> str:
    return "".join(map(_short_word, words)).rstrip()


def _short_word(word: str) -> str:
    """A word without the middle of what is no word, but a key or a picture in letters."""
    half = _LONGEST_WORD // 2
    return word if len(word) <= _LONGEST_WORD else f"{word[:half]}…{word[-half:]}"
