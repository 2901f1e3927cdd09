"""The table with which courses upload a practice test to Udemy: its 17 columns, one row a question.

UTF-8 without a mark. What the dump says about an option is beside it; the whole explanation is the overall
one, and references that stand in no text follow it; the topic is the domain. Options keep the order of the
dump; several right ones are separated by commas.

Left out, with a note: ``fill_in``, more than six options, fewer than two, no right one, and options without
text. Words in angle brackets are written, but the site deletes them silently: a note tells which questions
have some. Cells that begin like a formula stay as they are even when apostrophes are asked for, since the
site would show them. White space at the ends of a cell may be dropped. Not held: ids, printed numbers,
findings, places, roles and lines of references, the rationale apart from the explanation, and items apart
from the stem.

Use it: in the curriculum of your course add a practice test, and where it asks for questions choose the bulk
upload and this file; then look over the questions that the site lists as read. The file is as the site wants
it: a spreadsheet that saves it again may change encoding and separators.

Tried: Python's csv, and our own reader of such tables (``ingest convert exam.udemy.csv``), which gives the
same questions; not on the site.

Source: the site's template for bulk upload of practice tests.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.csv_text import line
from ingest.parts.quiz import general_feedback, misplaced, refused_count, takes_several
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".udemy.csv"
HOLDS = {
    *("stem", "options", "key", "several", "line_ends", "reasons", "explanation", "references", "topic"),
}
_OPTIONS = 6
_COLUMNS = (
    "Question",
    "Question Type",
    *(f"{name} {place}" for place in range(1, _OPTIONS + 1) for name in ("Answer Option", "Explanation")),
    "Correct Answers",
    "Overall Explanation",
    "Domain",
)
_TAG_LIKE = re.compile(r"<[A-Za-z/!?][^<>]*>")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The columns, then one piece a question."""
    yield line(_COLUMNS)
    for question in document.questions:
        if not _refusal(question):
            yield line(_row(question))


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What is left out, and words that the site deletes."""
    found = notes_of(document, _losses, _refusal)
    if settings.csv_safe:
        found.append(Note("no cell got an apostrophe: the site would show it"))
    return found


def _refusal(question: Question) -> str | None:
    """Why a question cannot be held."""
    if question.type == "fill_in":
        return "no options"
    if message := refused_count(question, _OPTIONS):
        return message
    if not question.answer:
        return "no right option"
    if not question.stem.strip():
        return "no stem"
    if not all(option.text.strip() for option in question.options):
        return "an option without text"
    return None


def _losses(question: Question) -> Iterator[str]:
    yield from misplaced(question)
    cells = (cell for cell in _row(question) if "<" in cell)
    if deleted := next(filter(None, map(_TAG_LIKE.search, cells)), None):
        yield f"the site deletes words in angle brackets, such as {deleted[0]}"


def _row(question: Question) -> list[str]:
    cells = [question.stem, "multi-select" if takes_several(question) else "multiple-choice"]
    for option in question.options:
        cells += [option.text, option.explanation or ""]
    cells += ["", ""] * (_OPTIONS - len(question.options))
    right = (str(place) for place, option in enumerate(question.options, 1) if option.correct)
    return [*cells, ",".join(right), general_feedback(question), question.topic or ""]
