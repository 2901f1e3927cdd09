"""The review page: what was read, where it came from, and what is doubtful, as one HTML file.

Source: https://www.w3.org/TR/CSP3/ (hashes of inline style and script).
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import urlencode, urlsplit

from ingest.errors import IngestError
from ingest.model.question import option_id
from ingest.pages.charts import charts, verdict
from ingest.pages.labels import Labels
from ingest.pages.raw_lines import Stretch
from ingest.pages.sheets import Card, Sheet
from ingest.parts.code import has_code_line, is_code
from ingest.rules import rule
from ingest.writers import install_command

if TYPE_CHECKING:
    from jinja2 import Environment

_PIECES = 200
"""How many small pieces of a template become one."""
_MOST_LISTED = 40
"""How many doubtful questions are listed above all; the filter shows the others."""
# Letters that have no shape or turn the text around: a dump must not hide anything.
_CONTROLS = {code: chr(0x2400 + code) for code in range(0x20) if code not in (0x09, 0x0A)}
_UNSEEN = (
    *range(0x7F, 0xA0),
    *(0x061C, 0x180E, 0x200B, 0x200E, 0x200F, 0xFEFF),
    *(*range(0x2028, 0x202F), *range(0x2060, 0x206A), *range(0xFFF9, 0xFFFC), *range(0xE0000, 0xE0080)),
)
_VISIBLE = {**_CONTROLS, **{code: f"⟨U+{code:04X}⟩" for code in _UNSEEN}}


def render(sheets: Sequence[Sheet], words: Labels) -> Iterator[bytes]:
    """The page, piece by piece. Raises ``IngestError`` where jinja2 is not installed."""
    environment = _environment(words)
    style, script = _source(environment, "review.css"), _source(environment, "review.js")
    cards = [card for sheet in sheets for card in sheet.cards]
    stream = environment.get_template("review.html").stream(
        sheets=sheets,
        cards=cards,
        verdict=verdict(sheets),
        charts=list(charts(sheets, words)),
        first=_to_look_at(sheets),
        more=sum(card.is_doubtful or not card.question for card in cards) - _MOST_LISTED,
        names={code: rule(code).name for code in _codes(sheets)},
        topics=sorted({card.question.topic for card in cards if card.question and card.question.topic}),
        types=[
            each for each in _TYPES if any(card.question and card.question.type == each for card in cards)
        ],
        codes=sorted({code for card in cards for code in card.codes}),
        severities=["error", "warning", "info"],
        title=_title(sheets, words),
        style=style,
        script=script,
        style_hash=_hash(style),
        script_hash=_hash(script),
    )
    stream.enable_buffering(_PIECES)
    return (piece.encode("utf-8", "replace") for piece in stream)


_TYPES = ("single_select", "multi_select", "fill_in")


def _environment(words: Labels) -> Environment:
    try:
        jinja2 = import_module("jinja2")
    except ImportError as error:
        raise IngestError(f"the review page needs jinja2: {install_command('report')}") from error
    environment: Environment = jinja2.Environment(
        autoescape=True,
        loader=jinja2.PackageLoader("ingest.pages", "templates"),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.globals.update(
        words=words, option_id=option_id, is_link=is_link, role=lambda stretch: _role(stretch, words)
    )
    environment.filters.update(
        seen=seen,
        parts=in_parts,
        n=words.number,
        filter=lambda value, name: f"#{urlencode({name: value})}",
        file_of=_corrections_name,
        named=lambda code, names: f"{code} {names[code]}",
    )
    return environment


def _to_look_at(sheets: Sequence[Sheet]) -> list[tuple[int, Sheet, list[Card]]]:
    """Each file with something grave, by its number, with its doubtful and rejected cards; altogether not
    more than may be listed."""
    left = _MOST_LISTED
    found = []
    for number, sheet in enumerate(sheets, 1):
        cards = [card for card in sheet.cards if card.is_doubtful or not card.question][:left]
        left -= len(cards)
        if cards or sheet.grave_codes:
            found.append((number, sheet, cards))
    return found


def _codes(sheets: Sequence[Sheet]) -> set[str]:
    """Of all findings, about questions and files."""
    notes = (each for sheet in sheets for each in (sheet.notes, *(card.notes for card in sheet.cards)))
    return {note.code for each in notes for note in each}


def in_parts(text: str) -> list[tuple[bool, str]]:
    r"""A text in parts that are code or not; the blank lines between them belong to the former.

    >>> in_parts("What is it?\n\nif a {\n  b\n}")
    [(False, 'What is it?\n\n'), (True, 'if a {\n  b\n}')]
    """
    if not has_code_line(text):
        return [(False, text)]
    parts: list[tuple[bool, str]] = []
    for paragraph in re.split(r"(?<=\n\n)(?=[^\n])", text):
        kind = is_code(paragraph) or has_code_line(paragraph)
        if parts and parts[-1][0] == kind:
            paragraph = parts.pop()[1] + paragraph  # noqa: PLW2901 - the longer one takes its place
        parts.append((kind, paragraph))
    return parts


def seen(text: str) -> str:
    r"""A text of a dump without letters that have no shape, or turn the text around them.

    >>> seen("a\u202eb\x00c")
    'a⟨U+202E⟩b␀c'
    """
    return text if text.isascii() and text.isprintable() else text.translate(_VISIBLE)


def is_link(address: str) -> bool:
    """Whether an address may be a link: one that only shows a page.

    >>> is_link("https://example.org/a"), is_link("javascript:alert(1)")
    (True, False)
    """
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.netloc)


def _source(environment: Environment, name: str) -> str:
    if environment.loader is None:
        raise AssertionError
    return environment.loader.get_source(environment, name)[0]


def _hash(text: str) -> str:
    return base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _title(sheets: Sequence[Sheet], words: Labels) -> str:
    names = [sheet.file.rpartition("/")[2] for sheet in sheets]
    named = names[0] if len(names) == 1 else words["files_and_others"].format(file=names[0], n=len(names) - 1)
    return words["title"].format(files=named)


def _role(stretch: Stretch, words: Labels) -> str:
    letter = "" if stretch.option is None else option_id(stretch.option)
    return words[f"role_{stretch.role}"].format(option=letter)


def _corrections_name(file: str) -> str:
    """The name of the file of corrections that belongs to a dump."""
    name = file.rpartition("/")[2]
    return f"{name.rpartition('.')[0] or name}.corrections.toml"
