"""Writers: what is written is read back equal by the programs that people use."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import orjson
import pandas as pd
import polars as pl
import pytest

import ingest
from conftest import ROOT
from ingest.writers import WriteSettings, writer

RAW = sorted((ROOT / "raw").glob("*.txt"))
HOSTILE = """Pregunta 1

=SUM(A1) is what, "quoted"; with, commas?

@formula

Respuesta correcta
+1

-1

	tab

NA

null

seven

eight

nine

Temática
=1+1
"""


@pytest.fixture(params=[*RAW, None], ids=lambda path: path.stem if path else "hostile")
def result(request: pytest.FixtureRequest) -> ingest.Result:
    return ingest.read(request.param) if request.param else ingest.read_text(HOSTILE)


def render(result: ingest.Result, name: str, settings: WriteSettings | None = None) -> bytes:
    return writer(name).render(result.document, settings or WriteSettings())[0]


def test_csv_is_read_alike_by_csv_pandas_and_polars(result: ingest.Result) -> None:
    data = render(result, "csv")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline="")))
    frame = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    assert frame.to_dict("records") == rows
    table = pl.read_csv(io.BytesIO(data), infer_schema=False).fill_null("")
    assert table.to_dicts() == rows


def test_all_formats_hold_the_same_records(result: ingest.Result) -> None:
    document = orjson.loads(render(result, "json"))
    lines = [orjson.loads(line) for line in render(result, "jsonl").splitlines()]
    assert lines == document["questions"]
    rows = list(csv.DictReader(io.StringIO(render(result, "csv").decode(), newline="")))
    for row, question in zip(rows, lines, strict=True):
        letters = [option["id"] for option in question["options"]]
        assert [row[f"option_{letter.lower()}"] for letter in letters] == [
            option["text"] for option in question["options"]
        ]
        assert row["answer"] == ";".join(question["answer"])
        assert [int(place) for place in row["answer_index"].split(";")] == [
            letters.index(letter) + 1 for letter in question["answer"]
        ]
        urls = [each["canonical"] for each in question["references"]]
        assert sorted(filter(None, f"{row['references']}\n{row['credits']}".split("\n"))) == sorted(urls)
        assert row["findings"] == ";".join(question["findings"])
        assert [int(row["first_line"]), int(row["last_line"])] == question["source"]["lines"]


def test_more_than_eight_options_get_columns() -> None:
    text = HOSTILE.replace("\nnine\n", "")
    header = render(ingest.read_text(text), "csv").split(b"\n", 1)[0].decode().split(",")
    assert "option_h" in header
    assert "option_i" not in header
    header = render(ingest.read_text(HOSTILE), "csv").split(b"\n", 1)[0].decode()
    assert ",option_h,option_i,answer," in header
    assert ",explanation_h,explanation_i,rationale," in header


def test_formulas_are_left_alone_unless_asked_for() -> None:
    result = ingest.read_text(HOSTILE)
    assert b",=1+1," in render(result, "csv")
    safe, notes = writer("csv").render(result.document, WriteSettings(csv_safe=True))
    row = next(csv.DictReader(io.StringIO(safe.decode(), newline="")))
    assert row["topic"] == "'=1+1"
    assert row["stem"].startswith("'=SUM")
    assert row["option_b"] == "'+1"
    assert [note.message for note in notes] == ["cells that begin like a formula got an apostrophe: 5"]


def test_write_chooses_the_format_by_suffix(tmp_path: Path) -> None:
    result = ingest.read_text(HOSTILE)
    for name, suffix in (("json", ".json"), ("jsonl", ".jsonl"), ("csv", ".csv")):
        ingest.write(result, tmp_path / f"x{suffix}")
        assert (tmp_path / f"x{suffix}").read_bytes() == render(result, name)
    ingest.write(result, tmp_path / "x.data", format="csv")
    assert (tmp_path / "x.data").read_bytes() == render(result, "csv")
    with pytest.raises(
        ingest.IngestError, match=r"no format has the suffix of x\.pdf; known: .*csv, .*json, .*jsonl"
    ):
        ingest.write(result, tmp_path / "x.pdf")
    with pytest.raises(ingest.IngestError, match="unknown format 'xml'"):
        ingest.write(result, tmp_path / "x", format="xml")


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ingest.IngestError, match="cannot write"):
        ingest.write(ingest.read_text(HOSTILE), tmp_path / "file" / "x.json")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
