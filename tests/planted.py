"""The seven classic defects of question sets, planted into records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from ingest.model.question import Option, Question

Plant = Callable[[Question], Question]


def with_options(question: Question, options: Sequence[Option]) -> Question:
    return replace(
        question, options=tuple(options), answer=tuple(option.id for option in options if option.correct)
    )


def no_right_answer(question: Question) -> Question:
    return with_options(question, [replace(option, correct=False) for option in question.options])


def same_option_twice(question: Question) -> Question:
    first, second, *rest = question.options
    return with_options(question, [first, replace(second, text=first.text), *rest])


def one_option(question: Question) -> Question:
    right = next(option for option in question.options if option.correct)
    return with_options(question, [replace(right, id="A")])


def empty_stem(question: Question) -> Question:
    return replace(question, stem="")


def mojibake(question: Question) -> Question:
    return replace(question, stem=f"{'¿Sopa o té?'.encode().decode('cp1252')} {question.stem}")


def all_right(question: Question) -> Question:
    return with_options(question, [replace(option, correct=True) for option in question.options])


DEFECTS: dict[str, tuple[set[str], Plant]] = {
    "no right answer": ({"Q001"}, no_right_answer),
    "the same option twice": ({"Q003"}, same_option_twice),
    "one option": ({"Q002"}, one_option),
    "empty stem": ({"Q004"}, empty_stem),
    "mojibake": ({"T002", "T008"}, mojibake),
    "all options right": ({"Q005"}, all_right),
}
"""The codes of which one must be found, and what plants it. The seventh, a repeated question, is put at the
end of a set: Q008."""
REPEATED = "a repeated question"
