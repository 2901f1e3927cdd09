"""Records rendered as every form of input and read back: equal, or told to be doubtful."""

from __future__ import annotations

import html
import itertools
import json
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammar
import ingest
import rendering
from ingest.banking import GivenSet, merge
from ingest.locales import load_all, names
from ingest.model.block import Part
from ingest.model.diagnostic import Severity
from ingest.model.document import SCHEMA_VERSION, Document, Provenance
from ingest.model.question import Question
from ingest.parts.code import is_code
from ingest.parts.identity import identify, renumbered
from ingest.reading import ReadSettings
from ingest.writers import WriteSettings, writer
from made_questions import ask
from oracles import check_document, check_whole

EXAMPLES = int(os.environ.get("GRAMMAR_EXAMPLES", "10"))
SETTINGS = ReadSettings(keep_attempt=True)
WITHOUT_TOPIC = ("old page", "letters")
WITH_REASONS = ("reasons", "compact reasons", "firefox reasons")
# Nothing tells where an option of several lines ends, or what is said of an option ends and the next begins.
ONE_LINE = ("compact", "compact reasons", "reasons", "firefox reasons", "word processor")
# What tells one option from the next.
OPENS_OPTION = {"letters": re.compile(r"[A-Za-z][.)]"), "markdown": re.compile("[-*] ")}
Fields = dict[str, Any]


def plain_text(text: str | None) -> str | None:
    """With one space wherever white space stands: where lines end is for other tests."""
    return None if text is None else " ".join(text.split()) or None


def fields(question: Question, layout: str) -> Fields:
    """What a layout holds of a question."""
    options = [(plain_text(each.text), each.correct) for each in question.options]
    value: Fields = {
        "stem": plain_text(question.stem),
        "options": options,
        "accepted": list(map(plain_text, question.accepted)),
        "type": question.type,
        "explanation": plain_text(question.explanation),
    }
    if layout not in WITHOUT_TOPIC:
        value["topic"] = plain_text(question.topic)
    if layout in WITH_REASONS:
        value["reasons"] = [plain_text(each.explanation) for each in question.options]
    return value


def stated(question: Question, layout: str) -> Fields:
    """What was written of a question."""
    value = fields(question, layout)
    if layout in WITH_REASONS:
        value["explanation"] = value["explanation"] or "As above."
        value["reasons"] = [
            plain_text((each.explanation or "It is so.").split("\n\n")[0]) for each in question.options
        ]
    return value


def silent(questions: Sequence[Question], layout: str, result: ingest.Result, seed: int) -> Iterator[str]:
    """What was read wrong with nobody being told. A finding about the whole file tells of all of it."""
    grave = [each for each in result.diagnostics if each.severity is not Severity.INFO]
    if any(each.number is None and each.id is None for each in grave):
        return
    sats = list(rendering.sit(questions, seed))
    read = list(result.questions)
    if layout == "without headers":
        if len(read) != len(sats):
            if not result.doubtful and not result.rejected:
                yield f"{len(sats)} questions written, {len(read)} read"
            return
        read = [replace(each, number=sat.number) for each, sat in zip(read, sats, strict=True)]
    doubtful = {id(each) for each in result.doubtful}
    told = {
        each.number for each, given in zip(read, result.questions, strict=True) if id(given) in doubtful
    } | {each.number for each in (*result.rejected, *grave)}
    by_number = {each.number: each for each in read}
    for sat, question in zip(sats, questions, strict=True):
        have = by_number.pop(sat.number, None)
        if sat.number not in told and not (have and is_code_of_the_stem(question, have)):
            yield from misread(sat, stated(question, layout), have and fields(have, layout))
    for before, each in itertools.pairwise([None, *read]):
        # One that was cut off from another is told where that one is.
        is_told = each.number in told or (before is not None and before.number in told)
        if each.number in by_number and not is_told:
            yield f"question {each.number} was never written"


def is_code_of_the_stem(question: Question, have: Question) -> bool:
    """Whether a first option was read as the end of the stem since it is code of several lines, right above a
    mark: docs/reliability.md says where nobody is told."""
    code, *others = (each.text for each in question.options) if question.options else ("",)
    return (
        "\n" in code
        and is_code(code)
        and [plain_text(each.text) for each in have.options] == list(map(plain_text, others))
        and plain_text(have.stem) == plain_text(f"{question.stem}\n\n{code}")
    )


