"""JSON Lines: one question a line, as ``ingest convert --to jsonl`` writes it
(``schema/question.schema.json``). Blank lines are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import accumulate

from ingest.converted import Loaded, carried
from ingest.converted.edits import Fixes, edited, json_cuts
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
from ingest.model.diagnostic import Finding
from ingest.model.question import Question
from ingest.model.source import Span
from ingest.parts.bounds import Bounds
from ingest.parts.json_places import JsonPlaces
from ingest.parts.records import as_question

SUFFIXES = (".jsonl", ".ndjson")
_KEY = re.compile(r'"(?:stem|fingerprint)"\s*:')


def is_mine(head: str) -> bool:
    """Whether the first line is an object with a key of questions that ends on that line."""
    first = head.lstrip().split("\n", 1)[0].rstrip()
    return first.startswith("{") and first.endswith("}") and _KEY.search(first) is not None


def load(source: FileText) -> Loaded:
    """The questions of the lines.

    Codes: S001 for a line that is no JSON, S002 for what does not fit the schema, S003 for contradictions;
    and what the questions carry from their dumps.
    """
    from pydantic import ValidationError

    from ingest.schema import adapter

    validate = adapter("question").validate_json
    lines = source.data.split(b"\n")
    records = Records(source, [0, *accumulate(len(line) + 1 for line in lines[:-1])])
    questions: list[Question] = []
    findings: list[Finding] = []
    numbers: list[int] = []  # the line of each question
    unfit: set[int] = set()
    for number, line in enumerate(lines):
        if not line.strip():
            continue
        try:
            question: Question = validate(line, strict=True)
        except ValidationError:
            read, found, is_unfit = _read_leniently(records.record(number), len(questions), source.bounds)
            findings += found
            if is_unfit:
                unfit.add(len(questions))
            if read is None:
                continue
            question = read
        if not has_keys(line, keys_of(question)):
            findings += doubled_keys(records.record(number).places, len(questions))
        numbers.append(number)
        if question.findings:
            findings += carried(len(questions), question, _codes_place(records, number), {})
        questions.append(question)
    place = place_in(lambda index: records.record(numbers[index]))
    return Loaded(source, tuple(questions), tuple(findings), place, records.position, frozenset(unfit))


def edit(source: FileText, fixes: Fixes) -> str:
    """The text with the fixes of its questions."""
    questions = [number for number, line in enumerate(source.text.split("\n")) if _is_question(line)]
    lines = source.text.split("\n")
    for index, each in fixes.items():
        line = lines[questions[index]]
        lines[questions[index]] = edited(line, json_cuts(Record(line, 0, JsonPlaces(line), ()), each))
    return "\n".join(lines)


def _is_question(line: str) -> bool:
    value, _ = parse_json(line)
    return isinstance(value, dict)


def _codes_place(records: Records, number: int) -> Callable[[int], Span]:
    return lambda at: records.record(number).places.span(("findings", at))


def _read_leniently(
    record: Record, index: int, bounds: Bounds
) -> tuple[Question | None, list[Finding], bool]:
    """The question of a line that is not as it should be, as far as it goes; what is wrong; and whether its
    text or key is."""
    value, broken = parse_json(record.text.rstrip("\r\n"), record.shift, bounds)
    if broken:
        return None, [broken], False
    found, unfit = schema_findings("question", value, record.places, lambda _: index)
    if not isinstance(value, dict):
        return None, [each._replace(question=None) for each in found], False
    found += half_letters(record.text, record.shift)
    return as_question(value), [*found, *contradictions(value, index, record.places, ())], bool(unfit)
