"""The JSON Schemas of the public records, made from the same classes that hold them.

Loads pydantic, so nothing on the way from a dump to its files imports this module.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from ingest.model.bank import Bank
from ingest.model.correction import Corrections
from ingest.model.diagnostic import Diagnostic
from ingest.model.document import SCHEMA_VERSION, Document, Rejected
from ingest.model.manifest import Manifest
from ingest.model.question import Question

_RECORDS = {
    "bank": Bank,
    "corrections": Corrections,
    "document": Document,
    "manifest": Manifest,
    "question": Question,
}
_PARTS = {"diagnostic": Diagnostic, "rejected": Rejected}


def names() -> tuple[str, ...]:
    """What has a schema: ``bank`` (many sets merged), ``corrections``, ``document`` (JSON), ``manifest``
    (what was made from what), ``question`` (a line of JSON Lines)."""
    return tuple(sorted(_RECORDS))


def json_schema(name: str) -> dict[str, Any]:
    """The schema of one record, draft 2020-12, with ``$id``. Raises ``KeyError``."""
    schema = adapter(name).json_schema()
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:exam-ingest:schema:{SCHEMA_VERSION}:{name}",
        **schema,
    }


@cache
def adapter(name: str) -> TypeAdapter[Any]:
    """What reads and checks a record, or a part of one: ``diagnostic``, ``rejected``. Raises ``KeyError``."""
    return TypeAdapter({**_RECORDS, **_PARTS}[name])


def render(name: str) -> str:
    """The schema's file."""
    return json.dumps(json_schema(name), indent=2, ensure_ascii=False) + "\n"


def load_document(text: str | bytes) -> Document:
    """A converted JSON file, validated. Raises ``pydantic.ValidationError``."""
    document: Document = adapter("document").validate_json(text)
    return document


def load_bank(text: str | bytes) -> Bank:
    """A bank, validated. Raises ``pydantic.ValidationError``."""
    bank: Bank = adapter("bank").validate_json(text, strict=True)
    return bank


def load_question(text: str | bytes) -> Question:
    """One line of a converted JSON Lines file, validated. Raises ``pydantic.ValidationError``."""
    question: Question = adapter("question").validate_json(text)
    return question
