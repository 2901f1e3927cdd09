"""Whole processes, measured in turn with the operating system's own accounting.

Programs are run A, B, A, B, … so that whatever else the machine does meets them alike; ratios are taken
between neighbours. Each program has a folder of its own, in which it runs and which is its home: what it
leaves there is its output, and is removed before the next run. Programs that go on with what others left
share a folder, and prepare it themselves.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
_LOOKED_AFTER = 0.01
_PAGES = re.compile(r"(?m)^(Rss|Pss_Anon|Anonymous): +(\d+) kB")
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
    prepare: Callable[[], None] | None = None
    """What is done before each run. Its output, of whatever size, then stays after it."""


@dataclass(frozen=True)
class Run:
    """What one process took and left."""

    cpu_s: float
    """User and system."""
    system_s: float
    wall_s: float
    peak_mib: float
    """That of its largest process."""
    all_mib: float
    """The most that all its processes held at one time, what they share counted once, looked at in the run
    that is not counted; zero where the system does not tell."""
    output_mb: float
    load: float
    """The load average of the last minute before it."""
    others: float
    """How many processors other programs kept busy meanwhile; zero where the system does not tell."""


def measure_in_turn(programs: Sequence[Program], runs: int) -> dict[str, list[Run]]:
    """The counted runs of each program, by its name. One run before them is not counted."""
    inputs = {program.name: _files(program.folder) for program in programs}
    results: dict[str, list[Run]] = {program.name: [] for program in programs}
    all_mib: dict[str, float] = {}
    for number in range(runs + 1):
        for program in programs:
            if program.prepare:
                program.prepare()
            run = _measure(program, inputs[program.name], is_watched=not number)
            if number:
                results[program.name].append(replace(run, all_mib=all_mib[program.name]))
            else:
                all_mib[program.name] = run.all_mib
                _check(program)
            if not program.prepare:
                _clear(program.folder, inputs[program.name])
    return results


def _check(program: Program) -> None:
    """Nothing is measured that was not done."""
    if program.count and (found := apart(program.count, program.folder)) != program.questions:
        raise SystemExit(f"{program.name}: {found} of {program.questions} questions came out")


def _measure(program: Program, inputs: frozenset[Path], *, is_watched: bool) -> Run:
    load, busy_s = os.getloadavg()[0], _busy_s()
    environment = {**_ENVIRONMENT, "HOME": str(program.folder)}
    with (program.folder.parent / "errors.txt").open("wb") as errors:
        start = time.perf_counter()
        process = subprocess.Popen(
            program.command, stdout=subprocess.DEVNULL, stderr=errors, cwd=program.folder, env=environment
        )
        all_mib = _watch(process.pid) if is_watched else 0.0
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - start
        busy_s = _busy_s() - busy_s
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        said = Path(errors.name).read_text(encoding="utf-8", errors="replace")[-2000:]
        raise SystemExit(f"{program.name}: exit status {process.returncode}\n{said}")
    output = () if program.prepare else _files(program.folder) - inputs
    written = sum(path.stat().st_size for path in output)
    cpu, peak = usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _SCALE / 2**20
    others = max(0.0, busy_s - cpu) / wall
    all_mib = max(all_mib, peak) if all_mib else 0.0
    return Run(cpu, usage.ru_stime, wall, peak, all_mib, written / 1e6, load, others)


def _busy_s() -> float:
    """For how many seconds the processors have been busy, summed up; zero where the system does not tell."""
    with suppress(OSError):
        user, nice, system, _, _, *interrupts = Path("/proc/stat").read_text().split()[1:9]
        return sum(map(int, (user, nice, system, *interrupts))) / os.sysconf("SC_CLK_TCK")
    return 0.0


def _watch(pid: int) -> float:
    """The most that a process and those it started held at one time, until it ends; zero where the system
    does not tell."""
    most = 0.0
    while found := _held_mib(pid):
        most = max(most, found)
        time.sleep(_LOOKED_AFTER)
    return most


def _held_mib(pid: int) -> float:
    """The private pages of a process and those it started, each counted once, and the largest's files."""
    private, files = 0, [0]
    for each in _family(pid):
        with suppress(OSError, KeyError):
            told = Path(f"/proc/{each}/smaps_rollup").read_text()
            kib = {name: int(size) for name, size in _PAGES.findall(told)}
            private += kib["Pss_Anon"]
            files.append(kib["Rss"] - kib["Anonymous"])
    return (private + max(files)) / 1024


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):
        for thread in Path(f"/proc/{pid}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _family(int(child))


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


def ratios(a: Sequence[Run], b: Sequence[Run], figure: str = "cpu_s") -> list[float]:
    """In each turn, how many times that of ``b`` a figure of ``a`` is."""
    return [getattr(x, figure) / getattr(y, figure) for x, y in zip(a, b, strict=True)]


def ratio(a: Sequence[Run], b: Sequence[Run]) -> float:
    """How many times the CPU time of ``b`` that of ``a`` is."""
    return statistics.median(ratios(a, b))


def difference_s(a: Sequence[Run], b: Sequence[Run]) -> float:
    """How much CPU time ``a`` takes more than ``b``."""
    return statistics.median(x.cpu_s - y.cpu_s for x, y in zip(a, b, strict=True))


def spread(values: Iterable[float], decimals: int | None = None) -> str:
    """Median, and lowest and highest value: ``0.92 (0.90–0.95)``."""
    found = sorted(values)
    middle, low, high = (number(each, decimals) for each in (statistics.median(found), found[0], found[-1]))
    return f"{middle} ({low}–{high})"


def number(value: float, decimals: int | None = None) -> str:
    """With as many digits as can mean something: three decimals of a short time, none of a long one."""
    if decimals is None:
        decimals = 3 if abs(value) < 0.995 else 2 if abs(value) < 99.5 else 0
    return f"{value:.{decimals}f}"
