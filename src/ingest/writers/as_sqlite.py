"""A SQLite database: tables with keys that hold each other together, and a full-text search.

The tables are those of ``csv-tidy``, joined by ``question_id`` and ``occurrence``: ``questions`` (with
``position``, its place in the document), ``options``, ``items``, ``accepted``, ``links`` (the references,
a word that is taken in SQL; ``lines`` is a JSON array), ``findings``; and ``document``, one row that says
which file was read. ``search`` is an FTS5 index over ``stem``, ``options`` and ``explanations``, without
regard to case and accents; its ``rowid`` is the question's ``position``.

Every field of a question is kept but the attempt; ``answer`` is the options that are ``correct``, and the
view ``answers`` has it as text. Rejected blocks, furniture and the texts of findings are left out: JSON
holds them. A text that has a NUL is whole, but SQLite's own functions see only what stands before it.

Use it: ``sqlite3 exam.sqlite``, DB Browser for SQLite, or Python, which has SQLite with it:

```python
import sqlite3
from contextlib import closing

with closing(sqlite3.connect("exam.sqlite")) as exam:
    query = (
        "SELECT stem, answer FROM questions JOIN answers USING (question_id, occurrence) ORDER BY position"
    )
    print(exam.execute(query).fetchall())
```

Which questions are about something, the best first, with the words in brackets:

```sql
SELECT position, snippet(search, -1, '[', ']', '…', 12) AS found
FROM search JOIN questions ON position = search.rowid
WHERE search MATCH :words ORDER BY rank
```

Each question with its key:

```sql
SELECT number, stem, answer FROM questions JOIN answers USING (question_id, occurrence)
ORDER BY position
```

How many questions and options each topic has:

```sql
SELECT topic, count(DISTINCT questions.position) AS questions, count(option_id) AS options
FROM questions LEFT JOIN options USING (question_id, occurrence) GROUP BY topic ORDER BY topic
```

The pages that most questions lead to:

```sql
SELECT canonical, count(*) AS questions FROM links WHERE role = 'reference'
GROUP BY canonical ORDER BY questions DESC, canonical
```

The lines where each URL stands:

```sql
SELECT url, json_each.value AS line FROM links, json_each(links.lines) ORDER BY line
```

Wrong options that the dump says nothing about:

```sql
SELECT stem, option_id, text FROM questions JOIN options USING (question_id, occurrence)
WHERE NOT correct AND options.explanation IS NULL
ORDER BY questions.position, options.position
```

Tried: the queries, with Python's sqlite3, and SQLite's own checks of integrity, keys and index; not in DB
Browser.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator

from ingest.errors import IngestError
from ingest.model.document import Document
from ingest.parts.tidy_tables import KEY, TABLES, Column, Row, Table, flat
from ingest.writers import FIELDS, WriteSettings

SUFFIX = ".sqlite"
HOLDS = FIELDS.keys() - {"attempt", "rejected", "furniture", "diagnostics"}

_TYPES = {"string": "TEXT", "integer": "INTEGER", "boolean": "INTEGER", "array": "TEXT"}
_KEY = ", ".join(KEY)

# The index is "external content": the texts are in their tables only, and the view hands them to it.
_SEARCH = """
CREATE VIEW answers AS
SELECT question_id, occurrence, (
    SELECT group_concat(option_id, ';') FROM (
        SELECT option_id FROM options AS own
        WHERE own.question_id = questions.question_id AND own.occurrence = questions.occurrence AND correct
        ORDER BY own.position
    )
) AS answer FROM questions;
CREATE VIEW searched AS
SELECT position, stem, (
    SELECT group_concat(text, char(10)) FROM (
        SELECT text FROM options AS own
        WHERE own.question_id = questions.question_id AND own.occurrence = questions.occurrence
        ORDER BY own.position
    )
) AS options, coalesce(explanation, '') || coalesce((
    SELECT group_concat(text, '') FROM (
        SELECT char(10) || own.explanation AS text FROM options AS own
        WHERE own.question_id = questions.question_id AND own.occurrence = questions.occurrence
        AND own.explanation IS NOT NULL ORDER BY own.position
    )
), '') AS explanations FROM questions;
CREATE VIRTUAL TABLE search USING fts5(
    stem, options, explanations,
    content='searched', content_rowid='position', tokenize='unicode61 remove_diacritics 2'
);
INSERT INTO search(search) VALUES ('rebuild');
"""


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The database, built in memory. Raises ``IngestError`` where two questions have the same key."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        _fill(connection, document)
        yield connection.serialize()
    except (sqlite3.Error, OverflowError) as error:
        raise IngestError(f"cannot make the database: {error}") from error
    finally:
        connection.close()


def _fill(connection: sqlite3.Connection, document: Document) -> None:
    connection.execute("PRAGMA user_version = 1")
    connection.execute("BEGIN")
    _insert_document(connection, document)
    for table in TABLES:
        connection.execute(_create(table))
        _insert(connection, _name(table), len(table.columns) + (not table.is_inner), _rows(table, document))
    connection.execute("CREATE INDEX links_canonical ON links (canonical)")
    connection.execute("COMMIT")
    connection.executescript(_SEARCH)


def _insert_document(connection: sqlite3.Connection, document: Document) -> None:
    connection.execute(
        "CREATE TABLE document (schema_version TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL, "
        "encoding TEXT NOT NULL, labels TEXT)"
    )
    source = document.source
    row = (document.schema_version, source.file, source.sha256, source.encoding, source.labels)
    _insert(connection, "document", len(row), [row])


def _rows(table: Table, document: Document) -> Iterator[Row]:
    for place, row in enumerate(table.filled(document.questions), 1):
        stored = map(flat, row)
        yield tuple(stored) if table.is_inner else (place, *stored)


def _insert(connection: sqlite3.Connection, name: str, width: int, rows: Iterable[Row]) -> None:
    places = ", ".join("?" * width)
    connection.executemany(f"INSERT INTO {name} VALUES ({places})", rows)  # noqa: S608 - a name of ours


def _name(table: Table) -> str:
    return "links" if table.name == "references" else table.name


def _create(table: Table) -> str:
    lines = [_column(column) for column in table.columns]
    if table.is_inner:
        lines.append(f"PRIMARY KEY ({', '.join(table.key)})")
        lines.append(f"FOREIGN KEY ({_KEY}) REFERENCES questions ({_KEY})")
    else:
        lines = ["position INTEGER PRIMARY KEY", *lines, f"UNIQUE ({_KEY})"]
    inside = ",\n    ".join(lines)
    return f"CREATE TABLE {_name(table)} (\n    {inside}\n)"


def _column(column: Column) -> str:
    parts = [column.name, _TYPES[column.type]]
    if column.is_required:
        parts.append("NOT NULL")
    if column.type == "boolean":
        parts.append(f"CHECK ({column.name} IN (0, 1))")
    if isinstance(values := column.constraints.get("enum"), list):
        allowed = ", ".join(f"'{value}'" for value in values)
        parts.append(f"CHECK ({column.name} IN ({allowed}))")
    return " ".join(parts)
