"""Converting, beside the floor and beside the other tools, on the same questions in each one's own form."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from asked import BESIDE_FLOOR, BESIDE_PYGIFTPARSER, SMALL, Answer
from chart import Bar, Panel
from competitors import Competitor, competitor, competitors
from environments import NoEnvironmentError, environment
from inputs import LABELS, dump_of
from measuring import Program, Run, apart, measure_in_turn, median, number, ratio, ratios, spread

from sections import Plan, Section, Table, count_converted, ingest_command, say, workshop

_OURS = {
    "ingest, raw copy → JSON": "json",
    "ingest, raw copy → JSON and CSV": "json,csv",
    "ingest, raw copy → QTI 2.1": "qti21",
}
_BASE, _ASKED, _ = _OURS
_PLAIN = "ingest, not compiled, raw copy → JSON and CSV"
_FLOOR = "floor, raw copy → pieces as JSON"

# The least that any such program does: decode, find the labels, write the pieces as JSON.
_READ_PIECES = f"""
import json, re
text = open("dump.txt", "rb").read().decode("utf-8")
labels = "Pregunta [0-9]+|{"|".join(LABELS)}"
places = [match.start() for match in re.finditer(rf"(?m)^(?:{{labels}})$", text)]
pieces = [text[start:end] for start, end in zip(places, [*places[1:], len(text)])]
json.dump(pieces, open("out.json", "w"))
"""

_PROSE = f"""\
Each tool reads the same questions in its own form of input, with every field that the form has. All but
ingest and the floor read a form in which everything is marked; ingest reads what a person copies, finds
where the options begin, repairs, runs its rules, and keeps the place of everything. *CPU / ingest* is the
CPU time as a multiple of that of “{_BASE}” in the same turn. The floor is the least that any such program
does: decode, find the labels with one pattern, write the pieces as JSON."""


def measure(plan: Plan) -> Section:
    tools, not_measured = _tools(plan)
    rows: list[tuple[str, ...]] = []
    results: dict[int, dict[str, list[Run]]] = {}
    for size in plan.sizes:
        say(f"field, {size} questions …")
        results[size] = _measure_size(plan, {t: b for t, b in tools.items() if t.bears(size)}, size)
        rows += _rows(size, results[size])
        not_measured += [
            f"{tool.title} with {size:,} questions: it would take too long"
            for tool in tools
            if not tool.bears(size)
        ]
    manuals = Table(("tool", "what it does and does not"), [(tool.title, tool.manual) for tool in tools])
    header = ("questions", "program", "CPU s (lowest–highest)", "CPU / ingest", "CPU / floor")
    more = ("questions / CPU s", "wall s", "peak MiB", "output MB")
    parts: list[str | Table] = [_PROSE, Table((*header, *more), rows), *_growth(results)]
    if tools:
        parts.append(manuals)
    answers = list(_answers(results, [_named(tool) for tool in tools if tool.name == "pygiftparser"]))
    return Section("The field", parts, not_measured, list(_panels(results, tools)), answers)


def _tools(plan: Plan) -> tuple[dict[Competitor, Path], list[str]]:
    """The tools that can be run, with the folder of their commands; why others cannot."""
    if plan.alone:
        return {}, ["the other tools, which were not asked for (`--alone`)"]
    tools, missing = {}, []
    for tool in competitors():
        try:
            tools[tool] = environment(tool.requirements)
        except NoEnvironmentError as error:
            missing.append(str(error))
    return tools, missing


def _measure_size(plan: Plan, tools: dict[Competitor, Path], size: int) -> dict[str, list[Run]]:
    with workshop() as folder:
        apart(write_inputs, plan.dump, size, folder, [tool.name for tool in tools])
        home = folder / "ours"
        convert = (ingest_command(), "convert", "-q", "dump.txt", "-o", "out", "--to")
        ours = [
            Program(name, (*convert, formats), home, size, count_converted) for name, formats in _OURS.items()
        ]
        if plan.plain:
            command = (plan.plain, *convert[1:], _OURS[_ASKED])
            ours.append(Program(_PLAIN, command, home, size, count_converted))
        floor = Program(_FLOOR, (sys.executable, "-c", _READ_PIECES), home)
        theirs = [
            Program(_named(tool), tool.command(binaries), folder / tool.name, size, tool.count)
            for tool, binaries in tools.items()
        ]
        return measure_in_turn([*ours, floor, *theirs], plan.runs_of(size))


def _named(tool: Competitor) -> str:
    return f"{tool.title}, {tool.form}"


def write_inputs(dump: Path, size: int, folder: Path, names: list[str]) -> None:
    """Writes a dump of that many questions into the folder ``ours``, and its questions in the form of each
    of the named tools into a folder of that name."""
    import ingest

    text = dump_of(dump, size)
    questions = ingest.read_text(text).questions
    (folder / "ours").mkdir()
    (folder / "ours" / "dump.txt").write_text(text, encoding="utf-8")
    for name in names:
        (folder / name).mkdir()
        competitor(name).write(questions, folder / name)


def _rows(size: int, results: dict[str, list[Run]]) -> Iterator[tuple[str, ...]]:
    for name, runs in results.items():
        yield (
            f"{size:,}",
            name,
            spread(run.cpu_s for run in runs),
            f"{ratio(runs, results[_BASE]):.2f}",
            f"{ratio(runs, results[_FLOOR]):.1f}",
            f"{size / median(runs, 'cpu_s'):,.0f}",
            number(median(runs, "wall_s")),
            f"{median(runs, 'peak_mib'):.0f}",
            f"{median(runs, 'output_mb'):.1f}",
        )


def _growth(results: dict[int, dict[str, list[Run]]]) -> Iterator[str]:
    for small, large in itertools.pairwise(sorted(results)):
        times = median(results[large][_BASE], "cpu_s") / median(results[small][_BASE], "cpu_s")
        yield (
            f"{large:,} questions, {large / small:.0f} times as many as {small:,}, take ingest {times:.1f}"
            " times the CPU time."
        )


def _answers(results: dict[int, dict[str, list[Run]]], pygiftparser: list[str]) -> Iterator[Answer]:
    """``pygiftparser`` is its name, where it could be run."""
    others = {
        BESIDE_PYGIFTPARSER: (3250, pygiftparser),
        BESIDE_FLOOR: (3250, [_FLOOR]),
        SMALL: (65, pygiftparser),
    }
    for goal, (size, names) in others.items():
        if found := results.get(size):
            for name in names:
                yield Answer(goal, ratios(found[_ASKED], found[name]))


def _panels(results: dict[int, dict[str, list[Run]]], tools: Iterable[Competitor]) -> Iterator[Panel]:
    """The largest size that all bear."""
    borne = [size for size in results if all(tool.bears(size) for tool in tools)]
    for size in sorted(borne)[-1:]:
        runs = results[size].items()
        bars = [Bar(name, [run.cpu_s for run in each], own=name in (*_OURS, _PLAIN)) for name, each in runs]
        yield Panel(f"Converting {size:,} questions: CPU seconds, less is better", bars)
