"""The TypeScript declarations: what the generator makes of the schemas, held to what is written by the real
compiler; and the example that reads a converted file. `make consumers` installs what they need."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import ingest
from conftest import ROOT
from ingest import schema
from ingest.writers import WriteSettings, writer

TYPES = ROOT / "types"
DECLARATIONS = TYPES / "ingest.d.ts"
TSC = TYPES / "node_modules" / ".bin" / "tsc"
SAMPLES = sorted((*(ROOT / "raw").glob("*.*"), *(ROOT / "tests" / "dumps" / "layouts").glob("*.*")))

with_node = pytest.mark.skipif(not TSC.exists(), reason="types/node_modules is missing: make consumers")


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, check=False, encoding="utf-8")


def errors(folder: Path, code: str) -> list[str]:
    """What the compiler says of a module beside the declarations."""
    shutil.copy(DECLARATIONS, folder)
    module = folder / "module.ts"
    names = ", ".join(declared())
    module.write_text(f'import type {{ {names} }} from "./ingest.d.ts";\n{code}', encoding="utf-8")
    options = ("--noEmit", "--strict", "--target", "es2022", "--moduleDetection", "force")
    done = run(TSC, *options, "--pretty", "false", module)
    return [line for line in done.stdout.splitlines() if not line.startswith(" ")]


def declared() -> list[str]:
    text = DECLARATIONS.read_text(encoding="utf-8")
    return re.findall(r"^export (?:interface|type) (\w+)", text, re.MULTILINE)


def literal(name: str, record: str, data: bytes) -> str:
    return f"export const {name}: {record} = {data.decode()};\n"


def test_one_declaration_a_record() -> None:
    schemas = [schema.json_schema(name) for name in schema.names()]
    records = {each["title"] for each in schemas}.union(*(each["$defs"] for each in schemas))
    assert sorted(declared()) == sorted(records)


def test_lock_has_hashes_and_no_addresses() -> None:
    packages = json.loads((TYPES / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert len(packages) > 1
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


@with_node
def test_declarations_are_fresh() -> None:
    made = run("node", TYPES / "declare.mjs")
    assert made.stdout == DECLARATIONS.read_text(encoding="utf-8"), f"stale: make declarations\n{made.stderr}"


@with_node
def test_examples_of_the_schemas_fit(tmp_path: Path) -> None:
    code = "".join(
        literal(name, name.capitalize(), (ROOT / "schema" / "examples" / f"{name}.json").read_bytes())
        for name in schema.names()
    )
    assert errors(tmp_path, code) == []


@with_node
def test_converted_files_fit(tmp_path: Path) -> None:
    code = ""
    for place, path in enumerate(SAMPLES):
        document = ingest.read(path, ingest.ReadSettings(keep_attempt=True)).document
        code += literal(f"d{place}", "Document", writer("json").render(document, WriteSettings())[0])
    assert errors(tmp_path, code) == []


@with_node
@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("question.answr;", "TS2551"),
        ('question.type === "essay";', "TS2367"),
        ('const change: Question = { ...question, type: "essay" };', "TS2322"),
        ('const change: Question = { ...question, answer: "A" };', "TS2322"),
        ("question.topic.length;", "TS18047"),
        ("question.options[0]?.explanation.length;", "TS2531"),
        ('const option: Option = { id: "A", text: "Rye", correct: true };', "TS2741"),
        ('const item: Item = { id: "1", text: "Rye", note: "" };', "TS2353"),
        ('const place: Place = { file: "x.txt", lines: [1, 2, 3] };', "TS2322"),
    ],
    ids=lambda value: value if value.startswith("TS") else value.rstrip(";"),
)
def test_wrong_use_does_not_compile(code: str, expected: str, tmp_path: Path) -> None:
    found = errors(tmp_path, f"export function use(question: Question) {{\n{code}\n}}\n")
    assert [re.findall(r"module\.ts\(3,\d+\): error (\w+):", line) for line in found] == [[expected]], found


@pytest.fixture(scope="module")
def quiz(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The example, compiled."""
    folder = tmp_path_factory.mktemp("quiz")
    built = run(TSC, "--project", TYPES, "--outDir", folder)
    assert built.returncode == 0, built.stdout
    shutil.copy(TYPES / "package.json", folder)
    return folder / "quiz.js"


@with_node
@pytest.mark.parametrize("name", ["skipper_es", "errores_es"])
def test_example_prints_a_converted_file(name: str, quiz: Path, tmp_path: Path) -> None:
    run(sys.executable, "-m", "ingest", "convert", ROOT / "raw" / f"{name}.txt", "-o", tmp_path)
    printed = run("node", quiz, tmp_path / f"{name}.json")
    assert printed.returncode == 0, printed.stderr
    document = schema.load_document((tmp_path / f"{name}.json").read_bytes())
    for question in document.questions:
        topic = f" ({question.topic})" if question.topic else ""
        assert f"Question {question.number}{topic}\n\n{question.stem}\n" in printed.stdout
        assert f"Question {question.number}{topic}: {', '.join(question.answer)}\n" in printed.stdout
        for option in question.options:
            assert f"  {option.id}) {option.text}\n" in printed.stdout
            assert option.explanation is None or f"  {option.id} – {option.explanation}\n" in printed.stdout
    for each in document.diagnostics:
        assert (f"{each.file}:{each.line}: {each.code} " in printed.stdout) == (each.severity != "info")


@with_node
def test_example_refuses_other_files(quiz: Path) -> None:
    bank = run("node", quiz, ROOT / "schema" / "examples" / "bank.json")
    assert bank.returncode == 1
    assert "is no document of schema version 1.0" in bank.stderr
    assert run("node", quiz).returncode == 2
