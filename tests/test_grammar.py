"""Records rendered as every form of input and read back: equal, or told to be doubtful."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import grammar
import ingest
import rendering
from ingest.locales import names
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.pipeline import ReadSettings
from oracles import check_document, check_whole

EXAMPLES = int(os.environ.get("GRAMMAR_EXAMPLES", "25"))
SETTINGS = ReadSettings(keep_attempt=True)
WITHOUT_TOPIC = ("old page", "letters")
WITH_REASONS = ("reasons", "compact reasons", "firefox reasons")
# Nothing tells where an option of several lines ends, or what stands below an option ends and the next begins.
ONE_LINE = ("compact", "compact reasons", "reasons", "firefox reasons", "word processor")
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


def stated(sat: rendering.Sat, question: Question, layout: str) -> Fields:
    """What was written of a question."""
    value = fields(question, layout)
    if layout in WITH_REASONS:
        value["explanation"] = value["explanation"] or "As above."
        value["reasons"] = [
            plain_text((each.explanation or "It is so.").split("\n\n")[0]) for each in question.options
        ]
    return value


def differences(want: Fields, have: Fields) -> Iterator[str]:
    for name, value in want.items():
        if have[name] != value:
            yield f"{name}: written {value!r}, read {have[name]!r}"


def silent(questions: Sequence[Question], layout: str, result: ingest.Result, seed: int) -> Iterator[str]:
    """What was read wrong with nobody being told. A finding about the whole file tells of all of it."""
    grave = [each for each in result.diagnostics if each.severity is not Severity.INFO]
    if any(each.number is None and each.id is None for each in grave):
        return
    told = {(each.number, each.id) for each in grave}
    read = list(result.questions)
    sats = list(rendering.sit(questions, seed))
    doubtful = [(each.number, each.id) in told for each in read]
    numbers = [sat.number for sat in sats]
    by_number = {each.number: each for each in read}
    told_numbers = {number for number, _ in told}
    if layout == "without headers":
        if len(read) != len(sats):
            if not any(doubtful) and not result.rejected:
                yield f"{len(sats)} questions written, {len(read)} read"
            return
        by_number = dict(zip(numbers, read, strict=True))
        told_numbers = {number for number, is_told in zip(numbers, doubtful, strict=True) if is_told}
    for sat, question in zip(sats, questions, strict=True):
        have = by_number.pop(sat.number, None)
        if sat.number in told_numbers:
            continue
        if have is None:
            yield f"question {sat.number} is lost"
        else:
            for each in differences(stated(sat, question, layout), fields(have, layout)):
                yield f"question {sat.number}: {each}"
    for each in by_number.values():
        if (each.number, each.id) not in told:
            yield f"question {each.number} was never written"


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
    if layout == "letters":
        return not any(re.match(r"[A-Za-z][.)]", line) for text in texts for line in text.split("\n")[1:])
    return True


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
