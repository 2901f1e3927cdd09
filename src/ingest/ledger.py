"""What is known of an output folder: ``manifest.json``, the list of what was made from what, and beside it
the hidden index, by which most files need not be read again to see that they have not changed.

The manifest holds hashes and is the same wherever the same is done. The index holds stamps of this machine,
and where inputs are, seen from the folder; without it everything is compared by its hash. Both have one input
a line, sorted by name, and are read and written beside the inputs, which are sorted too: so memory does not
grow with their number.

Either may have been edited, or have come with a folder from elsewhere: what is damaged counts as missing,
nothing outside the folder is removed, and no URL is asked whose host the run does not name.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import orjson

from ingest.errors import IngestError
from ingest.finding import MANIFEST, MANIFEST_HEAD, is_below
from ingest.stores import Store, host_of, join, store_of
from ingest.stores.local import nameless_file

INDEX = ".ingest-index"
_DIGITS = 16
_IN_MEMORY = 128

Entry = dict[str, Any]
"""A ``ManifestEntry`` as JSON has it."""
Hashes = tuple[str, str | None]
"""The SHA-256 of an input, and that of its corrections where there are some."""
Stamps = tuple[str, str]
"""The stamps of an input and of its corrections."""


class _Known(NamedTuple):
    """What the index has of one input."""

    name: str
    code: str
    """The program that made its outputs."""
    place: str
    """Where it is: from the folder, or a URL; empty where that is not told."""
    stamps: Sequence[str]
    outputs: Mapping[str, str]
    """The stamps of its outputs, by their paths."""


_ANY_CODE = ""
_COUNTS = ("questions", "settled", "rejected", "errors", "warnings")
_of_entry = itemgetter("file", "sha256", "corrections", "selected", "doubtful", "outputs", *_COUNTS)
_SHAPES = {
    (str, str, corrections, selected, list, list, *(int for _ in _COUNTS))
    for corrections in (str, type(None))
    for selected in (int, type(None))
}
_OF_OUTPUT = ("path", "format", "sha256", "made_from")


class Ledger:
    """The manifest and the index of one folder, asked for one input after the other, sorted by name."""

    def __init__(self, out: str, settings: str, version: str, hosts: AbstractSet[str] = frozenset()) -> None:
        """``settings`` is what outputs depend on besides input, format and version; ``hosts`` are those of
        the URLs that the run names."""
        self._out = out
        self._store = store_of(out)
        self._root = self._store.place(out)
        self._hosts = hosts
        self._settings = settings
        self._version = version
        self._pairs = self._on_disk()
        self._next = next(self._pairs, None)
        self._stamp_of = self._store.stamps(out) if self._next else None
        self._entry: Entry | None = None
        self._known = _nothing("")
        self.is_indexed = True
        """Whether the index told all that was asked last, so that nothing was read."""
        self._new = _Records()
        self._dropped: set[str] = set()
        self._gone: dict[str, dict[str, str]] = {}

    def made_from(self, hashes: Hashes, format_name: str) -> str:
        """The hash of all that an output depends on."""
        parts = (hashes[0], hashes[1] or "", self._settings, format_name, self._version)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]

    def turn_to(self, name: str) -> None:
        """Goes on to an input, past those before it."""
        while self._next and self._next[0]["file"] < name:
            self._pass(*self._next)
            self._next = next(self._pairs, None)
        self._entry, self._known = None, _nothing(name)
        if self._next and self._next[0]["file"] == name:
            self._entry, self._known = self._next
            self._next = next(self._pairs, None)

    def end(self) -> None:
        """Goes past all that are left."""
        while self._next:
            self._pass(*self._next)
            self._next = next(self._pairs, None)

    def unchanged(
        self, stamps: Stamps, hashes: Callable[[], Hashes], outputs: Mapping[str, Sequence[str]]
    ) -> Entry | None:
        """The entry of the input turned to, where nothing that its outputs depend on has changed since they
        were written and all of them are as they were; null otherwise.

        ``hashes`` reads the input, where its stamp does not tell; ``outputs`` are the files that each format
        is to give.
        """
        entry, known = self._entry, self._known
        if entry is None or known.code not in (_ANY_CODE, _code()):
            return None
        now: Hashes = (entry["sha256"], entry["corrections"])
        self.is_indexed = bool(stamps[0]) and list(known.stamps) == list(stamps)
        if not self.is_indexed:
            now = hashes()
        made = {output["path"]: output for output in entry["outputs"]}
        for format_name, paths in outputs.items():
            key = self.made_from(now, format_name)
            for path in paths:
                output = made.get(path)
                if output is None or output["made_from"] != key or not self._is_whole(output, known):
                    return None
        return entry

    def record(self, entry: Entry, place: str, stamps: Stamps, outputs: Mapping[str, str]) -> None:
        """Adds what was made of an input that is at a place; ``outputs`` has the stamps of its files. Inputs
        come sorted by name."""
        place = "" if any("\ud800" <= letter <= "\udfff" for letter in place) else self._from_folder(place)
        self._new.add(orjson.dumps((entry, (entry["file"], _code(), place, stamps, outputs))))

    def prune(self) -> Iterator[tuple[str, bool]]:
        """Removes the outputs of inputs that are gone; tells of each whether it is gone now. One that
        somebody has edited stays. Raises ``OSError``."""
        for name, outputs in self._gone.items():
            for path, sha256 in outputs.items():
                address = join(self._out, path)
                is_ours = not self._store.stamp(address) or _sha256(self._store, address) == sha256
                if is_ours:
                    self._store.remove(address)
                yield path, is_ours
            self._dropped.add(name)

    def save(self) -> None:
        """Writes both files, where anything has changed; what another run has written meanwhile stays, and so
        do files of other formats that were made before. Raises ``IngestError``."""
        if not self._new and not self._dropped:
            return
        try:
            with self._store.locked(self._out):
                # The index in a list of its own, since one file is written after the other.
                index = _Records()
                self._store.write(join(self._out, MANIFEST), self._manifest(index))
                self._store.write(join(self._out, INDEX), iter(index))
        except OSError as error:
            raise IngestError(
                f"cannot write {join(self._out, MANIFEST)}: {error.strerror or error}"
            ) from error

    @property
    def gone(self) -> list[tuple[str, list[str]]]:
        """The inputs of earlier runs that were passed and do not exist any more, each with its outputs."""
        return [(name, list(outputs)) for name, outputs in self._gone.items()]

    def _pass(self, entry: Entry, known: _Known) -> None:
        if self._is_gone(known.place):
            outputs = {each["path"]: each["sha256"] for each in entry["outputs"]}
            self._gone[entry["file"]] = {
                path: sha256 for path, sha256 in outputs.items() if self._is_ours(path)
            }

    def _is_gone(self, place: str) -> bool:
        if host_of(place):
            return host_of(place) in self._hosts and not store_of(place).stamp(place)
        return bool(place) and not store_of(place).stamp(os.path.join(self._root, place))

    def _is_ours(self, path: str) -> bool:
        """Whether a path of the list stays in the folder, also where folders in it are links."""
        folder = self._store.place(join(self._out, path).rpartition("/")[0] or ".")
        return is_below(path) and f"{folder}/".startswith(f"{self._root.rstrip('/')}/")

    def _from_folder(self, place: str) -> str:
        """A place as it is seen from the folder. A folder behind a URL, which is for others too, is told
        nothing of this machine."""
        if not place or host_of(place):
            return place
        folder, _, name = place.rpartition(os.sep)
        return "" if host_of(self._out) else os.path.join(_relative(folder or os.sep, self._root), name)

    def stamp_of(self, path: str) -> str:
        """The stamp of a file of the folder, as it was before the run."""
        return self._stamp_of(path) if self._stamp_of else ""

    def _is_whole(self, output: Mapping[str, Any], known: _Known) -> bool:
        path = output["path"]
        stamp = self.stamp_of(path)
        if not stamp or known.outputs.get(path) == stamp:
            return bool(stamp)
        self.is_indexed = False
        return bool(_sha256(self._store, join(self._out, path)) == output["sha256"])

    def _manifest(self, index: _Records) -> Iterator[bytes]:
        yield MANIFEST_HEAD + b', "version": %s, "files": [' % orjson.dumps(self._version)
        separator = b"\n"
        for entry, known in self._merged():
            yield separator + orjson.dumps(entry)
            separator = b",\n"
            index.add(orjson.dumps(list(known)))
        yield b"\n]}\n"

    def _merged(self) -> Iterator[tuple[Entry, _Known]]:
        """What is on disk and what is new, sorted by name."""
        old = ((entry, known) for entry, known in self._on_disk() if entry["file"] not in self._dropped)
        before = next(old, None)
        for line in self._new:
            entry, index = orjson.loads(line)
            known = _Known(*index)
            while before and before[0]["file"] < entry["file"]:
                yield before
                before = next(old, None)
            if before and before[0]["file"] == entry["file"]:
                entry, known = _joined(entry, known, *before)
                before = next(old, None)
            yield entry, known
        if before:
            yield before
            yield from old

    def _on_disk(self) -> Iterator[tuple[Entry, _Known]]:
        """Each entry of the manifest with what the index has of it."""
        known = self._indexed()
        next_known = next(known, None)
        last = ""
        for line in self._store.lines(join(self._out, MANIFEST)):
            entry = _value(line.rstrip(b",\n"))
            if not _is_entry(entry) or entry["file"] <= last:
                continue
            last = entry["file"]
            while next_known and next_known.name < last:
                next_known = next(known, None)
            yield entry, next_known if next_known and next_known.name == last else _nothing(last)

    def _indexed(self) -> Iterator[_Known]:
        last = ""
        for line in self._store.lines(join(self._out, INDEX)):
            value = _value(line)
            if _is_known(value) and value[0] > last:
                last = value[0]
                yield _Known(*value)


class _Records:
    """Lines in memory; in a file without name, where they are many."""

    def __init__(self) -> None:
        self._lines: list[bytes] = []
        self._file: BinaryIO | None = None

    def __bool__(self) -> bool:
        return bool(self._lines) or self._file is not None

    def add(self, line: bytes) -> None:
        # A copy of its own size: the serializer's has room for more.
        self._lines.append(b"%s\n" % line)
        if len(self._lines) < _IN_MEMORY:
            return
        if self._file is None:
            self._file = nameless_file()
        self._file.seek(0, os.SEEK_END)
        self._file.writelines(self._lines)
        self._lines.clear()

    def __iter__(self) -> Iterator[bytes]:
        if self._file is not None:
            self._file.seek(0)
            yield from self._file
        yield from self._lines


def _joined(entry: Entry, known: _Known, before: Entry, known_before: _Known) -> tuple[Entry, _Known]:
    """The new entry, with the files of other formats that were made before."""
    paths = {output["path"] for output in entry["outputs"]}
    kept = [output for output in before["outputs"] if output["path"] not in paths]
    stamps = {path: known_before.outputs[path] for path in map(_path, kept) if path in known_before.outputs}
    entry = {**entry, "outputs": [*entry["outputs"], *kept]}
    return entry, known._replace(outputs={**known.outputs, **stamps})


def _is_entry(entry: Any) -> bool:
    """Whether a value is a ``ManifestEntry``, as far as it is used."""
    try:
        shape = tuple(map(type, _of_entry(entry)))
    except (KeyError, TypeError):
        return False
    return (
        shape in _SHAPES
        and all(type(each) is dict and _are_texts(map(each.get, _OF_OUTPUT)) for each in entry["outputs"])
        and all(map(_is_doubt, entry["doubtful"]))
    )


def _is_doubt(value: Any) -> bool:
    match value:
        case {"number": int() | None, "findings": [*codes]}:
            return _are_texts(codes)
    return False


def _is_known(value: Any) -> bool:
    match value:
        case [str(), str(), str(), [*stamps], dict() as outputs]:
            return _are_texts((*stamps, *outputs.values()))
    return False


def _are_texts(values: Iterable[Any]) -> bool:
    return {str}.issuperset(map(type, values))


@lru_cache(maxsize=1024)
def _relative(path: str, folder: str) -> str:
    return os.path.relpath(path, folder)


def _path(output: Mapping[str, str]) -> str:
    return output["path"]


def _nothing(name: str) -> _Known:
    return _Known(name, _ANY_CODE, "", ("", ""), {})


def _value(line: bytes) -> Any:
    try:
        return orjson.loads(line)
    except ValueError:
        return None


def _sha256(store: Store, address: str) -> str:
    if not store.is_file(address):
        return ""
    try:
        return hashlib.sha256(store.read(address)).hexdigest()
    except OSError:
        return ""


@cache
def _code() -> str:
    """What tells one state of the program from another of the same version, while somebody works on it."""
    folder = Path(__file__).parent
    if "site-packages" in folder.parts:
        return "installed"
    told = hashlib.sha256()
    for root, folders, files in os.walk(folder):
        folders[:] = [each for each in folders if each != "__pycache__"]
        for name in sorted(files):
            found = os.stat(os.path.join(root, name))
            told.update(f"{name} {found.st_size} {found.st_mtime_ns}\n".encode())
    return told.hexdigest()[:_DIGITS]
