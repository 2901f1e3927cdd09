"""One JSON object, for programs: whole texts, and their changes as lists of operations."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from ingest.differences import Compared
from ingest.model.difference import KINDS, Change, Difference, Entry, Placed, Text


def render(compared: Compared) -> Iterator[str]:
    """``{"old": …, "new": …, "summary": …, "questions": […], "moved": […]}``."""
    difference = compared.difference
    value = {
        "old": {"file": compared.old_file, "questions": difference.old_questions},
        "new": {"file": compared.new_file, "questions": difference.new_questions},
        "summary": _summary(difference),
        "questions": [_entry(each) for each in difference.entries],
        "moved": [{"old": _placed(old), "new": _placed(new)} for old, new in difference.moved],
    }
    # Lone surrogates, which JSON files can hold, have no other form.
    yield json.dumps(value, indent=2, ensure_ascii=not _is_encodable(value))


def _is_encodable(value: Any) -> bool:
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _summary(difference: Difference) -> dict[str, Any]:
    return {
        "added": difference.count("added"),
        "removed": difference.count("removed"),
        "changed": difference.count("changed"),
        "same": difference.same,
        "moved": len(difference.moved),
        "by_kind": {kind: difference.count_kind(kind) for kind in KINDS},
    }


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "status": entry.status,
        "old": _placed(entry.old),
        "new": _placed(entry.new),
        "changes": [_change(each) for each in entry.changes],
    }


def _placed(placed: Placed | None) -> dict[str, Any] | None:
    if placed is None:
        return None
    question = placed.question
    return {
        "id": question.id,
        "occurrence": question.occurrence,
        "number": question.number,
        "place": placed.place + 1,
        "stem": question.stem,
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "field": change.field,
        "old": [_text(each) for each in change.old],
        "new": [_text(each) for each in change.new],
        "words": [{"op": each.op, "text": each.text} for each in change.words],
    }


def _text(text: Text) -> dict[str, str | None]:
    return {"option": text.option, "text": text.text}
