"""Dumps with what few copies have: read right all the same."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import pytest

import ingest
from conftest import ROOT
from ingest.comparing import compare_sets
from ingest.model.block import Label, Mark, Paragraph, Part
from ingest.model.source import Span
from ingest.parts.markdown import to_plain
from ingest.parts.urls import canonical
from made_questions import NEAREST, SCENARIO, WAYS, ask


def only(text: str) -> ingest.Question:
    (question,) = ingest.read_text(text).questions
    return question


def pickled(value: object) -> object:
    return pickle.loads(pickle.dumps(value))  # noqa: S301 - made here


@pytest.mark.parametrize("again", [pickled, copy.copy, copy.deepcopy])
def test_what_is_read_can_be_handed_to_other_processes(again: Callable[[Any], Any]) -> None:
    """Compiled as well: there a class that says itself how it begins needs to say how it is copied, too."""
    label = Label(Part.HEADER, "es")
    mark = Mark(label, Span(1, 2), 3, "correct", "word", "BD", is_damaged=True, is_decorated=True)
    for value in (mark, Paragraph(1, 2, "text", mark, Span(3, 4), 5, is_set_off=True)):
        assert again(value) == value
    result = ingest.read(ROOT / "raw" / "huerto_es.txt")
    assert result.readings
    assert again(result) == result


def test_a_query_in_a_compact_copy_is_one_option() -> None:
    question = only(
        "Question 1\nWhich query names every boat?\nCorrect answer\n"
        "SELECT name\nFROM boats\nWHERE length > 0\nUPDATE boats\nSET name = length\nDROP boats\n"
        "Overall explanation\nIt reads them all.\nDomain\nBoats\n"
    )
    assert [option.text for option in question.options] == [
        "SELECT name\nFROM boats\nWHERE length > 0",
        "UPDATE boats\nSET name = length",
        "DROP boats",
    ]


@pytest.mark.parametrize(
    ("stem", "count"),
    [
        ("正しいものを3つ選択してください。", 3),
        ("どれが正しいですか。（3つ選択）", 3),
        ("どれが正しいですか。", 2),  # as many as are marked
    ],
)
def test_how_many_answers_a_japanese_stem_asks_for(stem: str, count: int) -> None:
    question = only(
        f"質問1\n\n{stem}\n\n正解\n帆\n\n正解\n舵\n\n錨\n\n全体的な説明\nそうです。\n\n分野\n船\n"
    )
    assert question.select_count == count


def test_lettered_options_with_explanations_below_them() -> None:
    question = only(
        "Question 1\n\nWhich sail is red?\n\nA. The jib\n\nExplanation\nIt is white.\n\nCorrect answer\n"
        "B. The main\n\nExplanation\nIt is.\n\nOverall explanation\nLook.\n\nDomain\nSails\n"
    )
    assert [(each.text, each.explanation) for each in question.options] == [
        ("The jib", "It is white."),
        ("The main", "It is."),
    ]


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [
        ("See <https://example.org/a> for **more**", "See https://example.org/a for more"),
        ("It is *so*:\n```\n**p = *q\n```\n*End*", "It is so:\n\n**p = *q\n\nEnd"),
        ("Write `**x**` for **x**", "Write **x** for x"),
        ("Run:\n```hoist 1```\n**and** rest", "Run:\nhoist 1\nand rest"),
        ("~~~old~~~ and\n**new**", "~~~old~~~ and\nnew"),
        ("```sh\n**a\n``` b\n~~~\n```\n**c**", "\n**a\n``` b\n~~~\n\nc"),
        ("2**10 is 1024, and 3 ** 4 is 81", "2**10 is 1024, and 3 ** 4 is 81"),
        ("**A sentence\nbroken in two** (**so", "A sentence\nbroken in two (so"),
        ("帆は**赤い", "帆は赤い"),
        (r"**\* red \***", "* red *"),
        (r"so **\* red \***, **\*", "so * red *, *"),
        (r"**\*", "*"),
    ],
)
def test_markdown_is_taken_away_but_not_inside_code(markdown: str, plain: str) -> None:
    assert to_plain(markdown) == plain


@pytest.mark.parametrize(
    "url", ["https://[::1", "https://exa mple.org:99999/", "https://example.org:99999999/x?a b"]
)
def test_an_address_that_cannot_be_one_is_told(url: str) -> None:
    with pytest.raises(ValueError, match="no web address"):
        canonical(url)


def test_an_answer_in_quotes_with_nothing_behind_it_is_restated() -> None:
    question = only(
        "Question 1\n\nWhich sail is red?\n\nThe jib\n\nCorrect answer\nThe main\n\nOverall explanation\n"
        "Correct option:\n\n“The main”\n\nIt is red.\n\nIncorrect options:\n\n“The jib”.\n\nIt is white.\n\n"
        "Domain\nSails\n"
    )
    assert [each.explanation for each in question.options] == ["It is white.", "It is red."]


def test_a_kept_id_over_another_question_is_no_change_of_it() -> None:
    """Ids go stale where texts are edited by hand."""
    old = ask(NEAREST, ("Venus", "Mars"), 0)
    slip = ask(NEAREST.replace("nearest", "nearst"), ("Earth", "Pluto"), 0, id=old.id)
    other = ask(SCENARIO, WAYS, 0, id=old.id)
    assert [each.status for each in compare_sets([old], [slip]).entries] == ["changed"]
    assert sorted(each.status for each in compare_sets([old], [other]).entries) == ["added", "removed"]


def test_another_number_in_the_right_option_is_another_key() -> None:
    stem = (
        "A long scenario about boats, sails, ropes and winches that have to be counted. How many are there?"
    )
    old = ask(stem, ("100 boats in all", "200 sails in all", "300 ropes in all"), 0)
    new = ask(f"{stem} Count them.", ("101 boats in all", "200 sails in all", "300 ropes in all"), 0)
    (entry,) = compare_sets([old], [new]).entries
    assert "key" in entry.kinds


def test_typed_answers_are_compared_where_there_are_no_options() -> None:
    stem = (
        "A very long sentence about the boats, sails, ropes and winches of the harbour, where __ is missing."
    )
    old = ask(stem, (), type="fill_in", accepted=("tea",))
    new = ask(stem.replace("harbour", "haven"), (), type="fill_in", accepted=("tea", "ale"))
    assert [each.status for each in compare_sets([old], [new]).entries] == ["changed"]


def test_texts_too_long_to_be_aligned_are_changed_as_a_whole() -> None:
    stem = " ".join(f"word{number}" for number in range(3000))
    old = ask(stem, WAYS, 0)
    new = ask(stem.replace("word7 ", "word8 "), WAYS, 0)
    (entry,) = compare_sets([old], [new]).entries
    assert entry.kinds == ("stem",)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ("A{zwsp}b", "1 invisible character taken out"),
        ("A{zwsp}b{zwsp}", "2 invisible characters taken out"),
        ("A\u00a0b", "1 no-break space made plain"),
        ("A\x01b", "1 control or bidirectional character, the first is U+0001"),
        ("AsÃ­", "letters that were encoded twice were repaired in 1 line"),
    ],
)
def test_one_is_told_as_one(data: str, message: str) -> None:
    result = ingest.read_text(data.format(zwsp="\u200b"))
    assert message in [each.message for each in result.diagnostics]
