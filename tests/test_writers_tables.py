"""Tables for data tools: what is written is read back equal by the programs that people use."""

from __future__ import annotations

import csv
import io
import os
import re
import sqlite3
import subprocess
import sys
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import fields, replace
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import pandas as pd
import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

import ingest
from conftest import REAL_DUMPS, ROOT
from ingest import tables
from ingest.model.document import SCHEMA_VERSION, Document, Provenance, Rejected
from ingest.model.question import Attempt, Item, Option, Place, Question, Reference, option_id
from ingest.writers import Note, WriteSettings, writer

Record = Mapping[str, Any]
Tables = Mapping[str, list[dict[str, Any]]]

FORMATS = ("csv-tidy", "sqlite", "parquet", "xlsx")
LIBRARY = {"parquet": "pyarrow.parquet", "xlsx": "xlsxwriter"}
RAW = sorted((ROOT / "raw").glob("*.txt"))
NO_DUMPS = pytest.mark.skip("the folder of real dumps is not there")


def _samples() -> Iterator[Any]:
    yield from (pytest.param(path, id=path.stem) for path in RAW)
    if not REAL_DUMPS.is_dir():
        yield pytest.param(None, id="real-dumps", marks=NO_DUMPS)
        return
    for path in sorted(REAL_DUMPS.iterdir()):
        if path.suffix in (".txt", ".md", ".html") and path.stem != "README":
            yield pytest.param(path, id=path.stem)


every_sample = pytest.mark.parametrize("path", list(_samples()))


def need(name: str) -> ModuleType:
    return pytest.importorskip(name, reason=f"{name.partition('.')[0]} is not installed (see the extras)")


def files(form: str, document: Document, options: WriteSettings | None = None) -> dict[str, bytes]:
    if form in LIBRARY:
        need(LIBRARY[form])
    found = writer(form).files(document, options or WriteSettings())
    return {name: b"".join(pieces) for name, pieces in found.items()}


def content(form: str, document: Document) -> bytes:
    (data,) = files(form, document).values()
    return data


def notes(form: str, document: Document, options: WriteSettings | None = None) -> list[Note]:
    return writer(form).notes(document, options or WriteSettings())


# What is hostile to tables, spreadsheets and databases.
HOSTILE = [
    "", " ", "=1+1", "+1", "-1", "@SUM(A1)", "\tx", '"', '""', "'", 'a "b", c; d', "a\nb", "a\r\nb", "\r",
    "\n\n", "null", "NULL", "NA", "NaN", "None", "true", "1", "007", "1.5e3", "2024-01-01", "#N/A",
    "שלום, עולם", "\u202eabc", "🦉👩🏽\u200d🚀", "\ufeffx", "\x01\x08\x0b\x1f", "\x7f\x85", "\ufffe\uffff",
    "_x0041_", "_x005F_x0041_", "a\u2028b", "<b>&amp;</b>", "]]>", "\\N", "\\", "a|b\tc", "{{x}}", " spaced ",
    "'; DROP TABLE questions; --",
]  # fmt: skip
WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)
TEXT = st.one_of(st.sampled_from(HOSTILE), WORDS, st.lists(st.sampled_from(HOSTILE), max_size=3).map("".join))
LINE = st.integers(1, 10**6)
HEX = st.integers(0, 2**64 - 1).map("{:016x}".format)


