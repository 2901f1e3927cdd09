"""Moodle XML: everything that Moodle's question bank can hold of a question.

One category a topic, below the course's top one; questions without topic are in a category named after the
file. Texts are HTML that shows them as they are; code is in ``<pre>``. Options keep the order of the dump,
and each has what the dump says about it as feedback. The general feedback is the whole explanation, then
all references as links. The id is name and id number, with the occurrence behind it where it is above 1
(``q_…-2``); the topic is a tag as well. Several right options share 100 %, wrong ones cost as much
together; in a ``fill_in`` all accepted answers count in full, and ``*`` is no wild card.

Left out, with a note: questions that Moodle refuses, such as those with more than twenty right options.
Characters that XML cannot hold become U+FFFD, with a note. Not held: printed numbers, findings, places,
roles and lines of references, and items apart from the stem.

Source: Moodle's own import, question/format/xml/format.php, and docs.moodle.org, "Moodle XML format".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import PurePosixPath

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.code import is_code
from ingest.writers import Note, WriteSettings

SUFFIX = ".moodle.xml"
# Moodle takes no other weights between 5 and 100 % that are one part of several.
_PARTS = ("100", "50", "33.33333", "25", "20", "16.66667", "14.28571", "12.5", "11.11111", "10")
_MOST_RIGHT = 20
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The head, one piece a question, the end."""
    yield b'<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n'
    before = None
    for question in document.questions:
        if refusal(question):
            continue
        if (name := category(document, question)) != before:
            yield _encoded(_category(name))
            before = name
        yield _encoded(_question(question))
    yield b"</quiz>\n"


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """What is left out, dropped by Moodle or no XML."""
    found = []
    for index, question in enumerate(document.questions):
        if message := refusal(question):
            found.append(Note(f"left out: {message}", index))
            continue
        if has_empty_option(question):
            found.append(Note("Moodle drops an option without text", index))
        if any(_NOT_XML.search(text) for text in texts(question)):
            found.append(Note("characters that XML cannot hold became U+FFFD", index))
    return found


def refusal(question: Question) -> str | None:
    """Why Moodle would refuse a question."""
    if question.type == "fill_in":
        return None if _accepted(question) else "no accepted answer"
    if len(question.options) < 2:
        return "fewer than two options"
    if not question.answer:
        return "no right option"
    if len(question.answer) > _MOST_RIGHT:
        return f"more than {_MOST_RIGHT} right options"
    return None


def has_empty_option(question: Question) -> bool:
    """Whether an option has no text."""
    return any(not option.text.strip() for option in question.options)


def weights(question: Question) -> tuple[str, ...]:
    """The weight of each option in per cent, from Moodle's list of such weights."""
    right = len(question.answer)
    if is_single(question):
        return tuple("100" if option.correct else "0" for option in question.options)
    shares = _shares(right)
    wrong = len(question.options) - right
    penalty = f"-{_PARTS[min(wrong, len(_PARTS)) - 1]}"
    return tuple(next(shares) if option.correct else penalty for option in question.options)


def is_single(question: Question) -> bool:
    """Whether exactly one option is to be chosen."""
    return question.type == "single_select" and len(question.answer) == 1


def _shares(count: int) -> Iterator[str]:
    """The weights of the right options: 100 % together."""
    if count <= len(_PARTS):
        return iter([_PARTS[count - 1]] * count)
    tens = _MOST_RIGHT - count
    return iter(["10"] * tens + ["5"] * (count - tens))


def name_of(question: Question) -> str:
    """The id; for later questions with the same id with the occurrence behind it."""
    return question.id if question.occurrence == 1 else f"{question.id}-{question.occurrence}"


def category(document: Document, question: Question) -> str:
    """The path of the category of a question; slashes in its name are doubled, as Moodle wants it."""
    name = " ".join((question.topic or "").split()) or PurePosixPath(document.source.file).stem or "questions"
    name = name.replace("/", "//")
    # Three slashes in a row would not be told apart; Moodle trims names.
    return f"$course$/top/{' ' if name[0] == '/' else ''}{name}"


