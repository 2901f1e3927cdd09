"""JSON Lines as evaluation harnesses read them: the fields of MMLU, one question a line.

``question`` is the stem, ``choices`` the texts of the options in the order of the dump, ``answer`` the
0-based place of the right one, a list of places in a ``multi_select``, ``subject`` the topic or an empty
string, ``id`` the question's id (``q_…``, with ``-2`` where it occurs again).

Left out, with a note: ``fill_in``, which has no choices. Data frames want one kind of answer: a note tells
when the file has both. Not held: explanations, feedback of options, references, printed numbers, findings
and places.

Source: the data set of Hendrycks and others, "Measuring Massive Multitask Language Understanding" (2021).
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.writers import Note, WriteSettings

SUFFIX = ".mmlu.jsonl"


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One line a question."""
    for question in document.questions:
        if question.type != "fill_in":
            yield orjson.dumps(_record(question), option=orjson.OPT_APPEND_NEWLINE)


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """The questions without choices; once each, two kinds of answers and what is not held."""
    found = [
        Note("left out: no choices", index)
        for index, question in enumerate(document.questions)
        if question.type == "fill_in"
    ]
    if len({_is_single(each) for each in document.questions if each.type != "fill_in"}) > 1:
        found.append(Note("answer is a number in some lines and a list in others"))
    if any(_says_more(question) for question in document.questions):
        found.append(Note("explanations and references are not held"))
    return found


def _record(question: Question) -> dict[str, object]:
    places = [place for place, option in enumerate(question.options) if option.correct]
    return {
        "question": question.stem,
        "choices": [option.text for option in question.options],
        "answer": places[0] if _is_single(question) else places,
        "subject": question.topic or "",
        "id": question.id if question.occurrence == 1 else f"{question.id}-{question.occurrence}",
    }


def _is_single(question: Question) -> bool:
    return question.type == "single_select" and len(question.answer) == 1


def _says_more(question: Question) -> bool:
    return bool(
        question.explanation
        or question.rationale
        or question.references
        or any(option.explanation for option in question.options)
    )
