"""Rules about how a dump was read, where they begin to speak and where they do not yet: a habit of the file
is one when nine in ten of at least five other questions have it."""

from __future__ import annotations

import math
import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

import ingest
from ingest.model.block import Border
from ingest.model.question import Question
from made_questions import ask, rule_set, within
from rendering import render, saved_page

SHAPES = ("the red flag", "the green flag", "the blue flag", "the white flag", "the black flag")
# How many others have the habit and how many do not, and whether that makes it one.
HABITS = [
    pytest.param(5, 0, True, id="all of five"),
    pytest.param(4, 0, False, id="all of four"),
    pytest.param(9, 1, True, id="nine of ten"),
    pytest.param(8, 1, False, id="eight of nine"),
]


def flags(number: int, count: int = 4, **other: object) -> Question:
    """A question about flags, with so many options and the second one right."""
    return ask(
        f"Which flag is hoisted on day {number} of the race?", SHAPES[:count], 1, number=number, **other
    )


def explained(question: Question, restated: Sequence[bool]) -> Question:
    """With an explanation that restates some options under its headings."""
    texts = [
        (each.text, each.correct) for each, is_said in zip(question.options, restated, strict=True) if is_said
    ]
    right = [f"{text} - It is so." for text, is_right in texts if is_right]
    wrong = [f"{text} - It is not." for text, is_right in texts if not is_right]
    parts = [
        *(("Correct option:", *right) if right else ()),
        *(("Incorrect options:", *wrong) if wrong else ()),
    ]
    return replace(question, explanation="\n\n".join(parts))


def told(code: str, text: str) -> list[tuple[int | None, str]]:
    """Number and message of each finding of a rule in a dump."""
    found = ingest.read_text(text).diagnostics
    return [(each.number, each.message) for each in found if each.code == code]


def numbers(code: str, questions: Iterable[Question], layout: str = "chrome") -> set[int | None]:
    return {number for number, _ in told(code, render(tuple(questions), layout))}


@pytest.mark.parametrize(("times", "is_told"), [(19.9, True), (20, False), (1, True)])
def test_p101_speaks_below_twenty_times_as_likely(times: float, *, is_told: bool) -> None:
    result = ingest.read_text(render([flags(1)], "chrome"))
    reading = replace(result.readings[0], border=Border(1, (), math.log(times)))
    found = within("P101", rule_set(result.questions, [reading]))
    assert [each.message for each in found] == [
        f"the options may begin elsewhere (this place is only {times:.1f} times as likely)"
    ] * is_told


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p102_an_unusual_count_of_options(usual: int, other: int, *, is_told: bool) -> None:
    counts = [*[4] * usual, *[3] * other, 5]
    text = render([flags(number, count) for number, count in enumerate(counts, 1)], "chrome")
    message = f"5 options, where {usual} of {usual + other} other such questions have 4"
    assert ((len(counts), message) in told("P102", text)) is is_told


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p103_a_right_option_that_is_not_restated(usual: int, other: int, *, is_told: bool) -> None:
    restated = [*[(True,) * 4] * usual, *[(True, False, True, True)] * (other + 1)]
    questions = [explained(flags(number), each) for number, each in enumerate(restated, 1)]
    assert (len(restated) in numbers("P103", questions)) is is_told


def all_right(number: int, restated: Sequence[bool]) -> Question:
    """A question without a wrong option."""
    question = ask(f"Which flags fly on day {number} of the fair?", SHAPES[:4], 0, 1, 2, 3, number=number)
    return explained(question, restated) if any(restated) else replace(question, explanation="It is so.")


@pytest.mark.parametrize(("usual", "is_told"), [(5, True), (4, False)])
@pytest.mark.parametrize("restated", [(True,) * 4, (False,) * 4])
def test_p103_questions_without_a_wrong_option_are_none_of_the_others(
    usual: int, restated: Sequence[bool], *, is_told: bool
) -> None:
    """Whether they restate their options or not, they count neither for the habit nor against it; and where
    none of theirs is restated, none is missing."""
    questions = [explained(flags(number), (True,) * 4) for number in range(1, usual + 1)]
    questions += [all_right(number, restated) for number in range(usual + 1, usual + 7)]
    last = len(questions) + 1
    questions.append(explained(flags(last), (True, False, True, True)))
    assert numbers("P103", questions) == ({last} if is_told else set())


