"""What tests of many dumps share: small dumps made from the samples, and the command in its own process."""

from __future__ import annotations

import os
import random
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from conftest import ROOT
from ingest.ledger import INDEX

OLD = 1_600_000_000
_COMMAND = [sys.executable, "-m", "ingest", "convert"]


def make_dumps(folder: Path, number: int) -> None:
    """Small dumps in nested folders; as if nobody had changed them lately."""
    questions = [
        question
        for path in sorted((ROOT / "raw").glob("*.txt"))
        for question in re.split(r"(?m)^(?=Pregunta \d+)", path.read_text(encoding="utf-8"))[1:]
    ]
    chance = random.Random(number)
    for at in range(number):
        path = folder / f"set{at % 3}" / f"part{at % 5}" / f"exam{at:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(chance.sample(questions, chance.randint(1, 4))), encoding="utf-8")
        os.utime(path, (OLD, OLD))


def files(out: Path) -> dict[str, bytes]:
    """Every file below a folder but hidden ones."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def unlike(out: Path, expected: dict[str, bytes]) -> list[str]:
    """The files that differ from what is expected, that are missing and that are too many."""
    found = files(out)
    return sorted(name for name in found.keys() | expected.keys() if found.get(name) != expected.get(name))


def left_half_written(out: Path) -> list[str]:
    return [path.name for path in out.rglob(".*") if path.name != INDEX]


def run(*arguments: object, cwd: Path, **named: Any) -> subprocess.CompletedProcess[str]:
    """The command, to its end; processes that it leaves are ended with it."""
    with started(*arguments, cwd=cwd, **named) as process:
        code = process.wait(120)
    return subprocess.CompletedProcess(process.args, code, stderr=told(cwd))


@contextmanager
def started(*arguments: object, cwd: Path, code: str = "", **named: Any) -> Iterator[subprocess.Popen[str]]:
    """The command, started in a session of its own, or with some code before it."""
    command = [sys.executable, "-c", code, "convert"] if code else _COMMAND
    # A file, since a process that is left would keep a pipe open.
    with (cwd / "stderr").open("w", encoding="utf-8") as stderr:
        process = subprocess.Popen(
            [*command, *(str(each) for each in arguments)],
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            text=True,
            start_new_session=True,
            **named,
        )
    try:
        yield process
    finally:
        end(process)


def told(cwd: Path) -> str:
    return (cwd / "stderr").read_text(encoding="utf-8")


def end(process: subprocess.Popen[str]) -> None:
    """Ends a process and all that it has started."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def needs(*modules: str) -> None:
    """Skips the tests of a file without these packages."""
    for module in modules:
        pytest.importorskip(module)
