"""The JSON Schemas: fresh, valid, followed by what the program writes and refusing what is not a
record."""

from __future__ import annotations

import jsonschema
import orjson
import pytest

import ingest
from case_files import all_cases
from conftest import ROOT
from ingest import schema
from ingest.writers import WriteSettings, writer


@pytest.mark.parametrize("name", schema.names())
def test_schema_is_fresh(name: str) -> None:
    stored = (ROOT / "schema" / f"{name}.schema.json").read_text(encoding="utf-8")
    assert stored == schema.render(name), "stale: run `make schema`"


def test_schema_folder_holds_nothing_else() -> None:
    assert sorted(path.name for path in (ROOT / "schema").iterdir()) == sorted(
        f"{name}.schema.json" for name in schema.names()
    )


@pytest.mark.parametrize("name", schema.names())
def test_schema_is_a_schema(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema.json_schema(name))


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
