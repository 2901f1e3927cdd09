"""Many small files: one job and several, new, unchanged, one changed; memory against their number."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from statistics import median as middle

from asked import FLAT, TWO_JOBS, UNCHANGED, Answer
from chart import Bar, Curves, Panel
from inputs import write_small_dumps
from measuring import Program, Run, apart, measure_in_turn, median, number, ratio, ratios, spread

from sections import Plan, Section, Table, ingest_command, manifest_of, say, workshop

_QUESTIONS = 5
_JOBS = (1, 2)
_COLD, _UNCHANGED, _CHANGED = _KINDS = ("cold", "unchanged", "one changed")
_FEW, _MANY = 100, 10_000
_BEFORE = "before"
_NUMBERS = count()

Results = Mapping[tuple[str, int], Sequence[Run]]
"""The runs by kind and number of jobs."""

_PROSE = f"""\
`ingest convert -q FILES -o out --jobs N` (JSON and CSV), files of {_QUESTIONS} questions, a hundred to a
folder. *Cold* begins without outputs, *unchanged* is the same command again, and before *one changed* one of
the files gets other questions. The runs of each kind are taken in turn, 1 job, 2 jobs, 1 job, …; what was
written before a run is on the disk when it begins. In the run that is not counted it was looked at which
outputs were written: those of all files, of none, of one. Peak memory is that of the largest process; *all
processes* are all at one time, what they share counted once. *Load* is the load average of the minute
before the run, our own runs among it."""


def measure(plan: Plan) -> Section:
    rows: list[tuple[str, ...]] = []
    results: dict[int, Results] = {}
    with workshop() as folder:
        for files in sorted(plan.files):
            say(f"batch, {files} files …")
            results[files] = _measure_size(plan, files, folder / str(files))
            rows += _rows(files, results[files])
    header = ("files", "run", "jobs", "wall s (lowest–highest)", "CPU s (of it system)", "files / wall s")
    more = ("questions / wall s", "peak MiB (lowest–highest)", "all processes MiB", "load")
    largest = max(results)
    return Section(
        "Many small files",
        [
            _PROSE,
            Table((*header, *more), rows),
            _others(largest, results[largest]),
            _comparison(results),
        ],
        panels=[_times(largest, results[largest]), _memory(results)],
        answers=tuple(_answers(results)),
    )


def _measure_size(plan: Plan, files: int, folder: Path) -> Results:
    dumps = folder / "dumps"
    change = partial(_exchange, apart(write_inputs, plan.dump, dumps, files), folder / "spare.txt")
    programs = {
        (kind, jobs): _program(folder, files, kind, jobs, change) for kind in _KINDS for jobs in _JOBS
    }
    found = measure_in_turn(list(programs.values()), plan.runs_of(files * _QUESTIONS))
    return {key: found[program.name] for key, program in programs.items()}


def write_inputs(dump: Path, folder: Path, files: int) -> Path:
    """Writes the files, and beside their folder ``spare.txt``, for the change of the one that is returned."""
    write_small_dumps(dump, folder, files + 1, _QUESTIONS)
    paths = sorted(folder.rglob("*.txt"))
    paths[-1].rename(folder.parent / "spare.txt")
    return paths[files // 2]


def _program(folder: Path, files: int, kind: str, jobs: int, change: Callable[[], None]) -> Program:
    home = folder / f"jobs-{jobs}"
    home.mkdir(exist_ok=True)
    command = (ingest_command(), "convert", "-q", "../dumps", "-o", "out", "--jobs", str(jobs))
    changed = {_COLD: files, _UNCHANGED: 0, _CHANGED: 1}[kind]

    def prepare() -> None:
        if kind == _COLD and (home / "out").exists():
            # Not removed: where many files have just been removed, some file systems are slow to make others.
            (home / "out").rename(home / f"out-{next(_NUMBERS)}")
        if kind == _CHANGED and jobs == _JOBS[0]:  # the others see the same change
            change()
        if files >= _FEW:  # fewer leave little to write
            os.sync()
        (home / _BEFORE).touch()

    return Program(_named(kind, jobs), command, home, changed * _QUESTIONS, count_new, prepare)


def _exchange(one: Path, other: Path) -> None:
    content = one.read_bytes()
    one.write_bytes(other.read_bytes())
    other.write_bytes(content)


def count_new(home: Path) -> int:
    """How many questions are in outputs that were written by the last run."""
    since = (home / _BEFORE).stat().st_mtime_ns
    return sum(
        file["questions"]
        for file in manifest_of(home)["files"]
        if all((home / "out" / output["path"]).stat().st_mtime_ns > since for output in file["outputs"])
    )


def _rows(files: int, results: Results) -> Iterator[tuple[str, ...]]:
    for (kind, jobs), runs in results.items():
        wall = median(runs, "wall_s")
        together = median(runs, "all_mib")
        yield (
            f"{files:,}",
            kind,
            f"{jobs}",
            spread(run.wall_s for run in runs),
            f"{number(median(runs, 'cpu_s'))} ({number(median(runs, 'system_s'))})",
            f"{files / wall:,.0f}",
            f"{files * _QUESTIONS / wall:,.0f}",
            spread((run.peak_mib for run in runs), 1),
            number(together, 1) if together else "",
            spread((run.load for run in runs), 1),
        )


def _others(files: int, results: Results) -> str:
    others = (run.others for runs in results.values() for run in runs)
    return f"While {files:,} files were converted, other programs kept {spread(others)} processors busy."


def _comparison(results: Mapping[int, Results]) -> Table:
    """What the runs are beside each other, a column for each number of files."""
    least = results[min(results)]
    rows = [
        (f"{_named(_COLD, jobs)}: times as fast as 1 job", *_fast(results, (_COLD, jobs), (_COLD, 1)))
        for jobs in _JOBS[1:]
    ]
    rows += [
        (f"{_named(kind, jobs)}: times as fast as cold", *_fast(results, (kind, jobs), (_COLD, jobs)))
        for kind in (_UNCHANGED, _CHANGED)
        for jobs in _JOBS
    ]
    rows += [
        (
            f"{_named(*key)}: peak memory / that with {min(results):,} files",
            *(spread(_growth(least[key], each[key])) for each in results.values()),
        )
        for key in least
    ]
    return Table(("beside each other (lowest–highest)", *(f"{files:,} files" for files in results)), rows)


def _fast(results: Mapping[int, Results], one: tuple[str, int], other: tuple[str, int]) -> Iterator[str]:
    """How many times as fast one kind of run is as another, in the same turn."""
    for each in results.values():
        yield spread(ratios(each[other], each[one], "wall_s"))


def _growth(few: Sequence[Run], many: Sequence[Run]) -> list[float]:
    """The peak memory of each run as a multiple of what fewer files take."""
    return [run.peak_mib / median(few, "peak_mib") for run in many]


def _answers(results: Mapping[int, Results]) -> Iterator[Answer]:
    if _MANY not in results:
        return
    many = results[_MANY]
    one, two = many[_COLD, 1], many[_COLD, 2]
    busy = median(two, "cpu_s") / median(two, "wall_s")
    lost = (
        f"two jobs take {ratio(two, one):.2f} times the CPU time of one and keep {busy:.2f} processors busy,"
        f" other programs {median(two, 'others'):.2f}"
    )
    yield Answer(TWO_JOBS, ratios(one, two, "wall_s"), lost)
    seconds = [(many[_COLD, jobs], many[_UNCHANGED, jobs]) for jobs in _JOBS]
    cold, second = min(seconds, key=lambda each: middle(ratios(each[0], each[1], "wall_s")))
    took = f"it takes {number(median(second, 'wall_s'))} s, of which CPU {number(median(second, 'cpu_s'))} s"
    yield Answer(UNCHANGED, ratios(cold, second, "wall_s"), took)
    if _FEW not in results:
        return
    few = results[_FEW]
    steepest = max(many, key=lambda key: middle(_growth(few[key], many[key])))
    grown = (
        f"{_named(*key)}: {median(few[key], 'peak_mib'):.1f} → {median(many[key], 'peak_mib'):.1f} MiB"
        for key in many
    )
    yield Answer(FLAT, _growth(few[steepest], many[steepest]), ", ".join(grown))


def _times(files: int, results: Results) -> Panel:
    bars = [Bar(_named(*key), [run.wall_s for run in runs], own=True) for key, runs in results.items()]
    return Panel(f"{files:,} files of {_QUESTIONS} questions: seconds of wall time", bars)


def _memory(results: Mapping[int, Results]) -> Curves:
    curves = {
        _named(*key): [(files, median(each[key], "peak_mib")) for files, each in results.items()]
        for key in next(iter(results.values()))
        if key[0] != _CHANGED
    }
    return Curves("Peak memory of the largest process, MiB, against the number of files", curves)


def _named(kind: str, jobs: int) -> str:
    return f"{kind}, {jobs} job{'' if jobs == 1 else 's'}"
