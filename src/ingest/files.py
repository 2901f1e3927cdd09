"""Reading and writing single files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from ingest.errors import IngestError
from ingest.model.document import Document
from ingest.model.result import Result
from ingest.pipeline import ReadSettings, read_bytes
from ingest.stores import join, split_suffix, store_of
from ingest.writers import Note, Writer, WriteSettings, formats, writer

if TYPE_CHECKING:
    from ingest.finding import Input
    from ingest.model.correction import Correction


def read(path: str | os.PathLike[str], settings: ReadSettings | None = None) -> Result:
    """One dump, read from a file or URL, with the corrections beside it. The records carry the file's name
    without its folder.

    Raises ``IngestError`` when the file cannot be opened, or its corrections are malformed.
    """
    address = os.fspath(path)
    return read_bytes(load(address), PurePath(address).name, settings, corrections_of(address)[0])


def read_document(path: str | os.PathLike[str], settings: ReadSettings | None = None) -> Document:
    """What a file or URL holds: a dump, read; or a converted file or a bank, taken as it is. Settings are for
    dumps.

    Of JSON it is the whole document; of JSON Lines, CSV and banks it has the questions, and their findings
    told by the rules' own words. Raises ``IngestError`` when the file cannot be opened, or is a converted one
    that does not fit its schema.
    """
    from ingest.documents import open_document

    address = os.fspath(path)
    name = PurePath(address).name
    return open_document(load(address), name, settings, corrections_of(address)[0]).document


def read_text(text: str, file: str = "text", settings: ReadSettings | None = None) -> Result:
    """One dump, from a string.

    >>> read_text("no dump at all").diagnostics[0].name
    'no-known-label'
    """
    return read_bytes(text.encode("utf-8", errors="replace"), file, settings)


def write(
    result: Result | Document,
    path: str | os.PathLike[str],
    format: str | None = None,  # noqa: A002 - the name a caller expects
    settings: WriteSettings | None = None,
) -> list[Note]:
    """Writes a document in one format, by default the one of the path's suffix, to a file or URL.

    Returns one note for each thing the format changed or cannot hold. The file appears whole or not
    at all. Raises ``IngestError`` for an unknown format or a path that cannot be written.
    """
    document = result.document if isinstance(result, Result) else result
    target = os.fspath(path)
    form, settings = _writer(target, format), settings or WriteSettings()
    for name, pieces in form.files(document, settings).items():
        # The files of a format that has several are in a folder of that name.
        inside = name.removeprefix(form.suffix).lstrip("/")
        save(join(target, inside) if inside else target, pieces)
    return form.notes(document, settings)


def load(address: str | os.PathLike[str]) -> bytes:
    """The bytes of a file. Raises ``IngestError`` that says why it cannot be read."""
    name = os.fspath(address)
    try:
        return store_of(name).read(name)
    except OSError as error:
        raise IngestError(f"cannot read {name}: {error.strerror or error}") from error


def content_of(entry: Input) -> tuple[bytes, tuple[Correction, ...], str | None]:
    """The bytes of an input, the corrections beside it, and the hash of these. Raises ``IngestError``."""
    if entry.data is not None:
        return entry.data, (), None
    return load(entry.address), *corrections_of(entry.address)


def corrections_path(dump: Path) -> Path:
    """Where the corrections of a dump are.

    >>> corrections_path(Path("raw/exam.txt")).as_posix()
    'raw/exam.corrections.toml'
    """
    return dump.with_name(f"{dump.stem}.corrections.toml")


def corrections_address(dump: str) -> str:
    """The same for an address, which may be a URL.

    >>> corrections_address("s3://exams/one.txt")
    's3://exams/one.corrections.toml'
    """
    return f"{split_suffix(dump)[0]}.corrections.toml"


def corrections_of(dump: str) -> tuple[tuple[Correction, ...], str | None]:
    """What ``x.corrections.toml`` beside the dump ``x.txt`` says, and the SHA-256 of that file; nothing where
    there is none.

    Raises ``IngestError`` when the file is malformed.
    """
    address = corrections_address(dump)
    store = store_of(address)
    if not store.stamp(address):
        return (), None
    if not store.is_file(address):
        raise IngestError(f"{address} is no regular file")
    from ingest.corrections import parse

    data = load(address)
    return parse(data.decode("utf-8", errors="replace"), address), hashlib.sha256(data).hexdigest()


def load_corrections(dump: Path) -> tuple[Correction, ...]:
    """What the file beside a dump says; nothing where there is none. Raises ``IngestError``."""
    return corrections_of(os.fspath(dump))[0]


def save(address: str | os.PathLike[str], pieces: Iterable[bytes]) -> str:
    """Writes a file whole or not at all. Returns the SHA-256 of its content. Raises ``IngestError``."""
    name = os.fspath(address)
    try:
        return store_of(name).write(name, pieces)[0]
    except OSError as error:
        raise IngestError(f"cannot write {name}: {error.strerror or error}") from error


def _writer(target: str, name: str | None) -> Writer:
    if name is None:
        fitting = [each for each in map(writer, formats()) if target.endswith(each.suffix)]
        if fitting:
            return max(fitting, key=lambda each: len(each.suffix))
        raise IngestError(
            f"no format has the suffix of {PurePath(target).name}; known: {', '.join(formats())}"
        )
    try:
        return writer(name)
    except KeyError:
        raise IngestError(f"unknown format {name!r}; known: {', '.join(formats())}") from None
