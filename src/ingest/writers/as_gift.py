"""GIFT, the text format of Moodle and many quiz programs.

One question a block, titled with its id (``q_…``, with ``-2`` where it occurs again), which is its id
number in Moodle as well; ``$CATEGORY`` changes with the topic, and questions without one are in a category
named after the file. Texts are marked as plain: Moodle shows them as they are, lines and spaces too. What
the dump says about an option is its feedback; the whole explanation is the general feedback, and references
that stand in no text follow it. Several right options share 100 %, wrong ones cost as much together. A
``fill_in`` is a short answer; ``*`` in it is no wild card.

Left out, with a note: questions that Moodle refuses, such as those with more than twenty right options, and
accepted answers with ``->``, which make it another kind of question. White space at the ends of a text is
not kept. Not held: printed numbers, findings, places, roles and lines of references, and items apart from
the stem.

Source: docs.moodle.org, "GIFT format", and Moodle's own import, question/format/gift/format.php.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.writers import Note, WriteSettings
from ingest.writers.as_moodle_xml import (
    accepted_pattern,
    category,
    has_empty_option,
    is_single,
    name_of,
    refusal,
    texts,
    weights,
)

SUFFIX = ".gift"
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
    found = []
    for index, question in enumerate(document.questions):
        if message := _refusal(question):
            found.append(Note(f"left out: {message}", index))
            continue
        if has_empty_option(question):
            found.append(Note("Moodle drops an option without text", index))
        if any("&&" in text and _STAND_INS.search(text) for text in texts(question)):
            found.append(Note("Moodle reads && and a number as another character", index))
    return found


def general_feedback(question: Question) -> str:
    """The whole explanation; below it each reference that stands in no text of the question."""
    text = question.explanation or question.rationale or ""
    if not question.references:
        return text
    printed = "\n".join(
        (text, question.stem, *(f"{each.text}\n{each.explanation or ''}" for each in question.options))
    )
    unprinted = [each.url for each in question.references if each.url not in printed]
    return "\n\n".join(filter(None, (text, "\n".join(unprinted))))


def _refusal(question: Question) -> str | None:
    if question.type == "fill_in" and any("->" in each for each in question.accepted):
        return 'an accepted answer with "->" would be read as a matching question'
    return refusal(question)


def _block(question: Question) -> str:
    name = name_of(question)
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
    single = is_single(question)
    for option, weight in zip(question.options, weights(question), strict=True):
        sign = f"~%{weight}%" if not single else "=" if option.correct else "~"
        feedback = f"#{_text(option.explanation)}" if option.explanation else ""
        yield f"{sign}{_text(option.text)}{feedback}"


def _short_answers(question: Question) -> Iterator[str]:
    return (f"={_text(accepted_pattern(each))}" for each in question.accepted if each.strip())


def _text(text: str) -> str:
    """A text inside the braces."""
    return f"[plain]{_escaped(text)}" if _AMBIGUOUS.match(text) else _escaped(text)


def _escaped(text: str) -> str:
    text = _SPECIAL.sub(r"\\\g<0>", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\n", "\\n")
