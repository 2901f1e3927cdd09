"""Every stage of the pipeline, inside one process, and what the process takes besides."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from asked import BESIDE_FLOOR, BESIDE_PYGIFTPARSER, SMALL, Answer
from inputs import write_dump
from measuring import Program, apart, measure_in_turn, spread

from sections import Plan, Section, Table, ingest_command, say, workshop

# In the order of the pipeline.
_STAGES = ("decode", "lex", "segment", "interpret", "find_references", "build", "lint", "assemble")
_FORMATS = ("json", "csv")
_REST, _WHOLE = "interpreter, imports, files", "**whole process**"
# How many parts are named where a goal is missed.
_TOLD = 4
_GOALS = {65: (SMALL,), 3250: (BESIDE_PYGIFTPARSER, BESIDE_FLOOR)}

_PROSE = """\
CPU time of each stage, in a process that has read one exam before: so without imports, and with memory that
is still fresh. The garbage collector is off, as in the command. The whole is the CPU time of `ingest
convert` (JSON and CSV), measured in turn with the stages; what is left of it is the interpreter, imports,
files and their hashes."""


def measure(plan: Plan) -> Section:
    results = {size: _measure_size(plan, size) for size in plan.stages}
    columns = [_columns(found) for found in results.values()]
    rows = [(name, *(cell for column in columns for cell in column[name])) for name in columns[0]]
    header = ["stage"]
    for size in results:
        header += [f"{size:,} questions: CPU s (lowest–highest)", "share"]
    answers = [
        Answer(goal, (), _where(found)) for size, found in results.items() for goal in _GOALS.get(size, ())
    ]
    return Section("Stages", [_PROSE, Table(header, rows)], answers=answers)


def _measure_size(plan: Plan, size: int) -> dict[str, list[float]]:
    """The CPU seconds of each turn, by stage; the whole at the end."""
    say(f"stages, {size} questions …")
    taken: list[dict[str, float]] = []
    with workshop() as folder:
        home = folder / "ours"
        home.mkdir()
        apart(write_dump, plan.dump, size, home / "dump.txt")
        command = (ingest_command(), "convert", "-q", "dump.txt", "-o", "out")
        for _ in range(plan.runs):
            whole = measure_in_turn([Program("whole", command, home)], 1)["whole"][0].cpu_s
            stages = apart(time_stages, plan.dump, home / "dump.txt")
            taken.append({**stages, _REST: whole - sum(stages.values()), _WHOLE: whole})
    return {name: [turn[name] for turn in taken] for name in taken[0]}


def _columns(found: dict[str, list[float]]) -> dict[str, tuple[str, str]]:
    whole = median(found[_WHOLE])
    return {name: (spread(seconds), f"{median(seconds) / whole:.0%}") for name, seconds in found.items()}


def _where(found: dict[str, list[float]]) -> str:
    """What takes most of the time."""
    whole = median(found[_WHOLE])
    parts = sorted(((median(found[name]), name) for name in found if name != _WHOLE), reverse=True)
    return ", ".join(f"{name} {seconds / whole:.0%}" for seconds, name in parts[:_TOLD]) + " of its time"


def time_stages(small: Path, large: Path) -> dict[str, float]:
    """CPU seconds of each stage on the large dump, after the small one was read."""
    from ingest import pipeline
    from ingest.writers import WriteSettings, writer

    taken: dict[str, float] = {}

    def timed(name: str, function: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        start = time.process_time()
        value = function(*arguments, **options)
        taken[name] = time.process_time() - start
        return value

    gc.disable()
    for name in _STAGES:
        setattr(pipeline, name, partial(timed, name.replace("_", " "), getattr(pipeline, name)))
    for path in (small, large):
        data = path.read_bytes()
        document = timed("between the stages", pipeline.read_bytes, data).document
        for name in _FORMATS:
            timed(f"write {name}", writer(name).render, document, WriteSettings())
    taken["between the stages"] -= sum(taken[name.replace("_", " ")] for name in _STAGES)
    return taken
