"""A block's body as paragraphs, each with the mark that stands above it.

An empty line ends a paragraph, a line of spaces only does not (it lies inside code), and a mark
belongs to the next text line: this holds in every layout measured. A body without an empty line
around its marks is a compact copy, where each line is a paragraph.
"""

from __future__ import annotations

import re

from ingest.model.block import Block, Mark, Paragraph
from ingest.model.source import Span

_PARAGRAPH = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")


def split_paragraphs(text: str, block: Block, dropped: tuple[Span, ...] = ()) -> tuple[Paragraph, ...]:
    """The paragraphs of a block's body, in order, without the dropped lines."""
    pattern = _LINE if _is_compact(text, block) else _PARAGRAPH
    paragraphs: list[Paragraph] = []
    start = block.body.start
    above: Mark | None = None
    cuts: list[Mark | Span] = sorted((*block.marks, *dropped), key=_start)
    for cut in (*cuts, None):
        end = _start(cut) if cut else block.body.end
        for match in pattern.finditer(text, start, end):
            value = match[0].strip()
            if value:
                at = match.start() + match[0].index(value[0])
                paragraphs.append(Paragraph(at, at + len(value), value, above))
                above = None
        if isinstance(cut, Mark):
            above, start = cut, cut.span.end
        elif cut:
            start = cut.end
    return tuple(paragraphs)


def _start(cut: Mark | Span) -> int:
    return cut.span.start if isinstance(cut, Mark) else cut.start


def _is_compact(text: str, block: Block) -> bool:
    """Whether no mark has an empty line before or after it, and there are lines for several options."""
    if not block.marks:
        return False
    body = text[block.body.start : block.body.end].strip()
    if body.count("\n") - len(block.marks) < 2:
        return False
    return not any(
        text.endswith("\n\n", 0, mark.span.start) or text.startswith("\n\n", mark.span.end)
        for mark in block.marks
    )
