"""What must hold of everything that was read and written, whatever the input was."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import jsonschema_rs
import orjson

from ingest import schema
from ingest.converted.text import FileText
from ingest.model.document import Document
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.model.source import LineIndex
from ingest.parts.urls import canonical
from ingest.sets import form_of_file
from ingest.writers import WriteSettings, writer


def check_whole(result: Result) -> None:
    """Every line that is not blank lies in exactly one role, and every role in one line's text."""
    index = LineIndex(result.source.text)
    seen: dict[int, str] = {}
    end = 0
    for role, span in result.roles():
        assert span.start >= end, f"{role} overlaps what stands before it"
        assert span.end > span.start
        end = span.end
        first, last = index.lines(span)
        for line in range(first, last + 1):
            assert line not in seen, f"line {line} is {seen[line]} and {role}"
            seen[line] = role
    for line, text in enumerate(result.source.text.split("\n"), 1):
        assert line in seen or not text.strip(), f"line {line} is lost: {text!r}"


def check_places(result: Result, lines: int) -> None:
    """Findings and records name lines that the file has, and its findings stand in the order of the text."""
    for each in result.diagnostics:
        assert 1 <= each.line <= each.end_line <= lines, f"{each.code} at line {each.line} of {lines}"
        assert each.column >= 1
        assert each.end_column >= 1
        assert "\n" not in each.message
    for question in result.questions:
        first, last = question.source.lines
        assert 1 <= first <= last <= lines


def check_document(document: Document) -> None:
    """It fits its schema, and what is written of it is read back equal, by the classes and by the forms of
    converted files."""
    data = rendered(document, "json")
    assert not list(_validator().iter_errors(orjson.loads(data)))
    assert schema.load_document(data) == document
    for name in ("json", "jsonl", "csv"):
        check_read_back(document, name)


def check_read_back(document: Document, name: str) -> None:
    """The questions of a written file are those of the document, and nothing is wrong with its form; but for
    those that the writer has a note about."""
    data = rendered(document, name)
    form = form_of_file(data, f"set.{name}")
    assert form is not None
    assert form.name == name
    loaded = form.load(FileText(data))
    noted = {note.index for note in writer(name).notes(document, WriteSettings())}
    for each in (*loaded.findings, *loaded.doubled()):
        is_sound = each.code not in ("S001", "S002", "S003") or each.question in noted
        assert is_sound, f"{name}: {each.code} {each.message}"
    held = as_table if name == "csv" else as_it_is
    for index, pair in enumerate(zip(loaded.questions, document.questions, strict=True)):
        assert index in noted or held(pair[0]) == held(pair[1])


def as_it_is(question: Question) -> Question:
    """All of a question."""
    return question


def as_table(question: Question) -> dict[str, Any]:
    """What the table with one row a question holds of it."""
    options = question.options
    while options and not options[-1].text and not options[-1].explanation:
        options = options[:-1]
    urls = {
        is_credit: [
            _address(each.canonical) for each in question.references if (each.role == "credit") is is_credit
        ]
        for is_credit in (False, True)
    }
    return {
        "id": (question.id, question.occurrence, question.number, question.type),
        "text": (question.stem, options, question.answer, question.accepted),
        "said": (question.explanation or None, question.rationale or None, question.topic or None),
        "references": urls,
        "place": (question.findings, question.source),
    }


def _address(url: str) -> str:
    """A file from elsewhere may have an address that is not canonical; the table's reader makes it so."""
    try:
        return canonical(url)
    except ValueError:
        return url


def rendered(document: Document, name: str) -> bytes:
    """The file of a format, made twice: the same bytes."""
    data = writer(name).render(document, WriteSettings())[0]
    again = writer(name).render(replace(document), WriteSettings())[0]
    assert data == again, f"{name} is not the same twice"
    return data


@cache
def _validator() -> Any:
    return jsonschema_rs.validator_for(schema.json_schema("document"))