@st.composite
def some_questions(draw: st.DrawFn) -> Question:
    parts = draw(st.lists(st.tuples(TEXT, st.booleans(), st.none() | TEXT), max_size=4))
    options = tuple(Option(option_id(place), *part) for place, part in enumerate(parts))
    roles = st.sampled_from(["reference", "credit", "inline", "image"])
    lines = st.lists(LINE, min_size=1, max_size=3).map(tuple)
    number = st.integers(1, 999_999)
    return Question(
        id=f"q_{draw(st.integers(0, 2)):016x}",
        occurrence=1,
        fingerprint=draw(HEX),
        number=draw(st.none() | number),
        type=draw(st.sampled_from(["single_select", "multi_select", "fill_in"])),
        stem=draw(TEXT),
        select_count=draw(st.none() | st.integers(1, 9)),
        options=options,
        answer=tuple(option.id for option in options if option.correct),
        accepted=tuple(draw(st.lists(TEXT, max_size=2))),
        items=tuple(draw(st.lists(st.builds(Item, number.map(str), TEXT), max_size=2))),
        explanation=draw(st.none() | TEXT),
        rationale=draw(st.none() | TEXT),
        references=tuple(draw(st.lists(st.builds(Reference, TEXT, TEXT, roles, lines), max_size=2))),
        topic=draw(st.none() | TEXT),
        attempt=draw(st.none() | st.just(Attempt("incorrect", ("A",), "typed by the sitter"))),
        findings=tuple(draw(st.lists(st.sampled_from(["Q001", "Q011", "T002"]), unique=True, max_size=2))),
        source=Place(draw(TEXT), (draw(LINE), draw(LINE))),
    )


def document_of(questions: Iterable[Question], rejected: int = 0) -> Document:
    seen: dict[str, int] = defaultdict(int)
    counted = []
    for question in questions:
        seen[question.id] += 1
        counted.append(replace(question, occurrence=seen[question.id]))
    source = Provenance("exam.txt", "0" * 64, "utf-8", "es")
    blocks = (Rejected(1, (1, 2), "no question", ("P001",)),) * rejected
    return Document(SCHEMA_VERSION, source, tuple(counted), blocks, (), ())


DOCUMENTS = st.lists(some_questions(), max_size=4).map(document_of)
given_documents = given(DOCUMENTS)
fewer = settings(max_examples=60, deadline=None)


def without_attempt(document: Document) -> tuple[Question, ...]:
    return tuple(replace(question, attempt=None) for question in document.questions)


# Read back: from tables, and from nested rows.


def from_tables(found: Tables) -> tuple[Question, ...]:
    """Questions from tables as ``csv-tidy`` describes them."""
    inner: dict[tuple[str, tuple[str, int]], list[Record]] = defaultdict(list)
    for name, rows in found.items():
        for row in rows:
            inner[name, (row["question_id"], row["occurrence"])].append(row)
    return tuple(_from_rows(row, lambda name, key: inner[name, key]) for row in found["questions"])


def _from_rows(row: Record, inner: Callable[[str, tuple[str, int]], list[Record]]) -> Question:
    key = (row["question_id"], row["occurrence"])

    def of(name: str) -> list[Record]:
        rows = inner(name, key)
        assert [each["position"] for each in rows] == list(range(1, len(rows) + 1))
        return rows

    options = tuple(
        Option(each["option_id"], each["text"], bool(each["correct"]), each["explanation"])
        for each in of("options")
    )
    return Question(
        *key,
        row["fingerprint"],
        row["number"],
        row["type"],
        row["stem"],
        row["select_count"],
        options,
        tuple(option.id for option in options if option.correct),
        tuple(each["text"] for each in of("accepted")),
        tuple(Item(each["item_id"], each["text"]) for each in of("items")),
        row["explanation"],
        row["rationale"],
        tuple(
            Reference(each["url"], each["canonical"], each["role"], tuple(_numbers(each["lines"])))
            for each in of("references")
        ),
        row["topic"],
        None,
        tuple(each["code"] for each in of("findings")),
        Place(row["file"], (row["first_line"], row["last_line"])),
    )


def _numbers(cell: str | list[int]) -> list[int]:
    return [int(each) for each in cell.strip("[]").split(",")] if isinstance(cell, str) else cell


def from_nested(row: Record) -> Question:
    """A question from a row of the ``parquet`` format."""
    names = {field.name for field in fields(Question)} - {"attempt", "source"}
    assert set(row) == names | {"file", "first_line", "last_line"}
    values = {name: row[name] for name in names}
    values |= {name: tuple(row[name]) for name in ("answer", "accepted", "findings")}
    values["options"] = tuple(Option(**each) for each in row["options"])
    values["items"] = tuple(Item(**each) for each in row["items"])
    values["references"] = tuple(
        Reference(**{**each, "lines": tuple(each["lines"])}) for each in row["references"]
    )
    return Question(**values, attempt=None, source=Place(row["file"], (row["first_line"], row["last_line"])))