def texts(question: Question) -> Iterator[str]:
    """All texts of a question that quizzes show."""
    yield question.stem
    for option in question.options:
        yield option.text
        yield option.explanation or ""
    yield from question.accepted
    yield from (question.explanation or question.rationale or "", question.topic or "")
    yield from (each.url for each in question.references)


def accepted_pattern(answer: str) -> str:
    """An accepted answer as Moodle compares it: a bare star would stand for anything."""
    return answer.replace("*", "\\*")


def _accepted(question: Question) -> list[str]:
    return [each for each in question.accepted if each.strip()]


def _encoded(text: str) -> bytes:
    return _NOT_XML.sub("\ufffd", text).encode()


def _category(path: str) -> str:
    text = escape(path, quote=False)
    return f'<question type="category">\n<category><text>{text}</text></category>\n</question>\n'


def _question(question: Question) -> str:
    kind = "shortanswer" if question.type == "fill_in" else "multichoice"
    name = name_of(question)
    return "".join(
        (
            f'<question type="{kind}">\n<name><text>{name}</text></name>\n',
            f'<questiontext format="html">{_text(question.stem)}</questiontext>\n',
            f'<generalfeedback format="html">{_cdata(_feedback(question))}</generalfeedback>\n',
            f"<defaultgrade>1</defaultgrade>\n<idnumber>{name}</idnumber>\n",
            *(_short_answers(question) if kind == "shortanswer" else _choices(question)),
            _tags(question),
            "</question>\n",
        )
    )


def _choices(question: Question) -> Iterator[str]:
    yield f"<single>{'true' if is_single(question) else 'false'}</single>\n"
    yield "<shuffleanswers>false</shuffleanswers>\n<answernumbering>ABCD</answernumbering>\n"
    for option, weight in zip(question.options, weights(question), strict=True):
        reason = f'<feedback format="html">{_text(option.explanation or "")}</feedback>'
        yield f'<answer fraction="{weight}" format="html">{_text(option.text)}{reason}</answer>\n'


def _short_answers(question: Question) -> Iterator[str]:
    yield "<usecase>0</usecase>\n"
    for answer in _accepted(question):
        text = escape(accepted_pattern(answer), quote=False)
        yield f'<answer fraction="100" format="plain_text"><text>{text}</text></answer>\n'


def _tags(question: Question) -> str:
    if not question.topic:
        return ""
    return f"<tags><tag><text>{escape(question.topic, quote=False)}</text></tag></tags>\n"


def _feedback(question: Question) -> str:
    """The whole explanation, then the references."""
    text = question.explanation or question.rationale or ""
    links = "".join(f"<li>{_link(each.url, each.canonical)}</li>" for each in question.references)
    if not links:
        return as_html(text) if text else ""
    return f"<div>{as_html(text)}</div><ul>{links}</ul>"


def _link(printed: str, address: str) -> str:
    # A browser runs addresses such as javascript:…
    if not address.startswith(("http://", "https://")):
        return escape(printed, quote=False)
    return f'<a href="{escape(address)}">{escape(printed, quote=False)}</a>'


def _text(text: str) -> str:
    return _cdata(as_html(text))


def _cdata(content: str) -> str:
    # HTML has each ">" of a text as "&gt;": the content never ends the section.
    return f"<text><![CDATA[{content}]]></text>" if content else "<text></text>"


def as_html(text: str) -> str:
    r"""HTML that shows a text as it is; a text of one line has no tags.

    >>> as_html("a < b"), as_html("One\ntwo\n\nThree")
    ('a &lt; b', '<p>One<br>two</p><p>Three</p>')
    """
    if "\n" not in text and "\r" not in text:
        return escape(text, quote=False)
    paragraphs = text.replace("\r\n", "\n").replace("\r", "\n").split("\n\n")
    return "".join(_blocks(paragraphs))


def _blocks(paragraphs: list[str]) -> Iterator[str]:
    for is_program, group in groupby(paragraphs, is_code):
        content = escape("\n\n".join(group), quote=False)
        if is_program:
            # Browsers drop a line end that follows the tag.
            first = "\n" if content.startswith("\n") else ""
            yield f"<pre>{first}{content}</pre>"
        else:
            yield "".join(["<p>", content.replace("\n\n", "</p><p>").replace("\n", "<br>"), "</p>"])