def test_p103_a_question_without_a_wrong_option_of_which_some_are_restated() -> None:
    assert numbers("P103", [all_right(1, (True, True, True, False))]) == {1}
    assert numbers("P103", [all_right(1, (True,) * 4)]) == set()


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p107_a_lost_label_of_the_topic(usual: int, other: int, *, is_told: bool) -> None:
    topics = [*["Flags"] * usual, *[None] * (other + 1)]
    questions = [flags(number, topic=topic, explanation="It is.") for number, topic in enumerate(topics, 1)]
    assert (len(topics) in numbers("P107", questions)) is is_told


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p107_a_lost_label_of_the_explanation(usual: int, other: int, *, is_told: bool) -> None:
    explanations = [*["It is so."] * usual, *[None] * other]
    questions = [flags(number, explanation=each) for number, each in enumerate(explanations, 1)]
    last = len(questions) + 1
    assert (last in numbers("P107", [*questions, flags(last, 5)])) is is_told
    assert last not in numbers("P107", [*questions, flags(last, 4)]), "as many options as others have"


def with_reasons(missing: Iterable[int], count: int) -> str:
    """A page that says something below each option, but below the first one of some questions."""
    text = render([flags(number) for number in range(1, count + 1)], "reasons")
    for number in missing:
        begin = text.index(SHAPES[0], text.index(f"day {number} of"))
        text = text[:begin] + re.sub(r"Explanation\nIt is so\.\n+", "", text[begin:], count=1)
    return text


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p113_an_option_without_the_explanation_that_others_have(
    usual: int, other: int, *, is_told: bool
) -> None:
    count = usual + other + 1
    found = told("P113", with_reasons(range(usual + 1, count + 1), count))
    assert [number for number, _ in found] == (list(range(usual + 1, count + 1)) if is_told else [])


FILL_IN = ask("Type the name of the flag.", (), type="fill_in", select_count=None, accepted=("The blue one",))


@pytest.mark.parametrize(("usual", "is_told"), [(5, True), (4, False)])
def test_p113_fill_in_questions_between_are_none_of_the_others(usual: int, *, is_told: bool) -> None:
    """They have no options that could have explanations; they count neither for the habit nor against it."""
    questions = [flags(number) for number in range(1, usual + 2)]
    between = [each for question in questions for each in (FILL_IN, question, FILL_IN)]
    text = render([replace(each, number=at) for at, each in enumerate(between, 1)], "reasons")
    last = text.index(SHAPES[0], text.index(f"day {usual + 1} of"))
    text = text[:last] + re.sub(r"Explanation\nIt is so\.\n+", "", text[last:], count=1)
    found = told("P113", text)
    assert [number for number, _ in found] == [len(between) - 1] * is_told


@pytest.mark.parametrize(("length", "is_told"), [(12, True), (11, False)])
def test_p105_short_words_are_not_joined(length: int, *, is_told: bool) -> None:
    """What the explanation has side by side is one option only where both parts are of some length."""
    second = "Rope than before"[:length]
    question = ask("What do you do?", ("Use a longer", second, "Tie a bowline", "Do nothing"), 2)
    text = f"Incorrect options:\n\nUse a longer {second} - No.\n\nDo nothing - No."
    found = told("P105", render([replace(question, explanation=text)], "chrome"))
    assert [message for _, message in found] == [
        "the explanation has this option and the paragraph before it as one"
    ] * is_told


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        (("Tie a knot", "with the rope", "Call for help", "Do nothing"), True),
        (("Tie a knot", "with the rope", "call for help", "Do nothing"), False),
        (("Tie a knot.", "with the rope", "Call for help", "Do nothing"), False),
    ],
)
def test_p105_lower_case_is_odd_where_most_options_begin_otherwise(
    options: Sequence[str], *, is_told: bool
) -> None:
    assert bool(numbers("P105", [ask("What do you do?", options, 0)])) is is_told


