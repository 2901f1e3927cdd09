"""The whole document as JSON: questions, rejected blocks, furniture and diagnostics.

UTF-8, two spaces of indentation, a line end at the end; the same bytes for the same document.
Follows ``schema/document.schema.json``.
"""

from __future__ import annotations

import orjson

from ingest.model.document import Document
from ingest.writers import WriteSettings

SUFFIX = ".json"


def render(document: Document, settings: WriteSettings) -> tuple[bytes, list[str]]:
    """The document; JSON holds everything, so there are no notes."""
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE), []
