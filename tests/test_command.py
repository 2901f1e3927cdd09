"""The command as people use it, in a process of its own."""

from __future__ import annotations

import multiprocessing
import os
import shutil
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from conftest import ROOT

RAW = ROOT / "raw"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(RAW, tmp_path / "raw")
    return tmp_path


def run(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", *arguments], cwd=cwd, input=stdin, capture_output=True, check=False
    )


def test_convert_without_input_reads_raw(folder: Path) -> None:
    done = run("convert", cwd=folder)
    assert done.returncode == 1  # one of the samples has mistakes
    assert (
        b"3 inputs: 41 questions read, 35 sure, 6 doubtful, 1 block rejected; 6 files in out/" in done.stderr
    )
    assert done.stdout == b""
    manifest = orjson.loads((folder / "out" / "manifest.json").read_bytes())
    assert [each["file"] for each in manifest["files"]] == [
        "errores_es.txt",
        "huerto_es.txt",
        "skipper_es.txt",
    ]
    for each in manifest["files"]:
        for output in each["outputs"]:
            assert (folder / "out" / output["path"]).is_file()
    assert str(folder).encode() not in (folder / "out" / "skipper_es.json").read_bytes()


def test_the_verdict_names_doubtful_questions(folder: Path) -> None:
    done = run("convert", "raw/errores_es.txt", cwd=folder)
    assert b"7 questions read, 1 sure, 6 doubtful, 1 block rejected: 3 (Q003), 4 (Q007)" in done.stderr


def test_a_clean_dump_exits_with_0(folder: Path) -> None:
    done = run("convert", "raw/skipper_es.txt", cwd=folder)
    assert done.returncode == 0
    assert b"26 questions read, 26 sure, 0 doubtful" in done.stderr


def test_strict_counts_warnings(folder: Path) -> None:
    text = (RAW / "huerto_es.txt").read_text(encoding="utf-8")
    (folder / "twice.txt").write_text(text + text, encoding="utf-8")
    assert run("convert", "twice.txt", cwd=folder).returncode == 0
    assert run("convert", "--strict", "twice.txt", cwd=folder).returncode == 1


def test_quiet_prints_only_errors(folder: Path) -> None:
    assert run("convert", "-q", "raw/skipper_es.txt", cwd=folder).stderr == b""
    done = run("convert", "-q", "raw/errores_es.txt", cwd=folder)
    assert b"Q001" in done.stderr
    assert b"Q008" not in done.stderr


def test_standard_input_to_standard_output(folder: Path) -> None:
    data = (RAW / "huerto_es.txt").read_bytes()
    done = run("convert", "-", "--to", "jsonl", cwd=folder, stdin=data)
    assert done.returncode == 0
    assert len(done.stdout.splitlines()) == 8
    assert orjson.loads(done.stdout.splitlines()[0])["source"]["file"] == "stdin"
    assert not (folder / "out").exists()
    done = run("convert", "-", "-o", "there", cwd=folder, stdin=data)
    assert done.returncode == 0
    assert (folder / "there" / "stdin.json").is_file()
    done = run("convert", "raw/huerto_es.txt", "-o", "-", "--to", "csv", cwd=folder)
    assert done.stdout.startswith(b"id,occurrence,number,")


def test_standard_output_takes_one_input_and_one_format(folder: Path) -> None:
    done = run("convert", "raw", "-o", "-", cwd=folder)
    assert done.returncode == 2
    assert b"standard output takes one input, not 3" in done.stderr
    done = run("convert", "-", "--to", "json,csv", cwd=folder)
    assert done.returncode == 2
    assert b"standard output takes one format, not 2" in done.stderr


