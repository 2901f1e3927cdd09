"""JSON Lines as evaluation harnesses read them: the fields of MMLU, one question a line.

``question`` is the stem, ``choices`` the texts of the options in the order of the dump, ``answer`` the
0-based place of the right one, a list of places in a ``multi_select``, ``subject`` the topic or an empty
string, ``id`` the question's id (``q_…``, with ``-2`` where it occurs again).

Left out, with a note: ``fill_in``, which has no choices, and questions without a right one. Data frames want
one kind of answer: a note tells when the file has both. Not held: explanations, feedback of options,
references, printed numbers, findings and places.

Source: the data set of Hendrycks and others, "Measuring Massive Multitask Language Understanding" (2021).
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.identity import unique_id
from ingest.parts.quiz import misplaced, overall_explanation, takes_several
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".mmlu.jsonl"


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One line a question."""
    for question in document.questions:
        if not _refusal(question):
            yield orjson.dumps(_record(question), option=orjson.OPT_APPEND_NEWLINE)


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """The questions without choices; once each, two kinds of answers and what is not held."""
    found = notes_of(document, misplaced, _refusal)
    written = [each for each in document.questions if not _refusal(each)]
    if len(set(map(takes_several, written))) > 1:
        found.append(Note("answer is a number in some lines and a list in others"))
    if any(map(_says_more, written)):
        found.append(Note("explanations and references are not held"))
    return found


def _refusal(question: Question) -> str | None:
    """Why a question cannot be held."""
    if question.type == "fill_in":
        return "no choices"
    return None if question.answer else "no right option"


def _record(question: Question) -> dict[str, object]:
    places = [place for place, option in enumerate(question.options) if option.correct]
    return {
        "question": question.stem,
        "choices": [option.text for option in question.options],
        "answer": places if takes_several(question) else places[0],
        "subject": question.topic or "",
        "id": unique_id(question),
    }


def _says_more(question: Question) -> bool:
    return bool(
        overall_explanation(question)
        or question.references
        or any(option.explanation for option in question.options)
    )
