"""JSON Lines: one question a line, as in ``questions`` of the JSON document.

Rejected blocks, furniture and the file's diagnostics are left out; each question carries the codes
of its own findings. Each line follows ``schema/question.schema.json``.

Use it: every line is a record by itself, so that ``grep``, ``jq -r .stem exam.jsonl`` and ``cat`` of several
files work. In pandas ``dtype=False`` keeps ids and hashes that happen to have digits only as texts:

```python
import pandas

frame = pandas.read_json("exam.jsonl", lines=True, dtype=False)
several = frame[frame["type"] == "multi_select"]
print(frame["stem"].tolist(), len(several))
```

In polars:

```python
import polars

frame = polars.read_ndjson("exam.jsonl", infer_schema_length=None)
print(frame.select("number", "stem", polars.col("answer").list.join(";")).rows())
```

Tried: the schema, orjson, pandas, polars; not ``jq``.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.writers import FIELDS, WriteSettings

SUFFIX = ".jsonl"
HOLDS = FIELDS.keys() - {"provenance", "rejected", "furniture", "diagnostics"}


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One line for each question, in order."""
    return (orjson.dumps(question, option=orjson.OPT_APPEND_NEWLINE) for question in document.questions)
