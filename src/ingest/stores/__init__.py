"""Where files are: one kind of place a file, with the functions of ``Store``.

An address is a path, or a URL such as ``s3://bucket/exams``, for which ``remote`` needs the extra of that
name. A stamp tells whether a file may have changed since, without reading it.
"""

from __future__ import annotations

import errno
import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import BinaryIO, NamedTuple, Protocol

_PIECE = 1 << 20


class Found(NamedTuple):
    """A file that was found."""

    address: str
    below: str
    """Its path below the folder or pattern, with forward slashes."""
    size: int
    stamp: str
    leads_out: bool = False
    """Whether it is, or is reached by, a link that leads out of the folder or pattern."""


class Store(Protocol):
    """What can be done with the files of one kind of place. Raises ``OSError``."""

    def read(self, address: str, most: int | None = None) -> bytes:
        """The bytes of a file. Raises ``TooLargeError`` where they are more than ``most``, without having
        read many more."""

    def lines(self, address: str) -> Iterator[bytes]:
        """The lines of a file, read as they are asked for; none where there is no file. Raises
        ``IngestError`` where it cannot be read, so that nobody takes it for missing."""

    def head(self, address: str, size: int) -> bytes:
        """The first bytes of a file; nothing where it cannot be read."""

    def write(self, address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
        """Writes a file whole or not at all; its SHA-256 and its stamp."""

    def remove(self, address: str) -> None:
        """Removes a file, and the folders above it in which nothing else is."""

    def stamp(self, address: str) -> str:
        """The stamp of a file; empty where there is none, unlike all others where nobody can tell."""

    def stamps(self, folder: str) -> StampOf:
        """The same for the files of one folder, by their paths below it."""

    def rare_stamps(self, folder: str) -> StampOf:
        """The same for names in one folder of which most are not there."""

    def is_folder(self, address: str) -> bool:
        """Whether it names a folder."""

    def is_file(self, address: str) -> bool:
        """Whether it names a file that has an end: no folder, device or pipe."""

    def walk(self, folder: str, on_error: Callable[[OSError], None] | None = None) -> Iterator[Found]:
        """The files of a folder at any depth, sorted; hidden ones, and those in hidden folders, are passed
        over. ``on_error`` is told of folders that cannot be read, which are passed over too."""

    def matching(self, pattern: str) -> Iterator[Found]:
        """The files that fit a pattern, sorted."""

    def file(self, address: str) -> Found | None:
        """The one file of that address, also where it cannot be looked at; null where there is none."""

    def place(self, address: str) -> str:
        """One name for one file, however it is named."""

    def locked(self, folder: str) -> AbstractContextManager[None]:
        """While it is held, no other run that asks for it holds it; a run that dies lets it go."""


class TooLargeError(OSError):
    """A file has more bytes than its reader wants."""

    def __init__(self, size: int | None) -> None:
        super().__init__(errno.EFBIG, "too large")
        self.size = size
        """Its bytes; null where nobody can tell without reading it."""


class StampOf(Protocol):
    """Tells stamps."""

    def __call__(self, below: str, /) -> str:
        """The stamp of a file; empty where there is none."""


def is_url(address: str) -> bool:
    """Whether an address is a URL.

    >>> is_url("s3://bucket/exams"), is_url("exams/one.txt"), is_url("file:///exams")
    (True, False, False)
    """
    scheme, mark, _ = address.partition("://")
    return bool(mark) and scheme.isalnum() and len(scheme) > 1 and scheme != "file"


def host_of(address: str) -> str:
    """The scheme and host of a URL; empty for a path.

    >>> host_of("s3://bucket/exams/one.txt"), host_of("exams/one.txt")
    ('s3://bucket', '')
    """
    return "/".join(address.split("/", 3)[:3]) if is_url(address) else ""


def absolute(address: str) -> str:
    """An address that is the same in every working folder."""
    return address if is_url(address) else os.path.abspath(address)


def split_suffix(address: str) -> tuple[str, str]:
    """An address without the suffix of its name, and the suffix with its dot.

    >>> split_suffix("s3://exams/one.txt"), split_suffix("exams.d/one")
    (('s3://exams/one', '.txt'), ('exams.d/one', ''))
    """
    stem, dot, suffix = address.rpartition(".")
    # Most names have letters on both sides of their last dot; others, such as ``.txt``, take longer.
    if dot and suffix.isalnum() and stem[-1:].isalnum():
        return stem, dot + suffix
    return os.path.splitext(address)


def store_of(address: str) -> Store:
    """The store that an address is of. Raises ``IngestError`` where its extra is missing."""
    if is_url(address):
        from ingest.stores import remote

        return remote.store_of(address)
    from ingest.stores.local import STORE

    return STORE


def read_at_most(file: BinaryIO, most: int) -> bytes:
    """What a file or stream holds, read piece by piece. Raises ``TooLargeError`` once it is more than
    ``most`` bytes."""
    content = bytearray()
    while piece := file.read(_PIECE):
        content += piece
        if len(content) > most:
            raise TooLargeError(None)
    return bytes(content)


def unknown_stamp() -> str:
    """A stamp that is like no other."""
    return f"? {os.urandom(8).hex()}"


def folded(name: str) -> str:
    """The same for names that are one file on systems to which capitals, or how letters are composed, do not
    matter: files are carried from one system to another."""
    return name.lower() if name.isascii() else unicodedata.normalize("NFC", name.casefold())


def join(folder: str, below: str) -> str:
    """The address of a file below a folder."""
    return f"{folder.rstrip('/')}/{below}" if folder not in ("", ".") else below
