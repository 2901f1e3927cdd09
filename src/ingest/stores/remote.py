"""Files behind a URL, by fsspec: ``s3://bucket/exams``, ``gs://``, ``az://``, ``sftp://`` and others.

How a place is reached, such as its keys and its endpoint, fsspec takes from the environment and its own
settings. Object stores put a file in its place whole or not at all; elsewhere it is written beside its place
and moved.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from functools import cache
from typing import Any

from ingest.errors import IngestError
from ingest.stores import Found, StampOf, TooLargeError, join, unknown_stamp

_OBJECT_STORES = frozenset(("s3", "s3a", "gs", "gcs", "az", "abfs", "abfss", "adl", "oci", "oss", "memory"))
# What a page of the web does not link to may be there all the same.
_NOT_LISTED = frozenset(("http", "https"))
_ASKED_ALONE = 4
# What systems call a file's version, its checksum, or the time of its last change.
_CHANGES = (
    *("ETag", "etag", "generation", "md5Hash", "sha", "Content-MD5", "Digest", "created"),
    *("LastModified", "last_modified", "Last-Modified", "updated", "mtime", "modified", "modify"),
    *("modificationTime", "last_write_time"),
)


class Remote:
    """The store of one kind of URL."""

    def __init__(self, scheme: str, system: Any) -> None:
        self._scheme = scheme
        self._system = system

    def read(self, address: str, most: int | None = None) -> bytes:
        """The bytes of a file. Raises ``TooLargeError`` where they are more than ``most``."""
        if most is not None and (size := self._ask("info", address)["size"] or 0) > most:
            raise TooLargeError(size)
        content: bytes = self._ask("cat_file", address)
        return content

    def lines(self, address: str) -> Iterator[bytes]:
        """The lines of a file; none where there is no file. Raises ``IngestError``."""
        try:
            yield from self.read(address).splitlines(keepends=True)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise IngestError(f"cannot read {address}: {error.strerror or error}") from error

    def head(self, address: str, size: int) -> bytes:
        """The first bytes of a file; nothing where it cannot be read."""
        with suppress(FileNotFoundError, PermissionError):
            try:
                content: bytes = self._ask("cat_file", address, start=0, end=size)
            except OSError:  # an empty file has no such part
                content = self.read(address)[:size]
            return content
        return b""

    def write(self, address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
        """Writes a file whole or not at all; its SHA-256 and its stamp."""
        content = b"".join(pieces)
        if self._scheme in _OBJECT_STORES:
            try:
                self._ask("pipe_file", address, content)
            except FileNotFoundError as error:  # there are no folders: the bucket is missing
                raise OSError(errno.EIO, error.strerror or str(error)) from error
        else:
            folder = self._system._parent(address)  # noqa: SLF001 - fsspec has no other
            beside = f"{folder}/.ingest-{os.urandom(8).hex()}.tmp"
            self._ask("makedirs", folder, exist_ok=True)
            try:
                self._ask("pipe_file", beside, content)
                self._ask("mv", beside, address)
            except BaseException:
                with suppress(OSError):
                    self._ask("rm_file", beside)
                raise
        return hashlib.sha256(content).hexdigest(), self.stamp(address)

    def remove(self, address: str) -> None:
        """Removes a file."""
        with suppress(FileNotFoundError):
            self._ask("rm_file", address)

    def stamp(self, address: str) -> str:
        """The stamp of a file; empty where there is none."""
        try:
            return _stamp(self._ask("info", address)) or unknown_stamp()
        except (FileNotFoundError, NotADirectoryError):
            return ""
        except OSError:
            return unknown_stamp()

    def stamps(self, folder: str) -> StampOf:
        """The same for the files of one folder, by their paths below it."""
        return _Stamps(self, folder)

    def rare_stamps(self, folder: str) -> StampOf:
        """The same."""
        return self.stamps(folder)

    def listed_stamps(self, folder: str) -> dict[str, str] | None:
        """Those of all files of a folder; null where nobody can list them."""
        if self._scheme in _NOT_LISTED:
            return None
        with suppress(OSError):
            return {each.below: each.stamp for each in self._found("find", folder)}
        return None

    def is_folder(self, address: str) -> bool:
        """Whether it names a folder."""
        is_folder: bool = self._ask("isdir", address)
        return is_folder

    def is_file(self, address: str) -> bool:  # noqa: ARG002 - there are no devices
        """Whether it names a file that has an end."""
        return True

    def walk(self, folder: str, on_error: Callable[[OSError], None] | None = None) -> Iterator[Found]:  # noqa: ARG002 - one request lists all
        """The files of a folder at any depth, sorted; hidden ones, and those in hidden folders, are passed
        over."""
        yield from filter(_is_shown, self._found("find", folder))

    def matching(self, pattern: str) -> Iterator[Found]:
        """The files that fit a pattern, sorted."""
        parts = pattern.split("/")
        fixed = next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        yield from filter(_is_shown, self._found("glob", pattern, "/".join(parts[:fixed])))

    def file(self, address: str) -> Found | None:
        """The one file of that address; null where there is none."""
        name = address.rpartition("/")[2]
        try:
            info = self._ask("info", address)
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError:
            return Found(address, name, 0, "")
        return None if info["type"] == "directory" else Found(address, name, info["size"] or 0, _stamp(info))

    def place(self, address: str) -> str:
        """One name for one file, however it is named."""
        return f"{self._scheme}://{self._system._strip_protocol(address)}"  # noqa: SLF001 - the same

    @contextmanager
    def locked(self, folder: str) -> Iterator[None]:  # noqa: ARG002 - there are no locks
        """Holds nothing: of two runs that end at once the list of the last one stays, and the next run does
        again what it does not have."""
        yield

    def _ask(self, name: str, *arguments: Any, **named: Any) -> Any:
        """What fsspec says now, since others change the files too. Errors of the libraries below it become
        ``OSError``; unlike one that is about a file, such an error stops a run."""
        self._system.invalidate_cache()
        try:
            return getattr(self._system, name)(*arguments, **named)
        except OSError:
            raise
        except Exception as error:
            raise OSError(errno.EIO, f"{type(error).__name__}: {error}") from error

    def _found(self, how: str, what: str, folder: str | None = None) -> Iterator[Found]:
        folder = what if folder is None else folder
        root = self._system._strip_protocol(folder)  # noqa: SLF001 - the same
        for path, info in sorted(self._ask(how, what, detail=True).items()):
            below = path.removeprefix(root).lstrip("/")
            if info["type"] == "file":
                yield Found(join(folder, below), below, info["size"] or 0, _stamp(info))


class _Stamps:
    """The stamps of a folder's files: the first ones are asked for one by one, then all at once, since each
    request takes its time, and a listing of many files as well."""

    def __init__(self, store: Remote, folder: str) -> None:
        self._store = store
        self._folder = folder
        self._asked = 0
        self._listed: dict[str, str] | None = None

    def __call__(self, below: str) -> str:
        """The stamp of a file; empty where there is none."""
        self._asked += 1
        if self._asked == _ASKED_ALONE:
            self._listed = self._store.listed_stamps(self._folder)
        if self._listed is None:
            return self._store.stamp(join(self._folder, below))
        return self._listed.get(below, "")


def store_of(address: str) -> Remote:
    """The store of a URL. Raises ``IngestError`` where what it needs is not installed."""
    scheme, mark, rest = address.partition("://")
    return _store(scheme, f"{scheme}{mark}{rest.partition('/')[0]}", os.getpid())


@cache
def _store(scheme: str, root: str, process: int) -> Remote:
    """The store of one scheme and host. A process that was forked needs its own."""
    try:
        from fsspec.core import url_to_fs
    except ImportError as error:
        message = "URLs need fsspec: python -m pip install 'exam-ingest[remote]'"
        raise IngestError(message) from error
    try:
        return Remote(scheme, url_to_fs(root)[0])
    except Exception as error:
        raise IngestError(f"{scheme}:// cannot be read: {error}") from error


def _is_shown(found: Found) -> bool:
    return not any(part.startswith(".") for part in found.below.split("/"))


def _stamp(info: dict[str, Any]) -> str:
    """Size and whatever the place says of changes; empty where it says nothing."""
    changes = [_plain(info[key]) for key in _CHANGES if info.get(key)]
    return " ".join([str(info.get("size")), *changes]) if changes else ""


def _plain(change: Any) -> str:
    """A time in seconds, since some systems give one file's as a date and another's as a number."""
    return str(change.timestamp() if isinstance(change, datetime) else change)