# csv-tidy


def tidy_by_polars(found: Mapping[str, bytes]) -> Tables:
    """Polars tells an empty text from none."""
    read: dict[str, list[dict[str, Any]]] = {}
    whole = ("occurrence", "position", "number", "select_count", "first_line", "last_line")
    for name, data in found.items():
        if name.endswith(".csv"):
            rows = pl.read_csv(data, infer_schema=False).to_dicts()
            for row in rows:
                row |= {key: int(row[key]) for key in whole if row.get(key)}
                if "correct" in row:
                    row["correct"] = row["correct"] == "true"
            read[Path(name).stem] = rows
    return read


def tidy_by_csv(found: Mapping[str, bytes]) -> dict[str, list[dict[str, str]]]:
    return {
        Path(name).stem: list(csv.DictReader(io.StringIO(data.decode(), newline="")))
        for name, data in found.items()
        if name.endswith(".csv")
    }


@given_documents
@fewer
def test_tidy_tables_are_read_back_equal(document: Document) -> None:
    found = files("csv-tidy", document)
    assert from_tables(tidy_by_polars(found)) == without_attempt(document)
    rows = tidy_by_csv(found)
    assert [row["stem"] for row in rows["questions"]] == [each.stem for each in document.questions]
    options = [option for question in document.questions for option in question.options]
    assert [row["text"] for row in rows["options"]] == [option.text for option in options]


def saved(folder: Path, found: Mapping[str, bytes]) -> str:
    for name, data in found.items():
        (folder / Path(name).name).write_bytes(data)
    return str(folder / "datapackage.json")


def tidy_by_frictionless(path: str) -> Tables:
    frictionless = need("frictionless")
    package = frictionless.Package(path)
    return {resource.name: [row.to_dict() for row in resource.read_rows()] for resource in package.resources}


def hollow(question: Question) -> Question:
    """The question as frictionless reads it: where there may be no text, an empty one is none."""
    return replace(
        question,
        explanation=question.explanation or None,
        rationale=question.rationale or None,
        topic=question.topic or None,
        options=tuple(replace(each, explanation=each.explanation or None) for each in question.options),
    )


@given_documents
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_frictionless_finds_hostile_packages_valid_and_reads_them(tmp_path: Path, document: Document) -> None:
    frictionless = need("frictionless")
    path = saved(tmp_path, files("csv-tidy", document))
    report = frictionless.validate(path)
    assert report.valid, report.flatten(["type", "message"])
    assert from_tables(tidy_by_frictionless(path)) == tuple(map(hollow, without_attempt(document)))


@every_sample
def test_frictionless_finds_samples_valid(tmp_path: Path, path: Path) -> None:
    frictionless = need("frictionless")
    document = ingest.read(path).document
    package = saved(tmp_path, files("csv-tidy", document))
    report = frictionless.validate(package)
    assert report.valid, report.flatten(["type", "message"])
    assert from_tables(tidy_by_frictionless(package)) == document.questions


def test_frictionless_sees_a_row_without_its_question_and_a_doubled_one(tmp_path: Path) -> None:
    frictionless = need("frictionless")
    found = files("csv-tidy", ingest.read(RAW[-1]).document)
    head, _, rest = found[".tidy/questions.csv"].partition(b"\n")
    path = saved(tmp_path, {**found, ".tidy/questions.csv": head + b"\n"})
    assert "foreign-key" in {kind for (kind,) in frictionless.validate(path).flatten(["type"])}
    path = saved(tmp_path, {**found, ".tidy/questions.csv": head + b"\n" + rest + rest})
    assert "primary-key" in {kind for (kind,) in frictionless.validate(path).flatten(["type"])}


def test_duckdb_joins_tidy_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = need("duckdb")
    document = ingest.read(RAW[-1]).document
    saved(tmp_path, files("csv-tidy", document))
    monkeypatch.chdir(tmp_path)
    query = """
        SELECT stem, string_agg(option_id, ';' ORDER BY position) FROM 'questions.csv'
        JOIN 'options.csv' USING (question_id, occurrence) WHERE correct GROUP BY stem
    """
    assert dict(duckdb.sql(query).fetchall()) == {
        each.stem: ";".join(each.answer) for each in document.questions if each.answer
    }


