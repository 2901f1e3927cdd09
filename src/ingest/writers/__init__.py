"""The output formats: one file each, found by looking into this folder.

A file is named after its format: ``as_json.py`` writes ``json``. Its docstring says what the format
keeps. It has ``SUFFIX`` and ``pieces(document, settings) -> Iterator[bytes]``: the file's content, piece
by piece, since a large file need not be in memory as a whole. It may have ``notes(document, settings) ->
list[str]``: one for each thing the format changed or cannot hold. Writers never touch the disk.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ingest.model.document import Document


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """How outputs are written."""

    csv_safe: bool = False
    """Put an apostrophe before cells that a spreadsheet would run as a formula."""


@dataclass(frozen=True, slots=True)
class Writer:
    """One output format."""

    format: str
    suffix: str
    """With its dot: ``.json``."""
    summary: str
    pieces: Callable[[Document, WriteSettings], Iterator[bytes]]
    notes: Callable[[Document, WriteSettings], list[str]]

    def render(self, document: Document, settings: WriteSettings) -> tuple[bytes, list[str]]:
        """The whole content, and the notes."""
        return b"".join(self.pieces(document, settings)), self.notes(document, settings)


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted, without loading any writer."""
    return tuple(
        sorted(entry.name.removeprefix("as_").replace("_", "-") for entry in pkgutil.iter_modules(__path__))
    )


@cache
def writer(name: str) -> Writer:
    """The writer of a format. Raises ``KeyError`` for an unknown one."""
    if name not in formats():
        raise KeyError(name)
    module = import_module(f"{__name__}.as_{name.replace('-', '_')}")
    summary = (module.__doc__ or "").strip().split("\n\n", 1)[0].replace("\n", " ")
    return Writer(name, module.SUFFIX, summary, module.pieces, getattr(module, "notes", _no_notes))


def _no_notes(document: Document, settings: WriteSettings) -> list[str]:
    return []
