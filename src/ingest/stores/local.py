"""Files of this machine.

A file is written beside its place first and then renamed into it, so that it is there whole or not at all,
whenever the process is killed. What a killed one left is taken over by the next one that writes the same
file: a file being written is locked, and the lock ends with its process, on whatever machine that runs.
"""

from __future__ import annotations

import errno
import glob
import hashlib
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from fnmatch import fnmatch
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from ingest.errors import IngestError
from ingest.stores import Found, StampOf, TooLargeError, folded, join, read_at_most, unknown_stamp

# The last one is what Windows says of a name that no file can have, such as a pattern.
_MISSING = frozenset((errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.EINVAL))
_BUFFER = 1 << 17
# Windows has other locks; there a file that is open can be neither removed nor renamed.
_HAS_LOCKS = os.name == "posix"
_WRITERS_AT_ONCE = 16
_MANY_NAMES = 8
# Clocks of file systems tick every few milliseconds: of a file that changed just now, the next change may not
# be seen, so it has no stamp.
_TICK = 50_000_000


class Local:
    """The store of this machine. Paths are strings: ten thousand need not be objects."""

    def read(self, address: str, most: int | None = None) -> bytes:
        """The bytes of a file. Raises ``TooLargeError`` where they are more than ``most``."""
        with open(address, "rb") as file:
            if most is None:
                return file.read()
            size = os.fstat(file.fileno()).st_size
            if size > most:
                raise TooLargeError(size)
            # Of pipes and devices nobody knows the size: they are read piece by piece.
            return file.read() if size else read_at_most(file, most)

    def lines(self, address: str) -> Iterator[bytes]:
        """The lines of a file, read as they are asked for; none where there is no file. Raises
        ``IngestError``."""
        try:
            if _is_special(address):
                raise _no_file(address)
            with open(address, "rb") as file:
                yield from file
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            raise IngestError(f"cannot read {address}: {error.strerror or error}") from error

    def head(self, address: str, size: int) -> bytes:
        """The first bytes of a file; nothing where it cannot be read."""
        with suppress(OSError), open(address, "rb") as file:
            return file.read(size)
        return b""

    def write(self, address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
        """Writes a file whole or not at all; its SHA-256 and its stamp. A link in its place is replaced, and
        not followed."""
        if _is_special(address):  # a superuser's rename would replace a device
            raise _no_file(address)
        digest = hashlib.sha256()
        beside, file = _begun(address)
        # The lock is held until the file is in its place, which it must not be before it is closed: some
        # systems tell only then that the disk is full.
        lock = os.dup(file.fileno()) if _HAS_LOCKS else None
        try:
            with file:
                for piece in pieces:
                    digest.update(piece)
                    file.write(piece)
                file.flush()
                stamp = _stamp(os.fstat(file.fileno()))
            os.replace(beside, address)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside)
            raise
        finally:
            if lock is not None:
                os.close(lock)
        return digest.hexdigest(), stamp

    def remove(self, address: str) -> None:
        """Removes a file, and the folders above it in which nothing else is."""
        with suppress(FileNotFoundError):
            os.unlink(address)
        with suppress(OSError):
            while address := os.path.dirname(address):
                os.rmdir(address)

    def stamp(self, address: str) -> str:
        """The stamp of a file; empty where there is none."""
        try:
            found = _status(address)
        except OSError:
            return unknown_stamp()
        return "" if found is None else _stamp(found)

    def stamps(self, folder: str) -> StampOf:
        """The same for the files of one folder, by their paths below it."""
        return lambda below: self.stamp(join(folder, below))

    def rare_stamps(self, folder: str) -> StampOf:
        """The same for names in one folder of which most are not there."""
        return _RareStamps(self, folder)

    def is_folder(self, address: str) -> bool:
        """Whether it names a folder."""
        return os.path.isdir(address)

    def is_file(self, address: str) -> bool:
        """Whether it names a file that has an end: no folder, device or pipe."""
        return os.path.isfile(address)

    def walk(self, folder: str, on_error: Callable[[OSError], None] | None = None) -> Iterator[Found]:
        """The files of a folder at any depth, sorted; hidden ones, and those in hidden folders, are passed
        over. Folders that are links are not entered."""
        yield from _below(folder, "", time.time_ns() - _TICK, on_error)

    def matching(self, pattern: str) -> Iterator[Found]:
        """The files that fit a pattern, sorted."""
        parts = Path(pattern).parts
        fixed = next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        root = Path(*parts[:fixed])
        for name in sorted(set(_fitting(str(root), parts[fixed:]))):
            if self.is_file(name) and (found := self.file(name)):
                below = Path(name).relative_to(root)
                if ".." in below.parts:
                    yield found
                else:
                    yield found._replace(below=below.as_posix(), leads_out=not _is_inside(name, str(root)))

    def file(self, address: str) -> Found | None:
        """The one file of that address; null where there is none."""
        try:
            found = _status(address)
        except OSError:  # reading it will tell why
            return Found(address, Path(address).name, 0, "")
        if found is None or S_ISDIR(found.st_mode):
            return None
        return Found(address, Path(address).name, found.st_size, _old_stamp(found, time.time_ns() - _TICK))

    def place(self, address: str) -> str:
        """One name for one file, however it is named."""
        return os.path.realpath(address).replace(os.sep, "/")

    @contextmanager
    def locked(self, folder: str) -> Iterator[None]:
        """While it is held, no other run that asks for it holds it; a run that dies lets it go."""
        if not _HAS_LOCKS:  # there the list of the run that ends last is the one that stays
            yield
            return
        import fcntl

        os.makedirs(folder or ".", exist_ok=True)
        held = os.open(folder or ".", os.O_RDONLY)
        try:
            with suppress(OSError):  # folders of a network cannot be locked: there it is the same
                fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)


