"""The whole document as JSON: questions, rejected blocks, furniture and diagnostics.

UTF-8, two spaces of indentation, a line end at the end; the same bytes for the same document.
Follows ``schema/document.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import orjson

from ingest.model.document import Document
from ingest.writers import WriteSettings

SUFFIX = ".json"
# In a string the quotes would be escaped.
_NO_QUESTIONS = b'\n  "questions": []'


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The document, one piece a question; JSON holds everything, so there are no notes."""
    rest = replace(document, questions=())
    whole = orjson.dumps(rest, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    if not document.questions:
        yield whole
        return
    head, _, tail = whole.partition(_NO_QUESTIONS)
    yield head + _NO_QUESTIONS[:-1]
    separator = b"\n    "
    for question in document.questions:
        yield separator + orjson.dumps(question, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n    ")
        separator = b",\n    "
    yield b"\n  ]" + tail
