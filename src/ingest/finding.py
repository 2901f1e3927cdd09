"""Which files a run reads: those that arguments name, and those below folders."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import lru_cache
from glob import has_magic
from pathlib import Path, PurePath
from typing import NamedTuple

from ingest.errors import IngestError
from ingest.stores import Found, Store, absolute, is_url, join, split_suffix, store_of

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

    @property
    def path(self) -> Path:
        """Its path, where it is a file of this machine."""
        return Path(self.address)


class Search(NamedTuple):
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

    Raises ``IngestError`` where a place cannot be reached at all.
    """
    search = search or Search()
    inputs: list[Input] = []
    errors: list[str] = []
    given = tuple(dict.fromkeys(arguments))
    for argument in given:
        try:
            named, wrong = _named(argument, search)
        except OSError as error:
            raise _unreachable(argument, error) from error
        inputs += named
        errors += wrong
    if len(given) > 1:
        return each_once(inputs), errors
    inputs.sort(key=lambda entry: entry.name)
    return inputs, errors


def listed_inputs(text: str) -> tuple[list[Input], list[str]]:
    """The inputs that a list names, one a line, or divided by NUL; and the errors.

    Blank lines and those that begin with ``#`` are passed over. The outputs of ``exams/one.txt`` are in
    ``exams/`` too; those of absolute paths, and of paths that lead out of the working folder, are not in
    folders.

    Raises ``IngestError`` where a place cannot be reached at all.
    """
    inputs: list[Input] = []
    errors = []
    lines = text.split("\0") if "\0" in text else text.splitlines()
    for line in (line.strip() for line in lines):
        if not line or line.startswith("#"):
            continue
        try:
            found = store_of(line).file(line)
        except OSError as error:
            raise _unreachable(line, error) from error
        if found:
            path = Path(line)
            is_below = not (is_url(line) or path.is_absolute() or ".." in path.parts)
            name = path.as_posix() if is_below else found.below
            inputs.append(_input(found._replace(below=name)))
        else:
            errors.append(f"no such file: {line}")
    return each_once(inputs), errors


def each_once(inputs: Iterable[Input]) -> list[Input]:
    """Inputs that several arguments may have named, each once, sorted by name; under its shortest name,
    whatever the order of the arguments."""
    places: dict[str, Input] = {}
    for entry in inputs:
        other = places.get(place := place_of(entry), entry)
        places[place] = min(entry, other, key=lambda each: (len(each.name), each.name))
    return sorted(places.values(), key=lambda entry: entry.name)


def place_of(entry: Input) -> str:
    """One name for one file, however it is named; for standard input none."""
    if entry.data is not None:
        return ""
    folder, name = os.path.split(entry.address)
    # The working folder may change between runs.
    is_whole = folder.startswith(os.sep) or is_url(folder)
    from_here = "" if is_whole else os.getcwd()  # noqa: PTH109 - asked for each of ten thousand files
    return join(_place_of_folder(folder, from_here), name)


@lru_cache(maxsize=1024)
def _place_of_folder(folder: str, _working_folder: str) -> str:
    return store_of(folder).place(absolute(folder))


def is_below(path: str) -> bool:
    """Whether a path stays in the folder that it is below.

    >>> is_below("a/x.json"), is_below("../x.json"), is_below("/x.json")
    (True, False, False)
    """
    if ".." not in path and ":" not in path and not path.startswith(("/", "\\")):
        return True  # most are: ten thousand need not be taken apart
    return not PurePath(path).anchor and ".." not in PurePath(path).parts


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


def _named(argument: str, search: Search) -> tuple[list[Input], list[str]]:
    """What one argument names; and the errors."""
    store = store_of(argument)
    inputs: list[Input] = []
    errors: list[str] = []

    def tell(error: OSError) -> None:
        errors.append(f"cannot read {error.filename}: {error.strerror or error}")

    for found in _expand(argument, store, search, tell):
        if found.leads_out:
            errors.append(
                f"{found.address} is a link that leads out of {argument}: name it itself to read it"
            )
        elif not is_below(found.below):
            errors.append(f"{found.address} has a name that leads out of {argument}")
        elif _is_manifest(store, found):
            errors.append(f"{found.address} is the list of outputs, and holds no questions")
        else:
            inputs.append(_input(found))
    if not inputs and not errors:
        errors.append(_nothing_found(argument, store))
    return inputs, errors


def _unreachable(address: str, error: OSError) -> IngestError:
    return IngestError(f"cannot read {address}: {error.strerror or error}")


def _expand(argument: str, store: Store, search: Search, tell: Callable[[OSError], None]) -> Iterator[Found]:
    if store.is_folder(argument):
        out = _below(search.out, argument)
        for found in store.walk(argument, tell):
            if not (out and found.below.startswith(out)) and _is_meant(found, store, search):
                yield found
    elif one := store.file(argument):
        yield one
    elif has_magic(argument):
        for found in store.matching(argument):
            if not _is_manifest(store, found):
                yield found


def _below(out: str | None, folder: str) -> str | None:
    """The output folder below another one, with a slash; null where it is not there."""
    if out is None:
        return None
    above = f"{store_of(folder).place(folder).rstrip('/')}/"
    place = store_of(out).place(out)
    return f"{place.removeprefix(above)}/" if place.startswith(above) else None


def _input(found: Found) -> Input:
    return Input(found.address, _plain(found.below), None, found.size, found.stamp)


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
    suffix = split_suffix(found.below)[1].lower()
    if suffix in _OTHER_SUFFIXES:
        from ingest.converted.text import FileText
        from ingest.readers import is_known

        return is_known(FileText(store.head(found.address, _SAMPLE)).text)
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
    pattern = join(argument, f"**/*{split_suffix(converted.below)[1]}")
    return f'no dumps in {argument}; name its converted files by a pattern: "{pattern}"'


def _plain(name: str) -> str:
    """A name that can be written: letters that are no text are replaced."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