STORE = Local()


class _RareStamps:
    """Asks for a few names one by one, and before more of them once for all names of the folder."""

    def __init__(self, store: Local, folder: str) -> None:
        self._store = store
        self._folder = folder
        self._asked = 0
        self._names: frozenset[str] | None = None

    def __call__(self, below: str, /) -> str:
        self._asked += 1
        if self._asked == _MANY_NAMES:
            with suppress(OSError):
                self._names = frozenset(map(folded, os.listdir(self._folder or ".")))
        if self._names is not None and folded(below) not in self._names:
            return ""
        return self._store.stamp(os.path.join(self._folder, below))


def nameless_file() -> BinaryIO:
    """An empty file to write and read, of which nothing is left after the run."""
    if hasattr(os, "O_TMPFILE"):
        with suppress(OSError):  # not every file system has such files
            folder = os.environ.get("TMPDIR", "/tmp")  # noqa: S108 - no other can open it there
            handle = os.open(folder, os.O_TMPFILE | os.O_RDWR, 0o600)
            return os.fdopen(handle, "w+b")
    from tempfile import TemporaryFile  # with what it loads, a MiB of memory

    return TemporaryFile()


def _below(
    folder: str, below: str, before: int, on_error: Callable[[OSError], None] | None
) -> Iterator[Found]:
    try:
        with os.scandir(join(folder, below) if below else folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        if on_error and not isinstance(error, FileNotFoundError):
            on_error(error)
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        name = f"{below}/{entry.name}" if below else entry.name
        try:
            if entry.is_dir():
                if not entry.is_symlink():
                    yield from _below(folder, name, before, on_error)
            elif entry.is_file():
                stat = entry.stat()
                leads_out = entry.is_symlink() and not _is_inside(entry.path, folder)
                yield Found(entry.path, name, stat.st_size, _old_stamp(stat, before), leads_out)
        except FileNotFoundError:  # it is gone by now
            continue
        except OSError:  # reading it will tell why
            yield Found(entry.path, name, 0, "")


def _fitting(folder: str, parts: Sequence[str]) -> Iterator[str]:
    """The paths below a folder that fit the parts of a pattern. Two stars enter no links, as those of
    ``glob`` do: folders that link to themselves would never end."""
    if not parts:
        yield folder
        return
    part, rest = parts[0], parts[1:]
    if not glob.has_magic(part):
        if os.path.lexists(path := join(folder, part)):
            yield from _fitting(path, rest)
        return
    is_deep = part == "**"
    if is_deep:
        yield from _fitting(folder, rest)
    try:
        with os.scandir(folder) as found:
            entries = list(found)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith(".") and not part.startswith("."):
            continue
        path = join(folder, entry.name)
        if is_deep and entry.is_dir(follow_symlinks=False):
            yield from _fitting(path, parts)
        elif (is_deep and not rest) or (not is_deep and fnmatch(entry.name, part)):
            yield from _fitting(path, rest)


def _is_inside(path: str, folder: str) -> bool:
    """Whether a path leads into a folder, all links followed."""
    return os.path.realpath(path).startswith(os.path.realpath(folder).rstrip(os.sep) + os.sep)


def _is_special(address: str) -> bool:
    """Whether it names a device or a pipe."""
    with suppress(OSError):
        found = _status(address)
        return found is not None and not (S_ISREG(found.st_mode) or S_ISDIR(found.st_mode))
    return False


def _no_file(address: str) -> OSError:
    return OSError(errno.EINVAL, "it is no regular file", address)


def _begun(address: str) -> tuple[str, BinaryIO]:
    """An empty file beside an address, and its folder where there is none."""
    while True:
        try:
            return _beside(*os.path.split(address))
        except FileNotFoundError:
            os.makedirs(os.path.dirname(address), exist_ok=True)


def _beside(folder: str, name: str) -> tuple[str, BinaryIO]:
    """The name is the same for the same file, so that what a killed run has left is taken over. Where another
    run is writing it, the next name is free."""
    if _HAS_LOCKS:
        sign = hashlib.sha256(os.fsencode(name)).hexdigest()[:12]
        with suppress(OSError):  # no locks in this place, or what is there belongs to somebody else
            for number in range(_WRITERS_AT_ONCE):
                beside = join(folder, f".ingest-{sign}-{number}.tmp")
                if file := _taken(beside):
                    return beside, file
    beside = join(folder, f".ingest-{os.urandom(8).hex()}.tmp")
    return beside, open(beside, "xb", buffering=_BUFFER)


def _taken(address: str) -> BinaryIO | None:
    """A file, empty and locked; null where another process is writing it."""
    handle = os.open(address, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o666)
    try:
        if _is_locked(handle) and _is_at(handle, address):
            os.truncate(handle, 0)
            return os.fdopen(os.dup(handle), "wb", buffering=_BUFFER)
        return None
    finally:
        os.close(handle)


def _is_at(handle: int, address: str) -> bool:
    """Whether an open file is at an address: who wrote it may have moved it into its place meanwhile."""
    found = os.fstat(handle)
    try:
        return found.st_nlink == 1 and os.path.samestat(found, os.lstat(address))
    except FileNotFoundError:
        return False


def _is_locked(handle: int) -> bool:
    """Locks a file until all its handles are closed; tells whether that could be done. Raises ``OSError``
    where there are no locks."""
    import fcntl

    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _status(address: str) -> os.stat_result | None:
    """What the system knows of a file; null where there is none. Raises ``OSError`` where nobody can tell."""
    try:
        return os.stat(address)
    except ValueError:  # no file has such a name
        return None
    except OSError as error:
        if error.errno in _MISSING:
            return None
        raise


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _old_stamp(found: os.stat_result, before: int) -> str:
    return _stamp(found) if found.st_mtime_ns < before else ""
