"""A question as quizzes and flashcards show it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model.question import Question

_MOST_REFERENCES = 500
"""Above which all are listed below the explanation: to look for each in all texts would take too long."""
_URL_GOES_ON = re.compile(r"[\w/?#=&%~+@-]|[.,;:!]\w")


def takes_several(question: Question) -> bool:
    """Whether several options are to be chosen."""
    return question.type == "multi_select" or len(question.answer) > 1


def overall_explanation(question: Question) -> str:
    """The whole explanation, of which the rationale is a part; empty where there is none."""
    return question.explanation or question.rationale or ""


def general_feedback(question: Question) -> str:
    """The overall explanation; below it each reference that stands in no text of the question."""
    text = overall_explanation(question)
    if not question.references:
        return text
    if len(question.references) > _MOST_REFERENCES:
        return "\n\n".join(filter(None, (text, "\n".join(each.url for each in question.references))))
    printed = "\n".join(
        (text, question.stem, *(f"{each.text}\n{each.explanation or ''}" for each in question.options))
    )
    unprinted = [each.url for each in question.references if not _stands_in(printed, each.url)]
    return "\n\n".join(filter(None, (text, "\n".join(unprinted))))


def _stands_in(text: str, url: str) -> bool:
    """Whether a text has a URL, not only a longer one that begins like it."""
    at = text.find(url)
    while at >= 0 and _URL_GOES_ON.match(text, at + len(url)):
        at = text.find(url, at + 1)
    return at >= 0


def shown_texts(question: Question) -> Iterator[str]:
    """All texts of a question that quizzes show; the rationale only where there is no explanation."""
    yield question.stem
    for option in question.options:
        yield option.text
        yield option.explanation or ""
    yield from question.accepted
    yield from (overall_explanation(question), question.topic or "")
    for reference in question.references:
        yield from (reference.url, reference.canonical)


def misplaced(question: Question) -> Iterator[str]:
    """What a contradictory record has beside its way of being answered, and quizzes have no place for."""
    if question.type == "fill_in" and question.options:
        yield "options are left out: the question has a blank"
    if question.type != "fill_in" and question.accepted:
        yield "accepted answers are left out: the question has options"


def refused_count(question: Question, most: int) -> str | None:
    """Why a question has too few or too many options for a format that holds two to so many."""
    if len(question.options) < 2:
        return "fewer than two options"
    return f"more than {most} options" if len(question.options) > most else None
