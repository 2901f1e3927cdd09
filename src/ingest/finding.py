"""Which files a run reads: those that arguments name, and those below folders."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from glob import has_magic
from pathlib import Path

from ingest.stores import Found, Store, is_url, join, store_of

MANIFEST = "manifest.json"
MANIFEST_HEAD = b'{"kind": "manifest"'
_DUMP_SUFFIXES = {".txt", ".text", ".md", ".markdown", ".html", ".htm"}
# Files of these kinds are mostly something else: what they hold decides.
_OTHER_SUFFIXES = {".csv", ".json"}
_SAMPLE = 65_536


@dataclass(frozen=True, slots=True)
class Input:
    """One file to read."""

    address: str
    """Its path or URL."""
    name: str
    """The path below the folder or pattern that named it; records and outputs are named by it."""
    data: bytes | None = None
    """Its content where that is no file: standard input."""
    size: int = 0
    stamp: str = ""
    """What tells whether it may have changed since; empty where nothing does."""
    place: str = ""
    """One name for one file, however it is named; empty for standard input."""

    @property
    def path(self) -> Path:
        """Its path, where it is a file of this machine."""
        return Path(self.address)


@dataclass(frozen=True, slots=True)
class Search:
    """What is looked for in folders."""

    include: tuple[str, ...] = ()
    """Only files that fit one of these patterns, of whatever kind they are."""
    exclude: tuple[str, ...] = ()
    """No file that fits one of these."""
    converted: bool = False
    """Converted files as well as dumps."""
    out: str | None = None
    """A folder that is passed over, since outputs are written there."""


def find_inputs(arguments: Iterable[str], search: Search | None = None) -> tuple[list[Input], list[str]]:
    """The inputs that files, folders and patterns name, each once, sorted by name; and the errors.

    A folder gives its text files and saved pages at any depth, and tables and JSON files that hold questions
    as the site has them. Their names begin below the folder. Patterns to include and exclude are for what is
    in folders: for the path below it, for a name, or for a folder's name.
    """
    search = search or Search()
    places: dict[str, Input] = {}
    errors = []
    for argument in arguments:
        store = store_of(argument)
        is_any = False
        for place, found in _expand(argument, store, search):
            is_any = True
            entry = Input(found.address, _plain(found.below), None, found.size, found.stamp, place)
            # The shortest name, whatever the order of the arguments.
            other = places.get(place, entry)
            places[place] = min(entry, other, key=lambda each: (len(each.name), each.name))
            if _is_manifest(store, found):
                del places[place]
                errors.append(f"{found.address} is the list of outputs, and holds no questions")
        if not is_any:
            errors.append(_nothing_found(argument, store))
    return sorted(places.values(), key=lambda entry: entry.name), errors


def listed_inputs(text: str) -> tuple[list[Input], list[str]]:
    """The inputs that a list names, one a line, or divided by NUL; and the errors.

    Blank lines and those that begin with ``#`` are passed over. The outputs of ``exams/one.txt`` are in
    ``exams/`` too; those of absolute paths, and of paths that lead out of the working folder, are not in
    folders.
    """
    inputs: dict[str, Input] = {}
    errors = []
    lines = text.split("\0") if "\0" in text else text.splitlines()
    for line in (line.strip() for line in lines):
        if not line or line.startswith("#"):
            continue
        store = store_of(line)
        if found := store.file(line):
            path = Path(line)
            is_below = not (is_url(line) or path.is_absolute() or ".." in path.parts)
            name = _plain(path.as_posix() if is_below else found.below)
            place = store.place(line)
            inputs.setdefault(place, Input(line, name, None, found.size, found.stamp, place))
        else:
            errors.append(f"no such file: {line}")
    return sorted(inputs.values(), key=lambda entry: entry.name), errors


def passed_over(arguments: Iterable[str], inputs: Sequence[Input]) -> list[str]:
    """The files of folders that have the name of a converted file and are none, as far as is seen: so that
    nobody takes them for validated."""
    from ingest.converted import form_named

    taken = {entry.path for entry in inputs}
    return sorted(
        path.as_posix()
        for argument in arguments
        if os.path.isdir(argument)  # noqa: PTH112 - never raises
        for path in Path(argument).rglob("*")
        if path not in taken and path.is_file() and form_named(path.name)
    )


def _expand(argument: str, store: Store, search: Search) -> Iterator[tuple[str, Found]]:
    """Each file with the one name for it."""
    if store.is_folder(argument):
        root = store.place(argument)
        out = search.out and store.place(search.out)
        for found in store.walk(argument):
            place = join(root, found.below)
            if not (out and place.startswith(f"{out}/") and out != root) and _is_meant(found, store, search):
                yield place, found
    elif one := store.file(argument):
        yield store.place(argument), one
    elif has_magic(argument):
        for found in store.matching(argument):
            if not _is_manifest(store, found):
                yield store.place(found.address), found


def _is_meant(found: Found, store: Store, search: Search) -> bool:
    if any(_fits(found.below, pattern) for pattern in search.exclude):
        return False
    if search.include:
        return any(_fits(found.below, pattern) for pattern in search.include)
    return _is_dump(found, store) or (search.converted and _is_converted(found, store))


def _fits(below: str, pattern: str) -> bool:
    """Whether a pattern is for a path, one of its folders or its name."""
    pattern = pattern.removeprefix("./").rstrip("/")
    return (
        fnmatch(below, pattern)
        or any(fnmatch(part, pattern) for part in below.split("/"))
        or (fnmatch(below, f"{pattern}/*"))
    )


def _is_dump(found: Found, store: Store) -> bool:
    suffix = os.path.splitext(found.below)[1].lower()  # noqa: PTH122 - ten thousand paths need not be objects
    if suffix in _OTHER_SUFFIXES:
        from ingest.readers import is_known

        return is_known(store.head(found.address, _SAMPLE).decode("utf-8", errors="replace"))
    return suffix in _DUMP_SUFFIXES


def _is_converted(found: Found, store: Store) -> bool:
    from ingest.converted import form_named, looks_converted

    return form_named(found.below) is not None and looks_converted(store.head(found.address, _SAMPLE))


def _is_manifest(store: Store, found: Found) -> bool:
    return found.below.endswith(MANIFEST) and store.head(found.address, 64).startswith(MANIFEST_HEAD)


def _nothing_found(argument: str, store: Store) -> str:
    if not store.is_folder(argument):
        return f"no such file: {argument or 'the empty name'}"
    converted = next((found for found in store.walk(argument) if _is_converted(found, store)), None)
    if converted is None:
        return f"no dumps in {argument}"
    suffix = os.path.splitext(converted.below)[1]  # noqa: PTH122 - the same
    pattern = join(argument, f"**/*{suffix}")
    return f'no dumps in {argument}; name its converted files by a pattern: "{pattern}"'


def _plain(name: str) -> str:
    """A name that can be written: letters that are no text are replaced."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
