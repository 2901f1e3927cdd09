"""Choosing questions and shuffling their options: what is chosen, and that its parts fit each other."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import orjson
import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

import ingest
from conftest import ROOT
from ingest import schema
from ingest.cli import main
from ingest.errors import IngestError
from ingest.inputs import _SELECTING
from ingest.model.document import Document
from ingest.model.question import Attempt, Option, Question, QuestionType, option_id
from ingest.parts.identity import fingerprint, identify
from ingest.parts.option_order import ordered_words
from ingest.selecting import Selection, number_ranges, select

RAW = ROOT / "raw"
SKIPPER = ingest.read(RAW / "skipper_es.txt", ingest.ReadSettings(keep_attempt=True)).document
ERRORS = ingest.read(RAW / "errores_es.txt").document


def chosen(document: Document, **wanted: object) -> tuple[Question, ...]:
    return select(document, Selection(**wanted)).document.questions  # type: ignore[arg-type]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments])


def question(stem: str = "Which?", *options: str, explanation: str | None = None) -> Question:
    """A question with the first option right."""
    made = tuple(
        Option(option_id(at), text, at == 0, None) for at, text in enumerate(options or ("Tea", "Ale"))
    )
    return replace(
        SKIPPER.questions[0],
        id=identify(stem, [each.text for each in made]),
        stem=stem,
        options=made,
        answer=("A",),
        explanation=explanation,
        rationale=None,
        attempt=None,
        findings=(),
    )


def document_of(*questions: Question) -> Document:
    return replace(SKIPPER, questions=questions)


def test_nothing_asked_for_is_everything() -> None:
    assert select(SKIPPER, Selection(seed=5)).document is SKIPPER


def test_each_condition_chooses() -> None:
    topics = Counter(each.topic for each in SKIPPER.questions)
    topic, count = topics.most_common(1)[0]
    assert topic
    assert len(topics) > 1
    assert len(chosen(SKIPPER, topics=(f"  {topic.upper()} ",))) == count
    assert [each.number for each in chosen(SKIPPER, numbers=number_ranges("3,5-7, 25-"))] == [
        3,
        5,
        6,
        7,
        25,
        26,
    ]
    for kind in get_args(QuestionType):
        expected = [each for each in SKIPPER.questions if each.type == kind]
        assert list(chosen(SKIPPER, types=(kind,))) == expected
    sure = chosen(ERRORS, sure=True)
    assert sure == tuple(each for each in ERRORS.questions if each not in ERRORS.doubtful)
    assert 0 < len(sure) < len(ERRORS.questions)
    both = chosen(SKIPPER, topics=(topic,), types=("multi_select",))
    assert all(each.topic == topic and each.type == "multi_select" for each in both)


def test_an_empty_topic_stands_for_none() -> None:
    document = document_of(replace(question("One?"), topic=None), replace(question("Two?"), topic="Pots"))
    assert [each.stem for each in chosen(document, topics=("",))] == ["One?"]


def test_what_is_left_out_takes_its_findings_along() -> None:
    kept = select(ERRORS, Selection(numbers=number_ranges("3"))).document
    assert [each.number for each in kept.questions] == [3]
    assert {each.number for each in kept.diagnostics} == {3}
    assert {each.code for each in kept.diagnostics} == set(kept.questions[0].findings)
    assert (kept.rejected, kept.furniture) == ((), ())
    assert ERRORS.rejected


@pytest.mark.parametrize("text", ["", "a", "3-1", "1,,2", "-", "1.5", "1 2", "-3-"])
def test_wrong_numbers_are_told(text: str) -> None:
    with pytest.raises(IngestError, match="no numbers of questions"):
        number_ranges(text)


@given(st.integers(0, 30), st.integers())
def test_a_sample_is_part_of_the_larger_one(count: int, seed: int) -> None:
    small, large = (chosen(SKIPPER, sample=each, seed=seed) for each in (count, count + 1))
    assert len(small) == min(count, len(SKIPPER.questions))
    order = [SKIPPER.questions.index(each) for each in small]
    assert order == sorted(order)
    assert set(order) <= {SKIPPER.questions.index(each) for each in large}


def test_every_question_is_sampled_alike() -> None:
    drawn = Counter(chosen(SKIPPER, sample=1, seed=seed)[0].number for seed in range(2600))
    assert len(drawn) == 26
    assert all(60 < count < 140 for count in drawn.values())  # 100 expected, 4 standard deviations


@given(st.integers())
def test_shuffled_options_keep_their_parts(seed: int) -> None:
    done = select(SKIPPER, Selection(shuffle_options=True, seed=seed))
    assert len(done.document.questions) == len(SKIPPER.questions)
    for before, after in zip(SKIPPER.questions, done.document.questions, strict=True):
        told = [
            {each.text: (each.correct, each.explanation) for each in one.options} for one in (before, after)
        ]
        assert told[0] == told[1]
        assert [each.id for each in after.options] == [option_id(at) for at in range(len(after.options))]
        assert after.answer == tuple(each.id for each in after.options if each.correct)
        same = (
            "id",
            "occurrence",
            "number",
            "stem",
            "explanation",
            "topic",
            "references",
            "findings",
            "source",
        )
        assert [getattr(before, name) for name in same] == [getattr(after, name) for name in same]
        assert after.id == identify(after.stem, [each.text for each in after.options])
        if before.options != after.options:
            assert after.fingerprint == fingerprint(after) != before.fingerprint
        assert before.attempt
        assert after.attempt
        texts = ({each.id: each.text for each in one.options} for one in (before, after))
        was, now = (
            {names[each] for each in one.attempt.selected}
            for names, one in zip(texts, (before, after), strict=True)
        )  # type: ignore[union-attr]
        assert was == now
        assert list(after.attempt.selected) == sorted(after.attempt.selected)
    # What other programs read is as it should be.
    schema.load_document(orjson.dumps(done.document))


def test_a_question_is_shuffled_alike_in_every_choice() -> None:
    whole = {each.id: each for each in chosen(SKIPPER, shuffle_options=True, seed=3)}
    for each in chosen(SKIPPER, shuffle_options=True, seed=3, sample=7):
        assert each == whole[each.id]
    other = {each.id: each for each in chosen(SKIPPER, shuffle_options=True, seed=4)}
    assert other != whole


def test_every_order_comes_as_often() -> None:
    one = question("Which?", "Tea", "Ale", "Rum")
    orders = Counter(
        tuple(each.text for each in chosen(document_of(one), shuffle_options=True, seed=seed)[0].options)
        for seed in range(1200)
    )
    assert len(orders) == 6
    assert all(150 < count < 250 for count in orders.values())  # 200 expected


@pytest.mark.parametrize(
    ("options", "explanation"),
    [
        (("Tea", "Ale", "All of the above"), None),
        (("Té", "Ron", "Ninguna de las respuestas anteriores"), None),
        (("Tee", "Bier", "Keine der oben genannten Antworten"), None),
        (("紅茶", "酒", "上記のすべて"), None),
        (("Tea", "Ale", "Both A and B"), None),
        (("Tea", "Ale"), "Option B is wrong."),
        (("Tea", "Ale"), "Right. (A)"),
        (("Tea", "Ale"), "The correct answer is A"),
        (("Tea", "Ale"), "La opción b es falsa."),
        (("Tea", "Ale"), "The second option is no hot drink."),
        (("Tea", "Ale"), "La primera opción es correcta."),
        (("紅茶", "酒"), "選択肢Bは誤りです。"),
    ],
)
def test_options_that_are_named_by_place_stay(options: tuple[str, ...], explanation: str | None) -> None:
    one = question("Which is hot?", *options, explanation=explanation)
    for seed in range(8):
        done = select(document_of(one), Selection(shuffle_options=True, seed=seed))
        assert done.document.questions == (one,)
        assert [each for each, _ in done.kept_order] == [one]


@pytest.mark.parametrize(
    "explanation",
    [
        "A cup of tea is hot.",
        "Answer a few questions first.",
        "None of this is above the others.",
        "C++ is a language.",
    ],
)
def test_other_words_do_not_keep_the_order(explanation: str) -> None:
    assert ordered_words(question("Which is hot?", "Tea", "Ale", "Rum", explanation=explanation)) is None


def test_doubtful_questions_keep_their_order() -> None:
    done = select(ERRORS, Selection(shuffle_options=True, seed=1))
    kept = {each.id: words for each, words in done.kept_order}
    before = {each.id: each for each in ERRORS.questions}
    for each in ERRORS.doubtful:
        assert kept[each.id]
        assert before[each.id] in done.document.questions


def test_a_question_without_options_is_left_alone() -> None:
    one = replace(question(), type="fill_in", options=(), answer=(), accepted=("tea",), select_count=None)
    one = replace(one, attempt=Attempt("correct", (), "tea"))
    assert chosen(document_of(one), shuffle_options=True) == (one,)


def test_the_command_selects(tmp_path: Path) -> None:
    source = RAW / "skipper_es.txt"
    done = run(
        "convert", source, "-o", tmp_path, "--number", "1-9", "--sample", 4, "--shuffle-options", "--seed", 2
    )
    assert done.exit_code == 0, done.stderr
    assert "26 questions read, 26 sure, 0 doubtful; 4 selected" in done.stderr
    got = schema.load_document((tmp_path / "skipper_es.json").read_bytes())
    wanted = select(
        ingest.read(source), Selection(numbers=((1, 9),), sample=4, shuffle_options=True, seed=2)
    ).document
    assert got == wanted
    assert len(got.questions) == 4


def test_nothing_selected_is_an_error(tmp_path: Path) -> None:
    topic = next(each.topic for each in SKIPPER.questions if each.topic)
    assert topic
    done = run("convert", RAW / "skipper_es.txt", "-o", tmp_path, "--topic", topic[:-1])
    assert done.exit_code == 2
    assert f"did you mean {topic}?" in done.stderr
    assert "no question is selected" in done.stderr
    assert not list(tmp_path.iterdir())
    printed = run("convert", RAW / "skipper_es.txt", "-o", "-", "--to", "jsonl", "--number", "99")
    assert (printed.exit_code, printed.stdout) == (2, "")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--seed", "1"), "--seed does nothing"),
        (("--number", "9-1"), "no numbers of questions: '9-1'"),
        (("--sample", "0"), "0 is not in the range"),
        (("--type", "essay"), "'essay' is not one of"),
    ],
)
def test_what_cannot_be_selected_is_told(arguments: tuple[str, ...], message: str, tmp_path: Path) -> None:
    done = run("convert", RAW / "skipper_es.txt", "-o", tmp_path, *arguments)
    assert done.exit_code == 2
    assert message in done.stderr
    assert not list(tmp_path.iterdir())


def test_the_command_knows_every_type() -> None:
    def command() -> None: ...

    for option in _SELECTING:
        option(command)
    kinds = next(each for each in command.__click_params__ if each.name == "types")  # type: ignore[attr-defined]
    assert tuple(kinds.type.choices) == get_args(QuestionType)


def test_the_function_selects(tmp_path: Path) -> None:
    done = ingest.convert(
        [RAW / "skipper_es.txt"],
        tmp_path,
        ingest.ConvertSettings(("jsonl",), selection=Selection(numbers=((2, 3),))),
    )
    assert [each.selected for each in done] == [2]
    assert (tmp_path / "skipper_es.jsonl").read_bytes().count(b"\n") == 2