def misread(sat: rendering.Sat, want: Fields, have: Fields | None) -> Iterator[str]:
    """How a question differs from what was written."""
    for name, value in want.items():
        if have is None or have[name] != value:
            yield f"question {sat.number}: {name}: written {value!r}, read {have and have[name]!r}"


def check(questions: Sequence[Question], layout: str, locale: str, seed: int) -> ingest.Result:
    text = rendering.render(questions, layout, locale, seed)
    result = ingest.read_text(text, settings=SETTINGS)
    check_whole(result)
    found = list(silent(questions, layout, result, seed))
    assert not found, "\n".join(found) + f"\n--- {layout}, {locale}\n{text}"
    return result


def fits(question: Question, layout: str) -> bool:
    """Whether a layout can show a question at all."""
    if question.type == "fill_in":
        return layout not in ("old page", "letters", "word processor", "markdown")
    texts = [each.text for each in question.options]
    if layout in ONE_LINE:
        return not any("\n" in text for text in texts)
    if layout in OPENS_OPTION:
        return not any(OPENS_OPTION[layout].match(line) for text in texts for line in text.split("\n")[1:])
    return True


QUESTION, OTHER = (
    grammar.record(
        f"The {what} are old.\n\nWhich {what} are white?",
        [(f"The first {what}.", False), (f"The second {what}.", True), (f"The third {what}.", False)],
        f"It is so.\n\nThe second {what} are white.",
        f"About {what}",
    )
    for what in ("boats", "sails")
)
# Lines that mean this in these places, whoever wrote them.
OF_THE_PAGE = {
    Part.HEADER: grammar.PLACES,  # it begins a question
    Part.FILL_IN: grammar.PLACES,  # a whole sentence of the page
    Part.FURNITURE: ("top of the stem", "end of the explanation"),  # badges stand there
    Part.RESOURCES: ("end of the explanation",),  # an empty heading of the page
    Part.OPTIONS: ("top of the stem", "stem", "wrong option"),  # the heading over the options
    Part.TOPIC: ("end of the explanation",),  # the label in two languages, as translated pages have it
    Part.REASON: ("wrong option",),  # what is said of the option above it
}


@pytest.mark.parametrize("layout", ["chrome", "firefox"])
@pytest.mark.parametrize("part", Part)
def test_a_text_that_reads_like_a_label(part: Part, layout: str) -> None:
    labels = [(word, label.part) for locale in load_all() for word, label in locale.labels]
    parts = {word: {part for other, part in labels if other == word} for word, _ in labels}
    found = []
    for line in (word for word in parts if min(parts[word]) is part):
        for place, question in grammar.planted(QUESTION, line):
            if not any(place in OF_THE_PAGE.get(each, ()) for each in parts[line]):
                text = rendering.render([question, OTHER], layout, "en", 3)
                result = ingest.read_text(text, settings=SETTINGS)
                found += [(line, place, each) for each in silent([question, OTHER], layout, result, 3)]
    assert not found


@pytest.mark.parametrize("layout", rendering.LAYOUTS)
@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_records_as_authors_write_them(layout: str, data: st.DataObject) -> None:
    written(data, layout, is_hostile=False)


@pytest.mark.parametrize("layout", rendering.LAYOUTS)
@given(st.data())
@settings(max_examples=EXAMPLES, deadline=None)
def test_records_of_any_text(layout: str, data: st.DataObject) -> None:
    written(data, layout, is_hostile=True)


def written(data: st.DataObject, layout: str, *, is_hostile: bool) -> None:
    questions = [each for each in data.draw(grammar.sets(is_hostile=is_hostile)) if fits(each, layout)]
    if questions:
        check(questions, layout, data.draw(st.sampled_from(names())), data.draw(st.integers(0, 99)))


@given(st.lists(grammar.plain(), min_size=1, max_size=4), st.sampled_from(names()), st.integers(0, 99))
@settings(max_examples=EXAMPLES, deadline=None)
def test_saved_pages(questions: list[Question], locale: str, seed: int) -> None:
    page = rendering.saved_page(questions, locale, seed)
    same(questions, ingest.read_text(page, settings=SETTINGS), ("stem", "options", "explanation", "topic"))


