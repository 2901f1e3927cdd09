"""HTML of one field to plain text: paragraphs, lines, code with its lines; links and images beside it.

Parsed with lexbor (selectolax), as browsers do. Walks without recursion, so that no nesting is too deep.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ingest.model.block import Address
from ingest.parts.bounds import Bounds
from ingest.parts.nesting import html_shape

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

_SPACES = re.compile(r"[ \t\n\r\f]+")
_PARAGRAPHS = frozenset(
    {"p", "pre", "ul", "ol", "table", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "hr"}
)
_LINES = frozenset({"div", "li", "tr", "section", "article", "figure", "figcaption", "dt", "dd"})
_CELLS = frozenset({"td", "th"})
_SILENT = frozenset({"script", "style", "svg", "button", "template", "noscript", "head"})
# Without these 2<sup>10</sup> would read 210. "1st" and "TM" read as they are.
_RAISED = str.maketrans("0123456789+-\u2212=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿ")
_LOWERED = str.maketrans("0123456789+-\u2212=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎")
_SHIFTED = {"sup": _RAISED, "sub": _LOWERED}
_MANY_LINE_ENDS = re.compile(r"\n{3,}")

Locate = Callable[[str], int | None]


@dataclass(slots=True)
class RichText:
    """The text of an element, while it is put together."""

    locate: Locate
    """Where a piece of text stands in the file."""
    parts: list[str] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)
    addresses: list[Address] = field(default_factory=list)
    descriptions: list[str] = field(default_factory=list)
    """Of images: the text of a field that has no other."""
    length: int = 0
    ends: int = 2
    """Line ends at the end of the text so far."""

    def write(self, text: str) -> None:
        self.parts.append(text)
        self.length += len(text)
        bare = text.rstrip("\n")
        self.ends = len(text) - len(bare) + (0 if bare else self.ends)

    def break_line(self, count: int) -> None:
        """Ends the line, or the paragraph; never more than once."""
        if self.length and self.ends < count:
            self.write("\n" * (count - self.ends))

    def divide(self) -> None:
        """Puts a space between two cells of a row."""
        if self.length and not self.ends and not self.parts[-1].endswith(" "):
            self.write(" ")

    def text(self, content: str, shown: str | None, *, is_code: bool) -> None:
        """Adds what stands in the file, or what it is ``shown`` as."""
        content = content.replace("\xa0", " ")
        value = shown or (content if is_code else _SPACES.sub(" ", content))
        if not is_code and self.ends:
            value = value.lstrip(" ")
        if not value:
            return
        if (at := self.locate(content)) is not None:
            self.places.append((self.length, at))
        self.write(value)


def check_html(text: str, bounds: Bounds) -> None:
    """Raises ``LimitError`` for HTML that is too large or too deep to be parsed."""
    shape = html_shape(text, bounds.limits.nesting)
    bounds.check("nesting", shape.depth, "elements stand {} deep in each other")
    bounds.check("elements", shape.elements, "{} elements")


def render(node: LexborNode, locate: Locate) -> RichText:
    """The text of an element. Call ``trimmed`` for the result."""
    rich = RichText(locate)
    own_id, own_purpose = (node.attributes.get(name) for name in ("id", "data-purpose"))
    stack: list[tuple[Any, bool, bool]] = [(node, False, False)]
    while stack:
        current, is_code, is_end = stack.pop()
        tag = current.tag or "!"  # a processing instruction has none
        if is_end:
            rich.break_line(2 if tag in _PARAGRAPHS else 1)
            continue
        if tag == "-text":
            content = current.text(deep=False) or current.text_content or ""
            rich.text(content, _shifted(content, current.parent), is_code=is_code)
            continue
        if tag in _SILENT or tag.startswith(("-", "!", "_")):
            continue
        if current is not node and _is_alike(current, tag, own_id, own_purpose):
            continue  # another field of the same kind inside this one: it is read on its own
        if tag == "br":
            rich.write("\n")
            continue
        if tag in _CELLS:
            rich.divide()
        _note_address(current, tag, rich)
        if tag in _PARAGRAPHS or tag in _LINES:
            rich.break_line(2 if tag in _PARAGRAPHS else 1)
            stack.append((current, is_code, True))
            if tag == "li" and not is_code:
                rich.write("- ")
        children = list(current.iter(include_text=True))
        stack += ((child, is_code or tag == "pre", False) for child in reversed(children))
    return rich


def _shifted(content: str, parent: LexborNode | None) -> str | None:
    """A text in raised or lowered letters, where its element is raised or lowered and each letter has one."""
    letters = parent and _SHIFTED.get(parent.tag or "")
    shown = content.strip().translate(letters) if letters else ""
    return shown if shown and all(map(str.__ne__, content.strip(), shown)) else None


def _is_alike(node: LexborNode, tag: str, own_id: str | None, own_purpose: str | None) -> bool:
    """Whether an element has the id or the purpose of the field around it."""
    if tag != "div" or not (own_id or own_purpose):
        return False
    attributes = node.attributes
    return bool(own_id and attributes.get("id") == own_id) or bool(
        own_purpose and attributes.get("data-purpose") == own_purpose
    )


def trimmed(rich: RichText) -> tuple[str, tuple[tuple[int, int], ...], tuple[Address, ...]]:
    """The text without white space at its ends, and the places and addresses in it; the descriptions of its
    images where there is no other text."""
    text = "".join(rich.parts)
    if not text.strip():
        text = " ".join(filter(None, rich.descriptions))
    start = len(text) - len(text.lstrip())
    value = text.strip()
    places = tuple((max(offset - start, 0), at) for offset, at in rich.places if offset - start <= len(value))
    addresses = tuple(each._replace(at=max(each.at - start, 0)) for each in rich.addresses)
    return value, places, addresses


def _note_address(node: LexborNode, tag: str, rich: RichText) -> None:
    attributes = node.attributes
    if tag == "img" and (source := attributes.get("src")):
        rich.addresses.append(Address(source, rich.length, is_image=True))
        alt = (attributes.get("alt") or "").strip()
        rich.descriptions.append(alt)
        if (at := rich.locate(alt)) is not None:
            rich.places.append((rich.length, at))
    elif tag == "a" and (target := attributes.get("href") or "").startswith(("http:", "https:")):
        # A link that reads like its address is found in the text.
        rich.addresses += [] if target in node.text() else [Address(target, rich.length, is_image=False)]
