"""A question as tables: one row a question, option, item, accepted answer, reference, finding.

The tables hold every field of a question but the attempt; the key is the options that are ``correct``. What
``csv-tidy``, ``sqlite`` and ``xlsx`` write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ingest.model.question import Question

KEY = ("question_id", "occurrence")
"""What names a question within the document."""

Cell = str | int | bool | tuple[int, ...] | None
Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table."""

    name: str
    type: Literal["string", "integer", "boolean", "array"]
    """As Table Schema calls it; an ``array`` is one of whole numbers."""
    description: str
    is_required: bool = True
    constraints: Mapping[str, object] = field(default_factory=dict)
    """As Table Schema has them."""


@dataclass(frozen=True, slots=True)
class Table:
    """One table: what a question has one or several of."""

    name: str
    title: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Callable[[Question], Iterable[Row]]
    """The rows of one question, without the columns that every table begins with."""

    @property
    def is_inner(self) -> bool:
        """Whether a question may have any number of its rows, which then have a position."""
        return self.key != KEY

    def filled(self, questions: Iterable[Question]) -> Iterator[Row]:
        """All rows, each with its key."""
        is_inner = self.is_inner
        for question in questions:
            for position, row in enumerate(self.rows(question), 1):
                place = (position,) if is_inner else ()
                yield (question.id, question.occurrence, *place, *row)


def _question(question: Question) -> Iterator[Row]:
    yield (
        question.number,
        question.type,
        question.topic,
        question.stem,
        question.select_count,
        question.explanation,
        question.rationale,
        question.fingerprint,
        question.source.file,
        *question.source.lines,
    )


def _options(question: Question) -> Iterator[Row]:
    return ((each.id, each.text, each.correct, each.explanation) for each in question.options)


def _items(question: Question) -> Iterator[Row]:
    return ((each.id, each.text) for each in question.items)


def _references(question: Question) -> Iterator[Row]:
    return ((each.url, each.canonical, each.role, each.lines) for each in question.references)


_FROM_ONE = {"minimum": 1}
_QUESTION_ID = Column(
    "question_id",
    "string",
    "Stays the same when options are shuffled or the key is corrected.",
    constraints={"pattern": "q_[0-9a-f]{16}"},
)
_OCCURRENCE = Column(
    "occurrence", "integer", "1; 2, 3 … for later questions with the same id.", constraints=_FROM_ONE
)
_POSITION = Column("position", "integer", "Place within the question, from 1.", constraints=_FROM_ONE)


def _inner(name: str, title: str, rows: Callable[[Question], Iterable[Row]], *columns: Column) -> Table:
    key = (_QUESTION_ID, _OCCURRENCE, _POSITION)
    return Table(name, title, tuple(each.name for each in key), (*key, *columns), rows)


TABLES = (
    Table(
        "questions",
        "Questions, in the order of the document",
        KEY,
        (
            _QUESTION_ID,
            _OCCURRENCE,
            Column("number", "integer", "As printed.", is_required=False),
            Column(
                "type",
                "string",
                "How it is answered.",
                constraints={"enum": ["single_select", "multi_select", "fill_in"]},
            ),
            Column("topic", "string", "Domain of the exam, as printed.", is_required=False),
            Column("stem", "string", "Plain text; paragraphs are joined by a blank line."),
            Column("select_count", "integer", "How many options are to be selected.", is_required=False),
            Column("explanation", "string", "The whole overall explanation as printed.", is_required=False),
            Column(
                "rationale", "string", "The part of it that says why the key is right.", is_required=False
            ),
            Column(
                "fingerprint",
                "string",
                "Hash of the whole content, to see that something changed.",
                constraints={"pattern": "[0-9a-f]{16}"},
            ),
            Column("file", "string", "The file it was read from."),
            Column("first_line", "integer", "Its first line there, from 1."),
            Column("last_line", "integer", "Its last line there."),
        ),
        _question,
    ),
    _inner(
        "options",
        "Options of the questions, in the order of the dump",
        _options,
        Column("option_id", "string", "Its letter.", constraints={"pattern": "[A-Z]+"}),
        Column("text", "string", "Without letter or bullet."),
        Column("correct", "boolean", "Whether the key has it."),
        Column("explanation", "string", "What the dump says about this option.", is_required=False),
    ),
    _inner(
        "items",
        "Numbered things that options refer to",
        _items,
        Column("item_id", "string", "Its number.", constraints={"pattern": "[0-9]+"}),
        Column("text", "string", "Without its number."),
    ),
    _inner(
        "accepted",
        "Accepted answers of questions to fill in",
        lambda question: ((each,) for each in question.accepted),
        Column("text", "string", "One accepted answer."),
    ),
    _inner(
        "references",
        "Distinct URLs of the questions",
        _references,
        Column("url", "string", "As printed where it stands first."),
        Column("canonical", "string", "With known trackers dropped; nothing is fetched."),
        Column(
            "role",
            "string",
            "Listed under a heading, credit, in prose, or address of an image.",
            constraints={"enum": ["reference", "credit", "inline", "image"]},
        ),
        Column("lines", "array", "Every line of the dump where it stands, from 1."),
    ),
    _inner(
        "findings",
        "Findings that concern the questions",
        lambda question: ((each,) for each in question.findings),
        Column(
            "code",
            "string",
            "The code of a rule, whose manual is with the program.",
            constraints={"pattern": "[A-Z][0-9]{3}"},
        ),
    ),
)


def flat(cell: Cell) -> str | int | None:
    """A cell for programs without arrays: whole numbers as a JSON array.

    >>> flat((12, 14)), flat("x")
    ('[12,14]', 'x')
    """
    return f"[{','.join(map(str, cell))}]" if isinstance(cell, tuple) else cell
