"""Rules about what a record says, one at a time: the last value that is right and the first that is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ingest.model.diagnostic import Fix
from ingest.model.question import Item, Question, Reference
from ingest.rules import Problem, rule
from made_questions import NEAREST, PLANETS, SCENARIO, WAYS, ask, rule_set, within

MERCURY = ask(NEAREST, PLANETS, "Mercury")


def messages(code: str, *questions: Question) -> list[str]:
    return [each.message for each in within(code, questions)]


def fields(code: str, *questions: Question) -> list[str]:
    return [each.field for each in within(code, questions)]


def fixes(code: str, *questions: Question) -> list[Fix | None]:
    return [each.fix for each in within(code, questions)]


def linked(*urls: str, role: str = "reference") -> Question:
    references = tuple(Reference(url, url.lower(), role, (1,)) for url in urls)  # type: ignore[arg-type]
    return replace(MERCURY, references=references)


def because(*reasons: str | None, rationale: str | None = None) -> Question:
    """With what is said of each option."""
    options = tuple(
        replace(option, explanation=reason) for option, reason in zip(MERCURY.options, reasons, strict=True)
    )
    return replace(MERCURY, options=options, rationale=rationale)


def saying(explanation: str, *options: str, right: int = 1) -> Question:
    return ask(NEAREST, options or PLANETS, right, explanation=explanation)


# Q: the integrity of a question.


SILENT = (
    replace(MERCURY, explanation=None),
    ask("The __ holds the tea.", (), type="fill_in", accepted=("pot",), number=2),
    ask("Which one?", ("Tea",), 0, number=None),
    ask("Which two?", ("Tea", "Ale"), 0, 1, number=None),
    because("It is.", None, None, "It is not."),
    saying("Incorrect options:\n\nVenus\n\nMercury\n\nMars\n\nNeptune"),
    because("a", None, "c", "d", rationale="It is near."),
    linked("https://a.org/y", "https://a.org/z"),
    replace(MERCURY, id=""),
)
"""What rules pass over before they come to a question that is wrong."""
BAD = {
    "Q001": (ask(NEAREST, PLANETS), "options.0", "mark the right option"),
    "Q002": (ask(NEAREST, PLANETS[:1], 0), "options.0", "copy the question again, with all its options"),
    "Q003": (ask(NEAREST, ("Tea", "Tea"), 0), "options.1", "correct one of the two"),
    "Q004": (replace(MERCURY, stem=" "), "stem", "copy the question again, with its stem"),
    "Q005": (ask(NEAREST, PLANETS[:2], 0, 1), "options.0", "compare the key with the page"),
    "Q006": (replace(MERCURY, select_count=2), "select_count", "compare the key and the stem with the page"),
    "Q007": (
        saying("Correct option:\n\nVenus\n\nIncorrect options:\n\nMars"),
        "options.0",
        "correct the key or the explanation",
    ),
    "Q008": (replace(MERCURY), "stem", "delete one of the two"),
    "Q009": (replace(MERCURY, number=9), "header", None),
    "Q010": (replace(MERCURY, topic=None), "header", None),
    "Q011": (replace(MERCURY, explanation=None), "header", None),
    "Q012": (ask(NEAREST, ("Tea", " "), 0), "options.1", "write its text"),
    "Q013": (ask(NEAREST, ("A cup of tea", "A cup of tea."), 0), "options.1", "correct one of the two"),
    "Q014": (
        saying("Option E: Pluto."),
        "explanation",
        "compare with the page: an option was lost, or this belongs to another question",
    ),
    "Q015": (because("a", "b", "c", None), "options.3", "write what is to be said about it"),
    "Q019": (
        replace(MERCURY, stem="Which <br> one?"),
        "stem",
        "take it out, or write what it stands for",
    ),
    "Q020": (
        saying("Option B is right."),
        "explanation",
        "name the option by its text, since options may be shuffled",
    ),
    "Q021": (saying("The correct answer is C."), "explanation", "correct the key or the explanation"),
    "R001": (linked("https://"), "references.0", "correct it in the source"),
    "R002": (linked("https://a.org/x", "https://a.org/x"), "references.1", "delete one of the two"),
    "S003": (
        replace(MERCURY, type="multi_select"),
        "type",
        "compare it with the source, and correct one of the two",
    ),
    "S004": (replace(MERCURY, id="q_0"), "id", "convert the dump again, or keep it on purpose"),
    "T005": (replace(MERCURY, stem="W\x00?"), "stem", "take it out, unless it belongs there"),
    "T007": (replace(MERCURY, stem="Mаrs?"), "stem", "type the word again"),
    "T008": (replace(MERCURY, stem="CafÃ©?"), "stem", "save the source as UTF-8, or correct the word"),
    "T009": (replace(MERCURY, stem="W? "), "stem", "take it away"),
}


@pytest.mark.parametrize("code", BAD)
def test_the_last_question_of_a_set_is_looked_at_too(code: str) -> None:
    bad, field, hint = BAD[code]
    found = within(code, [*SILENT, bad])[-1]
    assert (found.index, found.field, found.hint) == (len(SILENT), field, hint)


@pytest.mark.parametrize(("accepted", "is_told"), [(("pot",), False), ((), True), (("",), True)])
def test_a_typed_answer_is_a_key(accepted: tuple[str, ...], *, is_told: bool) -> None:
    found = within("Q001", [ask("The __ holds the tea.", (), type="fill_in", accepted=accepted)])
    assert [(each.message, each.field, each.hint) for each in found] == [
        ("no answer is accepted", "options.0", "write the accepted answer")
    ] * is_told


@pytest.mark.parametrize("code", ["Q001", "Q002"])
def test_typed_answers_need_no_options(code: str) -> None:
    typed = ask("The __ holds the tea.", (), type="fill_in", accepted=("pot",))
    assert not within(code, [typed])
    assert within(code, [replace(typed, type="single_select")])


def test_no_option_and_one_are_told_apart() -> None:
    assert messages("Q002", ask(NEAREST, ()), ask(NEAREST, ("Tea",)), ask(NEAREST, ("Tea", "Ale"))) == [
        "no options",
        "only 1 option",
    ]


def test_each_repeat_of_an_option_names_the_first() -> None:
    assert messages("Q003", ask(NEAREST, ("Tea", "Ale", "Tea", "Tea"), 1)) == [
        "option C repeats option A: “Tea”",
        "option D repeats option A: “Tea”",
    ]


def test_a_single_option_that_is_right_is_another_finding() -> None:
    assert not within("Q005", [ask(NEAREST, ("Tea",), 0)])


@pytest.mark.parametrize(
    ("right", "count", "said"),
    [
        (1, 2, "2 answers are to be selected, 1 is marked as right"),
        (2, 1, "1 answer is to be selected, 2 are marked as right"),
        (2, 2, None),
        (2, None, None),
        (0, 2, None),  # no right option at all is Q001
    ],
)
def test_a_count_against_the_key(right: int, count: int | None, said: str | None) -> None:
    question = replace(ask("What floats?", WAYS, *range(right)), select_count=count)
    found = within("Q006", [question])
    assert [(each.message, each.field) for each in found] == ([(said, "select_count")] if said else [])


def test_a_count_in_the_stem_counts_where_the_record_has_none_or_agrees_with_its_key() -> None:
    stem = "What floats? (Select three)"
    for count in (2, None):
        (problem,) = within("Q006", [replace(ask(stem, WAYS, 0, 1), select_count=count)])
        assert problem.message == "3 answers are to be selected, 2 are marked as right"
        assert problem.field == "stem"


def test_headings_of_a_converted_explanation_are_compared_with_its_key() -> None:
    text = "Correct option:\n\nVenus\n\nIncorrect options:\n\nMercury\n\nMars\n\nNeptune"
    assert messages("Q007", saying(text), saying("It is."), ask(NEAREST, PLANETS, explanation=text)) == [
        "option A is wrong by the key and right by the explanation",
        "option B is right by the key and wrong by the explanation",
    ]


def test_one_heading_over_all_options_is_not_known() -> None:
    text = "Incorrect options:\n\nVenus\n\nMercury"
    assert messages("Q007", saying(text, "Venus", "Mercury")) == [
        "option B is right by the key and wrong by the explanation"
    ]
    assert not within("Q007", [saying(f"{text}\n\nMars", "Venus", "Mercury", "Mars")])


def test_repeats_in_a_converted_file_are_found_by_text_and_by_id() -> None:
    other_id = replace(MERCURY, id="q_00", number=2)
    same_id = replace(ask(SCENARIO, WAYS, 0), id=MERCURY.id, number=3)
    assert messages("Q008", MERCURY, other_id) == ["repeats question 1"]
    assert not within("Q008", [MERCURY, same_id]), "one id over two texts is S003"
    unnumbered = replace(MERCURY, number=None)
    assert messages("Q008", unnumbered, ask(NEAREST, PLANETS, "Venus")) == [
        "repeats an earlier question, with another key"
    ]


def test_a_rejected_question_is_no_repeat() -> None:
    for rejected in (ask(NEAREST, PLANETS), replace(MERCURY, stem="")):
        assert not within("Q008", [rejected, rejected])


def test_typed_answers_are_a_key() -> None:
    pot = ask("The __ holds the tea.", (), type="fill_in", accepted=("pot",))
    cup = replace(pot, accepted=("cup",))
    hints = [each.hint for each in within("Q008", [pot, replace(pot), cup])]
    assert hints == ["delete one of the two", "find out which key is right"]


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        (1, 2, None),
        (1, 3, "number 3 follows 1: 1 missing before it"),
        (1, 4, "number 4 follows 1: 2 missing before it"),
        (2, 2, "number 2 follows 2: its number stood before"),
        (2, 1, "number 1 follows 2: its number stood before"),
    ],
)
def test_numbers_run_on(before: int, after: int, said: str | None) -> None:
    unnumbered = replace(MERCURY, number=None)
    questions = [replace(MERCURY, number=before), unnumbered, replace(MERCURY, number=after)]
    assert messages("Q009", *questions) == ([said] if said else [])


def test_what_is_said_of_one_option_is_an_explanation() -> None:
    assert not within("Q011", [because(None, "It is.", None, None)])


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("A cup of tea", "A cup of tea.", True),
        ("A cup of tea", "a cup of tea", True),
        ("Two cups of tea", "Two cups  of tea", True),
        ("Cups of Tea", "Cups of tea", True),
        ("Green Tea", "Green tea", False),  # two words: their case may be what is asked
        ("Tea.", "Tea", True),
        ("Tea .", "Tea", True),
        ("Día", "Día.", True),
        ("Día.", "Dia", False),
        ("10 m", "10 m.", True),
        ("A cup of tea", "a cup of Tea", True),
        ("A cup of tea now", "A cup of tea Now", True),
        ("The x of tea", "The X of tea", False),  # one letter may be a name
        ("A cup of tea", "The cup of tea", False),
        ("It is on time", "It is ON time", False),
        ("It is at sea", "It is AT sea", True),
        ("10.", "10", False),
        ("example.org.", "example.org", False),
        ("Set it to null now", "Set it to NULL now", False),
        ("Set it to tea now", "Set it to TEA now", True),
        ("Run it with v now", "Run it with V now", False),  # one letter, as flags have
        ("It is the ‘best’ tea", "It is the 'best' tea", True),
        ("Take it\nall at once", "take it\nall at once", False),  # several lines
        ("Use a[0] for the tea", "use a[0] for the tea", False),
        ("return tea;", "Return tea;", False),
        ("Take the cup/tea now", "Take the cup/tea now.", False),
    ],
)
def test_nearly_equal_options(one: str, other: str, *, is_same: bool) -> None:
    assert bool(within("Q013", [ask(NEAREST, (one, other), 0)])) is is_same


def test_options_are_compared_with_each_other_and_not_with_the_first() -> None:
    (found,) = within("Q013", [ask(NEAREST, ("Ale", "A cup of tea", "A cup of tea."), 0)])
    assert found.message == "option C is nearly the same as option B: “A cup of tea.”"
    assert found.text == "A cup of tea."


# Q014: what is explained and no option.


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        ("Option D: Pluto.", None),
        ("Option E: Pluto.", "E"),
        ("Option G: Pluto.", "G"),
        ("Option H: Pluto.", None),  # three beyond the last one are no list that goes on
        ("A) x\nB) x\nC) x\nD) x\nE) x", "E"),
        ("A) x\nB) x\nC) x\nE) x", None),  # not all options are listed
        ("A) x\nB) x\nC) x\nD) x\nE) x\nE) y", None),  # a letter twice is another list
        ("A) x\nB) x\nC) x\nD) x\nF) x", None),  # the next letter is missing
        ("B. x\nA. x\nD. x\nC. x\nE. x", "E"),
    ],
)
def test_letters_beyond_the_last_option(text: str, letter: str | None) -> None:
    found = within("Q014", [saying(text)])
    assert [each.message.partition(",")[0] for each in found] == (
        [f"explains option {letter}"] if letter else []
    )
    assert all(each.text and each.text[-1] in "x." for each in found)


def test_the_line_that_begins_with_the_letter_is_shown() -> None:
    (found,) = within("Q014", [saying("It is so.\n\n - Option E: Pluto.\nIt is far out.\nIt is.")])
    assert found.text == "- Option E: Pluto."


@pytest.mark.parametrize(("options", "is_told"), [(("a1", "b1", "c1"), True), (("a1", "b1"), False)])
def test_letters_count_only_in_lists_of_three(options: Sequence[str], *, is_told: bool) -> None:
    letters = "ABCD"[: len(options) + 1]
    text = "\n".join(f"{letter}) said of it" for letter in letters)
    assert bool(within("Q014", [saying(text, *options)])) is is_told


@pytest.mark.parametrize(
    ("text", "is_told"),
    [
        ('INCORRECT: "The dwarf planet Pluto" is far out.', True),
        ("INCORRECT: “The dwarf planet Pluto” is far out.", True),
        ("CORRECT: «The dwarf planet Pluto» is far out.", True),
        ('Look: "The dwarf planet Pluto" is far out.', False),  # no word that judges
        ('INCORRECT: "Mars" is far out.', False),
        ('INCORRECT: "MARS." is far out.', False),
        ('INCORRECT: "Mar" is cut.', False),
        ('INCORRECT: "The planet Mars" is far out.', False),  # holds the option
        ('INCORRECT: "The dwarf planet Pluto is far out.', False),  # never closed
        ('INCORRECT: "" is nothing.', False),
        ('INCORRECT: ". * _" is nothing.', False),
        ('**INCORRECT**: "The dwarf planet Pluto" is far out.', True),
        ('INCORRECT: is "The dwarf planet Pluto".', False),  # not what the word is about
        ('INCORRECT:"The dwarf planet Pluto" is far out.', False),
        ('INCORRECT: "The dwarf planet Pluto" is far: "out".', True),
    ],
)
def test_a_quoted_text_that_is_no_option(text: str, *, is_told: bool) -> None:
    found = within("Q014", [saying(text)])
    assert [(each.message, each.text) for each in found] == [
        ("explains “The dwarf planet Pluto”, which is no option", "The dwarf planet Pluto")
    ] * is_told


def test_options_are_quoted_with_a_few_other_words() -> None:
    assert not within(
        "Q014", [saying('INCORRECT: "Hire a driver with a large van for the round" is dear.', *WAYS)]
    )
    assert not within("Q014", [saying('INCORRECT: "x" is none.', "x1", "y")])
    assert within("Q014", [saying('INCORRECT: "evening" is none of the letters.', "genevin", "y")])
    assert within("Q014", [saying('INCORRECT: "Hire a horse and a cart every Monday" is dear.', *WAYS)])


@pytest.mark.parametrize(
    ("reasons", "rationale", "told"),
    [
        (("a", "b", "c", None), None, ["options.3"]),
        (("a", "b", None, None), None, []),  # two without one
        (("a", "b", "c", "d"), None, []),
        (("a", None, "c", "d"), "It is near.", []),  # the explanation is about the right one
        (("a", None, "c", "d"), None, ["options.1"]),
        (("a", "b", None, "d"), "It is near.", ["options.2"]),
    ],
)
def test_the_only_option_without_an_explanation(
    reasons: Sequence[str | None], rationale: str | None, told: list[str]
) -> None:
    assert fields("Q015", because(*reasons, rationale=rationale)) == told


def test_two_others_must_be_explained() -> None:
    *said, bare = because("x", "x", "x", None).options
    assert within("Q015", [replace(MERCURY, options=(*said[:2], bare))])
    assert not within("Q015", [replace(MERCURY, options=(said[1], bare))])


# Q019: what a page or an editor has left.


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        ("It is <br> red.", "<br>"),
        ("Type `x <br> y` for it.", None),
        ("Type `x` <br> for it.", "<br>"),
        ("Do this:\nrun(a, b, <br>);\nthen <br> go.", "<br>"),
        ("Do this:\nrun(a, b, **bold**);\nIt is red.", None),
        ("for (each) {\n  <br>\n}\nreturn each;", None),
        ("It is **red** and **blue**.", "**red**"),
        ("It is blue&nbsp;or <br> red.", "&nbsp;"),
        ("See [the page](https://example.org).", "[the page](https://example.org)"),
        ("The HTML tag <br> ends a line.", None),
        ("A README has **bold** words.", None),
        ("A README has &nbsp; in it.", "&nbsp;"),
    ],
)
def test_markup_in_prose(text: str, mark: str | None) -> None:
    found = within("Q019", [replace(MERCURY, stem=text)])
    assert [each.text for each in found] == ([mark] if mark else [])
    assert [(each.field, each.text) for each in within("Q019", [because(text, "x", "y", "z")])] == (
        [("reasons.0", mark)] if mark else []
    )


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        (("Red<br>", "Blue"), True),
        (("Red<br>", "Blue<br>"), False),  # the question is about tags
        (("<br>", "Blue"), False),
        (("Red &lt;", "Blue"), True),
        (("HTML <br>", "Blue"), False),
    ],
)
def test_markup_in_options(options: Sequence[str], *, is_told: bool) -> None:
    assert bool(within("Q019", [ask("Which one?", options, 0)])) is is_told
    assert not within("Q019", [ask("Which one?", options, 0, topic="XML")])


def test_a_label_of_the_page_is_told_once_in_each_field() -> None:
    label = "Explicación general"
    question = replace(
        because(f"No.\n{label}\n{label}", None, None, "Respuesta correcta\nIt is."),
        stem=f"Which?\n{label}",
        explanation="Respuesta correcta\nIt is so.",
    )
    found = [(each.field, each.text, each.hint) for each in within("Q019", [question])]
    assert found == [
        ("stem", label, "take the line out"),
        ("reasons.0", label, "take the line out"),
    ], "a heading of explanations is none"


# Q020, Q021: letters of options.


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Option B is right.", "Option B"),
        ("It is so. B is correct.", "B is correct"),
        ("It is red (C and D are wrong).", "C and D are wrong"),
        ("See option B (and option C).", "option B"),
        ("Option F is right.", None),  # there is none
        ("Plan B is right.", None),
        ("It is so.\nOption A: it is.", "Option A"),
    ],
)
def test_letters_that_name_options(text: str, said: str | None) -> None:
    assert [each.text for each in within("Q020", [saying(text)])] == ([said] if said else [])


@pytest.mark.parametrize(
    ("options", "text", "is_told"),
    [
        (("Take option A", "Wait"), "Option B is right.", False),  # there are such things
        (("Vitamin C", "Iron"), "Option B is right.", True),
        (("Vitamin C", "Iron"), "It is so. B is correct.", False),  # B may be a vitamin
        (("Zinc", "Iron"), "It is so. B is correct.", True),
    ],
)
def test_options_that_have_letters(options: Sequence[str], text: str, *, is_told: bool) -> None:
    assert bool(within("Q020", [saying(text, *options)])) is is_told
    assert not within("Q020", [ask(NEAREST, options, 0, topic="Option B: knots")])


def test_words_that_name_an_option_are_told_once_and_the_others_counted() -> None:
    text = "Option B is right, and option C is wrong."
    twice = replace(because(text, None, None, text), stem="Is option B right?")
    assert [(each.field, each.message) for each in within("Q020", [twice])] == [
        ("stem", "names options by letter: “option B”"),
        ("reasons.0", "names options by letter: “Option B”, and 1 more"),
    ]


@pytest.mark.parametrize(
    ("stem", "is_told"),
    [
        ("Which option B?", True),
        ("There is option B: a boat.", False),
        ("There is (option B) too.", False),
        ("There is vitamin B in it.", False),
        ("Is it option B or option C?", True),
    ],
)
def test_a_stem_that_has_things_with_letters(stem: str, *, is_told: bool) -> None:
    assert bool(within("Q020", [replace(MERCURY, stem=stem, explanation="Option B is right.")])) is is_told


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("The correct answer is C.", "C"),
        ("The correct answers are C and D.", "C and D"),
        ("The correct answers are B and D.", "B and D"),
        ("The correct answer is B.", None),
        ("The correct answer is E.", None),  # there is none
        ("The correct answer is A boat.", None),  # an article
        ("The correct answer is A boat. The correct answer is C.", "C"),
        ("The correct answer is A.", "A"),
        ("The correct answer is C here.", "C"),
        ("The correct answer is C. The correct answer is D.", "C"),
        ("The correct answers are A, B, C and D.", "A and B and C and D"),
    ],
)
def test_another_letter_than_the_key(text: str, said: str | None) -> None:
    assert messages("Q021", saying(text)) == (
        [f"the explanation says that {said} is right, and the key is B"] if said else []
    )


def test_a_key_of_several_letters_is_named() -> None:
    question = ask(NEAREST, PLANETS, 1, 2, explanation="The correct answers are A and B.")
    assert (
        messages("Q021", question, replace(question))
        == ["the explanation says that A and B is right, and the key is B C"] * 2
    )
    assert not within("Q021", [ask(NEAREST, PLANETS, explanation="The correct answer is C.")])


# R: references.


def test_another_scheme_is_an_address_and_what_cannot_be_opened_is_none() -> None:
    urls = ("mailto:ann@example.org", "https://example.org/a b", "https://", "https://example.org/ok")
    found = within("R001", [linked(*urls)])
    assert [(each.field, each.text) for each in found] == [
        ("references.1", urls[1]),
        ("references.2", urls[2]),
    ]


def test_only_a_wholly_equal_address_is_taken_out() -> None:
    same = linked("https://example.org/tea", "https://Example.org/tea")
    alike = linked("https://example.org/tea", "http://www.example.org/tea/")
    assert fixes("R002", same) == [Fix("https://Example.org/tea", None, "references.1")]
    assert fixes("R002", alike) == [None]
    assert not within("R002", [linked("https://example.org/tea")])


def test_an_address_three_times_is_told_twice_with_the_first() -> None:
    a, b = "https://example.org/a", "https://example.org/b"
    assert fields("R002", linked(a, b, a, a)) == ["references.2", "references.3"]


def test_https_is_written_where_the_host_has_it() -> None:
    insecure, secure = "http://example.org/tea", "https://example.org/pots"
    assert fixes("R003", linked(insecure, insecure), linked(secure)) == [
        Fix("http://example.org", "https://example.org")
    ]
    assert not within("R003", [linked(insecure)])
    assert not within("R003", [linked("http://example.org:8080/tea"), linked(secure)])
    assert fields("R003", linked(secure, "http://ann@example.org?tea"), linked("http://example.org#a")) == [
        "references.1",
        "references.0",
    ]


@pytest.mark.parametrize(
    ("bare", "count", "is_told"), [(1, 10, True), (1, 9, False), (2, 20, True), (2, 19, False)]
)
def test_a_reference_is_missed_where_nine_in_ten_have_one(bare: int, count: int, *, is_told: bool) -> None:
    full = linked("https://example.org/tea", role="inline")
    questions = [*[full] * (count - bare), *[linked("https://example.org/tea", role="credit")] * bare]
    found = within("R004", questions)
    assert [each.index for each in found] == (list(range(count - bare, count)) if is_told else [])
    assert all(f"{count - bare} of {count} questions" in each.message for each in found)


# S: records of converted files.


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"type": "fill_in"}, "type is fill_in, and there are 4 options"),
        ({"type": "fill_in", "options": (), "answer": (), "accepted": ("x",)}, None),
        ({"accepted": ("Mercury",)}, "type is single_select, and there are accepted answers"),
        ({"type": "multi_select"}, "type is multi_select, and one option is right"),
        ({"type": "multi_select", "answer": ("A", "B")}, None),
        ({"answer": ("A", "B")}, "type is single_select, and 2 options are right"),
        ({}, None),
    ],
)
def test_type_and_key(changes: dict[str, object], said: str | None) -> None:
    options = tuple(
        replace(option, correct=option.id in changes.get("answer", "B"))
        for option in MERCURY.options  # type: ignore[operator]
    )
    question = replace(MERCURY, **{"options": options, **changes})  # type: ignore[arg-type]
    found = within("S003", [question])
    assert [(each.message, each.field) for each in found] == ([(said, "type")] if said else [])


def test_ids_stand_once() -> None:
    items = tuple(Item(number, "x") for number in ("1", "2", "1"))
    options = tuple(
        replace(option, id=letter) for option, letter in zip(MERCURY.options, "ABAA", strict=True)
    )
    twice = replace(MERCURY, items=items, options=options)
    assert [(each.message, each.field) for each in within("S003", [twice])] == [
        ("two options have the id A", "ids.2"),
        ("two options have the id A", "ids.3"),
        ("two items have the id 1", "items"),
    ]


def test_an_id_of_two_questions() -> None:
    other = replace(ask(SCENARIO, WAYS, 0), id=MERCURY.id)
    assert not within("S003", [MERCURY, MERCURY]), "that is a repeat, Q008"
    assert messages("S003", MERCURY, other) == [
        f"the id {MERCURY.id} is that of question 1, which is another one"
    ]
    assert messages("S003", replace(MERCURY, number=None), other) == [
        f"the id {MERCURY.id} is that of an earlier question, which is another one"
    ]
    assert not within("S003", [replace(MERCURY, id=""), replace(other, id="")])


def test_a_stale_id() -> None:
    assert not within("S004", [MERCURY, replace(MERCURY, id="")])
    (problem,) = within("S004", [replace(MERCURY, stem=f"{NEAREST} Now?")])
    assert problem.message.startswith(f"the id {MERCURY.id} is not the one of this text, q_")
    assert problem.field == "id"


# T: the letters of texts.


@pytest.mark.parametrize(
    ("letter", "is_told"),
    [
        ("\x00", True), ("\x08", True), ("\t", False), ("\x0b", True), ("\x0c", True), ("\r", False),
        ("\x0e", True), ("\x1f", True), (" ", False), ("~", False), ("\x7f", True), ("\x9f", True),
        ("\xa0", False), ("\u2029", False), ("\u202a", True), ("\u202e", True), ("\u202f", False),
        ("\u2065", False), ("\u2066", True), ("\u2069", True), ("\u206a", False), ("é", False),
    ],
)  # fmt: skip
def test_control_characters_in_a_converted_file(letter: str, *, is_told: bool) -> None:
    places = {
        "stem": replace(MERCURY, stem=f"Which{letter} one?"),
        "explanation": saying(f"It{letter} is."),
        "topic": replace(MERCURY, topic=f"Pla{letter}nets"),
        "options.0": ask(NEAREST, (f"Ve{letter}nus", "Mars"), 1),
        "reasons.0": because(f"No{letter}t so.", None, None, None),
    }
    for field, question in places.items():
        found = within("T005", [MERCURY, question])
        expected = [(1, field, letter, f"holds U+{ord(letter):04X}, which is not seen")] if is_told else []
        assert [(each.index, each.field, each.text, each.message) for each in found] == expected


@pytest.mark.parametrize(
    ("word", "mended"),
    [
        ("Mаrs", "Mars"),  # a Cyrillic letter
        ("Εarth", "Earth"),  # a Greek one
        ("Ｍars", "Mars"),  # a full-width one
        ("URLа", None),  # an abbreviation with an ending
        ("Δt", None),
        ("Марc", "Марс"),  # a Latin letter in a Russian word
        ("Mars", None),
        ("Mап", "Мап"),
        ("Mаpс", "Mapc"),  # as many of both: Latin
        ("Mаrж", None),  # not all of the others look like Latin letters
        ("Марg", None),  # a Latin letter that looks like none
    ],
)
def test_lookalikes(word: str, mended: str | None) -> None:
    found = within("T007", [replace(MERCURY, stem=f"{word}?")])
    assert [each.fix for each in found] == ([Fix(word, mended)] if mended else [])


def test_each_word_is_told_once_and_all_its_letters_named() -> None:
    found = within("T007", [replace(MERCURY, stem="Mаrsоa Mаrsоa Mаrsоa?", explanation="Mаrsоa.")])
    assert [(each.field, each.text, each.message) for each in found] == [
        ("stem", "Mаrsоa", "“Mаrsоa” holds CYRILLIC SMALL LETTER A, CYRILLIC SMALL LETTER O")
    ]


def test_a_letter_without_a_twin_is_not_mended() -> None:
    assert fixes("T007", replace(MERCURY, stem="РоссIя")) == [None]


def test_what_a_greek_word_should_be_is_not_sure() -> None:
    assert fixes("T007", replace(MERCURY, stem="αβγa")) == [None]


def test_white_space_is_taken_away_but_indentation_of_code_stays() -> None:
    text = "    for each:\n        pass\n"
    assert fixes("T009", replace(MERCURY, stem=" Which? ")) == [Fix(" Which? ", "Which?", "stem")]
    assert fixes("T009", replace(MERCURY, explanation=text)) == [Fix(text, text[:-1], "explanation")]
    assert not within("T009", [MERCURY, replace(MERCURY, stem="  ")])


@pytest.mark.parametrize("code", ["R001", "S003", "S004", "T005", "T009"])
def test_what_stages_look_for_in_dumps_is_told_once(code: str) -> None:
    """These look at converted files alone; the readings say that this is a dump."""
    bad = replace(linked("https://"), stem=" Which\x00 one? ", type="multi_select", id="q_0123456789abcdef")
    problems: list[Problem] = within(code, [bad])
    assert problems
    check = rule(code).check
    assert check
    assert not list(check(rule_set([bad], readings=[object()])))  # type: ignore[list-item]
