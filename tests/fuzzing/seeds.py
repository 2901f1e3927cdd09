"""Where fuzzing begins: inputs of the project's own wording, and the words that inputs are made of."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import case_files
import rendering
from fuzzing.targets import DUMP
from ingest.banking import GivenSet, merge, pieces
from ingest.corrections import entry
from ingest.locales import load_all, names
from ingest.model.document import Document
from ingest.pipeline import read_bytes
from ingest.writers import WriteSettings, writer

TESTS = Path(__file__).parent.parent
REGRESSIONS = Path(__file__).parent / "regressions"
LAYOUTS = TESTS / "dumps" / "layouts"
_SYNTAX = {
    "saved_page": (
        *('<div data-purpose="', 'id="question-prompt">', 'id="answer-text">', "</div>", "<pre>", "<p>"),
        *('"answer"', '"answer-body"', '"domain-pane"', '"overall-explanation"', "<img src=", "<a href="),
        *('"answer-result-header-user-label"', '"question-result-header-status-label"', "&amp;", "&#0;"),
    ),
    "assessments_json": (
        *('"prompt":', '"correct_response":', '"answers":', '"feedbacks":', '"question":', '"explanation":'),
        *('"section":', '"assessment_type":', '"multi-select"', '"fill-in-the-blank"', '["a"]', "\\ud83d"),
        *("null", "<p>", "</p>", "&lt;"),
    ),
    "upload_csv": (
        *("Question,", "Question Type,", "Answer Option 1,", "Explanation 1,", "Correct Answers,", '""'),
        *("Overall Explanation,", "Domain\n", "multi-select", "multiple-choice", ',"', '",', "1,2"),
    ),
    "json": ('"questions":', '"options":', "null", "true", '"q_', "1e999", "\\ud800", "\\u0000", "-0", "1.0"),
    "jsonl": ('"stem":', '"answer":', "null", '"lines":', "\n{", "1e999", "\\ud800", "99999999999999999999"),
    "csv": ("option_a", "answer_index", ";", '""', '",', ',"', "\r\n", "1.0", "single_select", "\t"),
    "bank": ('"kind": "bank"', '"conflicts":', '"sources":', '"policy":', "null", "\\ud800"),
    "corrections": ("[[correction]]", "question = ", "drop = [", "first_option = ", "answer = [", "checked"),
    "settings": ("[labels.x.page]", "[validate]", "select = ", "[topics]", "per-file-ignores", '["'),
    "decode": ("\ufeff", "Ã³", "\u200b", "\u00a0", "e\u0301", "\r", "\r\n", "\u202e", "\0"),
    "writers": ("=1", "::", "{", "}", "~", "$$", "%", "ANSWER: A", "A. ", "]]>", "&", "`", "|", "\u2028"),
}


def seeds(target: str) -> Iterator[bytes]:
    """The seeds of a target: samples, cases, and what is made of them."""
    yield from _OF.get(target, _dumps)()
    folder = REGRESSIONS / target
    yield from (path.read_bytes() for path in sorted(folder.glob("*")))


def words(target: str) -> tuple[str, ...]:
    """What inputs of a target are made of: labels of every language, marks of layouts, and its syntax."""
    labels = [word for locale in load_all() for word, _ in locale.labels]
    course = ["Correct option:", "Incorrect options:", "References:", "https://example.org/a", " via - "]
    layout = ["---", "**", "## ", "- ", "A. ", "B) ", "(Correct)", "\n\n", "    ", "\n\n\n\n", "True", "1,2"]
    return tuple(dict.fromkeys([*_SYNTAX.get(target, ()), *labels, *course, *layout]))


def _dumps() -> Iterator[bytes]:
    yield DUMP.encode()
    yield from (path.read_bytes() for path in sorted(LAYOUTS.iterdir()) if path.is_file())
    yield from (case.data for case in case_files.all_cases() if case.kind not in case_files.CONVERTED)
    for place, layout in enumerate(rendering.LAYOUTS):
        locale = names()[place % len(names())]
        yield rendering.render(_document().questions[:3], layout, locale).encode()


@cache
def _document() -> Document:
    return read_bytes((LAYOUTS / "chrome_en.txt").read_bytes(), "chrome_en.txt").document


def _pages() -> Iterator[bytes]:
    yield (LAYOUTS / "saved_page_es.html").read_bytes()
    yield rendering.saved_page(_document().questions[:2], "en").encode()


def _tables() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(LAYOUTS.glob("*.csv")))
    yield _written("udemy-csv")


def _assessments() -> Iterator[bytes]:
    yield from (path.read_bytes() for path in sorted(LAYOUTS.glob("*.json")))
    for question in _document().questions:
        prompt = {"question": f"<p>{question.stem}</p>", "answers": [each.text for each in question.options]}
        right = [each.lower() for each in question.answer]
        yield json.dumps({"results": [{"prompt": prompt, "correct_response": right}]}).encode()


def _converted(name: str) -> Iterator[bytes]:
    yield _written(name)
    yield from (case.data for case in case_files.all_cases() if case.kind == name)


def _written(name: str) -> bytes:
    from dataclasses import replace

    document = replace(_document(), questions=_document().questions[:2])
    return writer(name).render(document, WriteSettings())[0]


def _banks() -> Iterator[bytes]:
    questions = _document().questions
    yield b"".join(pieces(merge([GivenSet("a.txt", questions[:2]), GivenSet("b.txt", questions[1:3])]).bank))


def _corrections() -> Iterator[bytes]:
    yield entry(read_bytes(DUMP.encode()), 0).replace("checked = false", "checked = true").encode()
    yield b'[[correction]]\nquestion = 1\nchecked = true\ndrop = ["The halyard"]\nanswer = ["A"]\n'
    yield from (case.corrections.encode() for case in case_files.all_cases() if case.corrections)


def _settings() -> Iterator[bytes]:
    yield b'[validate]\nselect = ["Q", "P1"]\nseverity = "info"\n[topics]\nRopes = ["ropes"]\n'
    yield b'[labels.da.page]\nheader = ["Q"]\ntopic = ["Domain"]\n[labels.da.mark]\nright = ["R"]\n'
    yield b'[validate.per-file-ignores]\n"*.txt" = ["Q010"]\n'


def _records() -> Iterator[bytes]:
    for question in _document().questions:
        head = bytes([sum(1 << place for place, each in enumerate(question.options) if each.correct)])
        fields = (question.stem, question.topic or "", question.explanation or "")
        options = (f"{each.text}\0{each.explanation or ''}" for each in question.options)
        yield b"\xff".join([head, *(each.encode() for each in (*fields, *options))])
    yield b"\x01f\xffFill\xff\xff\xffone\xfftwo"


_OF = {
    "saved_page": _pages,
    "upload_csv": _tables,
    "assessments_json": _assessments,
    "json": lambda: _converted("json"),
    "jsonl": lambda: _converted("jsonl"),
    "csv": lambda: _converted("csv"),
    "bank": _banks,
    "writers": _records,
    "corrections": _corrections,
    "settings": _settings,
}
