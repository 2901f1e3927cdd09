"""Validating a converted file, beside check-jsonschema on the same file and schema."""

from __future__ import annotations

from pathlib import Path

from environments import NoEnvironmentError, environment
from inputs import ROOT, write_set
from measuring import Program, apart, measure_in_turn, median, number, ratio, spread

from sections import Plan, Section, Table, ingest_command, say, workshop

_CHECK_JSONSCHEMA = ("check-jsonschema==0.39.0", "jsonschema==4.26.0", "referencing==0.37.0")
_THEIRS = "check-jsonschema 0.39.0, schema"

_PROSE = """\
{count:,} converted questions in one JSON file of {size:.0f} MB. check-jsonschema checks against the same
schema and gives the path of a value inside the file, no line; it has no rules about questions."""


def measure(plan: Plan) -> Section:
    say(f"validate, {plan.validate} questions …")
    not_measured = []
    with workshop() as folder:
        home = folder / "ours"
        home.mkdir()
        path = home / "set.json"
        apart(write_set, plan.dump, plan.validate, path)
        size = path.stat().st_size / 1e6
        ours = (ingest_command(), "validate", "-q", "--exit-zero", "set.json")
        programs = [
            Program("ingest validate, schema", (*ours, "--select", "S001,S002"), home),
            Program("ingest validate, schema and default rules", ours, home),
            Program("ingest validate, every rule", (*ours, "--severity", "info"), home),
        ]
        try:
            programs += _theirs(plan, home)
        except NoEnvironmentError as error:
            not_measured.append(str(error))
        results = measure_in_turn(programs, min(plan.runs, 3))
    theirs = results.get(_THEIRS)
    rows = [
        (
            name,
            spread(run.cpu_s for run in runs),
            f"{ratio(theirs, runs):.1f}" if theirs else "",
            number(median(runs, "wall_s")),
            f"{median(runs, 'peak_mib'):.0f}",
        )
        for name, runs in results.items()
    ]
    header = ("program", "CPU s (lowest–highest)", "times as fast as check-jsonschema", "wall s", "peak MiB")
    prose = _PROSE.format(count=plan.validate, size=size)
    return Section("Validating", [prose, Table(header, rows)], not_measured)


def _theirs(plan: Plan, home: Path) -> list[Program]:
    if plan.alone:
        return []
    binary = environment(_CHECK_JSONSCHEMA) / "check-jsonschema"
    schema = ROOT / "schema" / "document.schema.json"
    return [Program(_THEIRS, (binary, "--schemafile", schema, "set.json"), home)]
