"""A sheet for people, in Markdown: questions with lettered options, the answers folded below each.

The title is the name of the file, each heading the printed number and the topic. Dump text is escaped so
that it shows as it is, Markdown and HTML too; code is in fenced blocks. The folded part has the right
letters or the accepted answers, the whole explanation, what the dump says about an option where the
explanation does not contain it, all references as links, and the id (with ``-2`` where it occurs again).

White space at the ends of lines is not kept, nor are more than two blank lines. Not held: findings, places,
roles and lines of references, the rationale apart from the explanation, and items apart from the stem.

Use it: put the file into a repository on GitHub or GitLab: a click on *Answer* opens the answer. For paper,
``pandoc exam.questions.md -o exam.docx``; where folding is not known, the answers stand open below the
questions.

Tried: markdown-it-py, which follows CommonMark; on no code host, and not with pandoc.

Source: CommonMark 0.31; ``<details>`` as code hosts show it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from ingest.model.document import Document
from ingest.model.question import Option, Question, Reference
from ingest.parts.code import is_code
from ingest.parts.identity import unique_id
from ingest.parts.quiz import overall_explanation
from ingest.parts.urls import is_web
from ingest.writers import WriteSettings

SUFFIX = ".questions.md"
HOLDS = {
    *("stem", "options", "key", "several", "fill_in", "line_ends", "reasons", "explanation"),
    *("references", "topic", "id", "number"),
}
# An underscore inside a word and an ampersand before a space mean nothing.
_SPECIAL = re.compile(r"[\\`*\[\]<~$]|(?<![^\W_])_|_(?![^\W_])|&(?=[A-Za-z#])")
# At the beginning of a line these begin headings, lists, quotes, tables, rules and underlines.
_OPENING = re.compile(r"[#+=:|>-]|[0-9]+(?=[.)])")
# Code hosts make a link of an address, with the backslashes that are in it.
_ADDRESS = re.compile(r"(https?://[^\s<>\\`\x00-\x20]*[^\s<>\\`\x00-\x20.,;:!?'\"()\[\]{}*_~])")
_FENCES = re.compile(r"`{3,}")
# Code hosts read these in links as well.
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]*|#[0-9A-Fa-fXx]+);")
_UNSAFE_IN_ADDRESS = re.compile(r"[\s<>\\\x00-\x20]")


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The title, then one piece a question."""
    yield f"# {_inline(document.source.file)}\n".encode()
    for place, question in enumerate(document.questions, 1):
        lines = [*_question(question, place), *_answer(question)]
        yield ("\n" + "\n".join(lines) + "\n").encode()


def _question(question: Question, place: int) -> Iterator[str]:
    topic = f" – {_inline(question.topic)}" if question.topic else ""
    yield f"## {place if question.number is None else question.number}{topic}"
    yield from ("", *_blocks(question.stem), "")
    for option in question.options:
        yield from _item(f"**{option.id}.**", option.text)


def _answer(question: Question) -> Iterator[str]:
    """The folded part; a blank line before each of its sections."""
    explanation = overall_explanation(question)
    yield from ("", "<details>", "<summary>Answer</summary>")
    for section in (
        [f"**{', '.join(question.answer)}**"] if question.answer else [],
        [line for accepted in question.accepted for line in _item("", accepted)],
        list(_blocks(explanation)),
        [line for option in question.options for line in _reason(option, explanation)],
        [f"- {_link(reference)}" for reference in question.references],
        [f"`{unique_id(question)}`"],
        ["</details>"],
    ):
        if section:
            yield from ("", *section)


def _reason(option: Option, explanation: str) -> Iterator[str]:
    if option.explanation and option.explanation not in explanation:
        yield from _item(f"**{option.id}.**", option.explanation)


def _item(mark: str, text: str) -> Iterator[str]:
    """One item of a list, with all its paragraphs."""
    lines = list(_blocks(text))
    if lines and not lines[0].startswith("```"):
        mark = f"{mark} {lines.pop(0)}".strip()
    yield f"- {mark}" if mark else "-"
    yield from (f"  {line}" if line else "" for line in lines)


def _blocks(text: str) -> Iterator[str]:
    """The lines that show a text: paragraphs, and code in fences, with a blank line between."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = [each.strip("\n") for each in text.split("\n\n") if each.strip()]
    is_first = True
    for is_program, group in groupby(paragraphs, is_code):
        for block in _shown(list(group), is_program=is_program):
            if not is_first:
                yield ""
            is_first = False
            yield from block.split("\n")


def _shown(paragraphs: list[str], *, is_program: bool) -> list[str]:
    return [_fenced("\n\n".join(paragraphs))] if is_program else [_paragraph(each) for each in paragraphs]


def _fenced(code: str) -> str:
    longest = max(map(len, _FENCES.findall(code)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _paragraph(text: str) -> str:
    if "\n" not in text:
        return _line(text)
    return "\\\n".join(_line(line) for line in text.split("\n"))


def _line(text: str) -> str:
    bare = text.strip()  # readers see other spaces than those of ASCII as the end of a paragraph, too
    if not bare:
        return "&#32;"  # a blank line would end the paragraph
    bare = _escaped(bare)
    if bare.endswith("#"):
        bare = f"{bare[:-1]}\\#"  # it would close a heading
    if match := _OPENING.match(bare):
        at = match.end() if bare[0].isdigit() else 0
        return f"{bare[:at]}\\{bare[at:]}"
    return bare


def _escaped(text: str) -> str:
    if "://" not in text:
        return _SPECIAL.sub(r"\\\g<0>", text)
    # Every second part is an address.
    parts = _ADDRESS.split(text)
    parts[::2] = [_SPECIAL.sub(r"\\\g<0>", part) for part in parts[::2]]
    parts[1::2] = [_linked(part, part) for part in parts[1::2]]
    return "".join(parts)


def _inline(text: str) -> str:
    """A text on one line."""
    return _line(" ".join(text.split()))


def _link(reference: Reference) -> str:
    address = reference.canonical
    if not is_web(address) or _UNSAFE_IN_ADDRESS.search(address):
        return _inline(reference.url)
    return _linked(" ".join(reference.url.split()), address)


def _linked(text: str, address: str) -> str:
    if text == address and not _ENTITY.search(address):
        return f"<{address}>"
    text = _SPECIAL.sub(r"\\\g<0>", text)
    return f"[{text}](<{address.replace('&', '&amp;')}>)"
