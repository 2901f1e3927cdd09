"""Aiken, the simplest text format of quiz programs: questions with one right option.

The stem on one line, the options as ``A. …`` in the order of the dump, ``ANSWER: X``. Paragraphs and lines
of a text are joined by a space; where they are code, a note says so.

Left out, with a note: ``multi_select``, ``fill_in``, fewer than two or more than 26 options, options
without text, and stems that would be read as something else (``A. …``, ``U.S. …``, ``ANSWER: …``, a single
character). Moodle shows the signs ``<``, ``>`` and ``&`` of options as HTML entities. Not held:
explanations, feedback of options, references, topics, ids, printed numbers, findings and places.

Use it: in a Moodle course open *Question bank → Import*, choose *Aiken format*, drop the file, *Import*;
other quiz programs have a like menu. Where the program knows GIFT or Moodle XML, these keep far more.

Tried: only a reader of our own after the documented grammar; not in a real Moodle.

Source: docs.moodle.org, "Aiken format", and Moodle's own import, question/format/aiken/format.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from string import ascii_uppercase

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.code import is_code
from ingest.parts.quiz import misplaced, refused_count, takes_several
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".aiken.txt"
HOLDS = {"stem", "options", "key"}
# Moodle needs no space behind the letter: "U.S. …" is an option to it.
_MISREAD = re.compile(r"[A-Z][).]|ANSWER:")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One piece a question."""
    for question in document.questions:
        if not _refusal(question):
            yield _block(question).encode()


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What is left out, and code that lost its lines; once, what is held of no question."""
    found = notes_of(document, _losses, _refusal)
    if document.questions:
        found.append(Note("explanations, references, topics and ids are not held"))
    return found


def _refusal(question: Question) -> str | None:
    """Why a question cannot be held."""
    if question.type == "fill_in":
        return "no options"
    if not question.answer or takes_several(question):
        return "not one right option"
    if message := refused_count(question, len(ascii_uppercase)):
        return message
    if not all(option.text.strip() for option in question.options):
        return "an option without text"
    stem = _joined(question.stem)
    if _MISREAD.match(stem) or len(stem.encode()) < 2:
        return "the stem would not be read as one"
    return None


def _losses(question: Question) -> Iterator[str]:
    yield from misplaced(question)
    if any(_has_code(text) for text in (question.stem, *(each.text for each in question.options))):
        yield "code is on one line"


def _has_code(text: str) -> bool:
    return "\n" in text and any(is_code(paragraph) for paragraph in text.split("\n\n"))


def _block(question: Question) -> str:
    lines = [_joined(question.stem)]
    right = ""
    for letter, option in zip(ascii_uppercase, question.options, strict=False):
        lines.append(f"{letter}. {_joined(option.text)}")
        right = letter if option.correct else right
    return "\n".join([*lines, f"ANSWER: {right}\n\n"])


def _joined(text: str) -> str:
    return " ".join(line.strip() for line in text.splitlines() if line.strip())
