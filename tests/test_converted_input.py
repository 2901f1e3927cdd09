"""Converted files converted on, without their dumps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest import schema
from ingest.banking import merge, pieces, read_given
from ingest.cli import main
from ingest.documents import open_document
from ingest.errors import IngestError
from ingest.model.document import Document
from ingest.writers import WriteSettings, writer

RAW = ROOT / "raw"
PLAIN = WriteSettings()


def rendered(document: Document, form: str) -> bytes:
    return writer(form).render(document, PLAIN)[0]


def run(*arguments: object, stdin: bytes | None = None) -> Result:
    return CliRunner().invoke(main, [str(each) for each in arguments], input=stdin)


@pytest.mark.parametrize("name", ["skipper_es", "huerto_es", "errores_es"])
@pytest.mark.parametrize("form", ["gift", "aiken", "mmlu-jsonl", "markdown", "udemy-csv", "jsonl"])
def test_a_converted_file_stands_for_its_dump(name: str, form: str) -> None:
    document = ingest.read(RAW / f"{name}.txt").document
    wanted = rendered(document, form)
    assert rendered(open_document(rendered(document, "json"), "x.json").document, form) == wanted
    again = open_document(rendered(document, "jsonl"), f"{name}.txt").document
    assert rendered(again, form) == wanted
    if form in ("aiken", "mmlu-jsonl"):  # CSV has no column for all that the others hold
        assert rendered(open_document(rendered(document, "csv"), f"{name}.txt").document, form) == wanted


@pytest.mark.parametrize("name", ["skipper_es", "errores_es"])
def test_json_is_taken_whole(name: str) -> None:
    document = ingest.read(RAW / f"{name}.txt").document
    opened = open_document(rendered(document, "json"), "x.json")
    assert opened.document == document
    assert opened.sha256 != document.source.sha256
    assert opened.result is None


@pytest.mark.parametrize("form", ["jsonl", "csv"])
def test_codes_are_told_in_words(form: str) -> None:
    document = ingest.read(RAW / "errores_es.txt").document
    again = open_document(rendered(document, form), f"x.{form}").document
    assert [(each.id, each.findings) for each in again.questions] == [
        (each.id, each.findings) for each in document.questions
    ]
    assert [(each.code, each.number, each.severity) for each in again.diagnostics] == [
        (code, each.number, next(one.severity for one in document.diagnostics if one.code == code))
        for each in document.questions
        for code in each.findings
    ]
    assert {each.number for each in again.doubtful} == {each.number for each in document.doubtful}
    assert all(each.message for each in again.diagnostics)
    schema.load_document(orjson.dumps(again))


def test_files_put_together_have_no_two_with_one_name() -> None:
    document = ingest.read(RAW / "huerto_es.txt").document
    lines = rendered(document, "jsonl")
    again = open_document(lines + lines, "both.jsonl").document
    names = [(each.id, each.occurrence) for each in again.questions]
    assert len(set(names)) == len(names) == 2 * len(document.questions)
    assert rendered(again, "sqlite")


def test_a_bank_gives_its_questions_and_says_what_stays(tmp_path: Path) -> None:
    document = ingest.read(RAW / "huerto_es.txt").document
    first = document.questions[0]
    other = tuple(replace(each, correct=not each.correct) for each in first.options)
    contrary = replace(
        first,
        options=other,
        answer=tuple(each.id for each in other if each.correct),
        type="multi_select",
        select_count=sum(each.correct for each in other),
    )
    sets = [
        read_given(rendered(document, "json"), "one.json"),
        read_given(rendered(replace(document, questions=(contrary,)), "json"), "two.json"),
    ]
    bank = tmp_path / "bank.json"
    bank.write_bytes(b"".join(pieces(merge(sets).bank)))
    done = run("convert", bank, "-o", tmp_path / "out", "--to", "jsonl")
    assert "1 question with contrary keys left in the bank" in done.stderr
    lines = (tmp_path / "out" / "bank.jsonl").read_bytes().splitlines()
    assert {orjson.loads(line)["id"] for line in lines} == {each.id for each in document.questions[1:]}


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("x.json", b'{"schema_version": "1.0", "questions": [', "no JSON"),
        ("x.jsonl", b'{"id": "q_0", "stem": 3}\n', "ingest validate x.jsonl"),
        ("x.csv", b"id,stem,option_a,option_b,remarks\n", "the column"),
        ("x.json", b'{"schema_version": "1.0", "kind": "bank", "questions": 4}', "“conflicts” is missing"),
    ],
)
def test_what_does_not_fit_is_refused(name: str, data: bytes, message: str) -> None:
    with pytest.raises(IngestError, match=message):
        open_document(data, name)


def test_the_command_converts_on(tmp_path: Path) -> None:
    source = RAW / "errores_es.txt"
    assert run("convert", source, "-o", tmp_path).exit_code == 1
    done = run("convert", tmp_path / "errores_es.json", "-o", tmp_path, "--to", "gift,anki")
    assert done.exit_code == 1  # the dump's errors are errors still
    assert "7 questions read, 1 sure, 6 doubtful, 1 block rejected" in done.stderr
    assert "errores_es.txt:" in done.stderr
    names = {path.name for path in tmp_path.iterdir()}
    assert {"errores_es.gift", "errores_es.apkg"} <= names
    printed = run("convert", "-", "--to", "gift", stdin=(tmp_path / "errores_es.json").read_bytes())
    assert printed.stdout == (tmp_path / "errores_es.gift").read_text(encoding="utf-8")
    table = run("convert", "-", "--to", "jsonl", stdin=(tmp_path / "errores_es.csv").read_bytes())
    assert table.stdout.count("\n") == 7


def test_an_input_is_not_overwritten(tmp_path: Path) -> None:
    run("convert", RAW / "skipper_es.txt", "-o", tmp_path)
    before = (tmp_path / "skipper_es.json").read_bytes()
    done = run("convert", tmp_path / "skipper_es.json", "-o", tmp_path)
    assert done.exit_code == 2
    assert "would overwrite the input" in done.stderr
    assert (tmp_path / "skipper_es.json").read_bytes() == before


def test_folders_give_dumps_and_patterns_what_they_name(tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("convert", RAW / "skipper_es.txt", RAW / "huerto_es.txt", "-o", out)
    done = run("convert", out, "-o", tmp_path / "other")
    assert done.exit_code == 2
    assert f'name its converted files by a pattern: "{out.as_posix()}/**/*.csv"' in done.stderr
    done = run("convert", f"{out}/*.json", "-o", tmp_path / "other", "--to", "aiken")
    assert sorted(path.name for path in (tmp_path / "other").iterdir() if path.name[0] != ".") == [
        "huerto_es.aiken.txt",
        "manifest.json",
        "skipper_es.aiken.txt",
    ]
    done = run("convert", out / "manifest.json", "-o", tmp_path / "other")
    assert done.exit_code == 2
    assert "is the list of outputs" in done.stderr


def test_settings_for_dumps_do_not_matter(tmp_path: Path) -> None:
    document = ingest.read(RAW / "skipper_es.txt").document
    (tmp_path / "x.json").write_bytes(rendered(document, "json"))
    done = run("convert", tmp_path / "x.json", "--labels", "de", "-o", "-", "--to", "json")
    assert done.stdout_bytes == rendered(document, "json")


def test_any_file_is_read_as_a_document(tmp_path: Path) -> None:
    result = ingest.read(RAW / "skipper_es.txt")
    ingest.write(result, tmp_path / "x.json")
    ingest.write(result, tmp_path / "x.tidy", "csv-tidy")
    assert ingest.read_document(tmp_path / "x.json") == result.document
    assert ingest.read_document(str(RAW / "skipper_es.txt")) == result.document
    assert (tmp_path / "x.tidy" / "questions.csv").is_file()
    with pytest.raises(IngestError, match="cannot read"):
        ingest.read_document(tmp_path / "y.json")
