"""The output formats: one file each, found by looking into this folder.

A file is named after its format: ``as_json.py`` writes ``json``. Its docstring is the manual that
``ingest formats json`` prints: what the format keeps and what it cannot hold, how to use it, and with what it
was tried. It has ``HOLDS``, those of the ``FIELDS`` that the format holds, and ``SUFFIX`` and
``pieces(document, settings) -> Iterator[bytes]``: the file's content, piece by piece, since a large file need
not be in memory as a whole. A format of several files has ``FILES`` instead, their names, and
``files(document, settings) -> dict[str, Iterator[bytes]]``; its suffix names a folder. Either may have
``notes(document, settings) -> list[Note]``: one for each thing that the format changed or cannot hold; and
``EXTRA``, the extra of this package that installs the costly library it needs, which ``load_extra`` loads.
Writers never touch the disk.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, NamedTuple

from ingest.errors import IngestError
from ingest.parts.docstrings import docstring

if TYPE_CHECKING:
    from ingest.model.document import Document
    from ingest.model.question import Question

FIELDS: Mapping[str, str] = {
    "stem": "the question's text",
    "options": "its options in order",
    "key": "the key",
    "several": "several right options",
    "fill_in": "fill-in questions with their accepted answers",
    "line_ends": "lines and paragraphs of texts, as code needs them",
    "select_count": "how many options to select",
    "items": "the things that options such as `2,4,3` number, apart from the text",
    "reasons": "what is said of each option",
    "explanation": "the whole explanation",
    "rationale": "why the key is right, apart from the explanation",
    "references": "references",
    "roles": "the kind of each reference (listed, credit, in prose, image)",
    "reference_lines": "the lines where references stand",
    "topic": "topic",
    "id": "id",
    "number": "printed number",
    "fingerprint": "fingerprint",
    "findings": "codes of findings",
    "place": "lines of the dump",
    "attempt": "what the sitter chose (`--keep-attempt`)",
    "provenance": "hash, encoding and language of the dump",
    "rejected": "rejected blocks",
    "furniture": "lines outside questions",
    "diagnostics": "findings with message and place",
}
"""What a record and its document have, as a person who chooses a format asks for it."""


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """How outputs are written."""

    csv_safe: bool = False
    """Put an apostrophe before cells that a spreadsheet would run as a formula."""


@dataclass(frozen=True, slots=True)
class Note:
    """Something that a format changed or cannot hold."""

    message: str
    index: int | None = None
    """Which question of the document loses something; null where nothing is lost."""


class Writer(NamedTuple):
    """One output format."""

    format: str
    suffix: str
    """With its dot: ``.json``."""
    names: tuple[str, ...]
    """What follows the input's name in the outputs': the suffix, or the folder and file of each."""
    holds: frozenset[str]
    """Which of ``FIELDS``."""
    extra: str | None
    """The extra of this package that it needs."""
    module: str
    files: Callable[[Document, WriteSettings], Mapping[str, Iterator[bytes]]]
    """The content of each file, by its name in ``names``."""
    notes: Callable[[Document, WriteSettings], list[Note]]

    @property
    def manual(self) -> str:
        return docstring(self.module)

    @property
    def summary(self) -> str:
        return self.manual.split("\n\n", 1)[0].replace("\n", " ")

    def pieces(self, document: Document, settings: WriteSettings) -> Iterator[bytes]:
        """The content of the one file. Raises ``IngestError`` where the format has several."""
        if len(self.names) > 1:
            raise IngestError(f"{self.format} is several files: it needs a folder")
        return self.files(document, settings)[self.suffix]

    def render(self, document: Document, settings: WriteSettings) -> tuple[bytes, list[Note]]:
        """The whole content of the one file, and the notes."""
        return b"".join(self.pieces(document, settings)), self.notes(document, settings)


@cache
def formats() -> tuple[str, ...]:
    """The names of all formats, sorted, without loading any writer."""
    return tuple(
        sorted(
            entry.name.removeprefix("as_").replace("_", "-")
            for entry in pkgutil.iter_modules(__path__)
            if entry.name.startswith("as_")
        )
    )


@cache
def writer(name: str) -> Writer:
    """The writer of a format. Raises ``KeyError`` for an unknown one."""
    if name not in formats():
        raise KeyError(name)
    path = f"{__name__}.as_{name.replace('-', '_')}"
    module = import_module(path)
    holds = frozenset(module.HOLDS)
    suffix: str = module.SUFFIX
    names: tuple[str, ...] = (suffix,)
    if several := getattr(module, "FILES", ()):
        names = tuple(f"{suffix}/{each}" for each in several)

    def files(document: Document, settings: WriteSettings) -> Mapping[str, Iterator[bytes]]:
        if several:
            return {f"{suffix}/{each}": found for each, found in module.files(document, settings).items()}
        return {suffix: module.pieces(document, settings)}

    def notes(document: Document, settings: WriteSettings) -> list[Note]:
        found = [] if "rejected" in holds else _left_out(document)
        return [*found, *(module.notes(document, settings) if hasattr(module, "notes") else ())]

    extra = getattr(module, "EXTRA", None)
    return Writer(name, suffix, names, holds, extra, path, files, notes)


def install_command(extra: str) -> str:
    """What installs an extra."""
    return f"python -m pip install 'exam-ingest[{extra}]'"


def load_extra(module: str, extra: str) -> ModuleType:
    """A library that only some formats need. Raises ``IngestError`` with the command that installs it."""
    try:
        return import_module(module)
    except ImportError as error:
        raise IngestError(
            f"this format needs {module.partition('.')[0]}: {install_command(extra)}"
        ) from error


def _takes_all(question: Question) -> str | None:
    return None


def notes_of(
    document: Document,
    losses: Callable[[Question], Iterable[str]],
    refusal: Callable[[Question], str | None] = _takes_all,
) -> list[Note]:
    """A note for each question that is left out, with the reason that ``refusal`` gives; for the others one
    for each of their losses."""
    found = []
    for index, question in enumerate(document.questions):
        message = refusal(question)
        messages = [f"left out: {message}"] if message else losses(question)
        found += [Note(each, index) for each in messages]
    return found


def _left_out(document: Document) -> list[Note]:
    """One note where the document has rejected blocks."""
    count = len(document.rejected)
    if not count:
        return []
    blocks = "1 rejected block is" if count == 1 else f"{count} rejected blocks are"
    return [Note(f"{blocks} left out; json holds everything")]
