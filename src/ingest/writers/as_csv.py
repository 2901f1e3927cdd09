"""A table with one row a question, for spreadsheets and data tools.

RFC 4180, UTF-8 without a mark, lines end at LF. Cells keep their line ends; several values in one
cell are joined by a line end, ids by a semicolon. Where questions have more than eight options,
further option columns follow. Items, attempts, hashes, the roles and lines of references and what is not a
question are left out: JSON holds them; credits have a column of their own.

Use it: in Excel choose *Data → From Text/CSV*, encoding *65001: Unicode (UTF-8)*, delimiter *Comma*: a double
click takes the letters for those of another encoding. LibreOffice asks for both when it opens the file. For
people, ``xlsx`` needs no such care. ``--csv-safe`` puts an apostrophe before cells that a spreadsheet would
run as a formula, and a last column ``disarmed`` names them, so that reading takes it off again. In pandas, so
that nothing becomes a number or goes missing:

```python
import pandas

frame = pandas.read_csv("exam.csv", dtype=str, keep_default_na=False)
print(frame[["number", "stem", "answer"]].values.tolist())
```

``ingest validate exam.csv`` reads it again, also as a spreadsheet has saved it.

Tried: Python's csv, pandas, polars and the reader of ``ingest validate``; not in Excel or LibreOffice.
"""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model.document import Document
from ingest.model.question import Question, option_id
from ingest.parts.csv_text import disarmed, disarmed_count, is_formula, line
from ingest.writers import FIELDS, Note, WriteSettings, notes_of

SUFFIX = ".csv"
HOLDS = FIELDS.keys() - {
    *("select_count", "items", "roles", "reference_lines", "fingerprint", "attempt"),
    *("provenance", "rejected", "furniture", "diagnostics"),
}
_LEAST_OPTIONS = 8


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The table, one piece a row."""
    width = _width(document)
    columns = list(_columns(width))
    yield line([*columns, "disarmed"] if settings.csv_safe else columns)
    for question in document.questions:
        row = _row(question, width)
        yield line(_disarmed(columns, row) if settings.csv_safe else row)


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What reads like something else: accepted answers of several lines, a last option without text. With
    ``csv_safe`` also how many cells got an apostrophe."""
    found = notes_of(document, _losses)
    if not settings.csv_safe:
        return found
    width = _width(document)
    rows = (_row(question, width) for question in document.questions)
    return [*found, *(Note(each) for each in disarmed_count(cell for row in rows for cell in row))]


def _losses(question: Question) -> Iterator[str]:
    if any("\n" in each for each in question.accepted):
        yield "an accepted answer has several lines, each of which reads like an answer"
    if question.options and not question.options[-1].text:
        yield "the last option has no text, and reads like none"


def _disarmed(columns: list[str], row: list[str]) -> list[str]:
    """A row that no spreadsheet runs, and the names of the cells with an apostrophe."""
    named = (name for name, cell in zip(columns, row, strict=True) if is_formula(cell))
    return [*map(disarmed, row), ";".join(named)]


def _width(document: Document) -> int:
    return max([_LEAST_OPTIONS, *(len(each.options) for each in document.questions)])


def _columns(width: int) -> Iterator[str]:
    letters = [option_id(place).lower() for place in range(width)]
    yield from ("id", "occurrence", "number", "type", "topic", "stem")
    yield from (f"option_{letter}" for letter in letters)
    yield from ("answer", "answer_index", "accepted")
    yield from (f"explanation_{letter}" for letter in letters)
    yield from ("rationale", "explanation", "references", "credits", "findings")
    yield from ("file", "first_line", "last_line")


def _row(question: Question, width: int) -> list[str]:
    empty = [""] * (width - len(question.options))
    indices = [place for place, option in enumerate(question.options, 1) if option.correct]
    return [
        question.id,
        str(question.occurrence),
        "" if question.number is None else str(question.number),
        question.type,
        question.topic or "",
        question.stem,
        *[option.text for option in question.options],
        *empty,
        ";".join(question.answer),
        ";".join(map(str, indices)),
        "\n".join(question.accepted),
        *[option.explanation or "" for option in question.options],
        *empty,
        question.rationale or "",
        question.explanation or "",
        "\n".join([each.canonical for each in question.references if each.role != "credit"]),
        "\n".join([each.canonical for each in question.references if each.role == "credit"]),
        ";".join(question.findings),
        question.source.file,
        str(question.source.lines[0]),
        str(question.source.lines[1]),
    ]
