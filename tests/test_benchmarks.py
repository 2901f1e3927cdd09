"""The benchmarks run: a few questions, one counted run, nothing from a network."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import ingest

ROOT = Path(__file__).parent.parent
BENCHMARKS = ROOT / "benchmarks"
SAMPLE = ROOT / "raw" / "skipper_es.txt"


@pytest.fixture
def benchmarks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(BENCHMARKS))


def test_report_of_every_part(tmp_path: Path) -> None:
    alone = ("--alone", "--runs", "1", "--dump", SAMPLE, "--report", tmp_path)
    little = ("--sizes", "5", "--questions", "5", "--formats", "csv", "--validate", "5", "--merge", "2")
    few = ("--stages", "5", "--files", "3")
    command = [sys.executable, BENCHMARKS / "bench.py", *alone, *little, *few]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stderr
    text = (tmp_path / "benchmarks.md").read_text(encoding="utf-8")
    titles = re.findall(r"(?m)^## (.*)$", text)
    parts = ["The field", "Formats", "Stages", "Many small files", "Validating", "Merging"]
    assert titles == ["What was asked", "Method", *parts, "Not measured"]
    assert re.findall(r"(?m)^## (.*)$", done.stdout) == parts
    rows = ("5 | floor, ", "`csv` | ", "assemble | ", "3 | cold | 2 | ", "unchanged, 1 job: ", "2 | ")
    for row in (*rows, "ingest validate, every rule | "):
        assert f"\n| {row}" in text
    assert text.count("| not measured |") == 6
    for private in (str(tmp_path), str(ROOT)):
        assert private not in text
    picture = ET.parse(tmp_path / "benchmarks.svg")  # noqa: S314 - our own
    assert len(picture.findall(".//{*}rect[@class='own']")) == 3 + 2 + 6
    assert len(picture.findall(".//{*}path[@class='curve']")) == 4


@pytest.mark.usefixtures("benchmarks")
def test_curves() -> None:
    from chart import Curves, draw

    steady, rising = [(100, 24.0), (1000, 24.0)], [(100, 12.0), (1000, 24.0)]
    picture = ET.fromstring(draw([Curves("memory", {"steady": steady, "rising": rising})]))  # noqa: S314 - ours
    first, second = (path.attrib["d"] for path in picture.findall(".//{*}path[@class='curve']"))
    assert first.partition("L")[2] == second.partition("L")[2]  # both end in one place
    texts = {text.text: text.attrib["y"] for text in picture.findall(".//{*}text")}
    assert {"memory", "0", "24", "100", "1,000"} < texts.keys()
    assert texts["steady: 24.0 → 24.0"] != texts["rising: 12.0 → 24.0"]


def test_unknown_part() -> None:
    command = [sys.executable, BENCHMARKS / "bench.py", "--only", "speed"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no such part: speed" in done.stderr


@pytest.mark.usefixtures("benchmarks")
def test_questions_are_all_different_and_read_as_well() -> None:
    from inputs import as_dump, bodies

    originals = len(ingest.read(SAMPLE).questions)
    count = 3 * originals
    result = ingest.read_text(as_dump(islice(bodies(SAMPLE), count)))
    assert len({question.id for question in result.questions}) == count
    assert not result.doubtful
    assert not result.rejected
    first = {option.text for each in result.questions[:originals] for option in each.options}
    texts = {option.text for each in result.questions for option in each.options}
    assert len(texts) > 2 * len(first)


@pytest.mark.usefixtures("benchmarks")
def test_small_dumps(tmp_path: Path) -> None:
    from inputs import write_small_dumps

    write_small_dumps(SAMPLE, tmp_path, files=12)
    paths = sorted(tmp_path.rglob("*.txt"))
    names = [path.relative_to(tmp_path).as_posix() for path in paths]
    assert names[:2] == ["00/0/00001.txt", "00/0/00002.txt"]
    results = [ingest.read(path) for path in paths]
    assert {len(result.questions) for result in results} == {5}
    assert not any(result.doubtful for result in results)
    assert len({question.id for result in results for question in result.questions}) == 60


@pytest.mark.usefixtures("benchmarks")
def test_what_was_asked() -> None:
    from asked import FLAT, GOALS, TWO_JOBS, UNCHANGED, Answer, rows

    answers = (
        Answer(FLAT, (1.1, 1.2, 1.3), "unused"),
        Answer(TWO_JOBS, (1.2, 1.1), "one waits"),
        Answer(TWO_JOBS, (), "for the other"),
        Answer(UNCHANGED, (30.0,)),
    )
    table = {row[0]: row[1:] for row in rows(answers)}
    assert len(table) == len(GOALS)
    assert table[FLAT.what] == ("at most 1.2", "1.20 (1.10–1.30)", "yes")
    missed = "no: 28% less than asked; one waits; for the other"
    assert table[TWO_JOBS.what] == ("at least 1.6", "1.15 (1.10–1.20)", missed)
    assert table[UNCHANGED.what][2] == "yes"


@pytest.mark.usefixtures("benchmarks")
def test_every_tool_gets_every_question(tmp_path: Path) -> None:
    from competitors import competitors

    questions = ingest.read(SAMPLE).questions
    for tool in competitors():
        assert tool.manual
        assert all("==" in requirement for requirement in tool.requirements)
        folder = tmp_path / tool.name
        folder.mkdir()
        tool.write(questions, folder)
        (path,) = folder.iterdir()
        written = path.read_text(encoding="utf-8")
        for question in questions:
            for option in question.options:
                assert option.text.split()[0] in written, tool.name


@pytest.mark.usefixtures("benchmarks")
def test_pygiftparser_reads_what_is_written_for_it(tmp_path: Path) -> None:
    from competitors import competitor

    tool = competitor("pygiftparser")
    questions = ingest.read(SAMPLE).questions
    tool.write(questions, tmp_path)
    python, *rest = tool.command(Path(sys.executable).parent)
    subprocess.run([python, *rest], cwd=tmp_path, env=os.environ, check=True)
    assert tool.count(tmp_path) == len(questions)
