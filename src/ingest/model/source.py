"""The decoded text of one input and the one coordinate system that all stages share.

A position is an offset into ``SourceText.text``, fixed by the decode stage. Lines and columns are
derived on demand, because most runs never ask for them.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import NamedTuple

_STRETCH = 1024


class Span(NamedTuple):
    """A half-open range of offsets into the decoded text.

    A named tuple, since it is taken apart and sorted where it is used.
    """

    start: int
    end: int

    def __bool__(self) -> bool:
        return self.end > self.start


@dataclass(frozen=True, slots=True)
class Repair:
    """One thing the decode stage changed so that the text could be read; it can be replayed on any
    text (``ingest.stages.decode.replay``)."""

    kind: str
    """``byte-order-mark``, ``line-ends``; and, inside lines: ``quoted`` (``>`` before nearly all lines, as in
    mails), ``double-encoding``, ``mojibake`` (the same in single lines), ``invisible`` (characters without
    width), ``spaces`` (no-break spaces made plain), ``composed`` (NFD to NFC)."""
    count: int
    """How many places it changed."""


class SourceText(NamedTuple):
    """One input after decoding: lines end at LF only, letters are composed (NFC), but for marks behind a
    ``>`` or an escape of JSON."""

    file: str
    """The name that findings and records carry; never absolute."""
    text: str
    sha256: str
    """Of the bytes as given."""
    encoding: str
    """The encoding the bytes were read with, such as ``utf-8`` or ``cp1252``."""
    repairs: tuple[Repair, ...] = ()
    given: str | None = None
    """The text before repairs inside lines, with the same lines; null where there were none."""
    places: tuple[tuple[int, int], ...] | None = None
    """For each line of the text, line and column in the file as given; null where they are the same."""


class LineIndex:
    r"""Offset to line and column, for one text; in the file, where the text was made from it
    (``SourceText.places``).

    >>> index = LineIndex("ab\ncd")
    >>> index.position(4)
    (2, 2)
    """

    __slots__ = ("_before", "_places", "_starts", "_text")

    def __init__(self, text: str, places: tuple[tuple[int, int], ...] | None = None) -> None:
        self._text = text
        self._places = places
        # Line ends before each stretch of the text: all that a clean file needs.
        counts = (text.count("\n", start, start + _STRETCH) for start in range(0, len(text), _STRETCH))
        self._before = list(accumulate(counts, initial=0))
        self._starts: list[int] = []

    def line(self, offset: int) -> int:
        """The 1-based number of the line that holds the offset."""
        stretch = offset // _STRETCH
        line = 1 + self._before[stretch] + self._text.count("\n", stretch * _STRETCH, offset)
        return line if self._places is None else self._places[min(line, len(self._places)) - 1][0]

    def position(self, offset: int) -> tuple[int, int]:
        """1-based line and column, in code points."""
        if not self._starts:
            self._starts = [0, *accumulate(len(line) + 1 for line in self._text.split("\n"))]
        line = bisect_right(self._starts, offset)
        if self._places is not None:
            return self._places[min(line, len(self._places)) - 1]
        return line, offset - self._starts[line - 1] + 1

    def lines(self, span: Span) -> tuple[int, int]:
        """First and last line that the span touches."""
        return self.line(span.start), self.line(max(span.start, span.end - 1))
