"""What is measured, one section of the report a file: ``measure(plan)`` gives a ``Section``.

The order stands in ``bench.py``.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from asked import Answer
from chart import Curves, Panel


@dataclass(frozen=True)
class Plan:
    """What was asked for."""

    dump: Path
    runs: int = 7
    sizes: tuple[int, ...] = (65, 3250, 65000)
    """Questions in the field."""
    questions: int = 3250
    """Questions for writers."""
    formats: tuple[str, ...] = ()
    """Formats for writers, besides json; all where there are none."""
    stages: tuple[int, ...] = (65, 3250)
    """Questions for stages."""
    files: tuple[int, ...] = (100, 1000, 10000)
    """Small files in a batch."""
    validate: int = 65000
    """Questions to validate."""
    merge: tuple[int, ...] = (250, 500, 1000)
    """Sets to merge."""
    alone: bool = False
    """Without the other tools: their environments need a network."""
    plain: Path | None = None
    """The command of an environment where nothing is compiled."""

    def runs_of(self, questions: int) -> int:
        """Large sizes are steadier, and take long."""
        return self.runs if questions < 10_000 else min(self.runs, 3)


@dataclass(frozen=True)
class Table:
    """A table of the report."""

    header: Sequence[str]
    rows: Sequence[Sequence[str]]


@dataclass(frozen=True)
class Section:
    """A part of the report: paragraphs and tables, in order."""

    title: str
    parts: Sequence[str | Table]
    not_measured: Sequence[str] = ()
    """What could not be measured, and why."""
    panels: Sequence[Panel | Curves] = ()
    answers: Sequence[Answer] = ()
    """What it has to say of what was asked."""


def ingest_command() -> Path:
    """The command of this environment."""
    return Path(sys.executable).with_name("ingest")


def is_compiled() -> bool:
    """Whether the stages of this environment's ingest are compiled."""
    found = find_spec("ingest.stages.lex")
    return found is not None and not (found.origin or "").endswith(".py")


def count_converted(folder: Path) -> int:
    """How many questions `ingest convert` wrote into the folder ``out``."""
    return sum(file["questions"] for file in manifest_of(folder)["files"])


def manifest_of(folder: Path) -> Any:
    """What `ingest convert` says of its files in the folder ``out``."""
    return json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for inputs and outputs."""
    with TemporaryDirectory(prefix="bench-") as name:
        yield Path(name)


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