@pytest.mark.parametrize(("layout", "is_told"), [("compact", True), ("chrome", False)])
def test_p110_code_above_options_that_are_code(layout: str, *, is_told: bool) -> None:
    """Without the white space of the copy it may be an option."""
    winch = "winch {{\n  turns = {}\n}}".format
    question = ask(f"Which one is twice as fast?\n\n{winch(1)}", (winch(2), winch(3)), 0)
    text = render([*(flags(number, 2) for number in range(1, 9)), question], layout)
    found = [each for each in ingest.read_text(text).diagnostics if each.code == "P110"]
    assert [(each.number, each.message, each.hint) for each in found] == [
        (
            9,
            "code stands directly above options that are code",
            "compare the end of the stem with the page: it may be an option",
        )
    ] * is_told
    assert all(text.split("\n")[each.line - 1] == "winch {" for each in found)


@pytest.mark.parametrize(
    ("left", "others", "is_told"),
    [
        (3, (4, 4, 4), True),
        (3, (4, 3, 4), True),
        (3, (4, 3, 2), False),
        (3, (4, 4, 3, 3), False),
        (3, (3, 3), False),
        (4, (4, 4), False),
        (3, (), False),
        (2, (), True),
        (2, (2,), False),
    ],
)
def test_p110_code_above_options_that_are_few(left: int, others: Sequence[int], *, is_told: bool) -> None:
    code = "for bee in hive:\n    look(bee)\n    count(bee)"
    question = ask(f"Which of these counts the bees?\n\n{code}", SHAPES[:left], 0)
    text = render([question, *(flags(number, count) for number, count in enumerate(others, 2))], "chrome")
    found = [each.number for each in ingest.read_text(text).diagnostics if each.code == "P110"]
    assert found == [1] * is_told
    # Questions with several right options have more of all.
    several = [ask(f"Which two are flags of day {number}?", SHAPES, 0, 1) for number in range(2, 6)]
    text = render([question, *several], "chrome")
    found = [each.number for each in ingest.read_text(text).diagnostics if each.code == "P110"]
    assert found == [1] * (left == 2)


def asking(options: Sequence[str], explanation: str = "", stem: str = "Which one is red?") -> str:
    """A page with one question, the second option of which is right."""
    return render([ask(stem, options, 1, explanation=explanation or None)], "chrome")


@pytest.mark.parametrize(
    ("options", "is_told"),
    [
        (("True.", "False"), False),
        (("Yes", "No."), False),
        (("Yes", "Maybe"), True),
        (("True.", "False", "Both"), True),
    ],
)
def test_p104_an_instruction_stands_between_what_is_asked_and_true_and_false(
    options: Sequence[str], *, is_told: bool
) -> None:
    assert bool(told("P104", asking(options, stem="Is the flag red? Look at the picture"))) is is_told


def test_p105_options_with_letters_are_whole() -> None:
    question = ask("What do you do?", ("Tie a knot", "with the rope", "Call for help", "Do nothing"), 0)
    assert numbers("P105", [question], "letters") == set()


def test_p105_the_first_option_and_the_end_of_the_stem() -> None:
    text = "Incorrect options:\n\nWhich one is red? The jib of the boat - No."
    assert told("P105", asking(("The jib of the boat", "The main sail", "The mizzen sail"), text)) == [
        (1, "the explanation has this option and the paragraph before it as one")
    ]


STRAY = "an answer mark stands inside the explanation"


