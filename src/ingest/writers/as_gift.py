"""GIFT, the text format of Moodle and many quiz programs.

One question a block, titled with its id (``q_…``, with ``-2`` where it occurs again), which is its id
number in Moodle as well; ``$CATEGORY`` changes with the topic, and questions without one are in a category
named after the file. Texts are marked as plain: Moodle shows them as they are, lines and spaces too. What
the dump says about an option is its feedback; the whole explanation is the general feedback, and references
that stand in no text follow it. Several right options share 100 %, wrong ones cost as much together,
each at least 10 %. A ``fill_in`` is a short answer; ``*`` in it is no wild card.

Left out, with a note: questions that Moodle refuses, such as those with more than twenty right options, and
accepted answers with ``->``, which make it another kind of question. White space at the ends of a text is
not kept. Not held: printed numbers, findings, places, roles and lines of references, the rationale apart from
the explanation, and items apart from the stem.

Use it: in a Moodle course open *Question bank → Import*, choose *GIFT format*, and under *General* leave *Get
category from file* ticked, so that each topic becomes a category; drop the file, *Import*. A second import
adds the questions again. ``moodle-xml`` holds the same, and shows code and links as such.

Tried: pygiftparser, and a reader of our own after the documented grammar; not in a real Moodle.

Source: docs.moodle.org, "GIFT format", and Moodle's own import, question/format/gift/format.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.identity import unique_id
from ingest.parts.moodle import accepted_answers, category, losses, refusal, weights
from ingest.parts.quiz import general_feedback, shown_texts, takes_several
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".gift"
HOLDS = {
    *("stem", "options", "key", "several", "fill_in", "line_ends", "reasons", "explanation"),
    *("references", "topic", "id"),
}
_SPECIAL = re.compile(r"[\\~=#{}:]")
# With these a text would begin with a weight, or with the name of its own format.
_AMBIGUOUS = re.compile(r"\s*(?:%|\[(?:moodle|html|plain|markdown)\])")
# Moodle's import stands these for signs with a backslash, and cannot tell them from a text's own.
_STAND_INS = re.compile(r"&&(?:010|035|058|061|092|123|125|126);")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One piece a question."""
    before = None
    for question in document.questions:
        if _refusal(question):
            continue
        if (name := category(document, question)) != before:
            # Of all signs, Moodle looks only at backslashes here.
            path = name.replace("\\", "\\\\")
            yield f"$CATEGORY: {path}\n\n".encode()
            before = name
        yield _block(question).encode()


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What is left out, dropped or changed by Moodle."""
    return notes_of(document, _losses, _refusal)


def _losses(question: Question) -> Iterator[str]:
    yield from losses(question)
    if any(map(_STAND_INS.search, shown_texts(question))):
        yield "Moodle reads && and a number as another character"


def _refusal(question: Question) -> str | None:
    if question.type == "fill_in" and any("->" in each for each in question.accepted):
        return 'an accepted answer with "->" would be read as a matching question'
    return refusal(question)


def _block(question: Question) -> str:
    name = unique_id(question)
    answers = _short_answers(question) if question.type == "fill_in" else _choices(question)
    lines = [
        f"// [id:{name}]",
        f"::{name}::[plain]{_escaped(question.stem)} {{",
        *(f"\t{answer}" for answer in answers),
    ]
    if feedback := general_feedback(question):
        lines.append(f"\t####{_text(feedback)}")
    return "\n".join([*lines, "}\n\n"])


def _choices(question: Question) -> Iterator[str]:
    several = takes_several(question)
    for option, weight in zip(question.options, weights(question), strict=True):
        sign = f"~%{weight}%" if several else "=" if option.correct else "~"
        feedback = f"#{_text(option.explanation)}" if option.explanation else ""
        yield f"{sign}{_text(option.text)}{feedback}"


def _short_answers(question: Question) -> Iterator[str]:
    return (f"={_text(each)}" for each in accepted_answers(question))


def _text(text: str) -> str:
    """A text inside the braces."""
    return f"[plain]{_escaped(text)}" if _AMBIGUOUS.match(text) else _escaped(text)


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\\n")
