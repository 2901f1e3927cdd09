"""A person's own settings: ``ingest.toml``, or ``[tool.ingest]`` in pyproject.toml; the nearest file in a
folder or above it counts.

    [validate]            which findings count: select, extend-select, ignore, severity, strict
    [validate.per-file-ignores]   pattern = codes to ignore there
    [topics]              the topics that questions may have, each with its other names
    [labels.NAME]         words of a page, in the sections of the package's locale files
    [limits]              how much one input may hold (``ingest.model.limits``), in numbers or as "128 MiB"

An unknown key or a value of the wrong kind is an error that names the file and the key.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ingest.choice import Choice, selectors
from ingest.errors import IngestError, unknown
from ingest.files import load
from ingest.model.diagnostic import Severity
from ingest.model.limits import SETTINGS, Limits

if TYPE_CHECKING:
    from ingest.locales import Locale

# "[tool.ingest", or the table "tool" written as a whole.
_MAY_HAVE_SETTINGS = re.compile(rb"^[^#\n=]*\btool\b\W*(?:ingest\b|\]|=)", re.MULTILINE)
_TABLES = ("labels", "limits", "topics", "validate")
_SIZE = re.compile(r"([0-9][0-9_]{0,15}) ?([kmg]?)i?b?", re.IGNORECASE)
_VALIDATE = ("select", "extend-select", "ignore", "severity", "strict", "per-file-ignores")


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for the files of one folder."""

    labels: tuple[Locale, ...] = ()
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    choice: Choice = field(default_factory=Choice)
    limits: Limits = field(default_factory=Limits)


@cache
def load_settings(folder: Path) -> Settings:
    """The settings that hold for a folder. Raises ``IngestError`` that names the file and what is wrong in
    it."""
    found = _nearest(folder.absolute())
    if found is None:
        return Settings()
    path, table = found
    try:
        _known("key", table, _TABLES)
        return Settings(
            labels=tuple(_locale(name, value) for name, value in sorted(_table(table, "labels").items())),
            topics={
                topic: _texts(f"topics.{topic}", names) for topic, names in _table(table, "topics").items()
            },
            limits=with_limits(Limits(), _table(table, "limits")),
            choice=replace(_choice(_table(table, "validate")), folder=path.parent),
        )
    except (IngestError, ValueError) as error:
        raise IngestError(f"{os.path.relpath(path)}: {error}") from error


def with_limits(limits: Limits, values: Mapping[str, Any]) -> Limits:
    """The limits with some of them changed, by the names of their settings. Raises ``IngestError``.

    >>> with_limits(Limits(), {"input-size": "2 MiB", "options": 30}).input_size
    2097152
    """
    _known("limit", dict(values), tuple(SETTINGS))
    return replace(limits, **{SETTINGS[name]: _size(name, value) for name, value in values.items()})


def _size(name: str, value: Any) -> int:
    match = _SIZE.fullmatch(str(value).strip())
    if match is None or isinstance(value, bool) or not int(match[1]):
        raise IngestError(f"limits.{name} is a number above 0, or a size such as 128 MiB: {value!r}")
    return int(match[1]) << 10 * " kmg".index(match[2].lower() or " ")


def load_label_file(path: Path) -> Locale:
    """A label table in a file of its own, named after the file. Raises ``IngestError``."""
    try:
        return _locale(path.stem, _parse(path))
    except ValueError as error:
        raise IngestError(f"{path}: {error}") from error


def _choice(table: dict[str, Any]) -> Choice:
    _known("key", table, _VALIDATE, "validate.")
    strict = table.get("strict", False)
    if not isinstance(strict, bool):
        raise IngestError("validate.strict is true or false")
    severity = table.get("severity", Severity.WARNING.value)
    if severity not in list(Severity):
        raise IngestError(f"validate.severity: {unknown('severity', str(severity), list(Severity))}")
    return Choice(
        select=_selectors("validate.select", table["select"]) if "select" in table else ("",),
        extend_select=_selectors("validate.extend-select", table.get("extend-select", [])),
        ignore=_selectors("validate.ignore", table.get("ignore", [])),
        per_file_ignores=tuple(
            (pattern, _selectors(f"validate.per-file-ignores.{pattern}", codes))
            for pattern, codes in _table(table, "per-file-ignores", "validate.").items()
        ),
        severity=Severity(severity),
        strict=strict,
    )


def _selectors(name: str, value: Any) -> tuple[str, ...]:
    texts = _texts(name, value)
    try:
        return selectors(texts)
    except IngestError as error:
        raise IngestError(f"{name}: {error}") from error


def _texts(name: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise IngestError(f"{name} is a list of texts")
    return tuple(value)


def _table(table: dict[str, Any], name: str, above: str = "") -> dict[str, Any]:
    value = table.get(name, {})
    if not isinstance(value, dict):
        raise IngestError(f"{above}{name} is a table: [{above}{name}]")
    return value


def _known(what: str, table: dict[str, Any], names: tuple[str, ...], above: str = "") -> None:
    for name in table:
        if name not in names:
            raise IngestError(unknown(what, f"{above}{name}", [f"{above}{each}" for each in names]))


def _nearest(folder: Path) -> tuple[Path, dict[str, Any]] | None:
    for place in (folder, *folder.parents):
        own = place / "ingest.toml"
        if own.is_file():
            return own, _parse(own)
        project = place / "pyproject.toml"
        # Most projects have no such table, which is seen without reading the file as TOML.
        if project.is_file() and _MAY_HAVE_SETTINGS.search(load(project)):
            tools = _parse(project).get("tool")
            if isinstance(tools, dict) and "ingest" in tools:
                if not isinstance(tools["ingest"], dict):
                    raise IngestError(f"{os.path.relpath(project)}: tool.ingest is a table of settings")
                return project, tools["ingest"]
    return None


def _parse(path: Path) -> dict[str, Any]:
    from ingest.parts.toml_text import parse_toml  # most folders have no settings

    shown = os.path.relpath(path)
    try:
        return parse_toml(load(path).decode("utf-8"), shown)
    except UnicodeDecodeError as error:
        raise IngestError(f"{shown}: {error}") from error


def _locale(name: str, table: Any) -> Locale:
    from ingest.locales import parse_table  # few have labels of their own

    return parse_table(name, table if isinstance(table, dict) else {"labels": table}, is_whole=False)