@pytest.mark.parametrize(
    ("explanation", "is_told"),
    [
        ("It is so.\nCorrect answer\nThe jib", False),  # the key stands below it
        ("It is so.\nCorrect answer\nThe jib.", False),
        ("It is so.\nCorrect answer\n- **The jib** is it", False),
        ("It is so.\nCorrect answer:\nIt is red.", False),  # a heading with a colon
        ("It is so.\nCorrect answer：\nIt is red.", False),
        ("It is so.\nCorrect answer\nThe main", True),  # it may be lost options
        ("It is so.\nCorrect answer\nThe jib\nCorrect answer\nThe main", True),
        ("It is so.\nYour answer is correct\nThe jib", True),  # no heading of explanations
        ("It is so.\nCorrect answer", True),
    ],
)
def test_p106_a_mark_or_a_heading_of_the_explanation(explanation: str, *, is_told: bool) -> None:
    found = told("P106", asking(("The main", "The jib.", "The mizzen"), explanation))
    assert ((1, STRAY) in found) is is_told


def long_reason(last: str) -> str:
    """A page that says something below each option, in two paragraphs below the first one."""
    text = render([flags(1, 2)], "reasons")
    return text.replace("It is so.", f"It is not.\n\n{last}", 1)


@pytest.mark.parametrize(("length", "is_told"), [(100, True), (101, False)])
def test_p111_a_short_paragraph_without_a_stop_may_be_an_option(length: int, *, is_told: bool) -> None:
    assert bool(told("P111", long_reason("The green one ".ljust(length, "x")))) is is_told


LONG = "It is not.\n\nIt is a sentence."
LIKE_AN_OPTION = "It is not.\n\nThe green one"


def page_of_reasons(questions: Iterable[tuple[int, Sequence[str | None]]]) -> str:
    """A page of which each question is the place of its right option and what stands below its options."""
    text = ""
    for number, (right, said) in enumerate(questions, 1):
        text += f"Question {number}\nSkipped\nWhich flag is hoisted on day {number} of the race?\n\n"
        for place, reason in enumerate(said):
            mark = "Correct answer\n" if place == right else "" if reason else "Your answer is incorrect\n"
            below = f"\nExplanation\n{reason}" if reason else ""
            text += f"{mark}{SHAPES[place]}{below}\n\n"
    return text


@pytest.mark.parametrize(("usual", "other", "is_told"), HABITS)
def test_p111_explanations_of_one_paragraph_are_a_habit(usual: int, other: int, *, is_told: bool) -> None:
    """Those count whose end a mark shows: here one in each of the others, none in the question itself."""
    reasons = enumerate([LONG] * other + ["So."] * usual)
    others = [(1, (said, *["So."] * (4 - at % 2))) for at, said in reasons]  # no usual number of options
    found = told("P111", page_of_reasons([*others, (0, ("So.", LONG, "So."))]))
    assert [number for number, _ in found if number == len(others) + 1] == [len(others) + 1] * is_told


@pytest.mark.parametrize(("others", "is_told"), [(3, True), (4, False)])
def test_p111_none_is_missing_where_five_have_as_many_options(others: int, *, is_told: bool) -> None:
    """Five with the question itself."""
    questions = [(1, ("So.",) * 4)] * others
    found = told("P111", page_of_reasons([*questions, (0, ("So.", LIKE_AN_OPTION, "So.", "So."))]))
    assert [number for number, _ in found] == [others + 1] * is_told


@pytest.mark.parametrize(("count", "is_told"), [(1, False), (2, True)])
def test_p111_questions_with_options_that_nothing_stands_below(count: int, *, is_told: bool) -> None:
    questions = [(1, (None, "So.", "So.", "So."))] * count
    found = told("P111", page_of_reasons([*questions, (0, ("So.", LONG, "So."))]))
    assert [number for number, _ in found] == [count + 1] * is_told


@pytest.mark.parametrize("last", ["It is a sentence.", "See https://example.org"])
def test_p111_what_does_not_read_like_an_option_is_none_where_little_is_known(last: str) -> None:
    assert not told("P111", long_reason(last))


