"""The text of a converted file, decoded when somebody asks for it: a large file without findings never is."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from ingest.model.diagnostic import Finding
from ingest.model.source import LineIndex, Span
from ingest.parts.bounds import Bounds

_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_LINE_END = re.compile(b"\n")


class FileText:
    """One file's bytes and text."""

    def __init__(self, data: bytes, bounds: Bounds | None = None) -> None:
        self.bounds = bounds or Bounds()
        """What the file may hold."""
        self.encoding = "utf-8"
        """Known when something was decoded."""
        self.mark = next((mark for mark in _MARKS if data.startswith(mark)), b"")
        """The byte order mark."""
        data = data[len(self.mark) :] if self.mark else data
        if self.mark in (b"\xff\xfe", b"\xfe\xff"):
            self.encoding = _MARKS[self.mark]
            data = data.decode(self.encoding, errors="replace").encode()
        # What old spreadsheets write; both line ends are one byte.
        self.has_carriage_returns = b"\r" in data and b"\n" not in data
        self.data = data.replace(b"\r", b"\n") if self.has_carriage_returns else data
        self._last = (0, 0, 1)
        self._last_line = (0, "")

    @cached_property
    def text(self) -> str:
        """The whole text, its line ends as they are."""
        return self.decode(self.data)

    def decode(self, data: bytes) -> str:
        """A part of the file as text."""
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            self.encoding = self._other
            return data.decode(self.encoding, errors="replace")

    @cached_property
    def _other(self) -> str:
        """The encoding of a file that is not all UTF-8: that, where other letters of it are, or what
        spreadsheets save where nobody asks for UTF-8."""
        text = self.data.decode("utf-8", errors="replace")
        lost = text.count("\ufffd")
        read = sum(not letter.isascii() for letter in text) - lost
        return "utf-8" if read > lost else "cp1252"

    def encode(self, text: str) -> bytes:
        """A text as this file has it: in its encoding, with its mark. What the encoding cannot hold makes the
        file UTF-8."""
        if self.has_carriage_returns:
            text = text.replace("\n", "\r")
        try:
            return self.mark + text.encode(self.encoding)
        except UnicodeEncodeError:
            return text.encode()

    def position(self, at: int) -> tuple[int, int]:
        """Line and column of a byte, 1-based."""
        line = bisect_right(self._starts, at)
        # From the last place, where it is before this one: a file may be one line.
        last_line, begin, column = self._last
        if last_line != line or begin > at:
            begin, column = self._starts[line - 1], 1
        column += len(self.decode(self.data[begin:at]))
        self._last = (line, at, column)
        return line, column

    def line(self, number: int) -> str:
        """A line by its number, without its end; empty where there is none."""
        if self._last_line[0] != number:  # a file may be one line, with a thousand findings
            self._last_line = (number, self._line(number))
        return self._last_line[1]

    def _line(self, number: int) -> str:
        if number > len(self._starts):
            return ""
        end = self._starts[number] if number < len(self._starts) else len(self.data) + 1
        return self.decode(self.data[self._starts[number - 1] : end - 1]).removesuffix("\r")

    def text_position(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset into the text, 1-based."""
        return self._index.position(offset)

    @cached_property
    def _index(self) -> LineIndex:
        return LineIndex(self.text)

    @cached_property
    def _starts(self) -> array[int]:
        return array("Q", [0, *(match.end() for match in _LINE_END.finditer(self.data))])

    def findings(self) -> Iterator[Finding]:
        """T001 for bytes that are no text, T004 for another encoding than UTF-8."""
        if "_other" in self.__dict__ and "\ufffd" in self.text:
            at = self.text.index("\ufffd")
            message = "some bytes could not be read in any known encoding"
            yield Finding("T001", message, Span(at, at + 1), "save the file as UTF-8")
        elif self.encoding != "utf-8":
            yield Finding("T004", f"read as {self.encoding}, not UTF-8", Span(0, 0), "save the file as UTF-8")
