"""Apache Parquet, one row a question, nested: options, items and references are lists of structs.

Compressed with zstd. Columns are the fields of the record under its own names, ``source`` as ``file``,
``first_line`` and ``last_line``; what a record always has is a required column. The schema's metadata
``ingest`` is JSON with ``schema_version`` and ``source``, the file that was read. The bytes are the same for
the same document and version of pyarrow.

Every field of a question is kept but the attempt. Rejected blocks, furniture and the texts of findings are
left out: JSON holds them.

Use it: in DuckDB, one row an option:

```sql
SELECT id, occurrence, stem, unnest(options, recursive := true) FROM 'exam.parquet'
```

In pandas (with pyarrow):

```python
import pandas

frame = pandas.read_parquet("exam.parquet")
options = frame.explode("options")
print(options["stem"].tolist(), options["options"].str["text"].tolist())
```

In polars:

```python
import polars

frame = polars.read_parquet("exam.parquet")
options = frame.select("stem", "options").explode("options").unnest("options")
print(options.filter("correct").rows())
```

From Python, ``ingest.to_pandas``, ``to_polars`` and ``to_arrow`` give the same table without a file.

Tried: pyarrow, pandas, polars and DuckDB.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import Any

import orjson

from ingest.errors import IngestError
from ingest.model.document import Document
from ingest.model.question import Question
from ingest.writers import FIELDS, WriteSettings, load_extra

SUFFIX = ".parquet"
EXTRA = "parquet"
HOLDS = FIELDS.keys() - {"attempt", "rejected", "furniture", "diagnostics"}


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The file."""
    table = arrow_table(document.questions, document)
    parquet = load_extra("pyarrow.parquet", EXTRA)
    sink = load_extra("pyarrow", EXTRA).BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    yield sink.getvalue().to_pybytes()


def arrow_table(questions: Sequence[Question], document: Document | None = None) -> Any:
    """A pyarrow Table with one row a question; with a document, what it says about its file is in the
    schema's metadata.

    Raises ``IngestError`` where pyarrow is missing, or a number has more than 64 bits.
    """
    arrow = load_extra("pyarrow", EXTRA)
    schema = _schema(arrow, None if document is None else _metadata(document))
    try:
        columns = [_column(arrow, questions, field) for field in schema]
    except (OverflowError, arrow.ArrowInvalid) as error:
        raise IngestError(f"cannot make the table: {error}") from error
    return arrow.Table.from_arrays(columns, schema=schema)


def _metadata(document: Document) -> dict[str, bytes]:
    about = {"schema_version": document.schema_version, "source": document.source}
    return {"ingest": orjson.dumps(about)}


def _schema(arrow: Any, metadata: dict[str, bytes] | None) -> Any:
    def needed(name: str, kind: Any) -> Any:
        return arrow.field(name, kind, nullable=False)

    def several(name: str, kind: Any) -> Any:
        return needed(name, arrow.list_(needed("element", kind)))

    text, whole = arrow.string(), arrow.int64()
    option = [needed("id", text), needed("text", text), needed("correct", arrow.bool_())]
    reference = [needed("url", text), needed("canonical", text), needed("role", text)]
    return arrow.schema(
        [
            needed("id", text),
            needed("occurrence", whole),
            needed("fingerprint", text),
            arrow.field("number", whole),
            needed("type", text),
            needed("stem", text),
            arrow.field("select_count", whole),
            several("options", arrow.struct([*option, arrow.field("explanation", text)])),
            several("answer", text),
            several("accepted", text),
            several("items", arrow.struct([needed("id", text), needed("text", text)])),
            arrow.field("explanation", text),
            arrow.field("rationale", text),
            several("references", arrow.struct([*reference, several("lines", whole)])),
            arrow.field("topic", text),
            several("findings", text),
            needed("file", text),
            needed("first_line", whole),
            needed("last_line", whole),
        ],
        metadata=metadata,
    )


_FROM_PLACE: dict[str, Callable[[Question], object]] = {
    "file": lambda question: question.source.file,
    "first_line": lambda question: question.source.lines[0],
    "last_line": lambda question: question.source.lines[1],
}


def _column(arrow: Any, rows: Iterable[Any], field: Any) -> Any:
    """The values of one field. What is nested is built from flat columns, which takes a fifth of the time
    that a dictionary for each struct takes."""
    if read := _FROM_PLACE.get(field.name):
        return arrow.array([read(row) for row in rows], field.type)
    values = [getattr(row, field.name) for row in rows]
    if not arrow.types.is_list(field.type):
        return arrow.array(values, field.type)
    offsets = arrow.array(accumulate(map(len, values), initial=0), arrow.int32())
    inner = field.type.value_field
    flat = [each for several in values for each in several]
    if not arrow.types.is_struct(inner.type):
        return arrow.ListArray.from_arrays(offsets, arrow.array(flat, inner.type), type=field.type)
    children = [_column(arrow, flat, child) for child in inner.type]
    structs = arrow.StructArray.from_arrays(children, fields=list(inner.type))
    return arrow.ListArray.from_arrays(offsets, structs, type=field.type)
