"""What the forms of JSON share: a text to values, fields to places, contradictions inside a record."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from ingest.converted.schema_errors import schema_errors, without_surrogates
from ingest.model.diagnostic import Finding
from ingest.model.source import Span
from ingest.parts.json_places import JsonPlaces, Path
from ingest.rules import Problem

_MOST_DIGITS = 300


def parse_json(text: str, start: int = 0) -> tuple[Any, Finding | None]:
    """The value of a JSON text; or what is wrong with it (S001). ``start`` is where it stands in its file."""
    try:
        value = json.loads(text, parse_int=_integer, parse_constant=lambda _: None)
    except json.JSONDecodeError as error:
        at = start + min(error.pos, max(len(text) - 1, 0))
        message = f"no JSON: {error.msg[0].lower()}{error.msg[1:]}"
        return None, Finding("S001", message, Span(at, at + 1), "mend the syntax, and validate again")
    except RecursionError:
        message = "no record: arrays or objects stand too deep in each other"
        return None, Finding("S001", message, Span(start, start + 1))
    return (without_surrogates(value) if "\\u" in text else value), None


def schema_findings(
    name: str, value: Any, places: JsonPlaces, index_of: Callable[[Path], int | None]
) -> Iterator[Finding]:
    """S002 for each place where a value does not fit the schema of that name. ``index_of`` tells which
    question a path belongs to."""
    for error in schema_errors(name, value):
        span = places.key_span(error.path) if error.is_key else places.span(error.path)
        hint = f"see ingest schema {name}"
        yield Finding("S002", error.message, span, hint, index_of(error.path))


def contradictions(value: Any, index: int, places: JsonPlaces, base: Path) -> Iterator[Finding]:
    """S003 where the key stands twice and differs."""
    if not isinstance(value, dict):
        return
    options = [each for each in _list(value.get("options")) if isinstance(each, dict)]
    marked = [each.get("id") for each in options if each.get("correct") is True]
    answer = value.get("answer")
    hint = "compare it with the source, and correct one of the two"
    if isinstance(answer, list) and answer != marked:
        given, right = (" ".join(map(str, each)) or "none" for each in (answer, marked))
        message = f"answer is {given}, and the options marked correct are {right}"
        yield Finding("S003", message, places.span((*base, "answer")), hint, index)


def field_path(field: str) -> Path:
    """The path below its question of a field that a rule names."""
    name, _, place = field.partition(".")
    if name == "header":
        return ()
    if not place.isdecimal():
        return (name,)
    inner = {"options": ("text",), "reasons": ("explanation",), "references": ("url",), "answers": ()}
    outer = {"reasons": "options", "answers": "accepted"}.get(name, name)
    return (outer, int(place), *inner.get(name, ()))


def place_in_json(
    text: Callable[[], str], places: Callable[[int], JsonPlaces], base: Callable[[int], Path]
) -> Callable[[Problem], Span]:
    """Where problems stand: ``places`` and ``base`` give the walker for a question of the file and its path
    there."""

    def place(problem: Problem) -> Span:
        walker = places(problem.index)
        path = (*base(problem.index), *field_path(problem.field))
        if not problem.field.startswith("references") and not walker.has(path):
            path = base(problem.index)
        span = walker.span(path)
        return _part(text(), span, problem.text) if problem.text else span

    return place


def _part(text: str, span: Span, part: str) -> Span:
    """The place of a part of the string that stands at a span, however it is escaped."""
    for is_ascii in (False, True):
        escaped = json.dumps(part, ensure_ascii=is_ascii)[1:-1]
        at = text.find(escaped, span.start, span.end)
        if at >= 0:
            return Span(at, at + len(escaped))
    return span


def _integer(digits: str) -> int | float:
    # A number of a million digits takes minutes to read, and no field holds one.
    return int(digits) if len(digits) < _MOST_DIGITS else float("inf")


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