def test_folders_are_mirrored_and_patterns_expanded(folder: Path) -> None:
    (folder / "raw" / "2026" / "may").mkdir(parents=True)
    shutil.copy(RAW / "huerto_es.txt", folder / "raw" / "2026" / "may" / "huerto_es.txt")
    done = run("convert", "raw", "--to", "jsonl", cwd=folder)
    assert b"4 inputs" in done.stderr
    assert (folder / "out" / "2026" / "may" / "huerto_es.jsonl").is_file()
    done = run("convert", "raw/**/huerto*.txt", "-o", "two", "--to", "csv", cwd=folder)
    assert (folder / "two" / "2026" / "may" / "huerto_es.csv").is_file()
    assert (folder / "two" / "huerto_es.csv").is_file()


def test_two_inputs_for_one_output_are_refused_before_anything_is_written(folder: Path) -> None:
    (folder / "other").mkdir()
    shutil.copy(RAW / "skipper_es.txt", folder / "other" / "huerto_es.txt")
    done = run("convert", "raw/huerto_es.txt", "other/huerto_es.txt", cwd=folder)
    assert done.returncode == 2
    assert b"would both write out/huerto_es.json" in done.stderr
    assert not (folder / "out").exists()


def test_the_same_input_twice_is_converted_once(folder: Path) -> None:
    done = run("convert", "raw/huerto_es.txt", "raw/../raw/huerto_es.txt", cwd=folder)
    assert done.returncode == 0
    assert b"inputs:" not in done.stderr


