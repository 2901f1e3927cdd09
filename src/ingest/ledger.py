"""What is known of an output folder: ``manifest.json``, the list of what was made from what, and beside it
the hidden index, by which most files need not be read again to see that they have not changed.

The manifest holds hashes and is the same wherever the same is done. The index holds paths and stamps of this
machine; without it everything is compared by its hash.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import orjson

from ingest.errors import IngestError
from ingest.finding import MANIFEST, MANIFEST_HEAD
from ingest.model.manifest import ManifestEntry
from ingest.stores import Store, join, store_of

INDEX = ".ingest-index"
_DIGITS = 16

Entry = dict[str, Any]
"""A ``ManifestEntry`` as JSON has it."""
Hashes = tuple[str, str | None]
"""The SHA-256 of an input, and that of its corrections where there are some."""
Stamps = tuple[str, str]
"""The stamps of an input and of its corrections."""


class _Known(NamedTuple):
    """What the index has of one input."""

    code: str
    """The program that made its outputs."""
    place: str
    """Where it is."""
    stamps: Sequence[str]
    outputs: Mapping[str, str]
    """The stamps of its outputs, by their paths."""


_NOTHING = _Known("", "", ("", ""), {})
_FIELDS = frozenset(each.name for each in fields(ManifestEntry))


class Ledger:
    """The manifest and the index of one folder. One that is damaged counts as missing."""

    def __init__(self, out: str, settings: str, version: str) -> None:
        """``settings`` is what outputs depend on besides input, format and version."""
        self._out = out
        self._store = store_of(out)
        self._settings = settings
        self._version = version
        self._stamp = ""
        self._entries: dict[str, Entry] = {}
        self._index: dict[str, Sequence[Any]] = {}
        self._load()
        self._stamp_of = self._store.stamps(out) if self._entries else None
        self._new: dict[str, tuple[bytes, bytes]] = {}
        self._dropped: set[str] = set()

    def made_from(self, hashes: Hashes, format_name: str) -> str:
        """The hash of all that an output depends on."""
        parts = (hashes[0], hashes[1] or "", self._settings, format_name, self._version)
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_DIGITS]

    def unchanged(
        self, name: str, stamps: Stamps, hashes: Callable[[], Hashes], outputs: Mapping[str, Sequence[str]]
    ) -> Entry | None:
        """The entry of an input, where nothing that its outputs depend on has changed since they were written
        and all of them are as they were; null otherwise.

        ``hashes`` reads the input, where its stamp does not tell; ``outputs`` are the files that each format
        is to give.
        """
        entry = self._entries.get(name)
        known = self._known(name)
        if entry is None or known.code not in ("", _code()):
            return None
        now: Hashes = (entry["sha256"], entry["corrections"])
        if not stamps[0] or list(known.stamps) != list(stamps):
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
        """Adds what was made of an input that is at a place; ``outputs`` has the stamps of its files. Files
        of other formats, made before, stay listed."""
        name = entry["file"]
        paths = {output["path"] for output in entry["outputs"]}
        known = self._known(name)
        before = [
            each for each in self._entries.get(name, {"outputs": ()})["outputs"] if each["path"] not in paths
        ]
        stamps_before = {each["path"]: known.outputs.get(each["path"], "") for each in before}
        whole = {**entry, "outputs": [*entry["outputs"], *before]}
        place = "" if any("\ud800" <= letter <= "\udfff" for letter in place) else place
        index = (_code(), place, stamps, {**outputs, **stamps_before})
        self._new[name] = (orjson.dumps(whole), orjson.dumps(index))

    def gone(self, names: Iterable[str]) -> list[tuple[str, list[str]]]:
        """The inputs that are not among these and do not exist any more, each with its outputs."""
        others = sorted(self._entries.keys() - set(names))
        return [
            (name, [output["path"] for output in self._entries[name]["outputs"]])
            for name in others
            if (place := self._known(name).place) and not store_of(place).stamp(place)
        ]

    def prune(self, name: str) -> list[tuple[str, bool]]:
        """Removes the outputs of an input; tells of each whether it is gone now. One that somebody has edited
        stays. Raises ``OSError``."""
        told = []
        for output in self._entries[name]["outputs"]:
            address = join(self._out, output["path"])
            if ".." in output["path"].split("/"):  # no run writes such a path
                continue
            is_ours = not self._store.stamp(address) or _sha256(self._store, address) == output["sha256"]
            if is_ours:
                self._store.remove(address)
            told.append((output["path"], is_ours))
        self._dropped.add(name)
        return told

    def save(self) -> None:
        """Writes both files, where anything has changed; what another run has written meanwhile stays. Raises
        ``IngestError``."""
        if not self._new and not self._dropped:
            return
        try:
            with self._store.locked(self._out):
                if self._store.stamp(join(self._out, MANIFEST)) != self._stamp:
                    self._load()
                names = sorted((self._entries.keys() - self._dropped) | self._new.keys())
                _, self._stamp = self._store.write(join(self._out, MANIFEST), self._manifest(names))
                self._store.write(join(self._out, INDEX), self._index_of(names))
        except OSError as error:
            raise IngestError(
                f"cannot write {join(self._out, MANIFEST)}: {error.strerror or error}"
            ) from error

    def _load(self) -> None:
        address = join(self._out, MANIFEST)
        self._stamp = self._store.stamp(address)
        manifest = _object(self._store, address) if self._stamp else {}
        index = _object(self._store, join(self._out, INDEX)) if self._stamp else {}
        self._entries = {each["file"]: each for each in manifest.get("files", ()) if _is_entry(each)}
        self._index = {
            name: each for name, each in index.get("files", {}).items() if len(each) == len(_NOTHING)
        }

    def _known(self, name: str) -> _Known:
        return _Known(*self._index[name]) if name in self._index else _NOTHING

    def _is_whole(self, output: Mapping[str, Any], known: _Known) -> bool:
        path = output["path"]
        stamp = self._stamp_of(path) if self._stamp_of else ""
        if not stamp or known.outputs.get(path) == stamp:
            return bool(stamp)
        return bool(_sha256(self._store, join(self._out, path)) == output["sha256"])

    def _manifest(self, names: Sequence[str]) -> Iterator[bytes]:
        yield MANIFEST_HEAD + b', "version": %s, "files": [' % orjson.dumps(self._version)
        for at, name in enumerate(names):
            yield b",\n" if at else b"\n"
            yield self._new[name][0] if name in self._new else orjson.dumps(self._entries[name])
        yield b"\n]}\n"

    def _index_of(self, names: Sequence[str]) -> Iterator[bytes]:
        yield b'{"files": {'
        for at, name in enumerate(names):
            yield b",\n" if at else b"\n"
            known = self._new[name][1] if name in self._new else orjson.dumps(list(self._known(name)))
            yield orjson.dumps(name) + b": " + known
        yield b"\n}}\n"


def _is_entry(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() >= _FIELDS


def _object(store: Store, address: str) -> dict[str, Any]:
    try:
        value = orjson.loads(store.read(address))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}


def _sha256(store: Store, address: str) -> str:
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
