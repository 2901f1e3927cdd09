"""A folder of tidy tables, a Frictionless Data Package: one row a question, option, item, answer, reference.

RFC 4180, UTF-8 without a mark, lines end at LF; ``datapackage.json`` is their Table Schema, with types,
constraints and keys. ``questions.csv`` has the key ``question_id`` and ``occurrence``; the rows of every
other table carry it too, with their 1-based ``position`` within the question:

    questions.csv   one a question, in the order of the document
    options.csv     its options, each with ``correct`` and its explanation
    items.csv       the numbered things that options such as ``2,4,3`` refer to
    accepted.csv    accepted answers of a ``fill_in``
    references.csv  its URLs; ``lines`` is a JSON array of the lines where each stands
    findings.csv    codes of its findings

Texts stand in quotes, so that an empty text and none (no quotes) differ for readers that look at this. The
tables keep every field of a question but the attempt; ``answer`` is the options that are ``correct``.
Rejected blocks, furniture and the texts of findings are left out: JSON holds them. The tables are those of
``sqlite`` and ``xlsx`` too.

    import frictionless
    frictionless.validate("exam.tidy/datapackage.json").valid
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import orjson

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.writers import Note, WriteSettings

SUFFIX = ".tidy"
FILES = (
    "questions.csv",
    "options.csv",
    "items.csv",
    "accepted.csv",
    "references.csv",
    "findings.csv",
    "datapackage.json",
)
KEY = ("question_id", "occurrence")
"""What names a question within the document."""

Cell = str | int | bool | tuple[int, ...] | None
Row = tuple[Cell, ...]

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


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

    def filled(self, questions: Iterable[Question]) -> Iterator[Row]:
        """All rows, each with its key."""
        has_position = len(self.key) > len(KEY)
        for question in questions:
            for position, row in enumerate(self.rows(question), 1):
                place = (position,) if has_position else ()
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


def files(document: Document, settings: WriteSettings) -> dict[str, Iterator[bytes]]:
    """The tables and their description."""
    tables = {f"{table.name}.csv": _lines(table, document, settings) for table in TABLES}
    return {**tables, "datapackage.json": iter((_package(document),))}


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What is left out and, with ``csv_safe``, how many cells got an apostrophe."""
    found = left_out(document)
    if settings.csv_safe:
        rows = (row for table in TABLES for row in table.filled(document.questions))
        risky = sum(
            isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) for row in rows for cell in row
        )
        if risky:
            found.append(Note(f"{risky} cells that begin like a formula got an apostrophe"))
    return found


def left_out(document: Document) -> list[Note]:
    """One note where the document has rejected blocks, which tables of questions have no place for."""
    count = len(document.rejected)
    if not count:
        return []
    blocks = "1 rejected block is" if count == 1 else f"{count} rejected blocks are"
    return [Note(f"{blocks} left out; json holds them")]


def _lines(table: Table, document: Document, settings: WriteSettings) -> Iterator[bytes]:
    yield (",".join(column.name for column in table.columns) + "\n").encode()
    for row in table.filled(document.questions):
        cells = map(_safe, row) if settings.csv_safe else row
        yield (",".join([_written(cell) for cell in cells]) + "\n").encode()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA_STARTS) else cell


def _written(cell: Cell) -> str:
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"'
    if cell is None:
        return ""
    if isinstance(cell, tuple):
        return f'"{array_text(cell)}"'
    return str(cell).lower()


def array_text(numbers: tuple[int, ...]) -> str:
    """Whole numbers as a JSON array.

    >>> array_text((12, 14))
    '[12,14]'
    """
    return f"[{','.join(map(str, numbers))}]"


def _package(document: Document) -> bytes:
    """Source: https://specs.frictionlessdata.io/tabular-data-package/."""
    package = {
        "profile": "tabular-data-package",
        "name": "questions",
        "title": document.source.file or "questions",
        "sources": [
            {
                "title": document.source.file or "questions",
                "sha256": document.source.sha256,
                "encoding": document.source.encoding,
                "labels": document.source.labels,
            }
        ],
        "schema_version": document.schema_version,
        "resources": [_resource(table) for table in TABLES],
    }
    return orjson.dumps(package, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def _resource(table: Table) -> dict[str, object]:
    schema: dict[str, object] = {
        "fields": [_field(column) for column in table.columns],
        "missingValues": [""],
        "primaryKey": table.key,
    }
    if table.key != KEY:
        target = {"resource": "questions", "fields": KEY}
        schema["foreignKeys"] = [{"fields": KEY, "reference": target}]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": f"{table.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "skipInitialSpace": False,
            "header": True,
        },
        "schema": schema,
    }


def _field(column: Column) -> dict[str, object]:
    described: dict[str, object] = {
        "name": column.name,
        "type": column.type,
        "description": column.description,
    }
    constraints = dict(column.constraints)
    if column.is_required:
        constraints["required"] = True
    if constraints:
        described["constraints"] = constraints
    if column.is_required and column.type == "string":
        # An empty text is a text.
        described["missingValues"] = []
    return described
