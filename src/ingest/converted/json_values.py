"""What the forms of JSON share: a text to values, fields to places, contradictions inside a record."""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import fields
from math import isfinite
from typing import Any, NamedTuple

from ingest.converted import CORE
from ingest.converted.schema_errors import TOO_LARGE, schema_errors, without_surrogates
from ingest.converted.text import FileText
from ingest.model.diagnostic import Finding
from ingest.model.integer import LARGEST
from ingest.model.question import Attempt, Item, Option, Place, Question, Reference
from ingest.model.source import LineIndex, Span
from ingest.parts.bounds import Bounds
from ingest.parts.json_places import JsonPlaces, Path
from ingest.parts.nesting import json_depth
from ingest.rules import Problem

_MOST_DIGITS = len(str(LARGEST)) + 1  # with the sign
# A pair of halves is a letter; after a backslash stands whatever it escapes.
_ESCAPED = re.compile(
    r"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)"
)
_OPTION_KEYS, _ITEM_KEYS, _REFERENCE_KEYS, _ATTEMPT_KEYS = (
    len(fields(each)) for each in (Option, Item, Reference, Attempt)
)
_QUESTION_KEYS = len(fields(Question)) + len(fields(Place))


class Record(NamedTuple):
    """Where one question stands."""

    text: str
    """The text that holds it."""
    shift: int
    """What offsets into the text and the places' ones differ by."""
    places: JsonPlaces
    base: Path
    """Its path among the places."""


class Records:
    """The questions of a large file, each decoded by itself, when it is looked for.

    An offset is the first byte of a question, and the letters from there. So few findings in a large file
    cost little, which is mostly the case.
    """

    def __init__(self, source: FileText, starts: Sequence[int]) -> None:
        self._source = source
        self._starts = starts
        self._records: dict[int, Record] = {}
        self._last: tuple[int, int, int, LineIndex] | None = None

    def record(self, index: int) -> Record:
        """Where a question stands."""
        # Not a cached method, which would keep the file in memory for ever: cycles are not collected.
        if index not in self._records:
            self._records[index] = self._record(index)
        return self._records[index]

    def _record(self, index: int) -> Record:
        start = self._starts[index]
        end = self._starts[index + 1] if index + 1 < len(self._starts) else len(self._source.data)
        text = self._source.decode(self._source.data[start:end])
        return Record(text, start, JsonPlaces(text, shift=start), ())

    def position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, 1-based."""
        if offset < self._starts[0]:
            return self._source.position(offset)
        index = bisect_right(self._starts, offset) - 1
        text, start = self.record(index)[:2]
        if self._last is None or self._last[0] != index:  # a question may have a thousand findings
            self._last = (index, *self._source.position(start), LineIndex(text))
        _, line, column, lines = self._last
        row, at = lines.position(offset - start)
        return line + row - 1, (at if row > 1 else column + at - 1)


def parse_json(text: str, start: int = 0, bounds: Bounds | None = None) -> tuple[Any, Finding | None]:
    """The value of a JSON text; or what is wrong with it (S001). ``start`` is where it stands in its file."""
    most = (bounds or Bounds()).limits.nesting
    if (depth := json_depth(text)) > most:
        message = f"no record: arrays or objects stand {depth:,} deep in each other"
        hint = f"nesting allows {most:,}: raise it with --limit nesting=N, or under [limits] in ingest.toml"
        return None, Finding("S001", message, Span(start, start + 1), hint)
    try:
        value = json.loads(text, parse_int=_integer, parse_float=_decimal, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        at = start + min(error.pos, max(len(text) - 1, 0))
        said = error.msg.removesuffix(" starting at").removesuffix(" at")
        message = f"no JSON: {said[0].lower()}{said[1:]}"
        return None, Finding("S001", message, Span(at, at + 1), "mend the syntax, and validate again")
    except _NoNumberError as error:
        found = re.search(rf"(?<=[:,\[\s]){error.args[0]}(?=[,\]}}\s])", text)
        at = start + (found.start() if found else 0)
        message = f"no JSON: {error.args[0]} is no number there"
        return None, Finding("S001", message, Span(at, at + len(error.args[0])), "write a number or null")
    except RecursionError:  # of a limit that was raised too far
        message = "no record: arrays or objects stand too deep in each other"
        return None, Finding("S001", message, Span(start, start + 1))
    return (without_surrogates(value) if "\\u" in text else value), None


def schema_findings(
    name: str, value: Any, places: JsonPlaces, index_of: Callable[[Path], int | None], depth: int = 0
) -> tuple[list[Finding], frozenset[int]]:
    """S002 for each place where a value does not fit the schema of that name, and the questions of which the
    text or the key does not. ``index_of`` tells which question a path belongs to, and ``depth`` how many
    steps of it lead there."""
    findings = []
    unfit = set()
    for error in schema_errors(name, value):
        span = places.key_span(error.path) if error.is_key else places.span(error.path)
        index = index_of(error.path)
        findings.append(Finding("S002", error.message, span, f"see ingest schema {name}", index))
        below = (*error.path, error.missing)[depth:]
        if index is not None and not error.is_key and (below[0] is None or below[0] in CORE):
            unfit.add(index)
    return findings, frozenset(unfit)


def half_letters(text: str, start: int = 0) -> Iterator[Finding]:
    """S002 for each escape of half a letter, which no encoding can hold; U+FFFD stands for it in the record.
    ``start`` is where the text stands in its file."""
    for match in _ESCAPED.finditer(text) if "\\u" in text else ():
        if match["half"]:
            message = f"{match[0]} is half of a letter, which no text can hold"
            span = Span(start + match.start(), start + match.end())
            yield Finding("S002", message, span, "write both its halves, or the letter itself")


def doubled_keys(places: JsonPlaces, index: int | None = None) -> Iterator[Finding]:
    """S003 for each key that stands twice in one object."""
    for span in places.doubled():
        message = "the key stands twice in its object, and programs differ in which one they take"
        yield Finding("S003", message, span, "take one of the two out", index)


def has_keys(data: bytes, count: int) -> bool:
    """Whether the objects of a JSON text have that many keys; false where that is not seen at once.

    Inside strings quotes are escaped, so a quote before a colon ends a key.
    """
    found = data.count(b'":')
    return found == count or found - data.count(b'\\":') == count


def keys_of(question: Question) -> int:
    """How many keys a question's record has; all are written."""
    return (
        _QUESTION_KEYS
        + _OPTION_KEYS * len(question.options)
        + _ITEM_KEYS * len(question.items)
        + _REFERENCE_KEYS * len(question.references)
        + (_ATTEMPT_KEYS if question.attempt else 0)
    )