def test_tidy_cells_are_made_safe_when_asked() -> None:
    document = document_of([_asked("=1+1", "@x")])
    safe = files("csv-tidy", document, WriteSettings(csv_safe=True))
    rows = tidy_by_csv(safe)
    assert rows["questions"][0]["stem"] == "'=1+1"
    assert rows["options"][0]["text"] == "'@x"
    (note,) = notes("csv-tidy", document, WriteSettings(csv_safe=True))
    assert note == Note("cells that begin like a formula got an apostrophe: 2")
    assert not notes("csv-tidy", document)


# sqlite


def opened(data: bytes) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    connection.row_factory = sqlite3.Row
    return connection


def from_sqlite(connection: sqlite3.Connection) -> tuple[Question, ...]:
    names = {name: name for name in ("questions", "options", "items", "accepted", "findings")} | {
        "references": "links"
    }
    read = {
        name: [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY rowid")]  # noqa: S608 - its own names
        for name, table in names.items()
    }
    return from_tables(read)


@given_documents
@fewer
def test_databases_are_read_back_equal(document: Document) -> None:
    with closing(opened(content("sqlite", document))) as connection:
        assert from_sqlite(connection) == without_attempt(document)
        assert [row[0] for row in connection.execute("PRAGMA integrity_check")] == ["ok"]
        assert not connection.execute("PRAGMA foreign_key_check").fetchall()
        connection.execute("INSERT INTO search(search, rank) VALUES ('integrity-check', 1)")
        _, query, *_ = documented("sqlite")
        keys = connection.execute(query).fetchall()
        assert [key["answer"] or "" for key in keys] == [";".join(each.answer) for each in document.questions]
        for place, question in enumerate(document.questions, 1):
            texts = [question.stem, *(option.text for option in question.options), question.explanation or ""]
            for word in re.findall(r"(?<!\S)[a-z]{3,}(?!\S)", "\n".join(texts)):
                found = connection.execute("SELECT rowid FROM search WHERE search MATCH ?", [f'"{word}"'])
                assert place in {row[0] for row in found}


@every_sample
def test_sqlite_holds_samples_and_keys_are_enforced(path: Path) -> None:
    document = ingest.read(path).document
    with closing(opened(content("sqlite", document))) as connection:
        assert from_sqlite(connection) == document.questions
        (source,) = connection.execute("SELECT * FROM document")
        assert source["sha256"] == document.source.sha256
        connection.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError, match="FOREIGN KEY"):
            connection.execute("DELETE FROM questions")


def documented(form: str) -> list[str]:
    return re.findall(r"(?ms)^```sql\n(.*?)^```$", writer(form).manual)


def test_documented_queries_answer() -> None:
    document = ingest.read(RAW[-1]).document
    found, keys, topics, pages, lines, silent = documented("sqlite")
    with closing(opened(content("sqlite", document))) as connection:
        hits = [tuple(row) for row in connection.execute(found, {"words": "anvil OR CLOUD"})]
        assert 2 in {position for position, _ in hits}
        assert all(re.search(r"\[(?i:anvil|cloud)\]", text) for _, text in hits)
        questions = document.questions
        assert [tuple(row) for row in connection.execute(keys)] == [
            (each.number, each.stem, ";".join(each.answer) or None) for each in questions
        ]
        counts = {row["topic"]: (row["questions"], row["options"]) for row in connection.execute(topics)}
        assert counts == {
            topic: (
                sum(each.topic == topic for each in questions),
                sum(len(each.options) for each in questions if each.topic == topic),
            )
            for topic in {each.topic for each in questions}
        }
        links = [link for each in questions for link in each.references]
        assert sum(row["questions"] for row in connection.execute(pages)) == sum(
            link.role == "reference" for link in links
        )
        assert sorted(map(tuple, connection.execute(lines))) == sorted(
            (link.url, line) for link in links for line in link.lines
        )
        assert len(connection.execute(silent).fetchall()) == sum(
            not option.correct and option.explanation is None for each in questions for option in each.options
        )


