"""Files of this machine.

A file is written beside its place first and then renamed into it, so that it is there whole or not at all,
whenever the process is killed. What a killed one left is removed when the next one writes into that folder.
"""

from __future__ import annotations

import glob
import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from stat import S_ISDIR
from typing import BinaryIO

from ingest.stores import Found, StampOf, join

_BUFFER = 1 << 17
_TEMPORARY = re.compile(r"\.ingest-(?P<host>.*)-(?P<pid>\d+)-\d+\.tmp")
# Clocks of file systems tick every few milliseconds: of a file that changed just now, the next change may not
# be seen, so it has no stamp.
_TICK = 50_000_000


class Local:
    """The store of this machine. Paths are strings: ten thousand need not be objects."""

    def __init__(self) -> None:
        self._host = os.uname().nodename.replace("/", "_") if hasattr(os, "uname") else ""
        self._numbers = count()
        self._swept: set[str] = set()

    def read(self, address: str) -> bytes:
        """The bytes of a file."""
        with open(address, "rb") as file:
            return file.read()

    def lines(self, address: str) -> Iterator[bytes]:
        """The lines of a file, read as they are asked for; none where it cannot be read."""
        with suppress(OSError), open(address, "rb") as file:
            yield from file

    def head(self, address: str, size: int) -> bytes:
        """The first bytes of a file; nothing where it cannot be read."""
        with suppress(OSError), open(address, "rb") as file:
            return file.read(size)
        return b""

    def write(self, address: str, pieces: Iterable[bytes]) -> tuple[str, str]:
        """Writes a file whole or not at all; its SHA-256 and its stamp."""
        digest = hashlib.sha256()
        folder = os.path.dirname(address)
        if folder not in self._swept:
            self._sweep(folder)
        beside = join(folder, f".ingest-{self._host}-{os.getpid()}-{next(self._numbers)}.tmp")
        try:
            with _opened(beside, folder) as file:
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
        return digest.hexdigest(), stamp

    def remove(self, address: str) -> None:
        """Removes a file, and its folder where nothing else is in it."""
        with suppress(FileNotFoundError):
            os.unlink(address)
        with suppress(OSError):
            os.rmdir(os.path.dirname(address))

    def stamp(self, address: str) -> str:
        """The stamp of a file; empty where there is none."""
        try:
            return _stamp(os.stat(address))
        except (OSError, ValueError):
            return ""

    def stamps(self, folder: str) -> StampOf:
        """The same for the files of one folder, by their paths below it."""
        return lambda below: self.stamp(join(folder, below))

    def is_folder(self, address: str) -> bool:
        """Whether it names a folder."""
        return os.path.isdir(address)

    def walk(self, folder: str) -> Iterator[Found]:
        """The files of a folder at any depth, sorted; hidden ones, and those in hidden folders, are passed
        over. Folders that are links are not entered."""
        yield from _below(folder, "", time.time_ns() - _TICK)

    def matching(self, pattern: str) -> Iterator[Found]:
        """The files that fit a pattern, sorted."""
        parts = Path(pattern).parts
        fixed = next((place for place, part in enumerate(parts) if glob.has_magic(part)), len(parts))
        root = Path(*parts[:fixed])
        for name in sorted(glob.glob(pattern, recursive=True)):
            if found := self.file(name):
                below = Path(name).relative_to(root)
                yield found._replace(below=found.below if ".." in below.parts else below.as_posix())

    def file(self, address: str) -> Found | None:
        """The one file of that address; null where there is none."""
        try:
            found = os.stat(address)
        except (OSError, ValueError):
            return None
        if S_ISDIR(found.st_mode):
            return None
        return Found(address, Path(address).name, found.st_size, _old_stamp(found, time.time_ns() - _TICK))

    def place(self, address: str) -> str:
        """One name for one file, however it is named."""
        return os.path.realpath(address)

    @contextmanager
    def locked(self, folder: str) -> Iterator[None]:
        """While it is held, no other run that asks for it holds it; a run that dies lets it go."""
        try:
            import fcntl
        except ImportError:  # Windows: there the list of the run that ends last is the one that stays
            yield
            return
        os.makedirs(folder, exist_ok=True)
        held = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(held, fcntl.LOCK_EX)
            yield
        finally:
            os.close(held)

    def _sweep(self, folder: str) -> None:
        """Removes what runs that were killed have left half written in a folder."""
        self._swept.add(folder)
        with suppress(OSError), os.scandir(folder or ".") as entries:
            for entry in entries:
                if entry.name.startswith(".ingest-") and self._is_left(entry.name):
                    with suppress(OSError):
                        os.unlink(entry.path)

    def _is_left(self, name: str) -> bool:
        match = _TEMPORARY.fullmatch(name)
        if match is None or match["host"] != self._host:
            return False
        try:
            os.kill(int(match["pid"]), 0)
        except (ProcessLookupError, OverflowError):
            return True
        except OSError:
            return False
        return False


STORE = Local()


def _below(folder: str, below: str, before: int) -> Iterator[Found]:
    try:
        with os.scandir(join(folder, below) if below else folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError:
        return
    for entry in entries:
        if entry.name.startswith("."):
            continue
        name = f"{below}/{entry.name}" if below else entry.name
        if entry.is_dir():
            if not entry.is_symlink():
                yield from _below(folder, name, before)
            continue
        if not entry.is_file():
            continue
        with suppress(OSError):
            stat = entry.stat()
            yield Found(entry.path, name, stat.st_size, _old_stamp(stat, before))


def _opened(address: str, folder: str) -> BinaryIO:
    """A new file, its folder made where there is none."""
    try:
        return open(address, "wb", buffering=_BUFFER)
    except FileNotFoundError:
        os.makedirs(folder, exist_ok=True)
        return open(address, "wb", buffering=_BUFFER)


def _stamp(found: os.stat_result) -> str:
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ino}"


def _old_stamp(found: os.stat_result, before: int) -> str:
    return _stamp(found) if found.st_mtime_ns < before else ""
