"""`make bench`: what ingest costs, beside the floor and beside other tools, in one run.

    python benchmarks/bench.py [--only field,writers,…] [--report FOLDER]

Questions are those of one dump, copied until there are enough: the real one of 65 questions where it is at
hand (the folder shared/dumps beside the project), else raw/skipper_es.txt. The parts are files in sections/,
the other tools files in competitors/, each with an environment of its own in .environments/. Measured is
the ingest that the Python that runs this has. These machines are noisy: read the ratios.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

import report
from inputs import default_dump
from sections import Plan, Section

SECTIONS = ("field", "writers", "stages", "batch", "validate", "merge")


def main(arguments: Sequence[str] | None = None) -> None:
    options = _parse(arguments)
    plan = Plan(
        dump=options.dump.resolve(),
        runs=options.runs,
        sizes=tuple(options.sizes),
        questions=options.questions,
        formats=options.formats,
        stages=tuple(options.stages),
        files=tuple(options.files),
        validate=options.validate,
        merge=tuple(options.merge),
        alone=options.alone,
        plain=options.plain and options.plain.absolute(),
    )
    asked = [name for name in SECTIONS if name in options.only and _has_work(name, plan)]
    sections: list[Section] = []
    for name in asked:
        section: Section = import_module(f"sections.{name}").measure(plan)
        print("\n".join(report.markdown(section)), end="\n\n", flush=True)
        sections.append(section)
    if options.report:
        report.write(options.report, plan, sections, [name for name in SECTIONS if name not in asked])


def _has_work(name: str, plan: Plan) -> bool:
    work = {
        "field": plan.sizes,
        "stages": plan.stages,
        "batch": plan.files,
        "validate": plan.validate,
        "merge": plan.merge,
    }
    return bool(work.get(name, True))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", type=_names, default=SECTIONS, help=f"parts of {','.join(SECTIONS)}")
    parser.add_argument("--report", type=Path, metavar="FOLDER", help="write benchmarks.md and .svg")
    parser.add_argument("--alone", action="store_true", help="without the other tools, which need a network")
    parser.add_argument(
        "--plain", type=Path, help="the command `ingest` of an environment where nothing is compiled"
    )
    parser.add_argument("--dump", type=Path, default=default_dump(), help="a Spanish dump")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each process (large ones: 3)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[65, 3250, 65000], help="questions: field")
    parser.add_argument("--questions", type=int, default=3250, help="questions: writers")
    parser.add_argument("--formats", type=_names, default=(), help="formats: writers; default: all")
    parser.add_argument("--stages", type=int, nargs="*", default=[65, 3250], help="questions: stages")
    parser.add_argument("--files", type=int, nargs="*", default=[100, 1000, 10000], help="files: batch")
    parser.add_argument("--validate", type=int, default=65000, help="questions: validate; 0: none")
    parser.add_argument("--merge", type=int, nargs="*", default=[250, 500, 1000], help="sets: merge")
    options = parser.parse_args(arguments)
    if unknown := set(options.only) - set(SECTIONS):
        parser.error(f"no such part: {', '.join(sorted(unknown))}")
    return options


def _names(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split(",") if name)


if __name__ == "__main__":
    main()
