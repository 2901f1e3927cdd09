"""Every form of findings, checked by what reads it: schemas, a runner's own rules, hostile text."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import jsonschema
import pytest
import xmlschema

from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.reports import Report, formats, renderer, statistics_of

DATA = Path(__file__).parent / "data"
RAW = Path(__file__).parent.parent / "raw"


def NO_LINES(number: int) -> str:  # noqa: N802 - a constant that is a function
    return ""


HOSTILE = "a % b\r\n::error::c \x1b[31m ]]> </x> <script> & \" ' \x00 \ud83d\ude00 é，,:"


def diagnostic(message: str, **other: object) -> Diagnostic:
    values: dict[str, object] = {
        "code": "Q003",
        "name": "repeated-option",
        "severity": Severity.ERROR,
        "message": message,
        "hint": None,
        "file": "sets/a,b: 1%.json",
        "line": 3,
        "column": 2,
        "end_line": 3,
        "end_column": 9,
        "number": 8,
        "id": "q_0123456789abcdef",
    }
    return Diagnostic(**{**values, **other})  # type: ignore[arg-type]


def text(value: str) -> str:
    """As text that any encoding can hold."""
    return value.encode("utf-16", "surrogatepass").decode("utf-16")


REPORT = Report(
    files=(
        Checked("clean.txt", 3, (), NO_LINES),
        Checked(
            "sets/a,b: 1%.json",
            9,
            (
                diagnostic("option C repeats option A: “Tea”"),
                diagnostic(text(HOSTILE), hint=text(HOSTILE)),
                diagnostic(
                    "a thing", severity=Severity.WARNING, code="Q008", end_line=5, number=None, id=None
                ),
                diagnostic("a note", severity=Severity.INFO, code="Q010"),
            ),
            ["", "first", "second", " repeats it", "", ""].__getitem__,
        ),
        Checked("gone.txt", 0, (), NO_LINES, "cannot read gone.txt: permission denied"),
    ),
    version="1.0",
)
EMPTY = Report((Checked("clean.txt", 3, (), NO_LINES),), "1.0")


def rendered(form: str, report: Report = REPORT) -> str:
    return "".join(f"{line}\n" for line in renderer(form)(report))


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("report", [REPORT, EMPTY, Report((), "1.0")], ids=["some", "clean", "no files"])
def test_every_form_renders_every_report(form: str, report: Report) -> None:
    rendered(form, report).encode()


@pytest.mark.parametrize("report", [REPORT, EMPTY], ids=["some", "clean"])
def test_sarif_follows_its_schema(report: Report) -> None:
    schema = json.loads((DATA / "sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
    jsonschema.Draft7Validator(schema).validate(json.loads(rendered("sarif", report)))


def test_sarif_says_where_and_what() -> None:
    (run,) = json.loads(rendered("sarif"))["runs"]
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == ["Q003", "Q008", "Q010"]
    assert [each["ruleIndex"] for each in run["results"]] == [0, 0, 1, 2]
    assert [each["level"] for each in run["results"]] == ["error", "error", "warning", "note"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "sets/a%2Cb%3A%201%25.json"
    assert place["region"] == {"startLine": 3, "startColumn": 2, "endLine": 3, "endColumn": 9}


@pytest.mark.parametrize("report", [REPORT, EMPTY], ids=["some", "clean"])
def test_junit_follows_its_schema(report: Report) -> None:
    xmlschema.XMLSchema(DATA / "junit-10.xsd").validate(rendered("junit", report))


def test_junit_fails_what_fails_the_run() -> None:
    root = ET.fromstring(rendered("junit"))  # noqa: S314 - our own
    suites = {suite.get("name"): suite for suite in root}
    cases = suites["sets/a,b: 1%.json"]
    assert [bool(case.findall("failure")) for case in cases] == [True, True, False, False]
    assert len(suites["clean.txt"]) == 1
    assert suites["gone.txt"].get("errors") == "1"


def test_github_commands_cannot_be_steered() -> None:
    lines = rendered("github").splitlines()
    assert len(lines) == 4, "one line a finding, whatever the text"
    for line in lines:
        assert re.fullmatch(r"::(error|warning|notice) [^:\r\n]*::[^\r\n]*", line), line
    properties = dict(each.split("=") for each in lines[0].split("::")[1].split(" ", 1)[1].split(","))
    assert properties["file"] == "sets/a%2Cb%3A 1%25.json"
    assert properties["line"] == "3"
    assert properties["col"] == "2"
    assert "col=" not in lines[2], "columns only where the finding is on one line"
    assert "a %25 b%0D%0A::error::c" in lines[1]


def test_gitlab_fingerprints_are_unique_and_hold_when_lines_move() -> None:
    entries = json.loads(rendered("gitlab"))
    assert len({each["fingerprint"] for each in entries}) == len(entries)
    assert [each["severity"] for each in entries] == ["major", "major", "minor", "info"]
    moved = Report(
        (Checked("sets/a,b: 1%.json", 1, (diagnostic("option C repeats option A: “Tea”", line=99),), list),),
        "1",
    )
    assert json.loads(rendered("gitlab", moved))[0]["fingerprint"] == entries[0]["fingerprint"]


def test_json_and_jsonl_hold_everything() -> None:
    entries = json.loads(rendered("json"))["diagnostics"]
    assert [json.loads(line) for line in rendered("jsonl").splitlines()] == entries
    assert entries[0]["id"] == "q_0123456789abcdef"
    assert len(entries) == 4


def test_text_shows_the_line_and_no_control_character() -> None:
    shown = rendered("text")
    assert "    | repeats it\n" in shown.replace("|  ", "| ")
    assert not re.search("[\x00-\x08\x0b-\x1f]", re.sub("\x1b\\[[0-9;]*m", "", shown))


def test_statistics() -> None:
    lines = list(statistics_of(REPORT, "text"))
    assert lines[0].split() == ["2", "Q003", "error", "repeated-option"]
    assert json.loads("".join(statistics_of(REPORT, "json")))["statistics"][0]["count"] == 2


def run(*arguments: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "ingest", "validate", *arguments]
    import os

    plain = {k: v for k, v in os.environ.items() if k not in ("GITHUB_ACTIONS", "GITLAB_CI", "CI")}
    return subprocess.run(
        command, cwd=cwd, capture_output=True, text=True, env={**plain, **environment}, check=False
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "raw").mkdir()
    for name in ("errores_es.txt", "huerto_es.txt"):
        (tmp_path / "raw" / name).write_bytes((RAW / name).read_bytes())
    return tmp_path


def test_the_command_finds_fails_and_sums_up(folder: Path) -> None:
    found = run(cwd=folder)
    assert found.returncode == 1
    assert "raw/errores_es.txt:85:1: Q003 question 3: option C repeats option A" in found.stdout
    assert "    | Fill it with ice" in found.stdout
    assert re.search(r"2 files, 15 questions: \d+ errors, \d+ warnings", found.stderr)
    assert run("raw/huerto_es.txt", cwd=folder).returncode == 0
    assert run("raw/errores_es.txt", "--exit-zero", "-q", cwd=folder).returncode == 0


def test_the_command_on_runners(folder: Path) -> None:
    on_github = run("raw", cwd=folder, GITHUB_ACTIONS="true")
    assert on_github.returncode == 1
    assert on_github.stdout.startswith("::error file=raw/errores_es.txt,line=")
    on_gitlab = run("raw", cwd=folder, GITLAB_CI="true")
    assert on_gitlab.returncode == 1
    assert json.loads(on_gitlab.stdout)[0]["location"]["path"] == "raw/errores_es.txt"
    assert run("raw", "--format", "concise", cwd=folder, GITHUB_ACTIONS="true").stdout.startswith("raw/")


def test_the_command_writes_a_report_and_prints_text(folder: Path) -> None:
    found = run("raw", "--format", "sarif", "-o", "out/x.sarif", cwd=folder)
    assert json.loads((folder / "out" / "x.sarif").read_text(encoding="utf-8"))["version"] == "2.1.0"
    assert "Q003" in found.stdout


def test_choosing_on_the_command_line_and_in_the_settings(folder: Path) -> None:
    codes = set(re.findall(r" (\w\d{3}) ", run("--select", "Q00,P1", "--ignore", "q003", cwd=folder).stdout))
    assert "Q005" in codes
    assert "Q003" not in codes
    (folder / "raw" / "ingest.toml").write_text('[validate]\nignore = ["Q", "P"]\n')
    assert run("raw", cwd=folder).returncode == 0, "the nearest file wins"
    (folder / "ingest.toml").write_text('[validate]\nstrict = true\nselect = ["P107"]\n')
    (folder / "raw" / "ingest.toml").unlink()
    assert run("raw", cwd=folder).returncode == 1
    counted = run("raw", "--select", "Q", "--statistics", cwd=folder)
    assert re.search(r"^ +\d+  Q003  error +repeated-option$", counted.stdout, re.MULTILINE)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "Q0O3"], "unknown rule 'Q0O3'; did you mean Q0"),
        (["--severity", "warn"], "did you mean warning?"),
        (["--format", "junitxml"], "did you mean junit?"),
        (["nothing.json"], "no such file: nothing.json"),
        (["raw/errores_es.txt", "-o", "raw"], "cannot write raw"),
        (["raw", "-o", "raw/huerto_es.txt"], "raw/huerto_es.txt is an input"),
    ],
)
def test_what_cannot_run_exits_with_2(folder: Path, arguments: list[str], message: str) -> None:
    found = run(*arguments, cwd=folder)
    assert found.returncode == 2
    assert message in found.stderr


def test_the_others_are_still_done(folder: Path) -> None:
    found = run("nothing.json", "raw/errores_es.txt", cwd=folder)
    assert found.returncode == 2
    assert "Q003" in found.stdout


def test_folders_give_converted_files_and_no_others(folder: Path) -> None:
    command = [sys.executable, "-m", "ingest", "convert", "raw", "-o", "sets", "--to", "json,jsonl,csv", "-q"]
    subprocess.run(command, cwd=folder, check=False, capture_output=True)
    (folder / "sets" / "package.json").write_text('{"name": "x"}')
    (folder / "sets" / "numbers.csv").write_text("a,b\n1,2\n")
    found = run("sets", cwd=folder)
    assert "6 files, " in found.stderr
    assert "sets/package.json: no question set, passed over" in found.stderr
    assert "sets/numbers.csv: no question set, passed over" in found.stderr
    # Named by hand they are checked.
    assert "S002" in run("sets/package.json", cwd=folder).stdout
