"""Questions made in one line of a test, texts for them, and what a rule finds in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from ingest.locales import join_course_words, load_all
from ingest.model.block import Reading
from ingest.model.question import Option, Place, Question, option_id
from ingest.parts.identity import identify
from ingest.rules import Problem, QuestionSet, rule

WORDS = join_course_words(load_all())
PLANETS = ("Venus", "Mercury", "Mars", "Neptune")
NEAREST = "Which planet is nearest to the Sun?"
STORY = (
    "A tea merchant sends two hundred boxes of tea each week from the harbour to shops in three towns. "
    "The boxes are heavy, and the road is bad in winter."
)
SCENARIO = f"{STORY} Which way of sending them is the cheapest?"
WAYS = (
    "Hire one driver with a large van for the round",
    "Send each shop its boxes by the evening train",
    "Let the shops fetch their boxes at the harbour",
    "Build a second store between the three towns",
)


def ask(
    stem: str, options: Sequence[str], *right: str | int, number: int | None = 1, **other: Any
) -> Question:
    """A question whose right options are named by text or by place; ``other`` are other fields."""
    listed = tuple(
        Option(option_id(at), text, text in right or at in right, None) for at, text in enumerate(options)
    )
    question = Question(
        id=id_of(stem, options),
        occurrence=1,
        fingerprint="0123456789abcdef",
        number=number,
        type="multi_select" if len(right) > 1 else "single_select",
        stem=stem,
        select_count=len(right),
        options=listed,
        answer=tuple(option.id for option in listed if option.correct),
        accepted=(),
        items=(),
        explanation=None,
        rationale=None,
        references=(),
        topic=None,
        attempt=None,
        findings=(),
        source=Place("", (1, 1)),
    )
    return replace(question, **other)


def id_of(stem: str, options: Sequence[str]) -> str:
    """The id that the texts give, of which hostile ones may hold half a character."""
    return identify(_whole(stem), [_whole(text) for text in options])


def _whole(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def rule_set(questions: Sequence[Question], readings: Sequence[Reading] = (), file: str = "") -> QuestionSet:
    """What rules look at; of a converted file, where no readings are given."""
    return QuestionSet(tuple(questions), tuple(readings), WORDS, {}, file)


def within(code: str, questions: QuestionSet | Sequence[Question]) -> list[Problem]:
    """What a rule finds in one set."""
    check = rule(code).check
    assert check
    return list(check(questions if isinstance(questions, QuestionSet) else rule_set(questions)))
