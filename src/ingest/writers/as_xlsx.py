"""An Excel workbook with the sheets Questions, Options and References, joined by question_id and occurrence.

The sheets are the tables of ``csv-tidy``; Items, Accepted and Findings follow where there are any. Questions
also has ``answer``, the letters of the key. Texts are written as texts: what begins with ``= + - @`` never
runs as a formula, and a URL is no link. Characters that XML cannot hold are written as Excel does it
(``_x0001_``). The date inside is fixed, so that the same document gives the same bytes.

A cell holds 32,767 letters (UTF-16 units): of a longer text nothing is written but how long it is, and a
note names the question. A text in which ``_x0041`` stands right before another such sign or a control
character is read otherwise, and has a note too.

Attempts, the file's hash and encoding, rejected blocks, furniture and the texts of findings are left out:
JSON holds them.

Use it: open it; headings stay in sight and every column has a filter. What several rows of one question share
is found with ``=XLOOKUP(A2, Questions!A:A, Questions!F:F)`` (here the stem), where no question occurs twice.
In pandas:

```python
import pandas

sheets = pandas.read_excel("exam.xlsx", sheet_name=None, dtype=str, keep_default_na=False)
print(sheets["Questions"][["stem", "answer"]].values.tolist())
```

Tried: openpyxl, pandas, and a reading of the sheets by the letter of the standard (ECMA-376); not in Excel or
LibreOffice.

Source: Microsoft, "Excel specifications and limits".
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from ingest.errors import IngestError
from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.tidy_tables import KEY, TABLES, Cell, Row, Table, flat
from ingest.writers import FIELDS, Note, WriteSettings, load_extra, notes_of

SUFFIX = ".xlsx"
EXTRA = "xlsx"
HOLDS = FIELDS.keys() - {"attempt", "provenance", "rejected", "furniture", "diagnostics"}
# Source: Microsoft, "Excel specifications and limits".
_MOST_LETTERS = 32_767
_MOST_ROWS = 1_048_576
_MOST_DIGITS = 15
_ALWAYS = ("questions", "options", "references")
_WIDTHS = {"question_id": 20, "stem": 60, "text": 60, "explanation": 60, "rationale": 60, "url": 60}
# XlsxWriter escapes `_x0041_` by what stands between the first and the last sign, and so misses one that
# shares a sign with the one before it.
_MISREAD = re.compile(r"_x[0-9a-fA-F]{4}(?:_x[0-9a-fA-F]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff])")
_FIXED_DATE = datetime(2000, 1, 1, tzinfo=UTC)


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The workbook. Raises ``IngestError`` where a sheet has not enough rows."""
    sink = io.BytesIO()
    book = load_extra("xlsxwriter", EXTRA).Workbook(sink, {"in_memory": True})
    book.set_properties({"created": _FIXED_DATE})
    for table in _sheets(document):
        _fill(book, table, document)
    book.close()
    yield sink.getvalue()


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """One for each text that a cell cannot hold."""
    return notes_of(document, _losses)


def _losses(question: Question) -> Iterator[str]:
    for table in TABLES:
        yield from _losses_in(table, question)


def _losses_in(table: Table, question: Question) -> Iterator[str]:
    for row in table.filled([question]):
        where = f" of row {row[len(KEY)]} of {table.name}" if table.is_inner else ""
        for column, cell in zip(table.columns, map(flat, row), strict=True):
            if not isinstance(cell, str):
                continue
            if length := _excess(cell):
                yield f"{column.name}{where} is left out: {_too_long(length)}"
            elif "_x" in cell and _MISREAD.search(cell):
                yield f"{column.name}{where} has signs that spreadsheets read as a control character"


def _sheets(document: Document) -> Iterator[Table]:
    rank = {name: place for place, name in enumerate(_ALWAYS)}
    for table in sorted(TABLES, key=lambda each: rank.get(each.name, len(rank))):
        if table.name in rank or any(True for _ in table.filled(document.questions)):
            yield table


def _fill(book: Any, table: Table, document: Document) -> None:
    sheet = book.add_worksheet(table.name.capitalize())
    names = [column.name for column in table.columns]
    rows = table.filled(document.questions)
    if not table.is_inner:
        names.append("answer")
        rows = _with_answer(rows, document.questions)
    last = 0
    for last, row in enumerate(rows, 1):
        if last >= _MOST_ROWS:
            raise IngestError(f"a sheet has {_MOST_ROWS:,} rows: {table.name} need more; split the file")
        for place, cell in enumerate(row):
            _write(sheet, last, place, cell)
    heading = book.add_format({"bold": True})
    for place, name in enumerate(names):
        sheet.write_string(0, place, name, heading)
        sheet.set_column(place, place, _WIDTHS.get(name, 12))
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, last, len(names) - 1)


def _with_answer(rows: Iterable[Row], questions: Iterable[Question]) -> Iterator[Row]:
    for row, question in zip(rows, questions, strict=True):
        yield (*row, ";".join(question.answer))


def _write(sheet: Any, row: int, place: int, cell: Cell) -> None:
    cell = flat(cell)
    if isinstance(cell, str):
        length = _excess(cell)
        sheet.write_string(row, place, f"[left out: {_too_long(length)}]" if length else cell)
    elif isinstance(cell, bool):
        sheet.write_boolean(row, place, cell)
    elif cell is not None:
        text = str(cell)
        if len(text) <= _MOST_DIGITS:
            sheet.write_number(row, place, cell)
        else:  # a number would lose its last digits
            sheet.write_string(row, place, text)


def _excess(text: str) -> int:
    """How many letters a text has, where a cell cannot hold them; else 0."""
    if len(text) <= _MOST_LETTERS // 2:
        return 0
    length = len(text) + sum(letter > "\uffff" for letter in text)
    return length if length > _MOST_LETTERS else 0


def _too_long(length: int) -> str:
    return f"{length:,} letters, a cell holds {_MOST_LETTERS:,}"
