"""JSON Lines: one question a line, as in ``questions`` of the JSON document.

Rejected blocks, furniture and the file's diagnostics are left out; each question carries the codes
of its own findings. Each line follows ``schema/question.schema.json``.
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.writers import WriteSettings

SUFFIX = ".jsonl"


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One line for each question, in order."""
    return (orjson.dumps(question, option=orjson.OPT_APPEND_NEWLINE) for question in document.questions)
