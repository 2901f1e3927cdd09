"""Many inputs to findings: each validated, and compared with the others."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path

from ingest.errors import IngestError
from ingest.files import content_of
from ingest.finding import Input, Search, find_inputs
from ingest.model.checked import Checked
from ingest.validation import Checking, CheckSettings, check_file, compare


def validate(paths: Iterable[str | os.PathLike[str]], settings: CheckSettings | None = None) -> list[Checked]:
    """Validates dumps and converted files, folders of them and patterns; also compares them with each other.

    One entry for each file, sorted by name; one that cannot be read has its ``error``. Settings files are
    read by the command only.
    """
    inputs, errors = find_inputs((os.fspath(path) for path in paths), Search(converted=True))
    done = validate_each(inputs, [settings or CheckSettings()] * len(inputs))
    return [*done, *(Checked("", 0, (), lambda _: "", error) for error in errors)]


def validate_each(inputs: Sequence[Input], settings: Sequence[CheckSettings]) -> list[Checked]:
    """The same for inputs already found, each with its settings."""
    done: list[Checking | Checked] = []
    for entry, own in zip(inputs, settings, strict=True):
        shown = _shown(entry)
        try:
            data, corrections, _ = content_of(entry, own.reading.limits)
            done.append(check_file(data, shown, own, corrections))
        except IngestError as error:
            done.append(Checked(shown, 0, (), lambda _: "", str(error)))
    compare([each for each in done if isinstance(each, Checking)])
    return [each.checked() if isinstance(each, Checking) else each for each in done]


def _shown(entry: Input) -> str:
    """The path of an input from the working folder, where it is below it: what code hosts know it by."""
    if entry.data is not None:
        return entry.name
    path = entry.path
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
