"""Reading and writing single files."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, BinaryIO

from ingest.errors import IngestError, LimitError
from ingest.model.limits import Limits, setting_of
from ingest.reading import ReadSettings
from ingest.stores import TooLargeError, is_url, join, read_at_most, split_suffix, store_of
from ingest.writers import Note, Writer, WriteSettings, formats, writer

if TYPE_CHECKING:
    from ingest.finding import Input
    from ingest.model.correction import Correction
    from ingest.model.document import Document
    from ingest.model.result import Result
    from ingest.stores import Store

_HEAD = 65_536


def read(path: str | os.PathLike[str], settings: ReadSettings | None = None) -> Result:
    """One dump, read from a file or URL, with the corrections beside it. The records carry the file's name
    without its folder.

    Raises ``IngestError`` when the file cannot be opened or is too large, or its corrections are malformed.
    """
    from ingest.pipeline import read_bytes

    address = os.fspath(path)
    settings = settings or ReadSettings()
    data, corrections, _ = _content(address, settings.limits)
    return read_bytes(data, PurePath(address).name, settings, corrections)


def read_document(path: str | os.PathLike[str], settings: ReadSettings | None = None) -> Document:
    """What a file or URL holds: a dump, read; or a converted file or a bank, taken as it is. Settings are for
    dumps.

    Of JSON it is the whole document; of JSON Lines, CSV and banks it has the questions, and their findings
    told by the rules' own words. Raises ``IngestError`` when the file cannot be opened or is too large, or is
    a converted one that does not fit its schema.
    """
    from ingest.documents import open_document

    address = os.fspath(path)
    settings = settings or ReadSettings()
    data, corrections, _ = _content(address, settings.limits)
    return open_document(data, PurePath(address).name, settings, corrections).document


def read_text(text: str, file: str = "text", settings: ReadSettings | None = None) -> Result:
    """One dump, from a string.

    >>> read_text("no dump at all").diagnostics[0].name
    'no-known-label'
    """
    from ingest.pipeline import read_bytes

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
    from ingest.model.result import Result

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


def load_input(
    address: str | os.PathLike[str], limits: Limits | None = None, size: int | None = None
) -> bytes:
    """The bytes of an input. ``size`` is what is known of it without looking.

    Raises ``LimitError`` where it is larger than inputs of its kind may be; so much is never in memory.
    """
    name = os.fspath(address)
    limits = limits or Limits()
    store = store_of(name)
    try:
        return _read(store, name, limits.input_size, size)
    except TooLargeError as error:
        if not _is_converted(store.head(name, _HEAD)):
            raise _too_large(name, "input_size", limits, error.size) from error
    try:
        return _read(store, name, limits.converted_size, size)
    except TooLargeError as error:
        raise _too_large(name, "converted_size", limits, error.size) from error


def load_stream(stream: BinaryIO, name: str, limits: Limits) -> bytes:
    """What a stream holds, under the same limits; ``name`` is what messages call it."""
    head = stream.read(_HEAD)
    setting = "converted_size" if _is_converted(head) else "input_size"
    try:
        return head + read_at_most(stream, getattr(limits, setting) - len(head))
    except TooLargeError as error:
        raise _too_large(name, setting, limits, None) from error


def _read(store: Store, address: str, most: int, size: int | None) -> bytes:
    if size is not None and size > most:
        raise TooLargeError(size)
    try:
        # What was listed somewhere else need not be asked for its size again.
        return store.read(address, None if size and is_url(address) else most)
    except TooLargeError:
        raise
    except OSError as error:
        raise IngestError(f"cannot read {address}: {error.strerror or error}") from error


def _is_converted(head: bytes) -> bool:
    from ingest.converted import form_of  # few inputs are that large

    return form_of(head) is not None


def _too_large(name: str, setting: str, limits: Limits, size: int | None) -> LimitError:
    limit: int = getattr(limits, setting)
    figure = f"more than {limit:,} bytes" if size is None else f"{size:,} bytes"
    return LimitError(name, figure, setting_of(setting), limit)


def content_of(
    entry: Input, limits: Limits | None = None
) -> tuple[bytes, tuple[Correction, ...], str | None]:
    """The bytes of an input, the corrections beside it, and the hash of these. Raises ``IngestError``."""
    if entry.data is not None:
        return entry.data, (), None
    return _content(entry.address, limits or Limits(), entry.size)


def _content(
    address: str, limits: Limits, size: int | None = None
) -> tuple[bytes, tuple[Correction, ...], str | None]:
    return load_input(address, limits, size), *corrections_of(address, limits)


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


def corrections_of(dump: str, limits: Limits | None = None) -> tuple[tuple[Correction, ...], str | None]:
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

    data = load_input(address, limits)
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
