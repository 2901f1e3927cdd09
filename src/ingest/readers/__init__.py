"""Input forms that already say what is what: one a file, found by looking into this folder.

A copy of the page is plain text, and has the lex and segment stages. The same questions also come as a
saved page, as the site's upload table, as its assessments. A leaf has ``recognises(text) -> bool``, which
looks at the content, not at the file's name, and ``read(text, locales, bounds) -> list[Entry]``; both never
raise for bad input, unless it exceeds its bounds.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Any

from ingest.locales import Locale

if TYPE_CHECKING:
    from ingest.model.entry import Entry
    from ingest.parts.bounds import Bounds

_FIRST_LETTERS = "<{[\"'"


def read_entries(text: str, locales: tuple[Locale, ...], bounds: Bounds) -> list[Entry]:
    """The questions of a text that is no plain copy of the page; none for one that is. Raises
    ``LimitError``."""
    leaf = _leaf(text)
    return leaf.read(text, locales, bounds) if leaf else []


def is_known(text: str) -> bool:
    """Whether a text, or its beginning, is one of the forms."""
    return _leaf(text) is not None


def _leaf(text: str) -> Any:
    # Nearly all inputs are plain copies: for those no leaf is loaded.
    start = text[:2000].lstrip("\ufeff \t\n")
    if start[:1] not in _FIRST_LETTERS and "," not in start.split("\n", 1)[0]:
        return None
    modules = sorted(entry.name for entry in pkgutil.iter_modules(__path__))
    leaves = (import_module(f"{__name__}.{name}") for name in modules)
    return next((leaf for leaf in leaves if leaf.recognises(text)), None)
