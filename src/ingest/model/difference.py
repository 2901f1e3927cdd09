"""What changed between two versions of a question set."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from ingest.model.question import Question

Kind = Literal["key", "options", "stem", "explanation", "topic", "references", "type"]
KINDS: tuple[Kind, ...] = get_args(Kind)
"""In the order in which the changes of a question are told."""

Field = Literal[
    "answer",
    "accepted",
    "stem",
    "options",
    "explanation",
    "options.explanation",
    "rationale",
    "topic",
    "references",
    "type",
    "select_count",
]
Status = Literal["added", "removed", "changed"]


@dataclass(frozen=True, slots=True)
class Words:
    """Some words that stand in both of two texts, or only in one of them."""

    op: Literal["same", "removed", "added"]
    text: str
    """With the white space that follows. But for white space, ``same`` and ``added`` make up the new text,
    ``same`` and ``removed`` the old one."""


@dataclass(frozen=True, slots=True)
class Text:
    """A text of a question."""

    text: str
    option: str | None = None
    """The letter of the option it belongs to, in its own version."""


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changed in a question."""

    kind: Kind
    field: Field
    old: tuple[Text, ...]
    """What stood there: all right options for ``answer``, all accepted answers for ``accepted``, what was
    removed for ``references``; else one text or, where there was none, nothing."""
    new: tuple[Text, ...]
    words: tuple[Words, ...] = ()
    """Where one text became another: the two, word by word."""


@dataclass(frozen=True, slots=True)
class Placed:
    """A question and where it stands."""

    place: int
    """0-based, in its set."""
    question: Question


@dataclass(frozen=True, slots=True)
class Entry:
    """A question that is not in both sets as it is."""

    old: Placed | None
    new: Placed | None
    """At least one of the two."""
    changes: tuple[Change, ...] = ()
    """By kind; at least one where the question is in both sets."""

    @property
    def status(self) -> Status:
        if self.old is None:
            return "added"
        return "removed" if self.new is None else "changed"

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds of its changes, each once."""
        return tuple(dict.fromkeys(change.kind for change in self.changes))


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between two versions of a question set."""

    entries: tuple[Entry, ...]
    """In the order of the new set; what was removed follows what it followed in the old one."""
    moved: tuple[tuple[Placed, Placed], ...]
    """Questions, changed or not, that no longer stand in the same order among the others: old and new, in the
    order of the new set. No difference by itself."""
    same: int
    """How many questions of both sets say the same."""
    old_questions: int
    new_questions: int

    def count(self, status: Status) -> int:
        return sum(entry.status == status for entry in self.entries)

    def count_kind(self, kind: Kind) -> int:
        """How many questions have changes of a kind."""
        return sum(kind in entry.kinds for entry in self.entries)

    def names(self) -> Iterator[str]:
        """What has changed at all: ``added``, ``removed`` and kinds of changes."""
        yield from (
            status for status in ("added", "removed") if any(e.status == status for e in self.entries)
        )
        yield from (kind for kind in KINDS if self.count_kind(kind))
