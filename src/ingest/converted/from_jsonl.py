"""JSON Lines: one question a line, as ``ingest convert --to jsonl`` writes it
(``schema/question.schema.json``). Blank lines are passed over."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from ingest.converted import FileText, Loaded, carried
from ingest.converted.json_values import contradictions, parse_json, place_in_json, schema_findings
from ingest.model.diagnostic import Finding
from ingest.model.question import Question
from ingest.model.source import Span
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
    questions: list[Question] = []
    findings: list[Finding] = []
    places = _Places(source)
    for number, line in enumerate(source.data.split(b"\n")):
        if not line.strip():
            continue
        try:
            question: Question = validate(line, strict=True)
        except ValidationError:
            read, found = _read_leniently(places, number, len(questions))
            findings += found
            if read is None:
                continue
            question = read
        places.lines.append(number)
        if question.findings:
            findings += carried(len(questions), question, places.of_codes(len(questions)), {})
        questions.append(question)
    place = place_in_json(lambda: source.text, places.of_question, lambda _: ())
    return Loaded(source, tuple(questions), tuple(findings), place)


class _Places:
    """Where lines begin, known when somebody asks."""

    def __init__(self, source: FileText) -> None:
        self.source = source
        self.lines: list[int] = []
        """For each question its line, 0-based."""
        self._starts: list[int] = []
        self.of_line = cache(self._of_line)

    def start(self, line: int) -> int:
        if not self._starts:
            self._starts = [0, *(match.end() for match in re.finditer("\n", self.source.text))]
        return self._starts[line]

    def text(self, line: int) -> str:
        start = self.start(line)
        end = self.source.text.find("\n", start)
        return self.source.text[start : end if end >= 0 else None]

    def of_question(self, index: int) -> JsonPlaces:
        return self.of_line(self.lines[index])

    def of_codes(self, index: int) -> Callable[[int], Span]:
        return lambda at: self.of_question(index).span(("findings", at))

    def _of_line(self, line: int) -> JsonPlaces:
        return JsonPlaces(self.source.text, self.start(line))


def _read_leniently(places: _Places, line: int, index: int) -> tuple[Question | None, list[Finding]]:
    """The question of a line that is not as it should be, as far as it goes, and what is wrong."""
    value, broken = parse_json(places.text(line), places.start(line))
    if broken:
        return None, [broken]
    walker = places.of_line(line)
    found = [*schema_findings("question", value, walker, lambda _: index)]
    if not isinstance(value, dict):
        return None, [Finding(each.code, each.message, each.span, each.hint) for each in found]
    return as_question(value), [*found, *contradictions(value, index, walker, ())]
