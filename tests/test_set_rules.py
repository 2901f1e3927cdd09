"""Rules that compare questions: across the files of a run, and nearly the same ones among many."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ingest
from ingest.model.question import Place, Question
from ingest.rules import Problem, QuestionSet, rule
from made_questions import NEAREST, PLANETS, SCENARIO, WAYS, WORDS, ask, id_of, rule_set, within
from timing import seconds

RAW = Path(__file__).parent.parent / "raw"


def sets(*files: Sequence[Question]) -> list[QuestionSet]:
    return [rule_set(each, file=f"{name}.csv") for name, each in enumerate(files)]


def across(code: str, *files: Sequence[Question]) -> list[tuple[int, Problem]]:
    check_sets = rule(code).check_sets
    assert check_sets
    return list(check_sets(sets(*files)))


def test_a_repeat_names_the_first_file_and_number_and_another_key() -> None:
    first = ask(NEAREST, PLANETS, "Mercury", number=7)
    shuffled = ask(NEAREST.upper(), PLANETS[::-1], "Mercury")
    other = ask(SCENARIO, WAYS, WAYS[1])
    contrary = ask(NEAREST, PLANETS, "Venus")
    found = across("Q016", [first], [other, shuffled], [contrary], [other])
    assert [(place, each.index, each.message) for place, each in found] == [
        (1, 1, "repeats question 7 of 0.csv"),
        (2, 0, "repeats question 7 of 0.csv, with another key"),
        (3, 0, "repeats question 1 of 1.csv"),
    ]


def test_repeats_within_a_file_are_of_another_rule() -> None:
    question = ask(NEAREST, PLANETS, "Mercury")
    assert across("Q016", [question, question]) == []
    assert across("Q016", [question, question], [ask(SCENARIO, WAYS, WAYS[0])]) == []
    assert [(place, each.index) for place, each in across("Q016", [question], [question, question])] == [
        (1, 0)
    ]


def test_a_repeat_without_a_number_and_without_a_key() -> None:
    unnumbered = ask(NEAREST, PLANETS, "Mercury", number=None)
    unanswered = ask(NEAREST, PLANETS)
    assert [each.message for _, each in across("Q016", [unnumbered], [unnumbered])] == [
        "repeats a question of 0.csv"
    ]
    assert across("Q016", [unanswered], [unnumbered]) == []
    assert across("Q016", [unnumbered], [unanswered]) == []


def test_typed_answers_are_the_key_of_questions_without_options() -> None:
    bare = ask("Name the largest planet.", (), type="fill_in", select_count=None)
    one, other = replace(bare, accepted=("Jupiter",)), replace(bare, accepted=("Saturn",))
    assert [each.message for _, each in across("Q016", [one], [one])] == ["repeats question 1 of 0.csv"]
    assert [each.message for _, each in across("Q016", [one], [other])] == [
        "repeats question 1 of 0.csv, with another key"
    ]


def test_hints_say_what_to_do_about_repeats() -> None:
    one, contrary = ask(NEAREST, PLANETS, "Mercury"), ask(NEAREST, PLANETS, "Venus")
    found = [problem for _, problem in across("Q016", [ask(SCENARIO, WAYS, 0), one], [one], [contrary])]
    assert [(each.field, each.hint) for each in found] == [
        ("stem", "take it out of one of the files"),
        ("stem", "find out which key is right"),
    ]


def test_what_a_question_without_id_or_key_hides_no_repeat() -> None:
    one = ask(NEAREST, PLANETS, "Mercury")
    assert [
        each.index for _, each in across("Q016", [one], [ask(SCENARIO, WAYS), replace(one, id=""), one])
    ] == [2]


@pytest.mark.parametrize(
    ("changes", "is_told"),
    [
        ({}, False),
        ({"source": Place("other/deep/exam.txt", (5, 19))}, False),
        ({"source": Place("other.txt", (5, 19))}, True),
        ({"source": Place("raw/exam.txt", (5, 20))}, True),
        ({"number": 2}, True),
    ],
)
def test_a_dump_and_what_was_converted_from_it_are_one(changes: dict[str, Any], *, is_told: bool) -> None:
    question = ask(NEAREST, PLANETS, "Mercury", source=Place("raw/exam.txt", (5, 19)))
    assert bool(across("Q016", [question], [replace(question, **changes)])) is is_told


def test_one_id_over_two_texts_is_no_repeat() -> None:
    one = ask(NEAREST, PLANETS, "Mercury")
    assert across("Q016", [one], [ask(SCENARIO, WAYS, 0, id=one.id)]) == []


def test_near_repeats_across_files_name_file_and_number() -> None:
    first = ask(SCENARIO, WAYS, WAYS[1], number=3)
    mended = ask(SCENARIO.replace("heavy", "bulky"), WAYS[::-1], WAYS[1])
    ((place, problem),) = across("Q017", [first], [mended])
    assert (place, problem.index, problem.field, problem.text) == (1, 0, "stem", "bulky,")
    assert problem.message == "nearly repeats question 3 of 0.csv: “bulky,” for “heavy,”"


def test_near_repeats_of_one_file_are_not_told_as_across_files() -> None:
    pair = [ask(SCENARIO, WAYS, WAYS[1]), ask(SCENARIO.replace("heavy", "bulky"), WAYS, WAYS[1])]
    assert across("Q017", pair) == []
    assert across("Q017", pair, [ask(NEAREST, PLANETS, "Mercury")]) == []
    assert [each.index for each in within("Q017", pair)] == [1]


def test_near_repeats_are_told_with_what_differs() -> None:
    other = ask(NEAREST, PLANETS, "Mercury")
    first = ask(SCENARIO, WAYS, WAYS[1], number=None)
    added = ask(f"{SCENARIO} Think of the wages, too.", WAYS, WAYS[1], number=None)
    less = ask(SCENARIO.replace("The boxes are heavy, and t", "T"), WAYS, WAYS[1])
    assert [(each.message, each.hint) for each in within("Q017", [other, first, added])] == [
        (
            "nearly repeats an earlier question: “Think of the wages, too.” is added",
            "delete one of the two",
        )
    ]
    assert [each.message for each in within("Q017", [other, replace(first, number=8), less])] == [
        "nearly repeats question 8: “boxes are heavy, and the” is missing"
    ]
    contrary = ask(SCENARIO.replace("heavy", "haevy"), WAYS, WAYS[0])
    assert [each.hint for each in within("Q017", [other, first, contrary])] == ["find out which key is right"]


def test_equal_questions_are_no_near_repeats() -> None:
    question = ask(SCENARIO, WAYS, WAYS[1])
    assert within("Q017", [question, question]) == []
    assert across("Q017", [question], [question]) == []


def test_each_is_told_once_against_the_earliest() -> None:
    stems = [SCENARIO.replace("heavy", word) for word in ("heavy", "bulky", "large", "round")]
    found = within("Q017", [ask(stem, WAYS, WAYS[1], number=number) for number, stem in enumerate(stems, 1)])
    assert [each.message.partition(":")[0] for each in found] == ["nearly repeats question 1"] * 3


@pytest.mark.parametrize(
    ("stem", "options", "field", "text"),
    [
        (SCENARIO.replace("merchant", "mrechant"), WAYS, "stem", "mrechant"),
        (SCENARIO.replace("The boxes are heavy, and t", "T"), WAYS, "stem", None),
        (SCENARIO.replace("week", "tea"), WAYS, "stem", None),
        (f"{SCENARIO} Think of the wages, too.", WAYS, "stem", "Think of the wages, too."),
        (SCENARIO, (*WAYS[:3], "Sell the van and buy bicycles"), "options.3", None),
    ],
)
def test_the_text_is_what_stands_in_the_field(
    stem: str, options: Sequence[str], field: str, text: str | None
) -> None:
    later = ask(stem, options, WAYS[1])
    (problem,) = within("Q017", [ask(SCENARIO, WAYS, WAYS[1]), later])
    assert (problem.field, problem.text) == (field, text)
    assert text is None or later.stem.count(text) == 1


def test_text_without_spaces() -> None:
    options = ("富士山", "北岳", "槍ヶ岳", "穂高岳")
    stem = "日本でいちばん高い山はどれですか。よく考えて正しいものをひとつだけ選んでください。"
    first = ask(stem, options, options[0])
    assert within("Q017", [first, ask(stem.replace("よく", "とくに"), options, options[0])])
    assert not within("Q017", [first, ask("日本でいちばん長い川はどれですか。", options, options[0])])


def changed_word(question: Question, pick: random.Random, change: Callable[[str], str]) -> Question:
    words = question.stem.split(" ")
    at = pick.choice([at for at, word in enumerate(words) if len(word) > 4 and word.isalpha()])
    words[at] = change(words[at])
    stem = " ".join(words)
    return replace(question, stem=stem, id=id_of(stem, [option.text for option in question.options]))


def test_nearly_all_changed_questions_of_whole_dumps_are_found() -> None:
    pick = random.Random(1)
    for name in ("skipper_es.txt", "huerto_es.txt"):
        questions = ingest.read(RAW / name).document.questions
        questions = tuple(each for each in questions if any(map(is_long_word, each.stem.split(" "))))
        slips = [changed_word(each, pick, lambda word: word[:2] + word[3:]) for each in questions]
        found = across("Q017", questions, slips)
        assert len(found) >= 0.95 * len(questions), name
        assert within("Q017", questions) == []


def is_long_word(word: str) -> bool:
    return len(word) > 4 and word.isalpha()


@pytest.mark.parametrize("kind", ["near repeats of one", "other options", "other words"])
def test_time_grows_with_the_number_of_questions(kind: str) -> None:
    """Not with its square, however alike they are: six times as many take less than sixteen times."""
    pick = random.Random(2)
    vocabulary = [f"{one}{other}" for one in ("tea", "pot", "cup", "leaf") for other in range(500)]

    def words(count: int) -> str:
        return " ".join(pick.choice(vocabulary) for _ in range(count))

    def make(number: int) -> Question:
        options = tuple(words(6) for _ in WAYS) if kind == "other options" else WAYS
        stem = f"A company {words(30)}" if kind == "other words" else SCENARIO.replace("heavy", words(1))
        return ask(f"{stem} {number}x", options, options[1], number=number)

    def taken(count: int) -> float:
        questions = [make(number) for number in range(count)]
        return seconds(lambda: within("Q017", questions))

    assert taken(12000) < 16 * max(taken(2000), 0.005)


def test_a_topic_that_is_nearly_listed_is_named() -> None:
    check = rule("Q018").check
    assert check
    listed = {"Planets": ("The planets",), "Tea": ()}
    topics = ("Planet", "the  Planets", "tea", "Gardening", None)
    questions = tuple(ask(NEAREST, PLANETS, "Mercury", topic=topic) for topic in topics)
    found = list(check(QuestionSet(questions, (), WORDS, listed, "x.csv")))
    assert [(each.index, each.hint) for each in found] == [
        (0, "“Planets” is: correct the topic, or list it"),
        (3, "correct the topic, or list it under [topics] in ingest.toml"),
    ]
