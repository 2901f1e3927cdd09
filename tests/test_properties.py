"""What holds for every text."""

from __future__ import annotations

import csv
import io
import random
import re
from pathlib import Path

import jsonschema
import orjson
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from yarl import URL

import ingest
from conftest import ROOT
from ingest import schema
from ingest.ledger import INDEX
from ingest.locales import join_course_words, load_all
from ingest.parts.explanation import split_explanation
from ingest.parts.folding import fold
from ingest.parts.identity import identify
from ingest.parts.restatements import find_spots
from ingest.parts.urls import _PLAIN, canonical
from ingest.pipeline import read_bytes
from ingest.writers import WriteSettings, writer
from ingest.writers.as_csv import pieces as csv_pieces
from oracles import check_whole

LABELS = [
    "Pregunta 1", "Pregunta 2", "Pregunta 2:", "Question 3Skipped", "Correcto", "Respuesta correcta",
    "Selección correcta", "Tu respuesta es incorrecta", "Explicación general", "Temática", "Domain",
    "Explicación", "Explanation", "(Correct)", "    (Incorrecto)", "---", "Opciones", "Respuesta correcta: B",
    "Answer: A, C", "A. Uno", "B. Dos", "- C. Tres", "a) cuatro", "**Respuesta correcta**", "## Pregunta 4",
    "Beta", "Recursos", "{", "}", "\n\n\nx = 1", "Correct option:", "Incorrect options:", "References:",
    "https://example.org/a", " via - https://b.org",
]  # fmt: skip
TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
LINES = st.lists(st.one_of(st.sampled_from(LABELS), TEXT, st.just(""), st.just("   ")), max_size=40)
DUMPS = LINES.map("\n".join)
WORDS = join_course_words(load_all())
DOCUMENT_SCHEMA = jsonschema.Draft202012Validator(schema.json_schema("document"))


def check_document(result: ingest.Result) -> None:
    data = writer("json").render(result.document, WriteSettings())[0]
    DOCUMENT_SCHEMA.validate(orjson.loads(data))
    assert schema.load_document(data) == result.document
    lines = writer("jsonl").render(result.document, WriteSettings())[0].splitlines()
    assert tuple(map(schema.load_question, lines)) == result.questions


def check_csv(result: ingest.Result) -> None:
    data = b"".join(csv_pieces(result.document, WriteSettings()))
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    assert len(rows) == len(result.questions)
    for row, question in zip(rows, result.questions, strict=True):
        assert row["id"] == question.id
        assert row["stem"] == question.stem
        assert row["answer"] == ";".join(question.answer)
        for option in question.options:
            assert row[f"option_{option.id.lower()}"] == option.text
            assert row[f"explanation_{option.id.lower()}"] == (option.explanation or "")
        assert row["explanation"] == (question.explanation or "")
        assert row["rationale"] == (question.rationale or "")
        assert row["topic"] == (question.topic or "")


@given(DUMPS)
@settings(max_examples=300, deadline=None)
@example("Pregunta 1\nTemática\nPregunta 2\nExplicación general\nRespuesta correcta\n\nx")
def test_any_text_is_read_whole(text: str) -> None:
    result = ingest.read_text(text)
    check_whole(result)
    check_document(result)
    check_csv(result)


@given(st.binary(max_size=200))
@settings(max_examples=200, deadline=None)
def test_any_bytes_are_read(data: bytes) -> None:
    check_whole(read_bytes(data))


