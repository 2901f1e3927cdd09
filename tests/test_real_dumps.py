"""Figures of real dumps that are not part of the project; skipped where they are not there."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

import ingest


@pytest.fixture(scope="module")
def spanish(real_dumps: Path) -> ingest.Result:
    return ingest.read(real_dumps / "mla-c01_es.txt")


def test_questions(spanish: ingest.Result) -> None:
    assert len(spanish.questions) == 65
    assert not spanish.rejected
    assert not spanish.furniture
    assert Counter(question.type for question in spanish.questions) == {
        "single_select": 57,
        "multi_select": 8,
    }
    assert sum(len(question.options) for question in spanish.questions) == 268
    assert len({question.topic for question in spanish.questions}) == 4


def test_options_are_the_last_paragraphs(spanish: ingest.Result) -> None:
    """In this dump a question has four options, or five when two are right: known from the page."""
    for question in spanish.questions:
        assert len(question.options) == (5 if len(question.answer) == 2 else 4)


def test_references(spanish: ingest.Result) -> None:
    references = [each for question in spanish.questions for each in question.references]
    assert Counter(each.role for each in references) == {"reference": 125, "credit": 2}
    assert sum(len(each.lines) for each in references) == 179


def test_items(spanish: ingest.Result) -> None:
    assert {question.number: len(question.items) for question in spanish.questions if question.items} == {
        8: 5,
        39: 5,
        53: 3,
    }


def test_explanations(spanish: ingest.Result) -> None:
    for question in spanish.questions:
        assert question.rationale
        assert all(option.explanation for option in question.options)


def test_no_finding(spanish: ingest.Result) -> None:
    assert not spanish.diagnostics


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("saa-c03_en_firefox.txt", 65),
        ("sap_en_firefox.txt", 35),
        ("terraform_en_chrome.md", 57),
        ("ccp_fr_word-processor.md", 8),
        ("saa-c03_en_page.html", 65),
    ],
)
def test_every_question_is_read(real_dumps: Path, name: str, count: int) -> None:
    result = ingest.read(real_dumps / name)
    assert len(result.questions) == count
    assert not result.rejected
    assert not result.doubtful


def test_a_saved_page_agrees_with_a_copy(real_dumps: Path) -> None:
    copy = ingest.read(real_dumps / "saa-c03_en_firefox.txt").questions
    page = {each.id: each for each in ingest.read(real_dumps / "saa-c03_en_page.html").questions}
    shared = [(each, page[each.id]) for each in copy if each.id in page]
    assert shared, "one question stands in both"
    for one, other in shared:
        assert _content(one) == _content(other)


def _content(question: ingest.Question) -> tuple[object, ...]:
    options = sorted((_bare(each.text), each.correct) for each in question.options)
    return _bare(question.stem), options, question.topic, _bare(question.explanation or "")


def _bare(text: str) -> str:
    """Without white space, bullets, and the markup of images and links."""
    return re.sub(r"!?\[([^\]]*)\]\([^)]*\)|[\s•*-]", r"\1", text)