@pytest.mark.parametrize(
    ("first", "is_told"),
    [("The rope {\n  is", True), ("The rope {}\n  is", False), ("The rope\n  is", False)],
)
def test_p112_a_bracket_that_opens_in_the_stem_and_closes_in_the_first_option(
    first: str, *, is_told: bool
) -> None:
    text = asking(("long }", "short"), stem=f"Which one ends it?\n\n{first}")
    found = [message for _, message in told("P112", text) if message.startswith("a bracket")]
    assert found == ["a bracket opens above this option and closes in it"] * is_told


@pytest.mark.parametrize(
    ("line", "is_told"),
    [
        ("Correct selection\u200e", True),
        ("\u200fCorrect selection", True),
        ("CORRECT  SELECTION.", True),
        ("- Correct\u2003selection", True),
        ("Corrrect selection", True),
        ("Correct selectiom", True),
        ("Orrect selection", True),
        ("Orrect selectio", False),
        ("Correct selections of all", False),
        ("Correct", False),
    ],
    ids=[
        *("mark behind it", "mark before it", "capitals", "bullet", "one letter more", "another letter"),
        *("one letter less", "two letters less", "words more", "a word less"),
    ],
)
@pytest.mark.parametrize("end", ["\n", "\n\n"], ids=["glued", "set off"])
def test_p116_a_line_that_reads_nearly_like_a_mark(line: str, end: str, *, is_told: bool) -> None:
    def page(mark: str) -> str:
        marks = ("Correct selection\n", "Correct selection\n", mark, "", "")
        options = "\n\n".join(map("".join, zip(marks, SHAPES, strict=True)))
        return f"Question 1\n\nWhich flags are hoisted?\n\n{options}\n\nOverall explanation\nIt is so.\n"

    assert bool(told("P116", page(line + end))) == is_told
    assert not told("P116", page("Correct selection\n"))


def said(text: str, words: Iterable[str], other: str) -> str:
    """With some labels of the page said in another way."""
    return re.sub(rf"(?m)^(\W*)(?:{'|'.join(words)})(?=\W*$)", rf"\1{other}", text)


@pytest.mark.parametrize("layout", ["chrome", "compact"])
@pytest.mark.parametrize(("count", "is_told"), [(2, False), (3, True)])
def test_a_status_that_is_not_known_stands_first_in_several_stems(
    layout: str, count: int, *, is_told: bool
) -> None:
    text = render([flags(number, topic="Flags") for number in range(1, count + 1)], layout)
    other = said(text, ("Correct", "Incorrect", "Skipped"), "Not Answered")
    message = "“Not Answered” stands in the same place of other questions: it may be a label"
    assert told("P107", other) == [(number, message) for number in range(1, count + 1) if is_told]
    assert not told("P107", said(text, ("Correct", "Incorrect", "Skipped"), "Not answered."))
    assert not told("P107", text)


@pytest.mark.parametrize("words", [("One flag", "Two flags", "Three flags"), ("Some flags",) * 3])
def test_first_lines_of_stems_that_are_no_status(words: Sequence[str]) -> None:
    """Each is another one; or the page has marked what is the stem."""
    flag = flags(1)
    questions = [
        replace(flag, number=number, stem=f"{word}\n{flag.stem}") for number, word in enumerate(words, 1)
    ]
    other = said(render(questions, "chrome"), ("Correct", "Incorrect", "Skipped"), "")
    assert bool(told("P107", other)) == (len(set(words)) == 1)
    assert not told("P107", saved_page(questions, "en", 0))


@pytest.mark.parametrize("other", ["Area of study", "Area of study:"])
@pytest.mark.parametrize("layout", ["chrome", "compact", "firefox"])
def test_a_label_of_the_topic_that_is_not_known_stands_in_several_explanations(
    layout: str, other: str
) -> None:
    questions = [flags(number, topic="Flags", explanation="It is so.") for number in range(1, 4)]
    text = said(render(questions, layout), ["Domain"], other)
    message = f"“{other}” stands in the same place of other questions: it may be a label"
    assert told("P107", text) == [(number, message) for number in (1, 2, 3)]
    # Titles of works are of one question, addresses no topics.
    assert not told(
        "P107", re.sub("Flags$", lambda found: f"Flags {found.start()}", text, flags=re.MULTILINE)
    )
    assert not told("P107", text.replace("Flags", "https://flags.example/"))
    assert not told("P107", text.replace(other, "References"))


