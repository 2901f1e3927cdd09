"""The tools that ingest is measured beside, one a file, found by looking into this folder.

A file's docstring says, for the report, what the tool does with its questions and what it does not. It has

- ``REQUIREMENTS``: the packages of its environment, the tool itself first, each in one version;
- ``FORM``: what it reads and what it writes, as in ``GIFT → JSON``;
- ``MOST``: how many questions it is asked for at most; null for any number;
- ``write(questions, folder)``: writes the questions in its own form of input;
- ``command(binaries)``: the command that reads them in the working folder and writes its output there;
- ``count(folder)``: how many questions its output holds, so that nothing is measured that was not done.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest


@dataclass(frozen=True)
class Competitor:
    """One tool."""

    name: str
    """Of its file, and of its folder of inputs."""
    title: str
    """Name and version."""
    manual: str
    requirements: tuple[str, ...]
    form: str
    most: int | None
    write: Callable[[Sequence[ingest.Question], Path], None]
    command: Callable[[Path], Sequence[str | Path]]
    count: Callable[[Path], int]

    def bears(self, questions: int) -> bool:
        return self.most is None or questions <= self.most


def competitors() -> list[Competitor]:
    return [competitor(entry.name) for entry in pkgutil.iter_modules(__path__)]


def competitor(name: str) -> Competitor:
    module = import_module(f"{__name__}.{name}")
    return Competitor(
        name=name,
        title=module.REQUIREMENTS[0].replace("==", " "),
        manual=" ".join((module.__doc__ or "").split()),
        requirements=module.REQUIREMENTS,
        form=module.FORM,
        most=module.MOST,
        write=module.write,
        command=module.command,
        count=module.count,
    )
