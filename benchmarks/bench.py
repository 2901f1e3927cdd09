"""`make bench`: what converting costs, beside the floor and beside pygiftparser, in one run.

Questions are those of one dump, copied until there are enough: the real one of 65 questions where it is
at hand (the folder shared/dumps beside the project), else raw/skipper_es.txt. Each copy's stem is made
different in its first line, so that nothing is a repeat. Both programs write every field they have
read as JSON, and both run from compiled bytecode. Whole processes are measured in turn (A, B, A,
B, …), with the operating system's own accounting; each figure is a median. These machines are noisy:
read the ratios. Validating is measured beside check-jsonschema 0.39.0, on the same file and schema.
pygiftparser 1.1 reads the same questions as GIFT, with feedback for each option and the
overall explanation, in an environment of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest

HERE = Path(__file__).parent
ROOT = HERE.parent
PYGIFTPARSER = "pygiftparser==1.1"
CHECK_JSONSCHEMA = "check-jsonschema==0.39.0"
# The warm-up run leaves bytecode behind, as installing does.
ENVIRONMENT = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}

READ_GIFT = """
import json, sys
from pygiftparser import parser
with open(sys.argv[1], encoding="utf-8") as file:
    questions = parser.parseFile(file)
json.dump(
    [
        {
            "title": question.title,
            "text": question.text,
            "feedback": question.generalFeedback,
            "answers": [
                {"text": each.answer, "fraction": each.fraction, "feedback": each.feedback}
                for each in question.answers.answers
            ],
        }
        for question in questions
    ],
    sys.stdout,
)
"""

# The least that any such program does: decode, find the labels, write the pieces as JSON.
FLOOR = """
import json, re, sys
text = open(sys.argv[1], "rb").read().decode("utf-8")
labels = "Pregunta [0-9]+|Respuesta correcta|Selección correcta|Explicación general|Temática"
places = [match.start() for match in re.finditer(rf"(?m)^(?:{labels})$", text)]
pieces = [text[start:end] for start, end in zip(places, [*places[1:], len(text)])]
json.dump(pieces, sys.stdout)
"""


@dataclass(frozen=True)
class Run:
    """What one process took."""

    cpu_s: float
    wall_s: float
    peak_mib: float


def default_dump() -> Path:
    real = ROOT.parent / "shared" / "dumps" / "mla-c01_es.txt"
    return real if real.exists() else ROOT / "raw" / "skipper_es.txt"


def copies(dump: Path, count: int) -> str:
    """A dump of that many questions, all different."""
    text = dump.read_text(encoding="utf-8") + "\n"
    blocks = re.split(r"(?m)^Pregunta \d+:?\n\n", text)[1:]
    return "".join(
        f"Pregunta {number}\n\nCase {number}. {blocks[(number - 1) % len(blocks)]}"
        for number in range(1, count + 1)
    )


def gift(dump: str) -> str:
    """The same questions as GIFT, with feedback and explanations."""
    import ingest

    def escaped(text: str) -> str:
        return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", r"\n")

    entries = []
    for question in ingest.read_text(dump).questions:
        share = 100 / max(len(question.answer), 1)
        lines = []
        for option in question.options:
            several = len(question.answer) > 1
            mark = "=" if option.correct and not several else "~"
            weight = f"%{share:g}%" if option.correct and several else ""
            lines.append(f"{mark}{weight}{escaped(option.text)} #{escaped(option.explanation or '')}")
        lines.append(f"####{escaped(question.explanation or '')}")
        entries.append(f"::Q{question.number}::{escaped(question.stem)} {{\n" + "\n".join(lines) + "\n}\n")
    return "\n".join(entries)


def measure(command: Sequence[str]) -> Run:
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT)
    _, status, usage = os.wait4(process.pid, 0)
    wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"exit status {process.returncode}: {' '.join(command)}")
    scale = 1 if sys.platform == "darwin" else 1024
    return Run(usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss * scale / 2**20)


def measure_in_turn(commands: dict[str, Sequence[str]], runs: int) -> dict[str, list[Run]]:
    for command in commands.values():
        measure(command)
    results: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(runs):
        for name, command in commands.items():
            results[name].append(measure(command))
    return results


def pygiftparser_python() -> str:
    """The interpreter of an environment that holds pygiftparser; made once."""
    folder = HERE / ".pygiftparser"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    if not python.exists():
        venv.create(folder, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", PYGIFTPARSER], check=True)
    return str(python)


def stages(dump: str) -> list[tuple[str, float]]:
    """CPU seconds of each stage, in one process."""
    from ingest import pipeline
    from ingest.pipeline import read_bytes
    from ingest.writers import WriteSettings, writer

    taken: list[tuple[str, float]] = []

    def timed(name: str, function: Callable[..., object]) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            start = time.process_time()
            value = function(*arguments, **options)
            taken.append((name, time.process_time() - start))
            return value

        return call

    names = ("decode", "lex", "segment", "build", "find_references", "lint", "assemble")
    originals = {name: getattr(pipeline, name) for name in names}
    data = dump.encode()
    read_bytes(data)
    for name, function in originals.items():
        setattr(pipeline, name, timed(name, function))
    try:
        document = read_bytes(data).document
    finally:
        for name, function in originals.items():
            setattr(pipeline, name, function)
    for format_name in ("json", "csv"):
        timed(f"write {format_name}", writer(format_name).render)(document, WriteSettings())
    return taken


_WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")


def distinct(dump: Path, count: int) -> ingest.Document:
    """A document of that many questions that have nothing in common but their lengths: in each copy of a
    question the words are others, the same word by the same one."""
    import dataclasses
    import random

    import ingest
    from ingest.parts.identity import identify

    document = ingest.read(dump).document
    words = sorted({word for question in document.questions for word in _WORD.findall(question.stem)})

    def other(question: ingest.Question, number: int) -> ingest.Question:
        chance = random.Random(number)
        mapping: dict[str, str] = {}

        def change(text: str | None) -> str | None:
            if text is None:
                return None
            if "://" in text:
                return "\n".join(line if "://" in line else change(line) or "" for line in text.split("\n"))
            return _WORD.sub(lambda match: mapping.setdefault(match[0], chance.choice(words)), text)

        options = tuple(
            dataclasses.replace(each, text=change(each.text) or "", explanation=change(each.explanation))
            for each in question.options
        )
        stem = change(question.stem) or ""
        return dataclasses.replace(
            question,
            id=identify(stem, [each.text for each in options]),
            number=number,
            stem=stem,
            options=options,
            explanation=change(question.explanation),
            rationale=change(question.rationale),
            findings=(),
        )

    originals = document.questions
    questions = tuple(other(originals[n % len(originals)], n + 1) for n in range(count))
    return dataclasses.replace(document, questions=questions, diagnostics=())


def as_json(document: ingest.Document) -> bytes:
    from ingest.writers import WriteSettings, writer

    return writer("json").render(document, WriteSettings())[0]


def write_sets(dump: Path, count: int, folder: Path) -> None:
    """That many sets of 65 questions, of which every fourth is one of another set."""
    import dataclasses
    import random

    document = distinct(dump, 65 * count * 3 // 4)
    chance = random.Random(count)
    for number in range(count):
        own = document.questions[number * 48 : (number + 1) * 48]
        questions = (*own, *chance.sample(document.questions, 65 - len(own)))
        (folder / f"{number:04}.json").write_bytes(
            as_json(dataclasses.replace(document, questions=questions))
        )


def bench_merge(dump: Path, counts: Sequence[int]) -> None:
    """Merging sets into a bank, near-repeats looked for."""
    print("\n| sets of 65 | MB | CPU s | wall s | peak MiB | CPU ms a set |")
    print("| --- | --- | --- | --- | --- | --- |")
    for count in counts:
        with tempfile.TemporaryDirectory() as name:
            sets = Path(name) / "sets"
            sets.mkdir()
            make = [sys.executable, __file__, "--dump", str(dump), "--make-sets", str(count), str(sets)]
            subprocess.run(make, check=True)
            size = sum(path.stat().st_size for path in sets.iterdir()) / 1e6
            command = [
                str(Path(sys.executable).with_name("ingest")),
                "merge",
                str(sets),
                "-o",
                str(Path(name) / "bank.json"),
            ]
            runs = [measure(command) for _ in range(3)]
            cpu, wall, peak = (median(runs, figure) for figure in ("cpu_s", "wall_s", "peak_mib"))
            print(
                f"| {count} | {size:.0f} | {cpu:.2f} | {wall:.2f} | {peak:.0f} | {1000 * cpu / count:.2f} |"
            )


def check_jsonschema() -> str:
    """The command of an environment that holds check-jsonschema; made once."""
    folder = HERE / ".check-jsonschema"
    binary = folder / ("Scripts" if os.name == "nt" else "bin")
    if not (binary / "check-jsonschema").exists():
        venv.create(folder, with_pip=True)
        subprocess.run([binary / "python", "-m", "pip", "install", "--quiet", CHECK_JSONSCHEMA], check=True)
    return str(binary / "check-jsonschema")


def bench_validate(dump: Path, count: int, runs: int) -> None:
    """Validating a converted document, beside check-jsonschema on the same file and schema."""
    with tempfile.TemporaryDirectory() as name:
        path = Path(name) / "set.json"
        # In a process of its own: a child's peak memory counts from its parent's.
        make = [sys.executable, __file__, "--dump", str(dump), "--make-set", str(count), str(path)]
        subprocess.run(make, check=True)
        ours = [str(Path(sys.executable).with_name("ingest")), "validate", "-q", "--exit-zero", str(path)]
        schema = str(ROOT / "schema" / "document.schema.json")
        commands: dict[str, Sequence[str]] = {
            "ingest validate, schema alone": [*ours, "--select", "S001,S002"],
            "ingest validate, schema and default rules": ours,
            "ingest validate, every rule": [*ours, "--severity", "info"],
            "check-jsonschema": [check_jsonschema(), "--schemafile", schema, str(path)],
        }
        results = measure_in_turn(commands, runs)
        theirs = results["check-jsonschema"]
        print(f"\n{count} converted questions, {path.stat().st_size / 1e6:.0f} MB\n")
        print("| program | CPU s | wall s | peak MiB | times as fast as check-jsonschema |")
        print("| --- | --- | --- | --- | --- |")
        for program, taken in results.items():
            figures = [f"{median(taken, figure):.3f}" for figure in ("cpu_s", "wall_s")]
            figures += [f"{median(taken, 'peak_mib'):.0f}", f"{ratio(theirs, taken):.1f}"]
            print(f"| {program} | {' | '.join(figures)} |")


def median(results: Sequence[Run], figure: str) -> float:
    return statistics.median(getattr(run, figure) for run in results)


def ratio(a: Sequence[Run], b: Sequence[Run]) -> float:
    return statistics.median(x.cpu_s / y.cpu_s for x, y in zip(a, b, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each process (large ones: 3)")
    parser.add_argument("--sizes", type=int, nargs="*", default=[65, 3250, 65000])
    parser.add_argument("--dump", type=Path, default=default_dump(), help="a Spanish dump")
    parser.add_argument("--make", nargs=2, metavar=("SIZE", "FOLDER"), help="only write the inputs")
    parser.add_argument("--validate", type=int, default=65000, help="questions to validate; 0: none")
    parser.add_argument("--merge", type=int, nargs="*", default=[250, 500, 1000], help="sets to merge")
    parser.add_argument("--make-sets", nargs=2, metavar=("SETS", "FOLDER"), help="only write sets")
    parser.add_argument("--make-set", nargs=2, metavar=("SIZE", "FILE"), help="only write a converted file")
    options = parser.parse_args()
    if options.make_set:
        Path(options.make_set[1]).write_bytes(as_json(distinct(options.dump, int(options.make_set[0]))))
        return
    if options.make_sets:
        write_sets(options.dump, int(options.make_sets[0]), Path(options.make_sets[1]))
        return
    if options.make:
        size, folder = int(options.make[0]), Path(options.make[1])
        dump = copies(options.dump, size)
        (folder / f"{size}.txt").write_text(dump, encoding="utf-8")
        (folder / f"{size}.gift").write_text(gift(dump), encoding="utf-8")
        return
    print(f"Questions of {options.dump.name}.\n")
    print("| questions | program | CPU s | wall s | peak MiB | CPU / pygiftparser | CPU / floor |")
    print("| --- | --- | --- | --- | --- | --- | --- |")
    cpu: dict[int, float] = {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in options.sizes:
            # In a process of its own: a child's peak memory counts from its parent's.
            make = [sys.executable, __file__, "--dump", str(options.dump), "--make", str(size), name]
            subprocess.run(make, check=True)
            commands: dict[str, Sequence[str]] = {
                "ingest convert (json, csv)": [
                    str(Path(sys.executable).with_name("ingest")),
                    *("convert", "-q", str(folder / f"{size}.txt"), "-o", str(folder / "out")),
                ],
                "pygiftparser 1.1": [pygiftparser_python(), "-c", READ_GIFT, str(folder / f"{size}.gift")],
                "floor": [sys.executable, "-c", FLOOR, str(folder / f"{size}.txt")],
            }
            results = measure_in_turn(commands, options.runs if size < 10_000 else 3)
            ours, theirs, floor = results.values()
            cpu[size] = median(ours, "cpu_s")
            for program, runs in results.items():
                figures = [f"{median(runs, figure):.3f}" for figure in ("cpu_s", "wall_s")]
                figures.append(f"{median(runs, 'peak_mib'):.0f}")
                ratios = f"{ratio(runs, theirs):.2f} | {ratio(runs, floor):.1f}"
                print(f"| {size} | {program} | {' | '.join(figures)} | {ratios} |")
            sys.stdout.flush()
        small, large = sorted(cpu)[-2:] if len(cpu) > 1 else (0, 0)
        if small:
            print(f"\n{large} questions take {cpu[large] / cpu[small]:.1f} times the CPU time of {small}.")
        if 3250 in cpu:
            taken = stages((folder / "3250.txt").read_text(encoding="utf-8"))
            total = sum(seconds for _, seconds in taken)
            print("\n| stage, 3250 questions | CPU s | share |\n| --- | --- | --- |")
            for stage, seconds in taken:
                print(f"| {stage} | {seconds:.3f} | {seconds / total:.0%} |")
    if options.validate:
        bench_validate(options.dump, options.validate, 3)
    bench_merge(options.dump, options.merge)
    print(json.dumps({"python": sys.version.split()[0], "runs": options.runs}))


if __name__ == "__main__":
    main()