def test_an_explanation_without_label_below_the_last_reason() -> None:
    questions = [flags(number, topic="Flags", explanation="All of it.") for number in range(1, 7)]
    text = render(questions, "firefox reasons")
    cut = text.replace("Overall explanation\n", "", 1)
    message = "an explanation seems to stand among the options: its label may be lost"
    assert told("P107", cut) == [(1, message)]
    assert not told("P107", text)


def test_a_wrong_answer_without_its_mark() -> None:
    text = render([flags(1)], "chrome", seed=7)
    assert "\nIncorrect\n" in text
    assert not told("P106", text)
    message = "the question was answered wrong, and no option is marked so"
    assert told("P106", said(text, ["Your answer is incorrect"], "You chose this")) == [(1, message)]


@pytest.mark.parametrize("layout", ["chrome", "firefox", "reasons", "firefox reasons"])
def test_wrong_answers_of_which_none_has_its_mark(layout: str) -> None:
    """Somebody may have taken out all of them; a line that the options share may be one that is not known."""
    text = render([flags(number) for number in range(1, 30)], layout, seed=7)
    wrong = [
        number for number in range(1, 30) if re.search(rf"\nQuestion {number}\n*Incorrect\n", f"\n{text}")
    ]
    assert len(wrong) > 3
    message = "the question was answered wrong, and no option is marked so"
    label = "Your answer is incorrect"
    assert told("P106", said(text, [label], "You chose this")) == [(number, message) for number in wrong]
    assert not told("P106", re.sub(rf"(?m)^{label}\n+", "", text))
    one = re.sub(rf"(?m)^{label}\n+", "", text, count=1)
    assert told("P106", one) == [(wrong[0], message)]


WAYS_TO_FLY = (
    "Hoist the flag of the club on the left side before any other one",
    "Hoist the Blue Peter on the right side and then that of the club",
    "Leave each of them in the locker until the committee has its own",
    "Ask the committee by radio which of the flags it wishes to see",
)


@pytest.mark.parametrize("layout", ["compact", "reasons", "compact reasons"])
@pytest.mark.parametrize("width", [40, 60])
def test_options_that_a_mail_program_has_broken(layout: str, width: int) -> None:
    reason = "So the rules have it since the first race of the club, and each of its members has signed them."
    questions = [
        ask(f"What is to be done on day {number}?", WAYS_TO_FLY, 1, number=number, explanation=reason)
        for number in range(1, 7)
    ]
    text = render(questions, layout)
    lines = [textwrap.fill(line, width, break_on_hyphens=False) for line in text.split("\n")]
    broken = ingest.read_text("\n".join(lines))
    doubtful = {each.number for each in broken.doubtful}
    wrong = {
        each.number for each in broken.questions if [option.text for option in each.options] != [*WAYS_TO_FLY]
    }
    assert wrong
    assert wrong <= doubtful
    assert not told("P105", text)


@pytest.mark.parametrize(("above", "is_told"), [("skipped", True), ("Skipped:", False), ("Skip it", False)])
@pytest.mark.parametrize("between", ["\n", " "])
def test_a_question_that_begins_with_the_word_of_a_status(above: str, between: str, *, is_told: bool) -> None:
    text = render([flags(number) for number in range(1, 7)], "chrome")
    above = above.capitalize() if between == " " else above
    first = re.sub(r"\A(Question 1\n)\w+\n", rf"\1{above}{between}", text)
    message = "the question begins with the word of a status, which the other questions have above it"
    read = [line for line in told("P107", first) if line[1] == message]
    assert read == ([(1, message)] if is_told else [])
