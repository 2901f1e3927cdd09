"""All the ways in which a value does not fit its JSON Schema (draft 2020-12), in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ingest.parts.counted import counted
from ingest.parts.json_places import Path

_SURROGATE = re.compile("[\ud800-\udfff]")
_VERSION = re.compile(r"\d{1,4}\.\d{1,4}")
_MOST_LETTERS = 60
TOO_LARGE = 5e-324
"""This object stands for a number that no format can hold. It is no integer to any version of what checks
schemas; to some an infinite one is null."""


class SchemaError(NamedTuple):
    """One place where a value does not fit."""

    path: Path
    message: str
    is_key: bool = False
    """Whether it is the key that is wrong, not its value."""
    missing: str | None = None
    """The key that is not there."""


def schema_errors(name: str, value: Any) -> Iterator[SchemaError]:
    """Every error of a value against the schema of that name (``ingest.schema``)."""
    for error in _flat(_validator(name).iter_errors(value)):
        path = tuple(error.instance_path)
        kind = error.kind.as_dict()
        kind["kinds"] = [each.kind.as_dict() for branch in kind.get("context", ()) for each in branch]
        keyword = error.kind.name
        if keyword == "additionalProperties":
            for key in kind["unexpected"]:
                yield SchemaError((*path, key), f"unknown key “{_short(key)}”", is_key=True)
        elif keyword == "required":
            yield SchemaError(path, f"“{kind['property']}” is missing", missing=kind["property"])
        else:
            instance = _value_at(value, path)
            yield SchemaError(path, _said(path, keyword, kind, instance, error.message))


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _flat(errors: Iterable[Any]) -> Iterator[Any]:
    """Errors, with those inside an alternative of the right kind instead of "fits none of them"."""
    for error in errors:
        if error.kind.name != "anyOf":
            yield error
            continue
        branches = [
            branch
            for branch in error.kind.context
            if not any(
                each.kind.name == "type" and each.instance_path == error.instance_path for each in branch
            )
        ]
        if branches:
            yield from _flat(branches[0])
        else:
            yield error


def without_surrogates(value: Any) -> Any:
    """The value with half letters, which JSON can escape but no encoding can hold, replaced by U+FFFD."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if isinstance(value, list):
        return [without_surrogates(each) for each in value]
    if isinstance(value, dict):
        return {without_surrogates(key): without_surrogates(each) for key, each in value.items()}
    return value


@cache
def _validator(name: str) -> Any:
    import jsonschema_rs

    from ingest.schema import json_schema

    return jsonschema_rs.validator_for(json_schema(name))


def _said(path: Path, keyword: str, kind: dict[str, Any], instance: Any, message: str) -> str:
    field = _named(path)
    shown = _shown(instance)
    if keyword in ("type", "anyOf"):
        types = [each for group in (kind, *kind["kinds"]) for each in group.get("types", ())]
        return f"{field} is {shown}, not {' or '.join(map(_article, types))}"
    if keyword in ("minItems", "maxItems"):
        return f"{field} has {counted(len(instance), 'value')}, not {kind['limit']}"
    wanted = {
        "enum": lambda: f"not one of {', '.join(map(str, kind['options']))}",
        "const": lambda: f"not “{kind['expected_value']}”{_newer(field, instance, kind['expected_value'])}",
        "pattern": lambda: f"which does not match {kind['pattern']}",
    }
    return f"{field} is {shown}, {wanted[keyword]()}" if keyword in wanted else f"{field}: {_short(message)}"


def _newer(field: str, given: Any, known: Any) -> str:
    """What there is to do about a file that a later version of this program has written."""
    if field != "schema_version" or not isinstance(given, str) or not _VERSION.fullmatch(given):
        return ""
    is_newer = [int(each) for each in given.split(".")] > [int(each) for each in known.split(".")]
    return ": a newer ingest wrote it, so update this one" if is_newer else ""


def _named(path: Path) -> str:
    """The last key of a path, with the indices after it."""
    at = next((at for at in reversed(range(len(path))) if isinstance(path[at], str)), None)
    return "the value" if at is None else str(path[at]) + "".join(f"[{step}]" for step in path[at + 1 :])


def _article(kind: str) -> str:
    return kind if kind == "null" else f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return f"“{_short(value)}”" if value else "empty"
    if isinstance(value, (dict, list)):
        return "an object" if isinstance(value, dict) else "an array"
    if value is TOO_LARGE:
        return "too large a number"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return _short(str(value))


def _short(text: str) -> str:
    return text if len(text) <= _MOST_LETTERS else f"{text[: _MOST_LETTERS - 1]}…"
