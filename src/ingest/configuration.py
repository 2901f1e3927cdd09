"""A person's own settings: ``ingest.toml``, or ``[tool.ingest]`` in pyproject.toml; the nearest file in
the working folder or above it counts.

Now it holds labels of the page: a table ``labels.NAME`` has the same sections as the package's locale
files, with only the words that are needed.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from ingest.errors import IngestError
from ingest.files import load
from ingest.locales import Locale, parse_table


def load_own_labels(folder: Path) -> tuple[Locale, ...]:
    """The label tables of the settings that hold for a folder. Raises ``IngestError`` that names the file
    and what is wrong in it."""
    found = _nearest(folder.absolute())
    if found is None:
        return ()
    path, table = found
    tables = table.get("labels", {})
    if not isinstance(tables, dict):
        raise IngestError(f"{path}: labels is a table of tables: [labels.NAME]")
    return tuple(_locale(name, value, path) for name, value in sorted(tables.items()))


def load_label_file(path: Path) -> Locale:
    """A label table in a file of its own, named after the file. Raises ``IngestError``."""
    return _locale(path.stem, _parse(path), path)


def _nearest(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    for place in (folder, *folder.parents):
        own = place / "ingest.toml"
        if own.is_file():
            return own, _parse(own)
        project = place / "pyproject.toml"
        # Most projects have no such table, which is seen without reading the file as TOML.
        if project.is_file() and b"tool.ingest" in load(project):
            table = _parse(project).get("tool", {}).get("ingest")
            if isinstance(table, dict):
                return project, table
    return None


def _parse(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(load(path).decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise IngestError(f"{path}: {error}") from error


def _locale(name: str, table: Any, path: Path) -> Locale:
    try:
        return parse_table(name, table if isinstance(table, dict) else {"labels": table}, is_whole=False)
    except ValueError as error:
        raise IngestError(f"{path}: {error}") from error