def test_search_ignores_case_and_accents() -> None:
    explained = replace(_asked("Über den Ärmelkanal", "x"), explanation="Tidal races")
    with closing(opened(content("sqlite", document_of([explained])))) as connection:
        for word in ("armelkanal", "ÜBER", "stem: uber", "explanations: tidal", "options: x"):
            found = connection.execute("SELECT rowid FROM search WHERE search MATCH ?", [word])
            assert [row[0] for row in found] == [1], word


def test_two_questions_with_one_key_are_told() -> None:
    document = document_of([_asked("a", "b")])
    doubled = replace(document, questions=document.questions * 2)
    with pytest.raises(ingest.IngestError, match="UNIQUE constraint failed"):
        content("sqlite", doubled)


# parquet, and tables in memory


@given_documents
@fewer
def test_parquet_is_read_back_equal(document: Document) -> None:
    parquet = need("pyarrow.parquet")
    data = content("parquet", document)
    expected = without_attempt(document)
    table = parquet.read_table(io.BytesIO(data))
    table.validate(full=True)
    assert tuple(map(from_nested, table.to_pylist())) == expected
    assert tuple(map(from_nested, pl.read_parquet(io.BytesIO(data)).to_dicts())) == expected


@every_sample
def test_parquet_is_read_alike_by_pyarrow_polars_pandas_and_duckdb(tmp_path: Path, path: Path) -> None:
    parquet = need("pyarrow.parquet")
    document = ingest.read(path).document
    file = tmp_path / "exam.parquet"
    file.write_bytes(content("parquet", document))
    table = parquet.read_table(file)
    assert tuple(map(from_nested, table.to_pylist())) == document.questions
    assert document.source.sha256.encode() in table.schema.metadata[b"ingest"]
    assert tuple(map(from_nested, pl.read_parquet(file).to_dicts())) == document.questions
    frame = pd.read_parquet(file)
    assert frame["stem"].tolist() == [each.stem for each in document.questions]
    assert [[option["text"] for option in options] for options in frame["options"]] == [
        [option.text for option in each.options] for each in document.questions
    ]
    duckdb = need("duckdb")
    read = duckdb.read_parquet(str(file))
    rows = [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()]
    assert tuple(map(from_nested, rows)) == document.questions
    (query,) = documented("parquet")
    assert len(duckdb.sql(query.replace("exam.parquet", str(file))).fetchall()) == sum(
        len(each.options) for each in document.questions
    )


@given_documents
@fewer
def test_polars_and_pandas_hold_the_record(document: Document) -> None:
    expected = without_attempt(document)
    frame = tables.to_polars(document)
    assert tuple(map(from_nested, frame.to_dicts())) == expected
    table = tables.to_pandas(document.questions)
    rows = [
        {name: None if value is pd.NA else value for name, value in row.items()}
        for row in table.to_dict("records")
    ]
    assert tuple(map(from_nested, rows)) == expected
    assert frame.columns == list(table.columns)


def test_arrow_takes_a_result_a_document_or_questions() -> None:
    need("pyarrow")
    result = ingest.read(RAW[-1])
    given_result = tables.to_arrow(result)
    assert given_result.equals(tables.to_arrow(result.document), check_metadata=True)
    bare = tables.to_arrow(iter(result.questions))
    assert bare.equals(given_result)
    assert bare.schema.metadata is None
    assert bare.column_names == tables.to_polars(result).columns
    assert pl.from_arrow(bare).equals(tables.to_polars(result))  # type: ignore[union-attr]


def test_no_questions_make_empty_tables_with_all_columns() -> None:
    assert len(tables.to_pandas([])) == 0
    assert tables.to_polars([]).schema == tables.to_polars(ingest.read(RAW[-1])).schema


def test_a_missing_library_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, call in (
        ("polars", tables.to_polars),
        ("pandas", tables.to_pandas),
        ("pyarrow", tables.to_arrow),
    ):
        monkeypatch.setitem(sys.modules, name, None)
        with pytest.raises(ingest.IngestError, match=f"needs {name}"):
            call([])