@pytest.mark.parametrize(
    "stroke", ["/", "\u0338", "\u0301\u0338", "\u0338" * 100], ids=["slash", "mark", "marks", "many marks"]
)
def test_a_stroke_at_the_beginning_leaves_the_tag_before_it_alone(stroke: str) -> None:
    texts = [f"{stroke} a sail", "an oar", "a rope"]
    question = ask(f"{stroke} Which one pulls the boat?", texts, 0)
    document = document_of([question])
    table, _ = writer("udemy-csv").render(document, WriteSettings())
    inputs = {
        "x.html": rendering.saved_page([question], "en", 0).encode(),
        "x.json": json.dumps({"results": [assessment(question)]}, ensure_ascii=False).encode(),
        "x.csv": table,
    }
    for name, data in inputs.items():
        (read,) = ingest.read_bytes(data, name, settings=SETTINGS).questions
        assert read.stem == grammar.composed(question.stem), name
        assert [option.text for option in read.options] == [grammar.composed(text) for text in texts], name


@given(st.lists(grammar.plain(("one", "several", "true-false")), min_size=1, max_size=4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_upload_tables(questions: list[Question]) -> None:
    """As this program writes them for the site, but for those that its notes say are left out."""
    document = document_of(questions)
    table, notes = writer("udemy-csv").render(document, WriteSettings())
    left_out = {note.index for note in notes if note.message.startswith("left out")}
    questions = [each for place, each in enumerate(questions) if place not in left_out]
    same(questions, ingest.read_bytes(table, "x.csv"), ("stem", "options", "explanation", "topic", "reasons"))


@given(st.lists(grammar.plain(), min_size=1, max_size=4))
@settings(max_examples=EXAMPLES, deadline=None)
def test_assessments(questions: list[Question]) -> None:
    data = json.dumps({"results": list(map(assessment, questions))})
    names_of_fields = ("stem", "options", "explanation", "topic", "reasons")
    same(questions, ingest.read_bytes(data.encode(), "x.json"), names_of_fields)


def assessment(question: Question) -> dict[str, Any]:
    """As the site's own programs have it."""
    texts = [f"<p>{html.escape(each.text)}</p>" for each in question.options]
    reasons = [f"<p>{html.escape(each.explanation or '')}</p>" for each in question.options]
    prompt = {
        "question": "".join(f"<p>{html.escape(each)}</p>" for each in question.stem.split("\n\n")),
        "answers": texts,
        "feedbacks": reasons,
        "explanation": "".join(
            f"<p>{html.escape(each).replace(chr(10), '<br>')}</p>"
            for each in (question.explanation or "").split("\n\n")
        ),
    }
    kinds = {"fill_in": "fill-in-the-blank", "multi_select": "multi-select"}
    return {
        "prompt": prompt,
        "correct_response": list(question.accepted) or [each.lower() for each in question.answer],
        "assessment_type": kinds.get(question.type, "multiple-choice"),
        "section": question.topic,
    }


def same(questions: Sequence[Question], result: ingest.Result, names_of_fields: Sequence[str]) -> None:
    """Forms that say what is what leave nothing to doubt."""
    check_whole(result)
    check_document(result.document)
    assert len(result.questions) == len(questions)
    for question, read in zip(questions, result.questions, strict=True):
        want, have = (fields(each, "reasons") for each in (question, read))
        for name in (*names_of_fields, "type", "accepted"):
            assert have[name] == want[name]


@given(grammar.sets(is_hostile=True))
@settings(max_examples=EXAMPLES, deadline=None)
def test_converted_forms(questions: list[Question]) -> None:
    """What is written is read back equal, or the writer's note says what is not."""
    document = document_of(questions)
    check_document(document)
    bank = merge([GivenSet("x.txt", document.questions)]).bank
    kept = [each.question for each in (*bank.questions, *bank.conflicts)]
    assert {each.stem for each in kept} == {each.stem for each in document.questions}


def document_of(questions: Sequence[Question]) -> Document:
    """A document with ids of its own."""
    numbered = [
        replace(each, number=number, id=identify(each.stem, [option.text for option in each.options]))
        for number, each in enumerate(questions, 1)
    ]
    source = Provenance("x.txt", "0" * 64, "utf-8", None)
    return Document(SCHEMA_VERSION, source, renumbered(numbered), (), (), ())
