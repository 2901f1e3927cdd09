"""The review page saved as HTML, whole or in part.

The page names its parts by ``data-purpose`` and by ids, which stay the same while its class names change
with every release: ``question-prompt``, ``answer``, ``answer-text``, ``answer-result-header-user-label``,
``overall-explanation``, ``domain-pane``. They are taken in the order of the page: what follows a prompt
belongs to it. Source: saved pages of 2025.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.locales import Locale
from ingest.model.block import Label, Part
from ingest.model.entry import Choice, Entry, Rich
from ingest.model.question import Status
from ingest.parts.bounds import Bounds
from ingest.parts.rich_text import check_html, render, trimmed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SIGN = re.compile(
    r"""<[a-z][^<>]{0,2000}\b(?:data-purpose|id)=["']?(?:question-prompt|answer-body|answer-text)\b"""
)
_STATUS = "question-result-header-status-label"
_PARTS = ", ".join(
    [
        f'[data-purpose="{_STATUS}"]',
        '[id="question-prompt"]',
        '[data-purpose="answer"]',
        '[id="overall-explanation"]',
        '[data-purpose="domain-pane"]',
    ]
)
_UNSAFE = re.compile(r"[&<>\n\r\"']")
_LONGEST_PIECE = 40
_SHORT = 3
_FAR = 200_000


def recognises(text: str) -> bool:
    """Whether the text has elements that only a saved page has."""
    return text.lstrip("\ufeff \t\n")[:1] == "<" and _SIGN.search(text) is not None


def read(text: str, locales: tuple[Locale, ...], bounds: Bounds) -> list[Entry]:
    """The questions of the page, in its order; elements that belong to none are left out."""
    from selectolax.lexbor import LexborHTMLParser

    check_html(text, bounds)
    reader = _Reader(text, _Words(locales))
    return [reader.entry(group) for group in _groups(LexborHTMLParser(text).css(_PARTS))]


@dataclass(slots=True)
class _Group:
    """The elements of one question."""

    status: LexborNode | None = None
    prompt: LexborNode | None = None
    answers: list[LexborNode] = field(default_factory=list)
    explanation: LexborNode | None = None
    topic: LexborNode | None = None


def _groups(nodes: list[LexborNode]) -> list[_Group]:
    groups: list[_Group] = []
    status: LexborNode | None = None
    for node in nodes:
        purpose, name = node.attributes.get("data-purpose"), node.attributes.get("id")
        if purpose == _STATUS:
            status = node
        elif name == "question-prompt":
            groups.append(_Group(status, node))
            status = None
        else:
            if not groups:
                groups.append(_Group(status))
            if purpose == "answer":
                groups[-1].answers.append(node)
            elif name == "overall-explanation":
                groups[-1].explanation = node
            else:
                groups[-1].topic = node
    return groups


class _Words:
    """The words of the page in all languages, by what they say."""

    def __init__(self, locales: tuple[Locale, ...]) -> None:
        self.marks: dict[str, Label] = {}
        self.statuses: dict[str, Status] = {}
        self.fill_in: set[str] = set()
        self.topics: list[str] = []
        headers = []
        for locale in locales:
            for word, label in locale.labels:
                if label.part is Part.MARK:
                    self.marks.setdefault(word, label)
                elif label.part is Part.STATUS and label.status:
                    self.statuses.setdefault(word, label.status)
                elif label.part is Part.FILL_IN:
                    self.fill_in.add(word)
                elif label.part is Part.TOPIC:
                    self.topics.append(word)
                elif label.part is Part.HEADER:
                    headers.append(re.escape(word))
        self.header = re.compile(rf"(?:{'|'.join(headers) or '(?!)'})\s*([0-9]{{1,6}})")
        self.topics.sort(key=len, reverse=True)


class _Reader:
    """Reads one file; looks for its pieces of text in their order, to know where they stand."""

    def __init__(self, text: str, words: _Words) -> None:
        self.text = text
        self.words = words
        self.at = 0

    def entry(self, group: _Group) -> Entry:
        heading = _heading(group)
        stem = self.rich(group.prompt)
        first, _, rest = stem.text.partition("\n")
        is_fill_in = first.strip() in self.words.fill_in
        if is_fill_in:
            stem = Rich(rest.lstrip(), stem.places[1:])
        number = self.words.header.search(heading)
        start = stem.places[0][1] if stem.places else self.locate(number[0] if number else "")
        status = group.status.text(strip=True) if group.status else ""
        return Entry(
            at=self.at if start is None else start,
            number=int(number[1]) if number else None,
            stem=stem,
            choices=tuple(self.choice(answer) for answer in group.answers),
            explanation=self.rich(group.explanation),
            topic=self.topic(group.topic),
            status=self.words.statuses.get(status),
            is_fill_in=is_fill_in,
        )

    def choice(self, answer: LexborNode) -> Choice:
        mark = answer.css_first('[data-purpose="answer-result-header-user-label"]')
        word = mark.text(strip=True) if mark else ""
        label = self.words.marks.get(word)
        if label is None and "answer-correct" in (answer.attributes.get("class") or ""):
            label = Label(Part.MARK, "", correct=True)
        text = (
            answer.css_first('[id="answer-text"]')
            or answer.css_first('[data-purpose="answer-body"]')
            or answer
        )
        own = self.rich(text)
        reason = None
        for node in answer.css(".rt-scaffolding"):
            if reason is None and node.mem_id != text.mem_id and not _is_inside(node, text):
                reason = node
        return Choice(own, label, word, self.rich(reason))

    def topic(self, pane: LexborNode | None) -> Rich:
        """The text of the pane without its heading."""
        rich = self.rich(pane)
        heading = next((word for word in self.words.topics if rich.text.startswith(word)), None)
        if heading is not None:
            value = rich.text.removeprefix(heading).strip(" :\n")
        else:
            first, _, rest = rich.text.partition("\n")
            value = rest.strip() or first
        return Rich(value, ((0, rich.places[-1][1]),) if rich.places else ())

    def rich(self, node: LexborNode | None) -> Rich:
        return Rich() if node is None else Rich(*trimmed(render(node, self.locate)))

    def locate(self, content: str) -> int | None:
        """Where a piece of text stands, at or after the last one that was found."""
        pieces = _UNSAFE.split(content.strip()[:_LONGEST_PIECE])
        # Where a text begins with what the file may have as a reference, what follows tells the line.
        for piece in (pieces[0], *(each for each in pieces[1:] if len(each) > _SHORT)):
            found = self.text.find(piece, self.at, self.at + _FAR) if piece else -1
            if found >= 0:
                self.at = found + len(piece)
                return found
        return None


def _heading(group: _Group) -> str:
    """The text beside the status, or else before the prompt: ``Question 1``."""
    if group.status is not None and group.status.parent is not None:
        return group.status.parent.text(separator=" ")
    before = group.prompt.prev if group.prompt else None
    while before is not None:
        if before.tag != "-text" and before.text(strip=True):
            return before.text(separator=" ")
        before = before.prev
    return ""


def _is_inside(node: LexborNode, other: LexborNode) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id == other.mem_id:
            return True
        parent = parent.parent
    return False
