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
``--csv-safe`` puts an apostrophe before cells that a spreadsheet would run as a formula, also where some
stand there: one taken off every cell that begins with apostrophes and such a sign gives the texts again.
Rejected blocks, furniture and the texts of findings are left out: JSON holds them. The tables are those of
``sqlite`` and ``xlsx`` too.

Use it: frictionless checks types, keys and constraints, also after somebody has edited the tables, and reads
the rows with their types:

```python
import frictionless

package = frictionless.Package("exam.tidy/datapackage.json")
print(frictionless.validate(package).valid)
print([row["stem"] for row in package.get_resource("questions").read_rows()])
```

DuckDB reads the tables where they are; here the key of each question:

```sql
SELECT stem, string_agg(option_id, ';' ORDER BY position) AS answer
FROM 'exam.tidy/questions.csv' JOIN 'exam.tidy/options.csv' USING (question_id, occurrence)
WHERE correct GROUP BY stem
```

Tried: frictionless, DuckDB, polars and Python's csv.

Source: specs.frictionlessdata.io, "Tabular Data Package" and "Table Schema".
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.parts.csv_text import disarmed, disarmed_count
from ingest.parts.tidy_tables import KEY, TABLES, Cell, Column, Table, flat
from ingest.writers import FIELDS, Note, WriteSettings

SUFFIX = ".tidy"
HOLDS = FIELDS.keys() - {"attempt", "rejected", "furniture", "diagnostics"}
FILES = (*(f"{table.name}.csv" for table in TABLES), "datapackage.json")


def files(document: Document, settings: WriteSettings) -> dict[str, Iterator[bytes]]:
    """The tables and their description."""
    tables = {f"{table.name}.csv": _lines(table, document, settings) for table in TABLES}
    return {**tables, "datapackage.json": iter((_package(document),))}


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """With ``csv_safe``, how many cells got an apostrophe."""
    if not settings.csv_safe:
        return []
    rows = (row for table in TABLES for row in table.filled(document.questions))
    return [Note(each) for each in disarmed_count(cell for row in rows for cell in row)]


def _lines(table: Table, document: Document, settings: WriteSettings) -> Iterator[bytes]:
    yield (",".join(column.name for column in table.columns) + "\n").encode()
    for row in table.filled(document.questions):
        cells = map(_disarmed, row) if settings.csv_safe else row
        yield (",".join([_written(cell) for cell in cells]) + "\n").encode()


def _disarmed(cell: Cell) -> Cell:
    return disarmed(cell) if isinstance(cell, str) else cell


def _written(cell: Cell) -> str:
    """Every text in quotes; numbers and words such as ``true`` without."""
    if isinstance(cell, str):
        return '"' + cell.replace('"', '""') + '"'
    if cell is None:
        return ""
    return f'"{flat(cell)}"' if isinstance(cell, tuple) else str(cell).lower()


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
    if table.is_inner:
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
