"""What the commands say where there is little to do, or something is wrong: a sentence and a status."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest import schema
from ingest.batch import convert
from ingest.cli import main
from ingest.errors import IngestError
from ingest.progress import Progress, line_of

SAMPLE = "skipper_es.txt"
FAULTY = "errores_es.txt"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working folder, with two dumps."""
    for name in (SAMPLE, FAULTY):
        shutil.copy(ROOT / "raw" / name, tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, line.split(), input=stdin)


def last_line(result: Result) -> str:
    return result.stderr.strip().rpartition("\n")[2]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nonsense", "No such command 'nonsense'"),
        ("convert x.txt --to ,", "--to names no format; known: aiken, anki"),
        ("correct skipper_es.txt --question 99", "skipper_es.txt has no question 99; it has 1-"),
        (
            "diff https://example.org/a.json b.json",
            "only convert reads URLs: copy https://example.org/a.json",
        ),
        (
            "split https://example.org/a.json -o parts",
            "only convert reads URLs: copy https://example.org/a.json here",
        ),
        ("inspect https://example.org/a.txt", "only convert reads URLs: copy https://example.org/a.txt here"),
        ("stats https://example.org/a.json", "only convert reads URLs: copy https://example.org/a.json here"),
        ("merge skipper_es.txt -o errores_es.txt/bank.json", "cannot write errores_es.txt/bank.json"),
        ("split empty.json -o parts", "empty.json holds no question"),
        ("validate - --fix --diff", "standard input cannot be mended in its place: name a file"),
        ("validate skipper_es.txt --select ,", "an empty selection: name codes, or their beginnings"),
        ("validate skipper_es.txt --write-baseline --baseline .", "cannot write ."),
        ("schema --write skipper_es.txt", "cannot write skipper_es.txt"),
        ("schema nonsense", "unknown schema 'nonsense'"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(line: str, said: str) -> None:
    ingest.write(ingest.read_text(""), "empty.json")
    result = run(line)
    assert result.exit_code == 2
    assert said in last_line(result)


@pytest.mark.parametrize(
    "command", ["stats", "report -o x.html", "validate", "merge -o bank.json", "convert"]
)
def test_an_input_with_malformed_corrections_is_named_and_no_other(command: str) -> None:
    Path("skipper_es.corrections.toml").write_text("[[correction]\n", encoding="utf-8")
    result = run(f"{command} {FAULTY} {SAMPLE}")
    assert result.exit_code == 2
    named = [line for line in result.stderr.splitlines() if "corrections.toml" in line]
    assert len(named) == 1
    assert "skipper_es.corrections.toml" in named[0]


def test_no_baseline_is_written_without_what_could_not_be_read() -> None:
    Path("skipper_es.corrections.toml").write_text("[[correction]\n", encoding="utf-8")
    result = run(f"validate {FAULTY} {SAMPLE} --write-baseline --baseline known.json")
    assert result.exit_code == 2
    assert "no baseline was written" in last_line(result)
    assert not Path("known.json").exists()


def test_a_preview_of_fixes_tells_what_could_not_be_read() -> None:
    Path("skipper_es.corrections.toml").write_text("[[correction]\n", encoding="utf-8")
    result = run(f"validate {SAMPLE} --fix --diff")
    assert result.exit_code == 2
    assert "skipper_es.corrections.toml" in result.stderr


def test_a_clean_file_has_nothing_to_compare_with_its_baseline() -> None:
    assert run(f"validate {SAMPLE} --write-baseline --baseline known.json").exit_code == 0
    result = run(f"validate {SAMPLE} --baseline known.json")
    assert result.exit_code == 0
    assert "not shown" not in result.stderr


@pytest.mark.parametrize(
    ("chosen", "codes"),
    [
        ("--select repeated-option", {"Q003"}),
        ("--select all --ignore P,R,T,S", {"Q001", "Q003", "Q005", "Q006", "Q007", "Q008"}),
        ("--severity error", {"Q001", "Q003", "Q005"}),
    ],
)
def test_findings_are_chosen_by_name_family_and_severity(chosen: str, codes: set[str]) -> None:
    assert (
        set(re.findall(r"\b[A-Z]\d{3}\b", run(f"validate {FAULTY} --format concise {chosen}").stdout))
        == codes
    )


@pytest.mark.parametrize("page", ["rules", "formats"])
def test_the_manuals_are_printed_as_pages(page: str) -> None:
    assert run(f"{page} --markdown").stdout == (ROOT / "docs" / f"{page}.md").read_text(encoding="utf-8")


def test_help_names_every_command() -> None:
    listed = re.findall(r"(?m)^  ([a-z]+)  ", run("--help").stdout)
    assert listed == sorted(path.stem for path in (ROOT / "src/ingest/commands").glob("[a-z]*.py"))


@pytest.mark.parametrize(("name", "written"), [("", set(schema.names())), ("bank", {"bank"})])
def test_schemas_are_written_into_a_folder(name: str, written: set[str], folder: Path) -> None:
    assert run(f"schema {name} --write schemas").exit_code == 0
    assert {path.name for path in (folder / "schemas").iterdir()} == {
        f"{each}.schema.json" for each in written
    }
    for path in (folder / "schemas").iterdir():
        assert path.read_bytes() == (ROOT / "schema" / path.name).read_bytes()


def test_standard_input_is_an_input() -> None:
    data = Path(SAMPLE).read_bytes()
    assert "stdin" in run("validate - --format concise --severity info", Path(FAULTY).read_bytes()).stdout
    assert run("split - -o parts", data).stdout.startswith("parts/")
    assert "-- question 1: options from line 7" in run("inspect -", data).stdout


def test_a_quiet_run_prints_no_verdict() -> None:
    assert run(f"convert {SAMPLE} -o - --to json -q").stderr == ""
    assert run(f"convert {SAMPLE} -o - --to json").stderr.startswith(f"{SAMPLE}: ")


def test_a_quiet_run_takes_away_what_is_gone_without_a_word(folder: Path) -> None:
    run(f"convert {SAMPLE} {FAULTY}")
    Path(FAULTY).unlink()
    result = run(f"convert {SAMPLE} --prune -q")
    assert result.stderr == ""
    assert not list((folder / "out").glob("errores*"))


def test_diff_says_that_questions_may_be_missing() -> None:
    result = run(f"diff {SAMPLE} {FAULTY}")
    assert f"{FAULTY} has 3 errors, so questions may be missing: see ingest validate" in result.stderr


def test_merge_says_which_set_gave_less_than_it_holds() -> None:
    ingest.write(ingest.read_text(""), "empty.json")
    result = run(f"merge {FAULTY} empty.json -o bank.json")
    assert f"{FAULTY}: 1 block gave no question; see ingest validate" in result.stderr
    assert "empty.json holds no question" in result.stderr
    assert len(run(f"merge {FAULTY} empty.json -o bank.json -q").stderr.splitlines()) == 1


def test_statistics_name_the_most_frequent_and_count_the_others() -> None:
    text = "".join(
        f"Pregunta {number}\n\nWhat floats (1)?\n\nRespuesta correcta\nA {number}\n\nB {number}\n\n"
        f"Explicación general\nIt does.\n\nTemática\nTopic {number}\n"
        for number in range(1, 41)
    )
    Path("many.txt").write_text(text, encoding="utf-8")
    result = run("stats many.txt")
    topics = result.stdout.partition("  topics\n")[2].partition("\n\n")[0].splitlines()
    assert topics[0].split(maxsplit=1) == ["1", "Topic 1"]
    assert re.fullmatch(r" +\d+  \d+ others", topics[-1])
    assert int(topics[-1].split()[0]) + len(topics) - 1 == 40


def test_statistics_of_no_question_have_no_lists() -> None:
    ingest.write(ingest.read_text(""), "empty.json")
    result = run("stats empty.json")
    assert "questions  0: none" in result.stdout
    assert "topics" not in result.stdout


def test_an_unknown_format_is_refused_before_anything_is_written(folder: Path) -> None:
    from ingest.converting import ConvertSettings

    with pytest.raises(IngestError, match="unknown format 'jsn'; did you mean json"):
        convert([SAMPLE], folder / "out", ConvertSettings(formats=("jsn",)))
    assert not (folder / "out").exists()


def test_progress_at_a_terminal_is_one_line_that_goes_away(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr("ingest.progress._REDRAWN_AFTER", -1.0)
    progress = Progress(4)
    progress.advance()
    progress.say("a finding")
    drawn = capsys.readouterr().err
    assert drawn.startswith("\r█")
    assert " 1 of 4 files" in drawn
    assert drawn.endswith("\r\033[Ka finding\n")


def test_progress_has_no_pace_before_the_clock_moves() -> None:
    assert line_of(1, 4, 0.0) == "1 of 4 files"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize(
    "line", ["validate skipper_es.txt --format json", "convert skipper_es.txt -o -", "formats"]
)
def test_standard_output_on_a_full_disk(line: str) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "ingest", *line.split()], stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert ended.returncode == 2
    said = ended.stderr.decode().strip().rpartition("\n")[2]
    assert said == "error: cannot write to standard output: No space left on device"


@pytest.mark.parametrize(
    ("settings", "status"), [("tool = 1\n", 0), ("[tool]\nother = 1\n", 0), ("[tool]\ningest = 1\n", 2)]
)
def test_a_project_file_of_another_shape(folder: Path, settings: str, status: int) -> None:
    (folder / "pyproject.toml").write_text(settings, encoding="utf-8")
    told = run("validate skipper_es.txt")
    assert told.exit_code == status
    assert ("pyproject.toml: tool.ingest is a table of settings" in told.stderr) == (status == 2)


def test_each_column_without_a_name_is_placed(folder: Path) -> None:
    """As spreadsheets save a table with empty columns behind it."""
    run("convert skipper_es.txt --to csv")
    lines = (folder / "out" / "skipper_es.csv").read_text(encoding="utf-8").split("\n")
    header = f"{lines[0]},,"
    (folder / "set.csv").write_text("\n".join([header, *lines[1:]]), encoding="utf-8")
    found = run("validate set.csv --select S002 --format concise").stdout
    assert [f"set.csv:1:{len(header) + at}: " in found for at in (0, 1)] == [True, True]


def test_a_correction_file_of_another_shape(folder: Path) -> None:
    """In words of TOML, not of Python."""
    entry = '[[correction]]\nquestion = 3\nfingerprint = "0123456789abcdef"\nanswer = "B"\nanswers = 1\n'
    (folder / "skipper_es.corrections.toml").write_text(entry, encoding="utf-8")
    told = run("validate skipper_es.txt")
    assert told.exit_code == 2
    for fault in ("entry 1, answer: input should be a list", "entry 1, answers: unknown key"):
        assert fault in told.stderr


def test_split_names_the_question_that_a_format_cannot_hold(folder: Path) -> None:
    run("convert errores_es.txt --to json")
    said = run("split out/errores_es.json --by type --to aiken -o parts").stderr
    assert "question 5: left out: not one right option" in said


@pytest.mark.parametrize("content", ["[]", "{}", '{"questions": []}', "null"])
def test_a_file_without_questions_is_compared_with_nothing(folder: Path, content: str) -> None:
    (folder / "old.json").write_text(content, encoding="utf-8")
    for line in ("diff old.json skipper_es.txt", "diff skipper_es.txt old.json"):
        told = run(line)
        assert told.exit_code == 2
        assert last_line(told) == "error: old.json holds no question; see ingest validate"


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("report skipper_es.txt -o ./skipper_es.txt", "page"),
        ("report . -o skipper_es.txt", "page"),
        ("validate skipper_es.txt --write-baseline --baseline skipper_es.txt", "baseline"),
        ("validate skipper_es.txt -o skipper_es.txt", "report"),
    ],
)
def test_no_input_is_written_over(folder: Path, line: str, what: str) -> None:
    before = (folder / SAMPLE).read_bytes()
    told = run(line)
    assert told.exit_code == 2
    assert f"{SAMPLE} is an input: choose another file for the {what}" in told.stderr
    assert (folder / SAMPLE).read_bytes() == before


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_a_converted_file_of_two_encodings_is_not_taken(folder: Path, form: str) -> None:
    """Letters of it are lost, and no finding would say so in what is made of it."""
    run(f"convert skipper_es.txt --to {form}")
    text = (folder / "out" / f"skipper_es.{form}").read_text(encoding="utf-8")
    data = text.replace("The ", "Thé ").encode().replace("é".encode(), "é".encode("cp1252"), 1)
    (folder / f"set.{form}").write_bytes(data)
    for line in (f"convert set.{form}", f"merge set.{form} -o bank.json", f"diff set.{form} skipper_es.txt"):
        told = run(line)
        assert told.exit_code == 2
        assert "some bytes could not be read in any known encoding; see ingest validate" in told.stderr
