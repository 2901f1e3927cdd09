"""The review page saved as HTML, whole or in part.

The page names its parts by ``data-purpose`` and by ids, which stay the same while its class names change
with every release: ``question-prompt``, ``answer``, ``answer-text``, ``answer-result-header-user-label``,
``overall-explanation``, ``domain-pane``. Source: saved pages of 2025.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from typing import TYPE_CHECKING

from ingest.locales import Locale
from ingest.model.block import Label, Part
from ingest.model.entry import Choice, Entry, Rich
from ingest.model.question import Status
from ingest.parts.rich_text import render, trimmed

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SIGN = re.compile(r"""(?:data-purpose|id)=["'](?:question-prompt|answer-body|answer-text)["']""")
_PROMPT = re.compile(r"""id=["']?question-prompt\b""")
_NUMBER = re.compile(r"([0-9]{1,6})")
_UNSAFE = re.compile(r"[&<>\n\r\"']")
_LONGEST_PIECE = 40
# From a question's prompt up to the element that holds all of it; pages have about six levels.
_MOST_LEVELS = 12


def recognises(text: str) -> bool:
    """Whether the text has elements that only a saved page has."""
    return "<" in text and _SIGN.search(text) is not None


def read(text: str, locales: tuple[Locale, ...]) -> list[Entry]:
    """The questions of the page, in its order; elements that hold none are left out."""
    from selectolax.lexbor import LexborHTMLParser

    words: dict[str, Label] = {}
    statuses: dict[str, Status] = {}
    fill_in: set[str] = set()
    for locale in locales:
        for word, label in locale.labels:
            if label.part is Part.MARK:
                words.setdefault(word, label)
            elif label.part is Part.STATUS and label.status:
                statuses.setdefault(word, label.status)
            elif label.part is Part.FILL_IN:
                fill_in.add(word)
    reader = _Reader(text, words, statuses, fill_in)
    prompts = LexborHTMLParser(text).css('[id="question-prompt"]')
    return [reader.entry(prompt, pane) for prompt, pane in zip(prompts, _panes(prompts), strict=True)]


class _Reader:
    """Reads one file; looks for its pieces of text in their order, to know where they stand."""

    def __init__(
        self, text: str, words: dict[str, Label], statuses: dict[str, Status], fill_in: set[str]
    ) -> None:
        self.text = text
        self.words = words
        self.statuses = statuses
        self.fill_in = fill_in
        self.prompts = (match.start() for match in _PROMPT.finditer(text))
        self.at = 0

    def entry(self, prompt: LexborNode, pane: LexborNode) -> Entry:
        self.at = next(self.prompts, self.at)
        start = self.at
        status = pane.css_first('[data-purpose="question-result-header-status-label"]')
        heading = _heading(prompt, status)
        stem = self.rich(prompt)
        is_fill_in = False
        for word in self.fill_in:
            if stem.text.split("\n", 1)[0].strip() == word:
                stem = Rich(stem.text.removeprefix(word).lstrip(), stem.places[1:], ())
                is_fill_in = True
        choices = tuple(self.choice(answer) for answer in pane.css('[data-purpose="answer"]'))
        explanation = pane.css_first('[id="overall-explanation"]')
        topic = pane.css_first('[data-purpose="domain-pane"]')
        number = _NUMBER.search(heading)
        return Entry(
            at=start,
            number=int(number[1]) if number else None,
            stem=stem,
            choices=choices,
            explanation=self.rich(explanation) if explanation else Rich(),
            topic=self.topic(topic) if topic else Rich(),
            status=self.statuses.get(status.text(strip=True)) if status else None,
            is_fill_in=is_fill_in,
        )

    def choice(self, answer: LexborNode) -> Choice:
        mark = answer.css_first('[data-purpose="answer-result-header-user-label"]')
        word = mark.text(strip=True) if mark else ""
        label = self.words.get(word)
        if label is None and "answer-correct" in (answer.attributes.get("class") or ""):
            label = Label(Part.MARK, "", correct=True)
        text = (
            answer.css_first('[id="answer-text"]')
            or answer.css_first('[data-purpose="answer-body"]')
            or answer
        )
        own = self.rich(text)
        reasons = [
            node
            for node in answer.css('.rt-scaffolding, [data-purpose*="rich-text"]')
            if node.mem_id != text.mem_id and not _is_inside(node, text)
        ]
        return Choice(own, label, word, self.rich(reasons[0]) if reasons else Rich())

    def topic(self, pane: LexborNode) -> Rich:
        """The last line of the pane: its heading comes first."""
        rich = self.rich(pane)
        first, _, rest = rich.text.partition("\n")
        return Rich(rest.strip() or first, rich.places[-1:] and ((0, rich.places[-1][1]),))

    def rich(self, node: LexborNode) -> Rich:
        return Rich(*trimmed(render(node, self.locate)))

    def locate(self, content: str) -> int | None:
        """Where a piece of text stands, at or after the last one that was found."""
        piece = _UNSAFE.split(content.strip()[:_LONGEST_PIECE], maxsplit=1)[0]
        found = self.text.find(piece, self.at, self.at + 200_000) if piece else -1
        if found < 0:
            return None
        self.at = found + len(piece)
        return found


def _panes(prompts: list[LexborNode]) -> list[LexborNode]:
    """For each prompt the element that holds its question: the largest one around it, of the nearest
    ones, that holds no other prompt."""
    lines = [list(_around(prompt)) for prompt in prompts]
    held = Counter(node.mem_id for line in lines for node in line)
    panes = []
    for prompt, line in zip(prompts, lines, strict=True):
        own = list(takewhile(lambda node: held[node.mem_id] == 1, line))
        panes.append(own[-1] if own else prompt)
    return panes


def _around(prompt: LexborNode) -> Iterator[LexborNode]:
    node = prompt.parent
    for _ in range(_MOST_LEVELS):
        if node is None or node.tag in ("body", "html", "-document"):
            return
        yield node
        node = node.parent


def _heading(prompt: LexborNode, status: LexborNode | None) -> str:
    """The text beside the status, or else before the prompt: ``Question 1``."""
    if status is not None and status.parent is not None:
        return status.parent.text(separator=" ")
    before = prompt.prev
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
