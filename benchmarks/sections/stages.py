"""Every stage of the pipeline, inside one process, and what the process takes besides."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from inputs import write_dump
from measuring import Program, apart, measure_in_turn, spread

from sections import Plan, Section, Table, ingest_command, say, workshop

_STAGES = ("decode", "lex", "segment", "build", "find_references", "lint", "assemble")
_FORMATS = ("json", "csv")

_PROSE = """\
CPU time of each stage, {questions:,} questions, in a process that has read one exam before: so without
imports, and with memory that is still fresh. The garbage collector is off, as in the command. The whole
is the CPU time of `ingest convert` (JSON and CSV), measured in turn with the stages; what is left of it
is the interpreter, imports, files and their hashes."""


def measure(plan: Plan) -> Section:
    say(f"stages, {plan.questions} questions …")
    taken: list[dict[str, float]] = []
    whole: list[float] = []
    with workshop() as folder:
        home = folder / "ours"
        home.mkdir()
        apart(write_dump, plan.dump, plan.questions, home / "dump.txt")
        command = (ingest_command(), "convert", "-q", "dump.txt", "-o", "out")
        for _ in range(plan.runs):
            whole.append(measure_in_turn([Program("whole", command, home)], 1)["whole"][0].cpu_s)
            taken.append(apart(time_stages, plan.dump, home / "dump.txt"))
    rest = [all_of_it - sum(stages.values()) for all_of_it, stages in zip(whole, taken, strict=True)]
    columns = {name: [stages[name] for stages in taken] for name in taken[0]}
    columns |= {"interpreter, imports, files": rest, "**whole process**": whole}
    rows = [
        (name, spread(seconds), f"{median(seconds) / median(whole):.0%}") for name, seconds in columns.items()
    ]
    header = ("stage", "CPU s (lowest–highest)", "share")
    return Section("Stages", [_PROSE.format(questions=plan.questions), Table(header, rows)])


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