LAYOUTS = ROOT / "tests" / "dumps" / "layouts"
SAMPLES = sorted([*(ROOT / "raw").glob("*.txt"), *LAYOUTS.glob("*.txt"), *LAYOUTS.glob("*.md")])


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("seed", range(12))
def test_mutated_dumps_are_read_whole(path: Path, seed: int) -> None:
    chance = random.Random(f"{path.name} {seed}")
    lines = path.read_text(encoding="utf-8").split("\n")
    for _ in range(chance.randrange(1, 30)):
        at = chance.randrange(len(lines))
        kind = chance.choice(["drop", "double", "swap", "glue", "label", "blank"])
        if kind == "drop":
            del lines[at]
        elif kind == "double":
            lines.insert(at, lines[at])
        elif kind == "swap":
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif kind == "glue" and at + 1 < len(lines):
            lines[at : at + 2] = [lines[at] + lines[at + 1]]
        else:
            lines.insert(at, chance.choice(LABELS) if kind == "label" else "")
    result = ingest.read_text("\n".join(lines))
    check_whole(result)
    check_document(result)
    check_csv(result)


@given(TEXT)
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT, st.lists(TEXT, min_size=2, max_size=5), st.randoms())
def test_id_does_not_depend_on_the_order_of_options(
    stem: str, options: list[str], chance: random.Random
) -> None:
    shuffled = options[:]
    chance.shuffle(shuffled)
    assert identify(stem, options) == identify(f"  {stem.upper().lower()}", shuffled) or fold(
        stem.upper().lower()
    ) != fold(stem)


ADDRESSES = st.from_regex(
    r"https?://[a-z0-9.-]{1,12}(:[0-9]{2,5})?(/([A-Za-z0-9._~()!*+;=-]|%[0-9A-F]{2}){0,8}){0,3}"
    r"(\?[a-z=&_.]{0,9})?(#[a-z.]{0,4})?",
    fullmatch=True,
)


@given(ADDRESSES)
@example("https://example.org/a?b=c#d")
@example("https://example.org/a/../b")
@example("https://example.org/?q=a%20b")
def test_canonical_twice_changes_nothing(url: str) -> None:
    try:
        once = canonical(url)
    except ValueError:
        return
    assert canonical(once) == once


@given(ADDRESSES)
@example("https://example.org/%C3%B3")
def test_plain_addresses_are_what_the_library_makes_of_them(url: str) -> None:
    if _PLAIN.fullmatch(url):
        try:
            expected = str(URL(url))
        except ValueError:
            return
        assert canonical(url) in (expected, f"{expected}/")


@given(
    st.lists(st.sampled_from(["A", "B b", "Correct option:", "A - x", "B b: y", "", "text."]), max_size=12)
)
def test_explanation_parts_are_parts(lines: list[str]) -> None:
    explanation = "\n".join(lines)
    spots = find_spots(explanation, ["A", "B b"], WORDS)
    parts = split_explanation(explanation, spots, 0, [True, False], WORDS)
    for part in parts.options:
        for line in part.split("\n") if part else ():
            assert line.strip() in explanation


def test_two_runs_give_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    paths = sorted((ROOT / "raw").glob("*.txt"))
    settings = ingest.ConvertSettings(("json", "jsonl", "csv"))
    ingest.convert(paths, first, settings)
    ingest.convert(reversed(paths), second, settings)
    names = sorted(path.name for path in first.iterdir() if path.name != INDEX)
    assert names == sorted(path.name for path in second.iterdir() if path.name != INDEX)
    assert len(names) == 3 * 3 + 1
    for name in names:
        assert (first / name).read_bytes() == (second / name).read_bytes()


def test_nothing_depends_on_the_place_of_the_file(tmp_path: Path) -> None:
    elsewhere = tmp_path / "deep" / "skipper_es.txt"
    elsewhere.parent.mkdir()
    elsewhere.write_bytes((ROOT / "raw" / "skipper_es.txt").read_bytes())
    assert ingest.read(elsewhere).document == ingest.read(ROOT / "raw" / "skipper_es.txt").document


def test_shuffled_options_keep_the_id() -> None:
    text = (ROOT / "raw" / "huerto_es.txt").read_text(encoding="utf-8")
    question = ingest.read_text(text).questions[0]
    texts = [option.text for option in question.options]
    assert identify(question.stem, texts[::-1]) == question.id
    assert re.fullmatch("q_[0-9a-f]{16}", question.id)
