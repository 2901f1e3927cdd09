"""The whole document as JSON: questions, rejected blocks, furniture and diagnostics.

UTF-8, two spaces of indentation, a line end at the end; the same bytes for the same document.
Follows ``schema/document.schema.json``.

Use it: for a web app put the file beside the page; a bundler or Node.js takes it as a module too (``import
exam from "./exam.json" with { type: "json" }``). Texts are plain: put them in with ``textContent``, never
``innerHTML``, and give their elements ``white-space: pre-wrap``, so that code keeps its lines.

```js
const exam = await (await fetch("exam.json")).json();
for (const question of exam.questions) {
  const right = question.options.filter((option) => option.correct);
  console.log(question.stem, right.map((option) => option.text));
}
```

In Python:

```python
import json

with open("exam.json", encoding="utf-8") as file:
    exam = json.load(file)
for question in exam["questions"]:
    print(question["stem"], question["answer"], question["findings"])
```

``ingest validate`` and ``ingest merge`` read it again.

Tried: the schema, Python's and orjson's parsers, and Node.js with ``fetch`` and ``import``; in no browser.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from ingest.model.document import Document
from ingest.writers import FIELDS, WriteSettings

SUFFIX = ".json"
HOLDS = frozenset(FIELDS)
# In a string the quotes would be escaped.
_NO_QUESTIONS = b'\n  "questions": []'
_AT_ONCE = 32
_BEFORE, _AFTER = len(b'{\n  "questions": ['), len(b"\n  ]\n}")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The document, some questions a piece; JSON holds everything, so there are no notes."""
    rest = replace(document, questions=())
    whole = orjson.dumps(rest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if not document.questions:
        yield whole
        return
    head, _, tail = whole.partition(_NO_QUESTIONS)
    yield head + _NO_QUESTIONS[:-1]
    for start in range(0, len(document.questions), _AT_ONCE):
        # In an object like the document they are indented as there.
        some = {"questions": document.questions[start : start + _AT_ONCE]}
        if start:
            yield b","
        yield orjson.dumps(some, option=orjson.OPT_INDENT_2)[_BEFORE:-_AFTER]
    yield b"\n  ]" + tail
