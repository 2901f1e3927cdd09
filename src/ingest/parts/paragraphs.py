"""A block's body as paragraphs, each with the mark that stands above it.

An empty line ends a paragraph, a line of spaces only does not (it lies inside code), and a mark
belongs to the next text line: this holds in every layout measured. A body without any empty line
is a compact copy, where each line is a paragraph.
"""

from __future__ import annotations

import re

from ingest.model.block import Block, Mark, Paragraph

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")


def split_paragraphs(text: str, block: Block) -> tuple[Paragraph, ...]:
    """The paragraphs of a block's body, in order."""
    body = text[block.body.start : block.body.end].strip()
    pattern = _LINE if _is_compact(body, block) else _PARAGRAPH
    paragraphs: list[Paragraph] = []
    start = block.body.start
    above: Mark | None = None
    for mark in (*block.marks, None):
        end = mark.span.start if mark else block.body.end
        for match in pattern.finditer(text, start, end):
            value = match[0].strip()
            if value:
                at = match.start() + match[0].index(value[0])
                paragraphs.append(Paragraph(at, at + len(value), value, above))
                above = None
        if mark:
            above, start = mark, mark.span.end
    return tuple(paragraphs)


def _is_compact(body: str, block: Block) -> bool:
    return bool(block.marks) and "\n\n" not in body and body.count("\n") - len(block.marks) >= 2
