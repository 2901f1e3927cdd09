"""The JSON Schemas and their examples: fresh, valid, followed by what the program writes and refusing what
is not a record. ``UPDATE_CASES=1`` writes the examples."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import jsonschema
import orjson
import pytest

import ingest
from case_files import all_cases
from conftest import ROOT
from ingest import banking, schema
from ingest.files import corrections_path
from ingest.writers import WriteSettings, writer

EXAMPLES = ROOT / "schema" / "examples"


@cache
def examples() -> dict[str, bytes]:
    """A file of each record, as the commands make it out of the dumps beside the examples."""
    dumps = (EXAMPLES / "bread.txt", EXAMPLES / "bread_again.txt")
    documents = [ingest.read(dump).document for dump in dumps]
    bank = banking.merge([banking.GivenSet(each.source.file, each.questions) for each in documents]).bank
    corrections = tomllib.loads(corrections_path(dumps[0]).read_text(encoding="utf-8"))
    return {
        "bank": b"".join(banking.pieces(bank)),
        "corrections": indented(corrections),
        "document": writer("json").render(documents[0], WriteSettings())[0],
        "manifest": manifest_of(dumps),
        "question": indented(documents[0].questions[0]),
    }


def manifest_of(dumps: Sequence[Path]) -> bytes:
    with TemporaryDirectory() as out:
        ingest.convert(dumps, out)
        return (Path(out) / "manifest.json").read_bytes()


def indented(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@pytest.mark.parametrize("name", schema.names())
def test_schema_is_fresh(name: str) -> None:
    stored = (ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert stored == schema.render(name), "stale: run `make schema`"


def test_schema_folder_holds_nothing_else() -> None:
    assert sorted(path.name for path in (ROOT / "schema").glob("*.json")) == sorted(
        f"{name}.schema.json" for name in schema.names()
    )
    assert sorted(path.stem for path in EXAMPLES.glob("*.json")) == sorted(schema.names())


@pytest.mark.parametrize("name", schema.names())
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.json_schema(name))


@pytest.mark.parametrize("name", schema.names())
def test_example_is_fresh(name: str) -> None:
    path = EXAMPLES / f"{name}.json"
    if os.environ.get("UPDATE_CASES"):
        path.write_bytes(examples()[name])
    assert path.read_bytes() == examples()[name], "stale: run UPDATE_CASES=1 make check"


@pytest.mark.parametrize("name", schema.names())
def test_example_follows_its_schema(name: str) -> None:
    stored = orjson.loads((ROOT / "schema" / f"{name}.schema.json").read_bytes())
    jsonschema.Draft202012Validator(stored).validate(orjson.loads((EXAMPLES / f"{name}.json").read_bytes()))


def test_examples_show_what_others_must_handle() -> None:
    document = schema.load_document(examples()["document"])
    assert [question.type for question in document.questions] == ["single_select", "multi_select"]
    for question in document.questions:
        assert all(option.explanation for option in question.options)
        assert question.references
    assert [(each.code, each.number) for each in document.diagnostics if each.severity == "error"] == [
        ("Q001", each.number) for each in document.rejected
    ]
    bank = schema.load_bank(examples()["bank"])
    assert [len(each.sources) for each in bank.conflicts] == [2]
    assert bank.conflicts[0].sources[1].differs


def test_every_document_of_the_cases_follows_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(schema.json_schema("document"))
    for case in all_cases():
        document = case.result().document
        data = writer("json").render(document, WriteSettings())[0]
        validator.validate(orjson.loads(data))
        assert schema.load_document(data) == document


def record() -> dict[str, object]:
    document = ingest.read(ROOT / "raw" / "huerto_es.txt").document
    loaded: dict[str, object] = orjson.loads(
        writer("jsonl").render(document, WriteSettings())[0].splitlines()[0]
    )
    return loaded


@pytest.mark.parametrize(
    "change",
    [{"type": "essay"}, {"id": "17"}, {"surprise": 1}, {"answer": "A"}, {"options": [{"id": "A"}]}],
    ids=str,
)
def test_what_is_no_record_is_refused(change: dict[str, object]) -> None:
    changed = record() | change
    validator = jsonschema.Draft202012Validator(schema.json_schema("question"))
    assert not validator.is_valid(changed)
    with pytest.raises(ValueError, match="validation error"):
        schema.load_question(orjson.dumps(changed))


def test_an_answer_that_is_not_the_key_is_refused() -> None:
    with pytest.raises(ValueError, match="is not the options marked correct"):
        schema.load_question(orjson.dumps(record() | {"answer": ["A", "B", "C"]}))
