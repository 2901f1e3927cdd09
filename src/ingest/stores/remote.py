"""Files behind a URL, by fsspec: ``s3://bucket/exams``, ``gs://``, ``az://``, ``sftp://`` and others.

How a place is reached, such as its keys and its endpoint, fsspec takes from the environment and its own
settings. Object stores put a file in its place whole or not at all; elsewhere it is written beside its place
and moved.
"""

from __future__ import annotations

import glob
import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from itertools import count
from typing import Any

from ingest.errors import IngestError
from ingest.stores import Found, StampOf, join

_OBJECT_STORES = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"))
_CHANGES = ("ETag", "etag", "mtime", "LastModified", "last_modified", "updated", "created")


class Remote:
    """The store of one kind of URL."""

    def __init__(self, scheme: str, system: Any) -> None:
        self._scheme = scheme
        self._system = system
        self._numbers = count()

    def read(self, address: str) -> bytes:
        """The bytes of a file."""
        content: bytes = self._ask("cat_file", address)
        return content

    def lines(self, address: str) -> Iterator[bytes]:
        """The lines of a file; none where it cannot be read."""
        with suppress(OSError):
            yield from self.read(address).splitlines(keepends=True)

    def head(self, address: str, size: int) -> bytes:
        """The first bytes of a file; nothing where it cannot be read."""
        with suppress(OSError):
            content: bytes = self._ask("cat_file", address, start=0, end=size)
            return content
        return b""

    def write(self, address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
        """Writes a file whole or not at all; its SHA-256 and its stamp."""
        content = b"".join(pieces)
        if self._scheme in _OBJECT_STORES:
            self._ask("pipe_file", address, content)
        else:
            beside = f"{address}.{next(self._numbers)}.tmp"
            self._ask("makedirs", self._system._parent(address), exist_ok=True)  # noqa: SLF001 - fsspec has no other
            self._ask("pipe_file", beside, content)
            self._ask("mv", beside, address)
        return hashlib.sha256(content).hexdigest(), self.stamp(address)

    def remove(self, address: str) -> None:
        """Removes a file."""
        with suppress(FileNotFoundError):
            self._ask("rm_file", address)

    def stamp(self, address: str) -> str:
        """The stamp of a file; empty where there is none."""
        self._system.invalidate_cache(self._system._parent(address))  # noqa: SLF001 - the same
        try:
            return _stamp(self._ask("info", address))
        except OSError:
            return ""

    def stamps(self, folder: str) -> StampOf:
        """The same for the files of one folder, all asked for at once, by their paths below it."""
        self._system.invalidate_cache()
        found = {each.below: each.stamp for each in self.walk(folder)}
        return lambda below: found.get(below, "")

    def is_folder(self, address: str) -> bool:
        """Whether it names a folder."""
        is_folder: bool = self._ask("isdir", address)
        return is_folder

    def walk(self, folder: str) -> Iterator[Found]:
        """The files of a folder at any depth, sorted; hidden ones, and those in hidden folders, are passed
        over."""
        for found in self._found(self._ask("find", folder, detail=True), folder):
            if not any(part.startswith(".") for part in found.below.split("/")):
                yield found

    def matching(self, pattern: str) -> Iterator[Found]:
        """The files that fit a pattern, sorted."""
        parts = pattern.split("/")
        fixed = next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        yield from self._found(self._ask("glob", pattern, detail=True), "/".join(parts[:fixed]))

    def file(self, address: str) -> Found | None:
        """The one file of that address; null where there is none."""
        try:
            info = self._ask("info", address)
        except OSError:
            return None
        if info["type"] == "directory":
            return None
        return Found(address, address.rpartition("/")[2], info["size"] or 0, _stamp(info))

    def place(self, address: str) -> str:
        """One name for one file, however it is named."""
        return f"{self._scheme}://{self._system._strip_protocol(address)}"  # noqa: SLF001 - the same

    @contextmanager
    def locked(self, folder: str) -> Iterator[None]:  # noqa: ARG002 - there are no locks
        """Holds nothing: of two runs that end at once the list of the last one stays, and the next run does
        again what it does not have."""
        yield

    def _ask(self, name: str, *arguments: Any, **named: Any) -> Any:
        """What fsspec says; errors of the libraries below it become ``OSError``."""
        try:
            return getattr(self._system, name)(*arguments, **named)
        except OSError:
            raise
        except Exception as error:
            raise OSError(f"{type(error).__name__}: {error}") from error

    def _found(self, infos: dict[str, Any], folder: str) -> Iterator[Found]:
        root = self._system._strip_protocol(folder)  # noqa: SLF001 - the same
        for path, info in sorted(infos.items()):
            if info["type"] == "file":
                below = path.removeprefix(root).lstrip("/")
                yield Found(join(folder, below), below, info["size"] or 0, _stamp(info))


@cache
def store_of(scheme: str) -> Remote:
    """The store for the URLs of a scheme. Raises ``IngestError`` where what it needs is not installed."""
    try:
        import fsspec
    except ImportError as error:
        message = "URLs need fsspec: python -m pip install 'exam-ingest[remote]'"
        raise IngestError(message) from error
    try:
        return Remote(scheme, fsspec.filesystem(scheme))
    except (ImportError, ValueError) as error:
        raise IngestError(f"{scheme}:// cannot be read: {error}") from error


def _stamp(info: dict[str, Any]) -> str:
    """Size and whatever the place says of changes."""
    return " ".join([str(info.get("size")), *(str(info[key]) for key in _CHANGES if info.get(key))])
