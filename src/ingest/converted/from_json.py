"""The whole document as JSON, as ``ingest convert --to json`` writes it (``schema/document.schema.json``)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

from ingest.converted import Loaded, carried, is_carried
from ingest.converted.edits import Cut, Fixes, edited, json_cuts
from ingest.converted.json_values import (
    Record,
    Records,
    contradictions,
    doubled_keys,
    half_letters,
    has_keys,
    keys_of,
    parse_json,
    place_in,
    schema_findings,
)
from ingest.converted.text import FileText
from ingest.model.diagnostic import Diagnostic, Finding
from ingest.model.document import Document, Furniture, Provenance, Rejected
from ingest.model.question import Question
from ingest.model.source import Span
from ingest.parts.json_places import JsonPlaces, Path
from ingest.parts.records import as_question
from ingest.rules import catalogue

if TYPE_CHECKING:
    from pydantic import TypeAdapter

SUFFIXES = (".json",)
_ID = re.compile(r'"q_[0-9a-f]{16}"')
_BEGINNING = re.compile(rb'\{\s*"id"\s*:\s*"(q_[0-9a-f]{16})"')
_KEY = re.compile(r'"schema_version"\s*:|"questions"\s*:\s*\[')


class _Parts(NamedTuple):
    """What of a document is looked at."""

    questions: tuple[Question, ...]
    rejected: tuple[Rejected | None, ...]
    diagnostics: tuple[Diagnostic | None, ...]
    """Null for one that does not fit its schema."""
    keys: int = 0
    """How many keys all its objects have."""


def is_mine(head: str) -> bool:
    """Whether the text begins like an object with one of the document's keys."""
    return head.lstrip().startswith("{") and _KEY.search(head) is not None


def load(source: FileText) -> Loaded:
    """The document's questions.

    Codes: S001 for what is no JSON, S002 for what does not fit the schema, S003 for contradictions; and what
    the document carries: findings of its questions, of its rejected blocks and of the dump.
    """
    findings: list[Finding] = []
    unfit: frozenset[int] = frozenset()
    parts = _read_strictly(source.data)
    where = _Where(source, parts)
    broken = None
    if parts is None:
        value, broken = parse_json(source.text, bounds=source.bounds)
        if broken:
            parts = _Parts((), (), ())
            findings = [broken]
        else:
            findings, unfit = schema_findings("document", value, where.places, _index_of, 2)
            findings += half_letters(source.text)
            parts = _read_leniently(value)
            for index, each in enumerate(_listed(value, "questions")):
                findings += contradictions(each, index, where.places, ("questions", index))
    findings += _carried(parts, where.span)
    loaded = Loaded(source, parts.questions, tuple(findings), place_in(where.record), where.position, unfit)
    return loaded if broken else replace(loaded, doubled=where.doubled)


class _Where:
    """Where the values of a document stand; worked out when somebody asks.

    In one that is as it should be each question is found by itself, without walking the others.
    """

    def __init__(self, source: FileText, parts: _Parts | None) -> None:
        self._source = source
        self._parts = parts

    @cached_property
    def _records(self) -> Records | None:
        starts = self._parts and _starts(self._source.data, self._parts)
        return Records(self._source, starts) if starts else None

    @cached_property
    def places(self) -> JsonPlaces:
        """Those of the whole text."""
        return JsonPlaces(self._source.text)

    def record(self, index: int) -> Record:
        if self._records:
            return self._records.record(index)
        return Record(self._source.text, 0, self.places, ("questions", index))

    def span(self, path: Path) -> Span:
        """Of a value of the document."""
        if self._records:
            return self._records.record(int(path[1])).places.span(path[2:])
        return self.places.span(path)

    def doubled(self) -> Iterator[Finding]:
        """Keys that stand twice: whoever reads with another parser may take the other one."""
        if self._parts is None or not self._records:
            if self._parts is None or not has_keys(self._source.data, self._parts.keys):
                yield from doubled_keys(self.places)
        elif not has_keys(self._source.data, self._parts.keys):
            inside = 0
            for index in range(len(self._parts.questions)):
                for each in doubled_keys(self._records.record(index).places, index):
                    inside += 1
                    yield each
            if sum(1 for _ in self.places.doubled()) > inside:
                message = "a key of the document stands twice, and programs differ in which one they take"
                yield Finding("S003", message, Span(0, 1), "take one of the two out")

    def position(self, offset: int) -> tuple[int, int]:
        return self._records.position(offset) if self._records else self._source.text_position(offset)


