"""Every output format: the whole process, and what it takes more than JSON."""

from __future__ import annotations

from chart import Bar, Panel
from inputs import write_dump
from measuring import Program, apart, difference_s, measure_in_turn, median, number, ratio, spread

from sections import Plan, Section, Table, count_converted, ingest_command, say, workshop

_PROSE = """\
The whole command `ingest convert dump.txt --to FORMAT`, {questions:,} questions: reading, checking and
writing. What a format takes more than `json`, and as a multiple of it, is taken between runs of the same
turn. Some formats import a costly library, which at this size is a part of the difference."""


def measure(plan: Plan) -> Section:
    say(f"writers, {plan.questions} questions …")
    formats = dict.fromkeys(("json", *(plan.formats or apart(known_formats))))
    with workshop() as folder:
        home = folder / "ours"
        home.mkdir()
        apart(write_dump, plan.dump, plan.questions, home / "dump.txt")
        convert = (ingest_command(), "convert", "-q", "dump.txt", "-o", "out", "--to")
        programs = [
            Program(name, (*convert, name), home, plan.questions, count_converted) for name in formats
        ]
        results = measure_in_turn(programs, plan.runs_of(plan.questions))
    base = results["json"]
    results = dict(sorted(results.items(), key=lambda entry: ratio(entry[1], base)))
    rows = [
        (
            f"`{name}`",
            spread(run.cpu_s for run in runs),
            f"{difference_s(runs, base):+.3f}",
            f"{ratio(runs, base):.2f}",
            number(median(runs, "wall_s")),
            f"{median(runs, 'peak_mib'):.0f}",
            f"{median(runs, 'output_mb'):.1f}",
        )
        for name, runs in results.items()
    ]
    header = ("format", "CPU s (lowest–highest)", "more than json, s", "CPU / json", "wall s", "peak MiB")
    bars = [Bar(name, [run.cpu_s for run in runs], own=True) for name, runs in results.items()]
    return Section(
        "Formats",
        [_PROSE.format(questions=plan.questions), Table((*header, "output MB"), rows)],
        panels=[Panel(f"ingest, {plan.questions:,} questions to each format: CPU seconds", bars)],
    )


def known_formats() -> tuple[str, ...]:
    from ingest.writers import formats

    return formats()