# xlsx

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def decoded(text: str) -> str:
    """Source: ECMA-376 part 1, 22.9.2.19, ST_Xstring."""
    return re.sub(r"_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def sheets_by_xml(data: bytes) -> dict[str, list[list[Any]]]:
    """The sheets as the specification reads them; openpyxl leaves control characters escaped."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    texts: list[str] = []
    if "xl/sharedStrings.xml" in archive.namelist():
        root = ET.fromstring(archive.read("xl/sharedStrings.xml"))  # noqa: S314 - written just now
        texts = [decoded(item.findtext(f"{MAIN}t") or "") for item in root]
    book = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - the same
    names = [sheet.get("name") for sheet in book.iter(f"{MAIN}sheet")]
    read: dict[str, list[list[Any]]] = {}
    for place, name in enumerate(names, 1):
        root = ET.fromstring(archive.read(f"xl/worksheets/sheet{place}.xml"))  # noqa: S314 - the same
        assert not list(root.iter(f"{MAIN}f"))
        read[str(name)] = [_cells(row, texts) for row in root.iter(f"{MAIN}row")]
    return read


def _cells(row: ET.Element, texts: list[str]) -> list[Any]:
    cells: dict[int, Any] = {}
    for cell in row:
        place = ord(re.sub(r"\d", "", cell.attrib["r"])) - ord("A")
        value = cell.findtext(f"{MAIN}v") or ""
        cells[place] = texts[int(value)] if cell.get("t") == "s" else int(value)
    return [cells.get(place) for place in range(max(cells) + 1)]


def from_sheets(sheets: Mapping[str, list[list[Any]]]) -> tuple[Question, ...]:
    read: dict[str, list[dict[str, Any]]] = {}
    for name, (names, *rows) in sheets.items():
        padded = ([*row, *[None] * (len(names) - len(row))] for row in rows)
        read[name.lower()] = [dict(zip(names, row, strict=True)) for row in padded]
    return from_tables(read)


@given_documents
@fewer
def test_workbooks_are_read_back_equal(document: Document) -> None:
    data = content("xlsx", document)
    assume(not notes("xlsx", document))
    assert from_sheets(sheets_by_xml(data)) == without_attempt(document)


def sheets_by_openpyxl(data: bytes) -> dict[str, list[list[Any]]]:
    openpyxl = need("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {
        sheet.title: [
            [decoded(value) if isinstance(value, str) else value for value in row]
            for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }


@given_documents
@settings(max_examples=30, deadline=None)
def test_openpyxl_reads_workbooks_equal(document: Document) -> None:
    # It takes x005F_ out and then leaves the rest as it is, so that texts that look escaped are ambiguous.
    assume("_x" not in repr(document))
    data = content("xlsx", document)
    assert from_sheets(sheets_by_openpyxl(data)) == without_attempt(document)


@every_sample
def test_openpyxl_and_pandas_read_samples(path: Path) -> None:
    document = ingest.read(path).document
    data = content("xlsx", document)
    assert not [note for note in notes("xlsx", document) if note.index is not None]
    assert from_sheets(sheets_by_openpyxl(data)) == document.questions
    frames = pd.read_excel(io.BytesIO(data), sheet_name=None, dtype=str, keep_default_na=False)
    assert list(frames)[:3] == ["Questions", "Options", "References"]
    assert frames["Questions"]["answer"].tolist() == [";".join(each.answer) for each in document.questions]


def test_formulas_and_links_are_texts() -> None:
    openpyxl = need("openpyxl")
    texts = [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "{=1}",
        "https://example.org/",
        "mailto:a@example.org",
        "1",
        "TRUE",
    ]
    data = content("xlsx", document_of([_asked("=HYPERLINK(1)", *texts)]))
    sheet = openpyxl.load_workbook(io.BytesIO(data))["Options"]
    cells = [row[4] for row in sheet.iter_rows(min_row=2)]
    assert [(cell.value, cell.data_type, cell.hyperlink) for cell in cells] == [
        (text, "s", None) for text in texts
    ]


@pytest.mark.parametrize(("text", "length"), [("x" * 32_768, "32,768"), ("🦉" * 16_384, "32,768")])
def test_a_text_too_long_for_a_cell_is_noted_and_never_cut(text: str, length: str) -> None:
    document = document_of([_asked("short", "a"), replace(_asked("stem", text), explanation=text)])
    found = sheets_by_xml(content("xlsx", document))
    marker = f"[left out: {length} letters, a cell holds 32,767]"
    assert found["Options"][2][4] == marker
    assert found["Questions"][2][7] == marker
    what = f"is left out: {length} letters, a cell holds 32,767"
    assert notes("xlsx", document) == [
        Note(f"explanation {what}", 1),
        Note(f"text of row 1 of options {what}", 1),
    ]
    fitting = document_of([_asked("stem", text[:-1])])
    assert sheets_by_xml(content("xlsx", fitting))["Options"][1][4] == text[:-1]
    assert not notes("xlsx", fitting)


def test_lines_too_many_for_a_cell_are_noted() -> None:
    link = Reference("https://example.org/", "https://example.org/", "reference", tuple(range(1, 8_000)))
    document = document_of([replace(_asked("stem", "a"), references=(link,))])
    found = sheets_by_xml(content("xlsx", document))
    assert found["References"][1][-1].startswith("[left out: ")
    assert [note.message.partition(":")[0] for note in notes("xlsx", document)] == [
        "lines of row 1 of references is left out"
    ]


def test_texts_that_are_misread_are_noted() -> None:
    texts = ["_x0041_x0042_", "_x0041\x01", "_x0041__x0042_", "_x0041_"]
    document = document_of([_asked(text, "a") for text in texts])
    read = from_sheets(sheets_by_xml(content("xlsx", document)))
    wrong = [index for index, each in enumerate(read) if each.stem != texts[index]]
    assert wrong == [0, 1]
    assert [note.index for note in notes("xlsx", document)] == wrong


# All


def _asked(stem: str, *texts: str) -> Question:
    options = tuple(Option(option_id(place), text, not place, None) for place, text in enumerate(texts))
    place = Place("exam.txt", (1, 9))
    return Question(
        "q_0123456789abcdef", 1, "0" * 16, 1, "single_select", stem, 1, options, ("A",), (), (),
        None, None, (), None, None, (), place,
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMATS)
def test_attempts_are_never_written(form: str) -> None:
    attempt = Attempt("incorrect", ("A",), "typed by the sitter")
    document = document_of([replace(_asked("stem", "a", "b"), attempt=attempt)])
    assert files(form, document) == files(form, replace(document, questions=without_attempt(document)))


@pytest.mark.parametrize("form", FORMATS)
def test_rejected_blocks_have_one_note(form: str) -> None:
    document = document_of([_asked("stem", "a", "b")])
    assert not notes(form, document)
    for count, text in ((1, "1 rejected block is"), (2, "2 rejected blocks are")):
        rejected = document_of(document.questions, rejected=count)
        assert notes(form, rejected) == [Note(f"{text} left out; json holds everything")]


@pytest.mark.parametrize("form", FORMATS)
def test_no_questions_are_written_too(form: str) -> None:
    found = files(form, document_of([]))
    assert all(found.values())
    assert tuple(found) == writer(form).names


HASH = """
import hashlib, sys, ingest
from ingest.writers import WriteSettings, writer
document = ingest.read(sys.argv[2]).document
for name, pieces in writer(sys.argv[1]).files(document, WriteSettings()).items():
    print(name, hashlib.sha256(b"".join(pieces)).hexdigest())
"""


@pytest.mark.parametrize("form", FORMATS)
def test_two_processes_write_the_same_bytes(form: str) -> None:
    if form in LIBRARY:
        need(LIBRARY[form])
    told = set()
    for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo")):
        done = subprocess.run(
            [sys.executable, "-c", HASH, form, str(RAW[-1])],
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": zone},
            capture_output=True,
            text=True,
            check=True,
        )
        told.add(done.stdout)
    assert len(told) == 1
    assert len(told.pop().splitlines()) == len(writer(form).names)
