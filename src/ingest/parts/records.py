"""A question out of values of any kind, for files that other programs wrote or people edited.

What is missing or of a wrong kind is empty: the schema says so, and the rules can still look at the rest.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, get_args

from ingest.model.question import (
    Attempt,
    Item,
    Option,
    Place,
    Question,
    QuestionType,
    Reference,
    Role,
    Status,
    option_id,
)

_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)
_STATUSES: tuple[Status, ...] = get_args(Status)
_ROLES: tuple[Role, ...] = get_args(Role)


def as_question(value: Any) -> Question:
    """The question that a value describes, as far as it does; its key are the options marked correct."""
    record: Mapping[str, Any] = value if isinstance(value, dict) else {}
    options = tuple(_option(each, index) for index, each in enumerate(_list(record, "options")))
    kind = record.get("type")
    occurrence = _number(record, "occurrence")
    return Question(
        id=_text(record, "id") or "",
        occurrence=1 if occurrence is None else occurrence,
        fingerprint=_text(record, "fingerprint") or "",
        number=_number(record, "number"),
        type=kind if kind in _TYPES else "single_select",
        stem=_text(record, "stem") or "",
        select_count=_number(record, "select_count"),
        options=options,
        answer=tuple(option.id for option in options if option.correct),
        accepted=_texts(record, "accepted"),
        items=tuple(
            Item(_text(each, "id") or "", _text(each, "text") or "") for each in _records(record, "items")
        ),
        explanation=_text(record, "explanation"),
        rationale=_text(record, "rationale"),
        references=tuple(_reference(each) for each in _list(record, "references")),
        topic=_text(record, "topic"),
        attempt=_attempt(record.get("attempt")),
        findings=_texts(record, "findings"),
        source=_source(record.get("source")),
    )


def _option(value: Any, index: int) -> Option:
    record = value if isinstance(value, dict) else {}
    return Option(
        _text(record, "id") or option_id(index),
        _text(record, "text") or "",
        record.get("correct") is True,
        _text(record, "explanation"),
    )


def _reference(value: Any) -> Reference:
    record = value if isinstance(value, dict) else {}
    url = _text(record, "url") or ""
    role = record.get("role")
    lines = tuple(each for each in _list(record, "lines") if isinstance(each, int))
    return Reference(url, _text(record, "canonical") or url, role if role in _ROLES else "reference", lines)


def _attempt(value: Any) -> Attempt | None:
    if not isinstance(value, dict):
        return None
    status = value.get("status")
    known = status if status in _STATUSES else None
    return Attempt(known, _texts(value, "selected"), _text(value, "typed"))


def _source(value: Any) -> Place:
    record = value if isinstance(value, dict) else {}
    lines = [each for each in _list(record, "lines") if isinstance(each, int)]
    return Place(_text(record, "file") or "", (lines[0], lines[1]) if len(lines) == 2 else (1, 1))


def _text(record: Mapping[str, Any], key: str) -> str | None:
    value = record.get(key)
    return value if isinstance(value, str) else None


def _number(record: Mapping[str, Any], key: str) -> int | None:
    value = record.get(key)
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _list(record: Mapping[str, Any], key: str) -> list[Any]:
    value = record.get(key)
    return value if isinstance(value, list) else []


def _records(record: Mapping[str, Any], key: str) -> list[dict[str, Any]]:
    return [each for each in _list(record, key) if isinstance(each, dict)]


def _texts(record: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(each for each in _list(record, key) if isinstance(each, str))
