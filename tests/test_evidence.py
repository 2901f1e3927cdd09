"""Each piece of evidence alone, and what is left when one is taken away."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import ingest
from conftest import ROOT
from ingest.evidence import Body, asking_sentence, below_code, decide_borders, restated_run, usual_count
from ingest.locales import join_course_words, load_all
from ingest.model.block import Label, Mark, Paragraph, Part
from ingest.model.question import Question
from ingest.model.source import Span
from ingest.parts.restatements import find_spots
from timing import seconds

WORDS = join_course_words(load_all())
MARK = Mark(Label(Part.MARK, "es", correct=True), Span(0, 0))


def body(*texts: str, explanation: str = "") -> Body:
    """A body; the paragraphs that begin with * are marked right."""
    paragraphs = tuple(
        Paragraph(place, place + 1, text.removeprefix("*"), MARK if text.startswith("*") else None)
        for place, text in enumerate(texts)
    )
    marked = [place for place, text in enumerate(texts) if text.startswith("*")]
    spots = find_spots(explanation, [each.text for each in paragraphs], WORDS)
    return Body(paragraphs, marked[0] if marked else None, len(marked), explanation, WORDS, tuple(spots))


@pytest.mark.parametrize(
    ("asking", "speaks"),
    [
        ("Which one?", True),
        ("¿Cuál?", True),
        ("What do you do? (Select two)", True),
        ("They must decide. Choose TWO.", True),
        ("Seleccione dos respuestas.", True),
        ("He said: “Which?”", True),
        ("Name the planet:", False),
        ("See https://example.org/?lang=en for more", False),
        ("Choose the boat with two masts and a cabin that is dry", False),
    ],
)
def test_asking_sentence(asking: str, *, speaks: bool) -> None:
    weights = asking_sentence.weigh(body("Some text.", asking, "A", "*B"), None)
    assert set(weights) == ({2} if speaks else set())


def test_asking_sentence_takes_the_last_one_before_the_first_mark() -> None:
    weights = asking_sentence.weigh(body("Why.", "Who?", "Which one?", "A", "*B", "Is it C?", "D"), None)
    assert weights == {2: pytest.approx(math.log(737 / 40)), 3: pytest.approx(math.log(737 / 4))}


DOUBT = math.log(20)


@pytest.mark.parametrize(
    ("texts", "border", "is_sure"),
    [
        ("Which? A? *B? C? D? E.", 1, True),
        ("Which? A? *B? C? D.", 1, True),
        ("Which? *B? C. D.", 1, True),
        ("Which? A. *B? C? D?", 1, True),
        ("Which? (Select two) A. *B. *C.", 2, True),
        ("is?so Which? A. *B. C.", 2, True),
        ("This. Which? *A? B?", 2, True),
        # Half of them, or fewer: not known alone.
        ("Which? A? *B? C.", 1, False),
        ("Which? A? *B? C? D. E.", 1, False),
        ("Which? A? *B? C? D. E. F.", 1, False),
        ("Which? A? *B. C? D? E. F.", 1, False),
        # A single one may be the stem's last sentence: P104 tells of it as well.
        ("Which? A? *B? C. D.", 2, False),
        ("Which? A? *B. C. D.", 2, False),
        ("Which? A. B? *C. D.", 3, False),
        ("Which? A. B? *C? D.", 3, False),
        # What does not ask may stand between two sentences of the stem, or be an option.
        ("Which? A. B? *C? D? E?", 1, False),
        ("Why? Boats. Oars. Which? A? *B? C? D?", 4, False),
    ],
)
def test_options_that_ask(texts: str, border: int, *, is_sure: bool) -> None:
    parts = re.findall(r"\(.*?\)|\S+", texts)
    decided = decide_borders([body(*parts)])[0]
    assert (decided.index, decided.margin > DOUBT) == (border, is_sure)


def test_one_sentence_that_asks_is_the_stems_whatever_the_options_ask() -> None:
    known = pytest.approx(math.log(737 / 4))
    assert asking_sentence.weigh(body("This.", "Which?", "*A?", "B?"), None) == {2: known}
    assert asking_sentence.weigh(body("Which?", "A.", "*B?", "C?"), None) == {1: known}


def test_code_below_the_last_sentence_that_asks_shows_that_it_is_the_stems() -> None:
    weights = asking_sentence.weigh(body("Why?", "Which one?", "a = 1\nb = 2", "A", "*B"), None)
    assert set(weights) == {3}


def coded(*texts: str, code: Sequence[int] = (0,)) -> Body:
    """A body in which some paragraphs have code below their prose, as the white space of the copy shows."""
    plain = body(*texts)
    paragraphs = [
        replace(each, text=f"{each.text}\n\nrow = 1", code_at=len(each.text)) if place in code else each
        for place, each in enumerate(plain.paragraphs)
    ]
    return replace(plain, paragraphs=tuple(paragraphs))


@pytest.mark.parametrize(
    ("given", "borders"),
    [
        (coded("Name the fault.", "A", "*B", "C"), {1}),
        (coded("Name the fault.", "It is old.", "*B", "C"), {1}),
        (coded("Name the fault.", "A", "*B?", "C?"), {1}),
        (coded("A boat.", "Name the fault.", "A", "*B", code=[1]), {2}),
        (coded("This is a boat.", "What is its fault?", "A", "*B"), set()),
        (coded("This is a boat.", "A", "Is it old?", "*B", "C"), set()),
        (coded("This is a boat.", "A", "B", "What is its fault? C"), set()),
        (coded("Name the fault.", "A", "*B", "C", code=[0, 1]), set()),
        (coded("Name the fault.", "A", "*B", "C", code=[2]), set()),
    ],
)
def test_below_code(given: Body, borders: set[int]) -> None:
    """Silent where something below the code asks, up to the first marked option; that may ask itself."""
    assert set(below_code.weigh(given, None)) == borders


def test_restated_run_stops_at_the_first_paragraph_that_is_not_restated() -> None:
    explanation = "Correct option:\n\nB\n\nItem\nis restated too.\n\nA - No.\n\nC - No."
    weights = restated_run.weigh(body("Item", "Which one", "A", "*B", "C", explanation=explanation), None)
    assert set(weights) == {2}


def test_restated_run_is_silent_without_explanation_and_after_the_mark() -> None:
    assert restated_run.weigh(body("Which one", "A", "*B", "C"), None) == {}
    assert restated_run.weigh(body("Which one", "A", "*B", "C", explanation="C - No."), None) == {}


def test_restated_run_reads_quotes_and_folded_lines() -> None:
    explanation = 'Look.\n\nINCORRECT: "A" is incorrect.\n\n"B" it is.\n\nthe “c”  one – No.'
    weights = restated_run.weigh(body("Which", "A", "*B", 'The "C" one', explanation=explanation), None)
    assert set(weights) == {1}


@pytest.mark.parametrize("explanation", ["Ba" + "a" * 20_000, f"B{'a' * 48}\n" * 400], ids=["line", "lines"])
@pytest.mark.parametrize("letter", ["a", "A"])
def test_beginnings_that_stand_everywhere_are_looked_for_once_a_line(explanation: str, letter: str) -> None:
    options = [f"{letter} ({number})" for number in range(300)]
    others = [f"Z ({number})" for number in range(300)]

    assert seconds(lambda: find_spots(explanation, options, WORDS)) < 0.1 + 20 * seconds(
        lambda: find_spots(explanation, others, WORDS)
    )


def tails(*lengths: int) -> list[Body]:
    return [body("Stem", "Which", *["*x"], *["y"] * (length - 1)) for length in lengths]


def test_usual_count_is_learned_from_the_marks_alone() -> None:
    facts = usual_count.learn(tails(*[1, 2, 3, 4] * 6))
    assert facts[1][0] == 4
    assert set(usual_count.weigh(body("Item", "Which", "A", "*B", "C", "D"), facts)) == {2}


def test_usual_count_is_silent_with_few_or_mixed_questions() -> None:
    assert usual_count.learn(tails(4, 3, 2)) == {}
    assert usual_count.learn(tails(1, 2, 3, 4, 9, 8, 7, 6, 12, 11)) == {}


@pytest.mark.parametrize(("firsts", "is_usual"), [(4, True), (3, False)])
def test_usual_count_wants_nearly_as_many_first_options_right_as_chance_gives(
    firsts: int, *, is_usual: bool
) -> None:
    """Ten of forty, with four options; four tenths of them will do."""
    facts = usual_count.learn(tails(*[4] * firsts, *[3] * (40 - firsts)))
    assert (facts[1][0] == 4) is is_usual


def test_usual_count_is_more_than_the_right_ones() -> None:
    assert usual_count.learn(tails(*[1] * 20)) == {}


def test_usual_count_is_weaker_where_some_questions_have_more() -> None:
    """Of 20 questions with five options four have the first one right: so one that has more than four stands
    for a quarter of all, and two for half of them."""
    seen = [4, 3, 2, 1] * 4
    none, one, two = (
        usual_count.learn(tails(*seen, *more)) for more in ([4, 4, 4, 4], [4, 4, 4, 9], [4, 4, 8, 9])
    )
    assert none[1][1] > one[1][1]
    assert one[1] == (4, pytest.approx(math.log(3)))
    assert two == {}


def test_usual_count_is_weak_where_few_questions_were_seen() -> None:
    few = usual_count.learn(tails(4, 4, 3, 2, 1))[1][1]
    many = usual_count.learn(tails(*[1, 2, 3, 4] * 10))[1][1]
    assert few < 1 < 4 < many


def test_a_border_that_nothing_speaks_for_has_no_margin() -> None:
    assert decide_borders([body("One.", "Two.", "Three", "*Four")])[0].margin == 0


def without_explanations(text: str) -> str:
    return re.sub(r"(?ms)^Explicación general\n.*?(?=^Temática\n)", "", text)


def without_asking(text: str) -> str:
    def plain(match: re.Match[str]) -> str:
        return unasked(match[0])

    return re.sub(r"(?ms)^Pregunta \d+:?\n.*?(?=^Explicación general\n|^Temática\n)", plain, text)


def unasked(text: str) -> str:
    # A question that an option quotes is no asking sentence, and stands in the explanation too.
    return re.sub(r"¿|[?](?!\")|\s*\((?:Select|Seleccione) \w+\)", "", text)


def right(question: Question, full: Question) -> bool:
    texts = [unasked(option.text) for option in question.options]
    wanted = [unasked(option.text) for option in full.options]
    return (unasked(question.stem), texts, question.answer) == (unasked(full.stem), wanted, full.answer)


DAMAGES = {
    "no explanations": without_explanations,
    "no asking sentences": without_asking,
    "neither": lambda text: without_asking(without_explanations(text)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
@pytest.mark.parametrize("name", ["skipper_es.txt", "mla-c01_es.txt"])
def test_evidence_taken_away(
    name: str, damage: Callable[[str], str], real_dumps_or_none: Path | None
) -> None:
    path = ROOT / "raw" / name
    if not path.exists():
        if real_dumps_or_none is None:
            pytest.skip("the folder of real dumps is not there")
        path = real_dumps_or_none / name
    text = path.read_text(encoding="utf-8")
    full = {question.number: question for question in ingest.read_text(text).questions}
    result = ingest.read_text(damage(text))
    doubtful = {question.number for question in result.doubtful}
    wrong = {question.number for question in result.questions if not right(question, full[question.number])}
    assert len(result.questions) == len(full)
    assert wrong <= doubtful, "a wrong record carries no doubt"
    if damage is DAMAGES["neither"]:
        assert len(wrong) <= max(len(full) * 5 / 65, 4)
    else:
        assert not wrong
        assert len(doubtful) <= 3
