"""Merging sets into a bank, near-repeats looked for."""

from __future__ import annotations

from inputs import write_sets
from measuring import Program, apart, measure_in_turn, median, number, spread

from sections import Plan, Section, Table, ingest_command, say, workshop

_PROSE = """\
`ingest merge` of converted sets of 65 questions, of which every fourth is one of another set;
near-repeats are looked for. No other tool was found that does this."""


def measure(plan: Plan) -> Section:
    rows = []
    for count in plan.merge:
        say(f"merge, {count} sets …")
        with workshop() as folder:
            sets = folder / "ours" / "sets"
            sets.mkdir(parents=True)
            apart(write_sets, plan.dump, count, sets)
            size = sum(path.stat().st_size for path in sets.iterdir()) / 1e6
            program = Program("merge", (ingest_command(), "merge", "sets", "-o", "bank.json"), sets.parent)
            runs = measure_in_turn([program], min(plan.runs, 3))["merge"]
        rows.append(
            (
                f"{count:,}",
                f"{size:.0f}",
                spread(run.cpu_s for run in runs),
                number(median(runs, "wall_s")),
                f"{median(runs, 'peak_mib'):.0f}",
                f"{1000 * median(runs, 'cpu_s') / count:.2f}",
            )
        )
    header = ("sets of 65", "MB", "CPU s (lowest–highest)", "wall s", "peak MiB", "CPU ms a set")
    return Section("Merging", [_PROSE, Table(header, rows)])