def test_one_unreadable_input_does_not_stop_the_others(folder: Path) -> None:
    done = run("convert", "raw/huerto_es.txt", "missing.txt", cwd=folder)
    assert done.returncode == 2
    assert b"no such file: missing.txt" in done.stderr
    assert (folder / "out" / "huerto_es.json").is_file()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["convert", "raw", "--to", "jsn"], b"unknown format 'jsn'; did you mean json?"),
        (["convert", "raw", "--labels", "xx"], b"unknown language 'xx'; known: de, en, es, fr, it, ja, pt"),
        (["rules", "Q0001"], b"unknown rule 'Q0001'; did you mean Q001?"),
        (["schema", "documnt"], b"did you mean document?"),
        (["inspect", "raw/huerto_es.txt", "--question", "99"], b"has no question 99; it has 1-8"),
        (["inspect", "nothing.txt"], b"cannot read nothing.txt: No such file or directory"),
        (["convert", "--surprise"], b"No such option"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_run_exits_with_2_and_says_why(
    folder: Path, arguments: list[str], message: bytes
) -> None:
    done = run(*arguments, cwd=folder)
    assert done.returncode == 2
    assert message in done.stderr
    assert b"Traceback" not in done.stderr


def test_inspect_shows_roles_and_evidence(folder: Path) -> None:
    done = run("inspect", "raw/skipper_es.txt", "--question", "6", cwd=folder)
    text = done.stdout.decode()
    assert done.returncode == 0
    assert "-- question 6: options from line" in text
    assert "asking_sentence" in text
    assert "option A" in text
    assert "unread" not in text
    document = orjson.loads(run("inspect", "raw/skipper_es.txt", "--format", "json", cwd=folder).stdout)
    assert len(document["questions"]) == 26
    assert {line["role"] for line in document["lines"]} >= {
        "label",
        "stem",
        "option A",
        "explanation",
        "topic",
    }


def test_lists(folder: Path) -> None:
    assert b"Q001  error    no-right-option" in run("rules", cwd=folder).stdout
    manual = run("rules", "q001", cwd=folder).stdout
    assert manual.startswith(b"Q001 no-right-option (error)")
    assert b"How to mend it:" in manual
    assert b".jsonl" in run("formats", cwd=folder).stdout
    assert "Español".encode() in run("locales", cwd=folder).stdout
    assert orjson.loads(run("schema", cwd=folder).stdout)["$id"] == "urn:exam-ingest:schema:1.0:document"


def test_forced_labels_read_only_that_language(folder: Path) -> None:
    done = run("convert", "raw/huerto_es.txt", "--labels", "en", cwd=folder)
    assert done.returncode == 1
    assert b"P001" in done.stderr


def test_colour_only_at_a_terminal(folder: Path) -> None:
    assert b"\x1b[" not in run("convert", "raw/errores_es.txt", cwd=folder).stderr


def test_a_hostile_dump_does_not_steer_the_terminal(folder: Path) -> None:
    text = "Pregunta 1\n\nWhich \x1b]0;title\x07 one?\n\nA\x1b[2J\n\nA\x1b[2J\n\nRespuesta correcta\nB\n"
    (folder / "hostile.txt").write_text(text)
    assert b"\x1b" not in run("convert", "hostile.txt", cwd=folder).stderr
    assert b"\x1b" not in run("inspect", "hostile.txt", cwd=folder).stdout


def loaded(*arguments: object) -> set[str]:
    """The modules that a command has loaded at its end."""
    script = """
import sys
from ingest.cli import main
try:
    main(sys.argv[1:], standalone_mode=False)
finally:
    print(*sys.modules)
"""
    command = [sys.executable, "-c", script, *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=False, text=True)
    return set(done.stdout.split())


def test_starting_loads_only_what_is_used(tmp_path: Path) -> None:
    command = ("convert", "raw/huerto_es.txt", "raw/skipper_es.txt", "-q", "-o", tmp_path)
    first = loaded(*command)
    assert "ingest.pipeline" in first
    assert not first & {"pydantic", "jsonschema", "jsonschema_rs", "regex", "rich", "ftfy"}
    again = loaded(*command)
    assert "ingest.ledger" in again
    assert not again & {"ingest.pipeline", "ingest.locales", "ingest.rules", "ingest.reports"}


@pytest.mark.skipif(multiprocessing.get_start_method() != "fork", reason="they begin with nothing loaded")
def test_stages_are_loaded_before_processes_are_forked(tmp_path: Path) -> None:
    command = ("convert", "raw/huerto_es.txt", "raw/skipper_es.txt", "-q", "-j", 2, "-o", tmp_path)
    assert "ingest.pipeline" in loaded(*command)
    assert "ingest.jobs" not in loaded(*command)


def test_an_input_is_never_overwritten(folder: Path) -> None:
    (folder / "exam.csv").write_bytes((RAW / "huerto_es.txt").read_bytes())
    done = run("convert", "exam.csv", "-o", ".", cwd=folder)
    assert done.returncode == 2
    assert b"would overwrite the input exam.csv" in done.stderr
    assert (folder / "exam.csv").read_bytes() == (RAW / "huerto_es.txt").read_bytes()


def test_the_list_of_outputs_is_not_overwritten(folder: Path) -> None:
    shutil.copy(RAW / "huerto_es.txt", folder / "manifest.txt")
    done = run("convert", "manifest.txt", cwd=folder)
    assert done.returncode == 2
    assert b"would write out/manifest.json, the list of outputs" in done.stderr
    assert run("convert", "manifest.txt", "--to", "csv", cwd=folder).returncode == 0


def test_outputs_stay_below_the_output_folder(folder: Path) -> None:
    (folder / "in" / "sub").mkdir(parents=True)
    shutil.copy(RAW / "huerto_es.txt", folder / "climber.txt")
    done = run("convert", "*/../../climber.txt", "-o", "out", cwd=folder / "in")
    assert done.returncode == 0
    assert (folder / "in" / "out" / "climber.json").is_file()
    assert not (folder / "climber.json").exists()


def test_names_do_not_depend_on_the_order_of_arguments(folder: Path) -> None:
    (folder / "raw" / "sub").mkdir()
    shutil.copy(RAW / "huerto_es.txt", folder / "raw" / "sub" / "x.txt")
    run("convert", "raw", "raw/sub/x.txt", "-o", "one", "-q", cwd=folder)
    run("convert", "raw/sub/x.txt", "raw", "-o", "two", "-q", cwd=folder)
    one, two = (
        sorted(path.relative_to(folder / name) for path in (folder / name).rglob("*"))
        for name in ("one", "two")
    )
    assert one == two


@pytest.mark.parametrize(
    "name", ["with space.txt", "ünï çödé.txt", "a.b.txt", "line\nend.txt", "x" * 240 + ".txt"]
)
def test_odd_names(folder: Path, name: str) -> None:
    shutil.copy(RAW / "huerto_es.txt", folder / name)
    assert run("convert", name, "--to", "json", cwd=folder).returncode == 0
    assert (folder / "out" / f"{name[:-4]}.json").is_file()


def test_a_name_that_is_no_text(folder: Path) -> None:
    shutil.copy(RAW / "huerto_es.txt", bytes(folder) + b"/bad\xff.txt")
    done = run("convert", ".", cwd=folder)
    assert b"Traceback" not in done.stderr
    assert b"4 inputs" in done.stderr or b"5 inputs" in done.stderr


@pytest.mark.parametrize("argument", ["", "x" * 300, "a\0b"[:1] + "/" * 5000])
def test_arguments_that_name_no_file(folder: Path, argument: str) -> None:
    done = run("convert", argument, cwd=folder)
    assert done.returncode == 2
    assert b"no such file" in done.stderr


def test_a_folder_gives_what_holds_questions(folder: Path) -> None:
    forms = Path(__file__).parent / "dumps" / "layouts"
    for name in ("saved_page_es.html", "upload.csv", "assessments.json"):
        shutil.copy(forms / name, folder / "raw" / name)
    (folder / "raw" / "other.json").write_text('{"a": 1}', encoding="utf-8")
    (folder / "raw" / "table.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    done = run("convert", "raw", "-o", "forms", cwd=folder)
    names = {path.stem for path in (folder / "forms").glob("*.csv")}
    assert {"saved_page_es", "upload", "assessments"} <= names
    assert not {"other", "table"} & names
    assert b"Traceback" not in done.stderr


def test_own_labels_from_the_settings_and_from_a_file(folder: Path) -> None:
    table = '[labels.da.page]\nheader = ["Spørgsmål"]\n[labels.da.mark]\nright = ["Rigtigt svar"]\n'
    (folder / "ingest.toml").write_text(table, encoding="utf-8")
    dump = "Spørgsmål 1\n\nHvad?\n\nEt\n\nRigtigt svar\nTo\n"
    (folder / "dansk.txt").write_text(dump, encoding="utf-8")
    assert b"1 question read, 1 sure" in run("convert", "dansk.txt", cwd=folder).stderr
    assert b"da  da" in run("locales", cwd=folder).stdout
    (folder / "ingest.toml").unlink()
    assert b"P001" in run("convert", "dansk.txt", cwd=folder).stderr
    (folder / "dk.toml").write_text(table.replace("labels.da.", ""), encoding="utf-8")
    assert b"1 sure" in run("convert", "dansk.txt", "--labels", "dk.toml", cwd=folder).stderr
    (folder / "ingest.toml").write_text(table.replace("header", "heading"), encoding="utf-8")
    done = run("convert", "dansk.txt", cwd=folder)
    assert done.returncode == 2
    assert b"page.heading" in done.stderr


def test_letters_that_the_system_has_not_are_printed_all_the_same(folder: Path) -> None:
    (folder / "ja.txt").write_text(
        "Question 1\n\n正しいのは?\n\nはい\n\nCorrect answer\nいいえ\n", encoding="utf-8"
    )
    command = [sys.executable, "-m", "ingest", "inspect", "ja.txt"]
    plain = {
        name: os.environ[name]
        for name in os.environ
        if not name.startswith(("PYTHONIO", "PYTHONUTF8", "LC_"))
    }
    for asked, letters in (
        ({"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "LC_ALL": "C"}, "いいえ"),
        ({"PYTHONIOENCODING": "cp1252"}, r"\u3044\u3044\u3048"),
    ):
        done = subprocess.run(command, cwd=folder, env=plain | asked, capture_output=True, check=False)
        assert letters.encode() in done.stdout
        assert b"Traceback" not in done.stderr
