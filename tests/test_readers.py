"""Saved pages, tables and assessments as they seldom are: read as far as they say what is what."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import ingest
from conftest import ROOT
from ingest.model.question import Question

DUMPS = ROOT / "tests" / "dumps" / "layouts"


def page(*parts: str, heading: str = "<div><h3>Question 7</h3>") -> str:
    prompt = '<div class="rt-scaffolding" id="question-prompt"><p>Which sail is red?</p></div>'
    return f"<html><body>{heading}\n{prompt}{''.join(parts)}</div></body></html>"


def answer(text: str, *, mark: str = "", reason: str = "", name: str = "") -> str:
    label = f'<span data-purpose="answer-result-header-user-label">{mark}</span>' if mark else ""
    below = f'<div class="rt-scaffolding"><p>{reason}</p></div>' if reason else ""
    return (
        f'<div data-purpose="answer" class="{name}">{label}<div class="rt-scaffolding" id="answer-text">'
        f'<div class="rt-scaffolding"><p>{text}</p></div></div>{below}</div>'
    )


def only(text: str) -> Question:
    result = ingest.read_text(text)
    (question,) = result.questions
    return question


def test_the_number_of_a_page_without_status_stands_before_the_prompt() -> None:
    question = only(page(answer("The jib", mark="Correct answer"), answer("The main")))
    assert question.number == 7
    assert question.answer == ("A",)


def test_a_page_without_any_heading_has_questions_without_numbers() -> None:
    question = only(page(answer("The jib", mark="Correct answer"), answer("The main"), heading="<div>"))
    assert question.number is None


def test_what_stands_below_an_answer_is_its_explanation() -> None:
    question = only(
        page(
            answer("The jib", mark="Correct answer", reason="It is."),
            answer("The main", reason="It is white."),
        )
    )
    assert [(each.text, each.explanation) for each in question.options] == [
        ("The jib", "It is."),
        ("The main", "It is white."),
    ]


def test_the_class_of_an_answer_tells_the_key_where_its_label_is_not_known() -> None:
    question = only(page(answer("The jib", mark="Rätt svar", name="x answer-correct"), answer("The main")))
    assert question.answer == ("A",)


def test_a_page_says_that_an_answer_is_typed() -> None:
    text = page(answer("jib", mark="Correct answer")).replace(
        "<p>Which", "<p>Please fill in the blank field(s) in the statement with the right words.</p><p>Which"
    )
    question = only(text)
    assert (question.type, question.accepted, question.stem) == ("fill_in", ("jib",), "Which sail is red?")


def test_parts_before_the_first_prompt_are_a_block_of_their_own() -> None:
    cut = answer("The jib", mark="Correct answer")
    result = ingest.read_text(f"<div>{cut}</div>{page(cut, answer('The main'))}")
    assert len(result.questions) == 1
    assert len(result.rejected) == 1
    assert "The jib" in result.rejected[0].text


def assessments(**changes: object) -> str:
    prompt = {
        "question": "<p>Which sail is red?</p>",
        "answers": ["The jib", "The main"],
        "explanation": "It is.",
    }
    result = {"_class": "assessment", "assessment_type": "multiple-choice", "prompt": prompt, **changes}
    return json.dumps({"count": 1, "results": [result]}, indent=1)


@pytest.mark.parametrize(
    "text", ["which\n\u0301 sail", "which\t\u030c sail", "which “\u0301 sail"], ids=ascii
)
def test_a_mark_behind_an_escape_of_json(text: str) -> None:
    given = assessments(
        prompt={"question": "which sail", "answers": ["The jib", "The main"]}, correct_response="a"
    )
    escaped = json.dumps(text)[1:-1].replace("\\u0301", "\u0301").replace("\\u030c", "\u030c")
    assert only(given.replace("which sail", escaped)).stem == text


@pytest.mark.parametrize("key", ['["b"]', "b", ["b"], "B "])
def test_the_key_of_an_assessment_however_it_is_written(key: object) -> None:
    assert only(assessments(correct_response=key)).answer == ("B",)


def test_what_is_said_of_an_answer_that_is_not_there_is_kept() -> None:
    prompt = {
        "question": "Which?",
        "answers": ["The jib", "The main"],
        "feedbacks": ["", "", "<p></p>", "Is white."],
    }
    question = only(assessments(prompt=prompt, correct_response="a"))
    assert question.options[2].explanation == "Is white."
    assert "Q012" in question.findings


def test_a_key_that_is_deep_json_is_none() -> None:
    result = ingest.read_text(assessments(correct_response="[" * 100_000))
    assert [each.findings[0] for each in result.rejected] == ["Q001"]


@pytest.mark.parametrize(
    ("key", "accepted"),
    [
        ("jib", ("jib",)),
        ("a jib, or fore sail", ("a jib, or fore sail",)),
        (["jib", "fore sail", 1, None], ("jib", "fore sail", "1")),
        ('["jib", "fore sail", 1.50]', ("jib", "fore sail", "1.50")),
        ("[jib]", ("[jib]",)),
        ("[" * 5000, ("[" * 5000,)),
        (7, ("7",)),
        (None, ()),
    ],
)
def test_typed_answers_of_an_assessment(key: object, accepted: tuple[str, ...]) -> None:
    prompt = {"question": "The red sail is the ___.", "answers": []}
    result = ingest.read_text(assessments(assessment_type="fill-in", prompt=prompt, correct_response=key))
    assert tuple(each for question in result.questions for each in question.accepted) == accepted
    assert [each.findings[0] for each in result.rejected] == ([] if accepted else ["Q001"])


HEAD = "Question,Question Type,Answer Option 1,Answer Option 2,Correct Answers,Overall Explanation\n"
ROW = "Which sail is red?,multiple-choice,The jib,The main,1,It is.\n"


def test_empty_rows_of_a_table_are_passed_over() -> None:
    result = ingest.read_text(f"{HEAD},,,,,\n{ROW}\n,,,,,\n{ROW.replace('red', 'blue')}")
    assert [(each.number, each.source.lines[0]) for each in result.questions] == [(1, 3), (2, 6)]


def test_a_table_whose_quotes_do_not_close_gives_nothing_and_says_so() -> None:
    result = ingest.read_text(f'{HEAD}"{ROW}')
    assert not result.questions
    assert result.diagnostics


@pytest.mark.parametrize(
    "table",
    [
        HEAD + ROW.replace("It is.", "It is, and new."),
        HEAD.replace("Explanation\n", "Explanation,Overall Explanation\n")
        + ROW.replace("It is.", "It is,and new."),
    ],
    ids=["a comma without quotes", "a column twice"],
)
def test_a_row_that_is_out_of_step_is_kept_whole(table: str) -> None:
    result = ingest.read_text(table)
    (rejected,) = result.rejected
    assert rejected.findings[0] == "Q001"
    assert "It is" in rejected.text
    assert "and new." in rejected.text


def test_empty_cells_beside_the_table_say_nothing() -> None:
    assert only(HEAD + ROW.replace("\n", ",, \n")).answer == ("A",)


def test_what_explains_an_option_without_text_is_kept() -> None:
    head = HEAD.replace("Correct", "Answer Option 3,Explanation 3,Correct")
    question = only(head + ROW.replace(",1,", ",,It is white.,1,"))
    assert [each.text for each in question.options] == ["The jib", "The main", ""]
    assert question.options[2].explanation == "It is white."
    assert "Q012" in question.findings


def test_cells_of_a_table_in_a_text_are_divided() -> None:
    rows = "<table><tr><th>Sail</th><th>Area</th></tr><tr><td>jib</td> <td>12</td></tr></table>"
    text = page(answer("The jib", mark="Correct answer"), answer("The main"))
    question = only(text.replace("<p>Which", f"{rows}<p>Which"))
    assert question.stem == "Sail Area\njib 12\n\nWhich sail is red?"


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("2<sup>10</sup> sails", "2¹⁰ sails"),
        ("10<sup> \u22129 </sup>m<sup>2</sup>", "10⁻⁹m²"),
        ("H<sub>2</sub>O and 2<sup>(n+1)</sup>", "H₂O and 2⁽ⁿ⁺¹⁾"),
        ("the 1<sup>st</sup> sail<sup>TM</sup>", "the 1st sailTM"),
        ("x<sub>n</sub> y<sup><b>z</b></sup> z<sup> </sup>", "xn yz z"),
    ],
)
def test_raised_and_lowered_figures(html: str, text: str) -> None:
    question = only(page(answer(html, mark="Correct answer"), answer("The main")))
    assert question.options[0].text == text


@pytest.mark.parametrize("prompt", [{}, {"prompt": None}, {"prompt": "What holds a tent?"}])
def test_an_assessment_without_its_prompt_is_rejected(prompt: dict[str, Any]) -> None:
    """The others keep their numbers and places."""
    data = json.loads((DUMPS / "assessments.json").read_bytes())
    whole = ingest.read_text(json.dumps(data, indent=1), "a.json")
    del data["results"][1]["prompt"]
    data["results"][1] |= prompt
    result = ingest.read_text(json.dumps(data, indent=1), "a.json")
    assert [each.number for each in result.questions] == [1, 3, 4, 5]
    assert [each.stem for each in result.questions] == [
        each.stem for each in whole.questions if each.number != 2
    ]
    (block,) = result.rejected
    assert str(prompt.get("prompt") or "Question 2") in block.text


@pytest.mark.parametrize("name", ["assessments.json", "upload.csv"])
def test_forms_of_the_site_in_utf_16(tmp_path: Path, name: str) -> None:
    """Named itself, and in a folder."""
    text = (DUMPS / name).read_text(encoding="utf-8")
    (tmp_path / name).write_text(text, encoding="utf-16")
    for given in (tmp_path / name, tmp_path):
        (checked,) = ingest.validate([given])
        assert (checked.questions, [each.code for each in checked.diagnostics]) == (5, ["T004"])
    assert len(ingest.read_document(tmp_path / name).questions) == 5
