"""Where each value of a JSON text stands.

The text is one that has been parsed before, so nothing here reports an error. Containers are walked when
they are asked for, by the standard library's scanner, which is written in C: a file without findings pays
nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator
from json.decoder import scanstring  # type: ignore[attr-defined]

from ingest.model.source import Span

Path = tuple[str | int, ...]
"""Keys and indices from the outermost value."""

_SPACE = re.compile(r"[ \t\n\r]*")
# Numbers are not needed, and very long ones are slow or refused.
_DECODER = json.JSONDecoder(parse_int=len, parse_float=len, strict=False)


class JsonPlaces:
    """The places of the values of one JSON text. ``shift`` is added to all of them.

    >>> places = JsonPlaces('{"a": [1, "two"]}')
    >>> places.span(("a", 1)), places.key_span(("a",)), places.span(("a", 7))
    (Span(start=10, end=15), Span(start=1, end=4), Span(start=6, end=7))
    """

    def __init__(self, text: str, *, shift: int = 0) -> None:
        self._text = text
        self._shift = shift
        self._start = self._skip(0)
        self._doubled: list[Span] = []
        self._children: dict[int, dict[str | int, tuple[int, int, int]]] = {}

    def span(self, path: Path) -> Span:
        """The value at a path, or the nearest one above it that there is; of an array or object only the
        bracket that opens it."""
        return self._shifted(self._walk(path)[1])

    def key_span(self, path: Path) -> Span:
        """The key of the value at a path; where there is none, what ``span`` gives."""
        return self._shifted(self._walk(path)[0])

    def whole(self, path: Path) -> Span:
        """The value at a path, to its end. Raises ``KeyError`` where there is none."""
        start, end = self._start, len(self._text)
        for step in path:
            _, start, end = self._children_of(start)[step]
        return self._shifted(Span(start, end))

    def without(self, path: Path, dropped: Collection[int]) -> Iterator[Span]:
        """What is to be cut so that an array loses some of its elements, and the commas beside them."""
        start = self.whole(path).start - self._shift
        elements = [(begin, end) for _, begin, end in self._children_of(start).values()]
        kept = [place for place in range(len(elements)) if place not in dropped]
        last = kept[-1] if kept else -1
        for place in sorted(dropped):
            if place < last:
                yield self._shifted(Span(elements[place][0], elements[place + 1][0]))
        if last < len(elements) - 1:
            begin = elements[last][1] if kept else elements[0][0]
            yield self._shifted(Span(begin, elements[-1][1]))

    def has(self, path: Path) -> bool:
        """Whether there is a value at the path."""
        start = self._start
        for step in path:
            child = self._children_of(start).get(step)
            if child is None:
                return False
            start = child[1]
        return True

    def doubled(self) -> Iterator[Span]:
        """Each key that its object has had before; walks the whole text."""
        waiting = [self._start]
        while waiting:
            children = self._children_of(waiting.pop())
            waiting += (child[1] for child in children.values() if self._text[child[1]] in "[{")
        yield from map(self._shifted, sorted(self._doubled))

    def _shifted(self, span: Span) -> Span:
        return Span(span.start + self._shift, span.end + self._shift)

    def _walk(self, path: Path) -> tuple[Span, Span]:
        start = self._start
        place = self._text[start : start + 1]
        key = value = Span(start, start + len(place))
        for step in path:
            child = self._children_of(start).get(step)
            if child is None:
                break
            key_start, start, end = child
            is_container = self._text[start] in "[{"
            value = Span(start, start + 1 if is_container else end)
            key = Span(key_start, scanstring(self._text, key_start + 1)[1]) if key_start < start else value
        return key, value

    def _children_of(self, start: int) -> dict[str | int, tuple[int, int, int]]:
        """By key or index: where the key, the value and its end stand; in arrays there is no key."""
        if start not in self._children:
            self._children[start] = self._scan(start) if self._text[start : start + 1] in ("[", "{") else {}
        return self._children[start]

    def _scan(self, start: int) -> dict[str | int, tuple[int, int, int]]:
        text = self._text
        is_object = text[start] == "{"
        found: dict[str | int, tuple[int, int, int]] = {}
        at = self._skip(start + 1)
        while text[at] not in "]}":
            key: str | int = len(found)
            begin = at
            if is_object:
                key, at = scanstring(text, at + 1, False)  # noqa: FBT003 - it takes no keyword
                at = self._skip(self._skip(at) + 1)
            if key in found:
                self._doubled.append(Span(begin, scanstring(text, begin + 1)[1]))
            end = _DECODER.raw_decode(text, at)[1]
            found[key] = (begin, at, end)
            at = self._skip(end)
            if text[at] == ",":
                at = self._skip(at + 1)
        return found

    def _skip(self, at: int) -> int:
        match = _SPACE.match(self._text, at)
        return match.end() if match else at
