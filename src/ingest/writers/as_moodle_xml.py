"""Moodle XML: everything that Moodle's question bank can hold of a question.

One category a topic, below the course's top one; questions without topic are in a category named after the
file. Texts are HTML that shows them as they are; code is in ``<pre>``. Options keep the order of the dump,
and each has what the dump says about it as feedback. The general feedback is the whole explanation, then
all references as links. The id is name and id number, with the occurrence behind it where it is above 1
(``q_…-2``); the topic is a tag as well. Several right options share 100 %, wrong ones cost as much
together, each at least 10 %; in a ``fill_in`` all accepted answers count in full, and ``*`` is no wild card.

Left out, with a note: questions that Moodle refuses, such as those with more than twenty right options.
Characters that XML cannot hold become U+FFFD, with a note. Not held: printed numbers, findings, places,
roles and lines of references, the rationale apart from the explanation, and items apart from the stem.

Use it: in a Moodle course open *Question bank → Import*, choose *Moodle XML format*, and under *General*
leave *Get category from file* ticked, so that each topic becomes a category; drop the file, *Import*. Then
add the questions to a quiz, *from question bank* or as random ones of a category. Options are not shuffled,
since explanations name their letters. A second import adds the questions again.

Tried: moodle-xml-parser, and an XML and an HTML parser; not in a real Moodle.

Source: Moodle's own import, question/format/xml/format.php, and docs.moodle.org, "Moodle XML format".
"""

from __future__ import annotations

from collections.abc import Iterator
from html import escape
from itertools import groupby

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.code import is_code
from ingest.parts.identity import unique_id
from ingest.parts.moodle import accepted_answers, category, losses, refusal, weights
from ingest.parts.quiz import overall_explanation, shown_texts, takes_several
from ingest.parts.urls import is_web
from ingest.parts.xml_text import REPLACED, has_unwritable, writable
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".moodle.xml"
HOLDS = {
    *("stem", "options", "key", "several", "fill_in", "line_ends", "reasons", "explanation"),
    *("references", "topic", "id"),
}


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
    return notes_of(document, _losses, refusal)


def _losses(question: Question) -> Iterator[str]:
    yield from losses(question)
    if has_unwritable(shown_texts(question)):
        yield REPLACED


def _encoded(text: str) -> bytes:
    return writable(text).encode()


def _category(path: str) -> str:
    text = escape(path, quote=False)
    return f'<question type="category">\n<category><text>{text}</text></category>\n</question>\n'


def _question(question: Question) -> str:
    kind = "shortanswer" if question.type == "fill_in" else "multichoice"
    name = unique_id(question)
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
    yield f"<single>{'false' if takes_several(question) else 'true'}</single>\n"
    yield "<shuffleanswers>false</shuffleanswers>\n<answernumbering>ABCD</answernumbering>\n"
    for option, weight in zip(question.options, weights(question), strict=True):
        reason = f'<feedback format="html">{_text(option.explanation or "")}</feedback>'
        yield f'<answer fraction="{weight}" format="html">{_text(option.text)}{reason}</answer>\n'


def _short_answers(question: Question) -> Iterator[str]:
    yield "<usecase>0</usecase>\n"
    for answer in accepted_answers(question):
        text = escape(answer, quote=False)
        yield f'<answer fraction="100" format="plain_text"><text>{text}</text></answer>\n'


def _tags(question: Question) -> str:
    if not question.topic:
        return ""
    return f"<tags><tag><text>{escape(question.topic, quote=False)}</text></tag></tags>\n"


def _feedback(question: Question) -> str:
    """The whole explanation, then the references."""
    text = overall_explanation(question)
    links = "".join(f"<li>{_link(each.url, each.canonical)}</li>" for each in question.references)
    if not links:
        return _html(text)
    return f"<div>{_html(text)}</div><ul>{links}</ul>"


def _link(printed: str, address: str) -> str:
    if not is_web(address):
        return escape(printed, quote=False)
    return f'<a href="{escape(address)}">{escape(printed, quote=False)}</a>'


def _text(text: str) -> str:
    return _cdata(_html(text))


def _cdata(content: str) -> str:
    # HTML has each ">" of a text as "&gt;": the content never ends the section.
    return f"<text><![CDATA[{content}]]></text>" if content else "<text></text>"


def _html(text: str) -> str:
    r"""HTML that shows a text as it is; a text of one line has no tags.

    >>> _html("a < b"), _html("One\ntwo\n\nThree")
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
