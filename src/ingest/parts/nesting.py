"""How deep a text is nested, seen before it is parsed: some parsers take the square of the depth, or memory
that is many times the text.

Walks the tags or brackets once. Of HTML it follows the open elements as parsers do, but counts too many
rather than too few.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_TOKEN = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[{]|[\]}]', re.DOTALL)
_TAG = re.compile(
    r"""
    <!-- (?: -?> | .*? (?: --!?> | \Z ) )
    | < (?P<end>/?) (?P<name>[a-zA-Z][^\s/>]*+) (?: [^>"']++ | "[^"]*+(?:"|\Z) | '[^']*+(?:'|\Z) )*+
    """,
    re.VERBOSE | re.DOTALL,
)
# What they hold is no markup.
_RAW = {name: re.compile(rf"</{name}\b", re.IGNORECASE) for name in ("script", "style")}
_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    )
)
# Nothing ends them but another one of their kind, or the end of what they are in.
_UNNESTED = frozenset(
    ("p", "li", "dt", "dd", "tr", "td", "th", "thead", "tbody", "tfoot", "option", "optgroup", "rt", "rp")
)
_FORMATTING = frozenset(
    ("a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u")
)
# The end of an element outside them is none to what is in them.
_SCOPES = frozenset(("applet", "caption", "foreignobject", "marquee", "object", "table", "template"))
# The end of one of these ends what is open in it; the end of any other element does not end one of these.
# Source: the "special" elements of the HTML standard, without those above.
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "button", "center", "details", "dialog", "dir", "div"),
        *("dl", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6"),
        *("header", "hgroup", "iframe", "listing", "main", "menu", "nav", "noscript", "ol", "pre", "search"),
        *("section", "select", "summary", "textarea", "title", "ul"),
    )
)
_FOREIGN = frozenset(("svg", "math"))


class Shape(NamedTuple):
    """How large the tree of an HTML text is, at most."""

    depth: int
    elements: int


def json_depth(text: str) -> int:
    """How deep arrays and objects stand in each other.

    >>> json_depth('{"a": [1, "[[["]}')
    2
    """
    depth = deepest = 0
    for match in _TOKEN.finditer(text):
        letter = match[0][0]
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def html_shape(text: str, most: int) -> Shape:
    """The shape of an HTML text; of one that is deeper than ``most`` only that it is.

    >>> html_shape("<div><p>One<p>Two <b>x</b></div><br>", 9)
    Shape(depth=2, elements=5)
    """
    open_elements: list[str] = []
    formatting: list[str] = []
    deepest = elements = at = 0
    while (match := _TAG.search(text, at)) and deepest <= most:
        at = match.end()
        if match["name"] is None:
            continue
        name = match["name"].lower()
        if match["end"]:
            _close(name, open_elements, formatting)
            continue
        # Formatting that nobody has ended is there again in every element that follows.
        elements += 1 + len(formatting)
        if name in _VOID or name in _UNNESTED or (_is_self_closing(text, at) and _is_foreign(open_elements)):
            continue
        if name in _RAW and not _is_foreign(open_elements):
            end = _RAW[name].search(text, at)
            at = end.start() if end else len(text)
        elif name in _FORMATTING:
            if name in ("a", "nobr"):
                _close(name, open_elements, formatting)
            formatting.append(name)
        else:
            open_elements.append(name)
        deepest = max(deepest, len(open_elements) + len(formatting))
    return Shape(deepest, elements)


def _close(name: str, open_elements: list[str], formatting: list[str]) -> None:
    if name in _FORMATTING:
        if name in formatting:
            del formatting[len(formatting) - 1 - formatting[::-1].index(name)]
        return
    for place in range(len(open_elements) - 1, -1, -1):
        other = open_elements[place]
        if other == name:
            del open_elements[place:]
            return
        if other in _SCOPES or (other in _BLOCKS and name not in _BLOCKS | _SCOPES):
            return


def _is_self_closing(text: str, end: int) -> bool:
    return text[end - 1 : end] == "/"


def _is_foreign(open_elements: list[str]) -> bool:
    return not _FOREIGN.isdisjoint(open_elements)