def edit(source: FileText, fixes: Fixes) -> str:
    """The text with the fixes of its questions; where a question gets another id, its diagnostics do too."""
    places = JsonPlaces(source.text)
    cuts: list[Cut] = []
    for index, each in fixes.items():
        cuts += json_cuts(Record(source.text, 0, places, ("questions", index)), each)
    ids = {source.text[cut.start : cut.end]: cut.text for cut in cuts if _ID.fullmatch(cut.text)}
    value, _ = parse_json(source.text, bounds=source.bounds)
    for at in range(len(_listed(value, "diagnostics"))) if ids else ():
        span = places.span(("diagnostics", at, "id"))
        if new := ids.get(source.text[span.start : span.end]):
            cuts.append(Cut(*span, new))
    return edited(source.text, cuts)


def _starts(data: bytes, parts: _Parts) -> list[int] | None:
    """Where each question begins, in bytes; null where that is not seen at once.

    In a document that has nothing but what it may have, an object that begins with a question's id is that
    question: inside texts quotes are escaped. What stands outside questions has no place of this kind.
    """
    if parts.rejected or any(each and each.number is None for each in parts.diagnostics):
        return None
    matches = list(_BEGINNING.finditer(data))
    ids = [match[1].decode() for match in matches]
    is_same = ids == [question.id for question in parts.questions]
    return [match.start() for match in matches] if is_same else None


def _index_of(path: Path) -> int | None:
    if len(path) > 1 and path[0] == "questions" and isinstance(path[1], int):
        return path[1]
    return None


def _read_strictly(data: bytes) -> _Parts | None:
    """The parts of a document that is as it should be; null for any other.

    The classes of the records read a large file ten times as fast as it can be parsed and checked against
    its schema. The schema is made from them, and what they accept it accepts: a test holds them to it.
    """
    from pydantic import ValidationError

    try:
        document = _adapter("document").validate_json(data, strict=True)
    except ValidationError:
        return None
    keys = (
        len(fields(Document))
        + len(fields(Provenance))
        + sum(map(keys_of, document.questions))
        + len(fields(Rejected)) * len(document.rejected)
        + len(fields(Furniture)) * len(document.furniture)
        + len(fields(Diagnostic)) * len(document.diagnostics)
    )
    return _Parts(document.questions, document.rejected, document.diagnostics, keys)


def _read_leniently(value: Any) -> _Parts:
    from pydantic import ValidationError

    def each(name: str) -> Iterator[Any]:
        for entry in _listed(value, {"rejected": "rejected", "diagnostic": "diagnostics"}[name]):
            try:
                yield _adapter(name).validate_python(entry)
            except ValidationError:
                yield None

    questions = tuple(map(as_question, _listed(value, "questions")))
    return _Parts(questions, tuple(each("rejected")), tuple(each("diagnostic")))


def _listed(value: Any, key: str) -> list[Any]:
    entries = value.get(key) if isinstance(value, dict) else None
    return entries if isinstance(entries, list) else []


def _carried(parts: _Parts, span: Callable[[Path], Span]) -> Iterator[Finding]:
    """What the file says of its dump, and no rule can see in the records."""
    of_question: dict[tuple[int | None, str | None], dict[str, Diagnostic]] = {}
    for each in filter(None, parts.diagnostics):
        of_question.setdefault((each.number, each.id), {})[each.code] = each
    for index, question in enumerate(parts.questions):
        if question.findings:
            known = of_question.get((question.number, question.id), {})
            yield from carried(index, question, _codes_place(span, index), known)
    yield from _of_rejected(parts, span)
    told = {code for block in parts.rejected if block and block.number is None for code in block.findings}
    for at, entry in enumerate(parts.diagnostics):
        if entry is None or entry.number is not None or entry.id is not None or entry.code in told:
            continue
        if entry.code in catalogue() and is_carried(entry.code):
            yield Finding(entry.code, entry.message, span(("diagnostics", at)), entry.hint)


def _of_rejected(parts: _Parts, span: Callable[[Path], Span]) -> Iterator[Finding]:
    """Why blocks of the dump gave no record."""
    by_number: dict[tuple[int | None, str], Diagnostic] = {
        (each.number, each.code): each for each in filter(None, parts.diagnostics)
    }
    for at, block in enumerate(parts.rejected):
        if block and not block.findings:
            which = "a block" if block.number is None else f"question {block.number}"
            message = f"{which} was rejected, and the file does not say why"
            yield Finding("S003", message, span(("rejected", at)), "convert the dump again")
        for code in block.findings if block else ():
            diagnostic = by_number.get((block.number, code)) if block else None
            message = diagnostic.message if diagnostic else "the block gave no record"
            if code in catalogue():
                which = "a block" if block is None or block.number is None else f"question {block.number}"
                hint = diagnostic.hint if diagnostic else None
                yield Finding(code, f"{which} was rejected: {message}", span(("rejected", at)), hint)


def _codes_place(span: Callable[[Path], Span], index: int) -> Callable[[int], Span]:
    return lambda at: span(("questions", index, "findings", at))


@cache
def _adapter(name: str) -> TypeAdapter[Any]:
    from ingest.schema import adapter

    return adapter(name)
