"""Questions as a table for pandas, polars and Arrow: one row a question.

Columns are those of the ``parquet`` format (``ingest.writers.as_parquet``): the fields of the record under
its own names, ``source`` as ``file``, ``first_line`` and ``last_line``, and never the attempt. Each library
is loaded when it is asked for; ``IngestError`` says how to install one that is missing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import orjson

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.writers import load_extra

if TYPE_CHECKING:
    import pandas as pd  # type: ignore[import-untyped, unused-ignore]
    import polars as pl
    import pyarrow as pa  # type: ignore[import-untyped, unused-ignore]

_WHOLE = ("occurrence", "number", "select_count", "first_line", "last_line")
_NESTED = ("options", "answer", "accepted", "items", "references", "findings")
_TEXT = ("id", "fingerprint", "type", "stem", "explanation", "rationale", "topic", "file")


def to_pandas(source: Result | Document | Iterable[Question]) -> pd.DataFrame:
    r"""A pandas data frame of the types ``string`` and ``Int64``; what is missing is ``NA``.

    Options, items and references are lists of dictionaries, ``answer``, ``accepted`` and ``findings`` lists
    of texts.

    >>> import ingest, pytest
    >>> pandas = pytest.importorskip("pandas")
    >>> text = "Pregunta 1\n\nWhich is red?\n\nGrass\n\nRespuesta correcta\nRust\n\nTemática\nColours"
    >>> frame = to_pandas(ingest.read_text(text))
    >>> frame[["stem", "answer"]].iloc[0].tolist()
    ['Which is red?', ['B']]
    >>> frame.explode("options").options.str["text"].tolist()
    ['Grass', 'Rust']
    """
    pandas = load_extra("pandas", "pandas")
    types = dict.fromkeys(_TEXT, "string") | dict.fromkeys(_WHOLE, "Int64") | dict.fromkeys(_NESTED, "object")
    columns = _columns(source)
    return pandas.DataFrame(
        {name: pandas.Series(values, dtype=types[name]) for name, values in columns.items()}
    )


def to_polars(source: Result | Document | Iterable[Question]) -> pl.DataFrame:
    r"""A polars data frame with nested columns: options, items and references are lists of structs.

    >>> import ingest, pytest
    >>> polars = pytest.importorskip("polars")
    >>> text = "Pregunta 1\n\nWhich is red?\n\nGrass\n\nRespuesta correcta\nRust\n\nTemática\nColours"
    >>> frame = to_polars(ingest.read_text(text))
    >>> frame.select("number", "stem", "answer").row(0)
    (1, 'Which is red?', ['B'])
    >>> frame.select("options").explode("options").unnest("options").filter("correct")["text"].to_list()
    ['Rust']
    """
    polars = load_extra("polars", "polars")
    frame: pl.DataFrame = polars.DataFrame(_columns(source), schema=_polars_schema(polars))
    return frame


def to_arrow(source: Result | Document | Iterable[Question]) -> pa.Table:
    r"""A pyarrow table with nested columns: what the ``parquet`` format writes. Where a result or a document
    is given, the schema's metadata says which file was read.

    >>> import ingest, pytest
    >>> pyarrow = pytest.importorskip("pyarrow")
    >>> text = "Pregunta 1\n\nWhich is red?\n\nGrass\n\nRespuesta correcta\nRust\n\nTemática\nColours"
    >>> table = to_arrow(ingest.read_text(text))
    >>> table.select(["number", "stem", "answer"]).to_pylist()
    [{'number': 1, 'stem': 'Which is red?', 'answer': ['B']}]
    """
    from ingest.writers.as_parquet import arrow_table

    document = source.document if isinstance(source, Result) else source
    return arrow_table(_questions(source), document if isinstance(document, Document) else None)


def _questions(source: Result | Document | Iterable[Question]) -> tuple[Question, ...]:
    return source.questions if isinstance(source, Result | Document) else tuple(source)


def _columns(source: Result | Document | Iterable[Question]) -> dict[str, list[Any]]:
    """The values of each column, as JSON has them."""
    records = orjson.loads(orjson.dumps(_questions(source)))
    names = [name for name in Question.__dataclass_fields__ if name not in ("attempt", "source")]
    columns = {name: [record[name] for record in records] for name in names}
    columns["file"] = [record["source"]["file"] for record in records]
    for place, name in enumerate(("first_line", "last_line")):
        columns[name] = [record["source"]["lines"][place] for record in records]
    return columns


def _polars_schema(polars: Any) -> dict[str, Any]:
    text, whole = polars.String, polars.Int64
    option = {"id": text, "text": text, "correct": polars.Boolean, "explanation": text}
    reference = {"url": text, "canonical": text, "role": text, "lines": polars.List(whole)}
    schema = dict.fromkeys(_TEXT, text) | dict.fromkeys(_WHOLE, whole)
    schema |= dict.fromkeys(_NESTED, polars.List(text))
    schema["options"] = polars.List(polars.Struct(option))
    schema["items"] = polars.List(polars.Struct({"id": text, "text": text}))
    schema["references"] = polars.List(polars.Struct(reference))
    # The order is that of the columns.
    return {name: schema[name] for name in _columns(())}
