"""Whole dumps written for the project, with what they must give. ``UPDATE_CASES=1`` writes it."""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import orjson
import pytest

import ingest
from conftest import ROOT
from ingest.writers import WriteSettings, writer

GOLDEN = Path(__file__).parent / "dumps" / "golden"
RAW = sorted((ROOT / "raw").glob("*.txt"))


@pytest.mark.parametrize("path", RAW, ids=lambda path: path.stem)
def test_golden(path: Path) -> None:
    data = writer("json").render(ingest.read(path).document, WriteSettings())[0]
    golden = GOLDEN / f"{path.stem}.json"
    if os.environ.get("UPDATE_CASES"):
        golden.write_bytes(data)
    assert orjson.loads(data) == orjson.loads(golden.read_bytes())


def test_every_golden_file_has_its_dump() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == {path.stem for path in RAW}


def test_the_large_sample_is_sure_and_has_every_quirk() -> None:
    result = ingest.read(ROOT / "raw" / "skipper_es.txt")
    questions = result.questions
    assert len(questions) >= 20
    assert not result.diagnostics
    assert Counter(question.type for question in questions)["multi_select"] == 4
    assert [question.number for question in questions if question.items] == [6, 18]
    texts = {option.text for question in questions for option in question.options}
    assert {"Bowline", "Bowline on a bight"} <= texts
    assert any(text.endswith(".") for text in texts)
    roles = Counter(each.role for question in questions for each in question.references)
    assert roles["reference"] > 20
    assert roles["credit"] == 2
    reasons = [option.explanation for question in questions for option in question.options]
    assert all(reasons)
    assert len(set(reasons)) < len(reasons), "no reason is shared"
    assert not result.source.text.endswith("\n")


def test_the_sample_with_mistakes_shows_them() -> None:
    result = ingest.read(ROOT / "raw" / "errores_es.txt")
    found = {(each.number, each.code) for each in result.diagnostics}
    expected = {(2, "Q001"), (3, "Q003"), (4, "Q007"), (5, "Q006"), (6, "Q011"), (7, "Q005"), (9, "Q008")}
    assert expected <= found
    assert (1, "Q001") not in found
    assert [each.number for each in result.rejected] == [2]
