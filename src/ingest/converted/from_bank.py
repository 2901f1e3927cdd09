"""A bank, as ``ingest merge`` writes it (``schema/bank.schema.json``): its questions are those of a set.

Its name ends like that of any JSON file, so only its content tells. What is set apart for its contrary keys
is no question of the set; that it is there is a finding.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, NamedTuple

from ingest.converted import Loaded, carried
from ingest.converted.edits import Cut, Fixes, edited, fixed, json_cuts
from ingest.converted.json_values import (
    Record,
    contradictions,
    half_letters,
    parse_json,
    place_in,
    schema_findings,
)
from ingest.converted.text import FileText
from ingest.model.bank import Bank, BankEntry
from ingest.model.diagnostic import Finding
from ingest.model.source import Span
from ingest.parts.copies import restored
from ingest.parts.fields import shorten
from ingest.parts.json_places import JsonPlaces, Path
from ingest.parts.keys import answer_of, folded
from ingest.parts.records import as_question

SUFFIXES: tuple[str, ...] = ()
_KIND = re.compile(r'"kind"\s*:\s*"bank"')
_HINT = "compare them with their sources, and correct one of the two"


class _Told(NamedTuple):
    """What is wrong with a bank, and at which path."""

    path: Path
    message: str
    hint: str
    question: int | None = None


def is_mine(head: str) -> bool:
    """Whether the text begins like an object that says it is a bank; inside texts quotes are escaped."""
    return head.lstrip().startswith("{") and _KIND.search(head) is not None


def load(source: FileText) -> Loaded:
    """The bank's questions.

    Codes: S001 for what is no JSON, S002 for what does not fit the schema, S003 for contradictions, also for
    contrary keys between which nothing has decided; and what the questions carry from their dumps.
    """

    @cache
    def places() -> JsonPlaces:
        return JsonPlaces(source.text)

    bank = read_bank(source.data)
    findings: list[Finding] = []
    if bank:
        questions = tuple(entry.question for entry in bank.questions)
        findings += (
            Finding("S003", told.message, places().span(told.path), told.hint, told.question)
            for told in _own_contradictions(bank)
        )
    else:
        value, broken = parse_json(source.text, bounds=source.bounds)
        listed = [] if broken else _listed(value)
        questions = tuple(map(as_question, listed))
        findings += [broken] if broken else schema_findings("bank", value, places(), _index_of)[0]
        findings += () if broken else half_letters(source.text)
        for index, each in enumerate(listed):
            findings += contradictions(each, index, places(), _path(index))
    for index, question in enumerate(questions):
        if question.findings:
            findings += carried(index, question, _codes_place(places, index), {})

    def record(index: int) -> Record:
        return Record(source.text, 0, places(), _path(index))

    return Loaded(source, questions, tuple(findings), place_in(record), source.text_position)


def read_bank(data: bytes) -> Bank | None:
    """A bank that is as it should be; null for any other."""
    from pydantic import ValidationError

    from ingest.schema import load_bank

    try:
        return load_bank(data)
    except ValidationError:
        return None


def edit(source: FileText, fixes: Fixes) -> str:
    """The text with the fixes of its questions. The keys of the sources follow the texts of the options."""
    places = JsonPlaces(source.text)
    cuts: list[Cut] = []
    for index, each in fixes.items():
        base = _path(index)
        cuts += json_cuts(Record(source.text, 0, places, base), each)
        value = json.loads(_slice(source.text, places.whole(base)))
        changed, _ = fixed(value, each)
        pairs = zip(value["options"], changed["options"], strict=True)
        renamed = {old["text"]: new["text"] for old, new in pairs if old["text"] != new["text"]}
        for path in _answer_paths(places, base[:2]) if renamed else ():
            span = places.span(path)
            text = json.loads(_slice(source.text, span))
            if text in renamed:
                cuts.append(Cut(*span, json.dumps(renamed[text], ensure_ascii=False)))
    return edited(source.text, cuts)


def contradictions_of(bank: Bank) -> Iterator[str]:
    """What of a bank cannot be merged again: sources whose key is not the one of the copy they stand for."""
    return (told.message for told in _stale_keys(bank))


def _own_contradictions(bank: Bank) -> Iterator[_Told]:
    yield from _stale_keys(bank)
    for index, entry in enumerate(bank.conflicts):
        keys = " or ".join(f"“{shorten('; '.join(key.answer))}”" for key in _keys(entry))
        message = f"nothing decides the key of “{shorten(entry.question.stem)}”: {keys}"
        hint = "take out the sources that are wrong, and merge the bank again; or merge with --key-policy"
        yield _Told(("conflicts", index), message, hint)


def _keys(entry: BankEntry) -> tuple[Any, ...]:
    return entry.conflict.keys if entry.conflict else ()


def _stale_keys(bank: Bank) -> Iterator[_Told]:
    for name, entries in (("questions", bank.questions), ("conflicts", bank.conflicts)):
        for index, entry in enumerate(entries):
            for at, each in enumerate(entry.sources):
                own = answer_of(restored(entry.question, each))
                if folded(own) != folded(each.answer):
                    given, wanted = (shorten("; ".join(texts)) or "none" for texts in (each.answer, own))
                    message = (
                        f"the key of {each.file}:{each.lines[0]} is “{given}”, and its copy has “{wanted}”"
                    )
                    path = (name, index, "sources", at, "answer")
                    yield _Told(path, message, _HINT, index if name == "questions" else None)


def _answer_paths(places: JsonPlaces, entry: Path) -> Iterator[Path]:
    """Where the texts of keys stand in a bank's question."""
    for above in ((*entry, "sources"), (*entry, "conflict", "keys")):
        at = 0
        while places.has((*above, at)):
            place = 0
            while places.has((*above, at, "answer", place)):
                yield (*above, at, "answer", place)
                place += 1
            at += 1


def _slice(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _path(index: int) -> Path:
    return ("questions", index, "question")


def _listed(value: Any) -> list[Any]:
    """The records of the bank's questions, whatever they are."""
    entries = value.get("questions") if isinstance(value, dict) else None
    listed = entries if isinstance(entries, list) else []
    return [each.get("question") if isinstance(each, dict) else None for each in listed]


def _index_of(path: Path) -> int | None:
    if len(path) > 1 and path[0] == "questions" and isinstance(path[1], int):
        return path[1]
    return None


def _codes_place(places: Callable[[], JsonPlaces], index: int) -> Callable[[int], Span]:
    return lambda at: places().span((*_path(index), "findings", at))
