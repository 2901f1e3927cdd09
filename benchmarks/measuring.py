"""Whole processes, measured in turn with the operating system's own accounting.

Programs are run A, B, A, B, … so that whatever else the machine does meets them alike; ratios are taken
between neighbours. Each program has a folder of its own, in which it runs and which is its home: what it
leaves there is its output, and is removed before the next run.
"""

from __future__ import annotations

import os
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_SCALE = 1 if sys.platform == "darwin" else 1024
# The run that is not counted leaves bytecode behind, as installing does. No cache outside the folder is used.
_ENVIRONMENT = {
    key: value
    for key, value in os.environ.items()
    if key != "PYTHONDONTWRITEBYTECODE" and not key.startswith("XDG_")
}


@dataclass(frozen=True)
class Program:
    """One process to measure."""

    name: str
    command: Sequence[str | Path]
    folder: Path
    """Holds its input, if it has one of its own, and nothing else."""
    questions: int = 0
    count: Callable[[Path], int] | None = None
    """How many questions its output in the folder holds."""


@dataclass(frozen=True)
class Run:
    """What one process took and left."""

    cpu_s: float
    wall_s: float
    peak_mib: float
    output_mb: float


def measure_in_turn(programs: Sequence[Program], runs: int) -> dict[str, list[Run]]:
    """The counted runs of each program, by its name. One run before them is not counted."""
    inputs = {program.name: _files(program.folder) for program in programs}
    results: dict[str, list[Run]] = {program.name: [] for program in programs}
    for number in range(runs + 1):
        for program in programs:
            run = _measure(program, inputs[program.name])
            if number:
                results[program.name].append(run)
            else:
                _check(program)
            _clear(program.folder, inputs[program.name])
    return results


def _check(program: Program) -> None:
    """Nothing is measured that was not done."""
    if program.count and (found := apart(program.count, program.folder)) != program.questions:
        raise SystemExit(f"{program.name}: {found} of {program.questions} questions came out")


def _measure(program: Program, inputs: frozenset[Path]) -> Run:
    environment = {**_ENVIRONMENT, "HOME": str(program.folder)}
    with (program.folder.parent / "errors.txt").open("wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            program.command, stdout=subprocess.DEVNULL, stderr=errors, cwd=program.folder, env=environment
        )
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = Path(errors.name).read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{program.name}: exit status {process.returncode}\n{said}")
    written = sum(path.stat().st_size for path in _files(program.folder) - inputs)
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * _SCALE / 2**20, written / 1e6)


def _files(folder: Path) -> frozenset[Path]:
    return frozenset(path for path in folder.rglob("*") if path.is_file())


def _clear(folder: Path, inputs: frozenset[Path]) -> None:
    kept = inputs | {parent for path in inputs for parent in path.parents}
    for path in folder.iterdir():
        if path.is_dir() and path not in kept:
            shutil.rmtree(path)
    for path in _files(folder) - inputs:
        path.unlink()


def apart(function: Callable[..., T], *arguments: Any) -> T:
    """Calls a function in a process of its own: the peak memory of a process counts from that of the one
    that started it, so this one stays small."""
    with get_context("spawn").Pool(1) as pool:
        return pool.apply(function, arguments)


def own_peak_mib() -> float:
    """The peak memory of this process, below which that of others is not seen."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _SCALE / 2**20


def median(runs: Sequence[Run], figure: str) -> float:
    value: float = statistics.median(getattr(run, figure) for run in runs)
    return value


def ratio(a: Sequence[Run], b: Sequence[Run]) -> float:
    """How many times the CPU time of ``b`` that of ``a`` is."""
    return statistics.median(x.cpu_s / y.cpu_s for x, y in zip(a, b, strict=True))


def difference_s(a: Sequence[Run], b: Sequence[Run]) -> float:
    """How much CPU time ``a`` takes more than ``b``."""
    return statistics.median(x.cpu_s - y.cpu_s for x, y in zip(a, b, strict=True))


def spread(values: Iterable[float]) -> str:
    """Median, and lowest and highest value: ``0.92 (0.90–0.95)``."""
    found = sorted(values)
    return f"{number(statistics.median(found))} ({number(found[0])}–{number(found[-1])})"


def number(value: float) -> str:
    """With as many digits as can mean something: three decimals of a short time, one of a long one."""
    return f"{value:.{3 if abs(value) < 0.995 else 2 if abs(value) < 99.5 else 0}f}"