def contradictions(value: Any, index: int, places: JsonPlaces, base: Path) -> Iterator[Finding]:
    """S003 where the key stands twice and differs."""
    if not isinstance(value, dict):
        return
    options = [each for each in _list(value.get("options")) if isinstance(each, dict)]
    marked = [each.get("id") for each in options if each.get("correct") is True]
    answer = value.get("answer")
    if isinstance(answer, list) and answer != marked:
        given, right = (" ".join(map(str, each)) or "none" for each in (answer, marked))
        message = f"answer is {given}, and the options marked correct are {right}"
        hint = "compare it with the source, and correct one of the two"
        yield Finding("S003", message, places.span((*base, "answer")), hint, index)


def field_path(field: str) -> Path:
    """The path below its question of a field that a rule names."""
    name, _, place = field.partition(".")
    if name == "header":
        return ()
    if not place.isdecimal():
        return (name,)
    inner = {"options": ("text",), "ids": ("id",), "reasons": ("explanation",), "references": ("url",)}
    outer = {"ids": "options", "reasons": "options", "answers": "accepted"}.get(name, name)
    return (outer, int(place), *inner.get(name, ()))


def place_in(record: Callable[[int], Record]) -> Callable[[Problem], Span]:
    """Where problems stand, given where each question does."""

    def place(problem: Problem) -> Span:
        text, shift, places, base = record(problem.index)
        path = (*base, *field_path(problem.field))
        span = places.span(path if places.has(path) else base)
        return _part(text, shift, span, problem.text) if problem.text else span

    return place


def _part(text: str, shift: int, span: Span, part: str) -> Span:
    """The place of a part of the string that stands at a span, however it is escaped."""
    for is_ascii in (False, True):
        escaped = json.dumps(part, ensure_ascii=is_ascii)[1:-1]
        at = text.find(escaped, span.start - shift, span.end - shift)
        if at >= 0:
            return Span(at + shift, at + shift + len(escaped))
    return span


class _NoNumberError(ValueError):
    """NaN or Infinity, which JSON does not have."""


def _refuse(name: str) -> None:
    raise _NoNumberError(name)


def _integer(digits: str) -> int | float:
    # A number of a million digits takes minutes to read, and no field holds one.
    value = int(digits) if len(digits) <= _MOST_DIGITS else LARGEST + 1
    return value if -LARGEST - 1 <= value <= LARGEST else TOO_LARGE


def _decimal(digits: str) -> int | float:
    value = float(digits)
    if not isfinite(value):
        return TOO_LARGE
    # 1e3, and what spreadsheets write as 7.0.
    return _integer(str(int(value))) if value.is_integer() else value


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
