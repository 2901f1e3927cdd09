"""What the formats' manuals say is true: what each holds, and how it is used."""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
import sqlite3
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, redirect_stdout
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from types import ModuleType
from typing import Any
from xml.etree import ElementTree as ET

import orjson
import pytest
from click.testing import CliRunner

import ingest
from conftest import ROOT
from ingest.cli import main
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.document import Document, Furniture, Provenance, Rejected
from ingest.model.question import Attempt, Item, Option, Place, Question, Reference
from ingest.writers import FIELDS, Note, WriteSettings, formats, writer

FORMATS = formats()
LIBRARIES = {"anki": "genanki", "parquet": "pyarrow.parquet", "xlsx": "xlsxwriter"}
every_format = pytest.mark.parametrize("name", FORMATS)


def need(name: str) -> ModuleType:
    return pytest.importorskip(name, reason=f"{name.partition('.')[0]} is not installed")


# What each holds: a word that stands nowhere else is planted in one field, and looked for in what is written.

WORD = "zwieback"
NUMBER = 55_512_389
HEX = "fade0fade0fade01"
PLAIN = Question(
    id="q_0123456789abcdef",
    occurrence=1,
    fingerprint="0" * 16,
    number=7,
    type="single_select",
    stem="Which of these holds water?",
    select_count=1,
    options=(
        Option("A", "A pot", correct=True, explanation="It is tight."),
        Option("B", "A net", correct=False, explanation="It has holes."),
    ),
    answer=("A",),
    accepted=(),
    items=(),
    explanation="A pot is tight, and a net has holes.",
    rationale="It is tight.",
    references=(Reference("https://example.org/", "https://example.org/", "reference", (5,)),),
    topic="Pots",
    attempt=None,
    findings=(),
    source=Place("exam.txt", (1, 9)),
)
SEVERAL = replace(
    PLAIN,
    type="multi_select",
    select_count=2,
    options=(*PLAIN.options, Option("C", "A cup", correct=True, explanation=None)),
    answer=("A", "C"),
)
BLANK = replace(
    PLAIN, type="fill_in", select_count=None, options=(), answer=(), accepted=("pot",), explanation="Tight."
)
DIAGNOSTIC = Diagnostic(
    "P001", "no-known-label", Severity.ERROR, WORD, None, "exam.txt", 1, 1, 1, 2, None, None
)


def document_of(*questions: Question, **changes: Any) -> Document:
    source = Provenance("exam.txt", "0" * 64, "utf-8", "en")
    return replace(Document("1.0", source, questions, (), (), ()), **changes)


def asked(question: Question = PLAIN, **changes: Any) -> Document:
    return document_of(replace(question, **changes))


def referred(*, role: Any = "reference", line: int = 5, word: str = "") -> Document:
    address = f"https://example.org/{word}"
    return asked(references=(Reference(address, address, role, (line,)),))


def keyed(answer: str) -> Document:
    options = tuple(replace(each, correct=each.id == answer) for each in PLAIN.options)
    return asked(options=options, answer=(answer,))


def first_option(**changes: Any) -> Document:
    return asked(options=(replace(PLAIN.options[0], **changes), PLAIN.options[1]))


PLANTED: Mapping[str, tuple[Document, object]] = {
    "stem": (asked(stem=f"Which {WORD} holds water?"), WORD),
    "options": (first_option(text=f"A {WORD}"), WORD),
    "several": (asked(SEVERAL, stem=f"Which two {WORD} hold water?"), WORD),
    "fill_in": (asked(BLANK, accepted=(WORD,)), WORD),
    "select_count": (asked(SEVERAL, select_count=NUMBER), NUMBER),
    "items": (asked(items=(Item("1", WORD),)), WORD),
    "reasons": (first_option(explanation=f"It is a {WORD}."), WORD),
    "explanation": (asked(explanation=f"A {WORD} is tight."), WORD),
    "rationale": (asked(rationale=f"A {WORD} is tight."), WORD),
    "references": (referred(word=WORD), WORD),
    "reference_lines": (referred(line=NUMBER), NUMBER),
    "topic": (asked(topic=WORD), WORD),
    "id": (asked(id=f"q_{HEX}"), HEX),
    "number": (asked(number=NUMBER), NUMBER),
    "fingerprint": (asked(fingerprint=HEX), HEX),
    "findings": (asked(findings=("Z987",)), "Z987"),
    "place": (asked(source=Place("exam.txt", (NUMBER, NUMBER))), NUMBER),
    "attempt": (asked(BLANK, attempt=Attempt("incorrect", (), WORD)), WORD),
    "provenance": (document_of(PLAIN, source=Provenance("exam.txt", HEX * 4, "utf-8", "en")), HEX * 4),
    "rejected": (document_of(PLAIN, rejected=(Rejected(None, (1, 2), WORD, ("P001",)),)), WORD),
    "furniture": (document_of(PLAIN, furniture=(Furniture((NUMBER, NUMBER), "page"),)), NUMBER),
    "diagnostics": (document_of(PLAIN, diagnostics=(DIAGNOSTIC,)), WORD),
}
# Fields without words: documents that differ in nothing else.
DIFFERENT: Mapping[str, tuple[Document, ...]] = {
    "key": (keyed("A"), keyed("B")),
    "line_ends": (asked(stem="Which holds\nwater?"), asked(stem="Which holds water?")),
    "roles": tuple(referred(role=role) for role in ("reference", "credit", "inline", "image")),
}


def test_every_field_is_looked_for() -> None:
    assert {*PLANTED, *DIFFERENT} == set(FIELDS)


def written(name: str, document: Document) -> dict[str, bytes]:
    if name in LIBRARIES:
        need(LIBRARIES[name])
    found = writer(name).files(document, WriteSettings())
    return {file: b"".join(pieces) for file, pieces in found.items()}


def decoded(name: str, document: Document) -> str:
    """What a reader of the format finds in the files, one value below the other."""
    return "\n".join(
        str(value) for file, data in written(name, document).items() for value in values(file, data)
    )


def values(file: str, data: bytes) -> Iterator[object]:
    for suffix, read in READERS.items():
        if file.endswith(suffix):
            yield from read(data)
            return
    raise AssertionError(f"how is {file} read?")


def in_json(value: object) -> Iterator[object]:
    if isinstance(value, dict):
        yield from (each for key, inner in value.items() for each in (key, *in_json(inner)))
    elif isinstance(value, list | tuple):
        yield from (each for inner in value for each in in_json(inner))
    else:
        yield value


def in_lines(data: bytes) -> Iterator[object]:
    return (value for line in data.splitlines() for value in in_json(orjson.loads(line)))


def in_table(data: bytes) -> Iterator[object]:
    return (cell for row in csv.reader(io.StringIO(data.decode(), newline=""), strict=True) for cell in row)


def in_database(data: bytes, tables: tuple[str, ...] = ()) -> Iterator[object]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(data)
        names = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables or [name for name in names if not name.startswith(("search", "sqlite"))]:
            for row in connection.execute(f'SELECT * FROM "{table}"'):  # noqa: S608 - its own names
                yield from row


def in_parquet(data: bytes) -> Iterator[object]:
    table = need("pyarrow.parquet").read_table(io.BytesIO(data))
    yield from in_json(table.to_pylist())
    yield from in_json(orjson.loads(table.schema.metadata[b"ingest"]))


def in_workbook(data: bytes) -> Iterator[object]:
    book = need("openpyxl").load_workbook(io.BytesIO(data))
    return (cell for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


def in_anki(data: bytes) -> Iterator[object]:
    """Fields, tags and decks; hashes and times of a note say nothing of its content."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        content = package.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        for fields, tags in connection.execute("SELECT flds, tags FROM notes"):
            yield from (*map(html.unescape, fields.split("\x1f")), tags)
        for (decks,) in connection.execute("SELECT decks FROM col"):
            yield from (deck["name"] for deck in orjson.loads(decks).values())


def in_xml(data: bytes) -> Iterator[object]:
    for element in ET.fromstring(data).iter():  # noqa: S314 - written just now
        yield from (element.tag, *element.attrib.values(), element.text or "", element.tail or "")


def in_package(data: bytes) -> Iterator[object]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            yield from (name, *in_xml(package.read(name)))


def in_gift(data: bytes) -> Iterator[object]:
    text = data.decode().replace("\\n", "\n")
    return iter((re.sub(r"\\(.)", r"\1", text),))


READERS: Mapping[str, Callable[[bytes], Iterator[object]]] = {
    ".jsonl": in_lines,
    ".json": lambda data: in_json(orjson.loads(data)),
    ".csv": in_table,
    ".sqlite": in_database,
    ".parquet": in_parquet,
    ".xlsx": in_workbook,
    ".apkg": in_anki,
    ".moodle.xml": in_xml,
    ".qti21.zip": in_package,
    ".gift": in_gift,
    ".aiken.txt": lambda data: iter((data.decode(),)),
    ".questions.md": lambda data: iter((html.unescape(data.decode()),)),
}


@every_format
@pytest.mark.parametrize("field", PLANTED)
def test_a_format_holds_what_it_says_and_nothing_else(name: str, field: str) -> None:
    document, planted = PLANTED[field]
    assert str(planted) not in decoded(name, asked())
    assert (str(planted) in decoded(name, document)) is (field in writer(name).holds)


@every_format
@pytest.mark.parametrize("field", DIFFERENT)
def test_a_format_tells_apart_what_it_says_and_nothing_else(name: str, field: str) -> None:
    texts = {decoded(name, document) for document in DIFFERENT[field]}
    assert (len(texts) == len(DIFFERENT[field])) is (field in writer(name).holds)


@every_format
def test_rejected_blocks_that_are_left_out_are_told(name: str) -> None:
    document, _ = PLANTED["rejected"]
    told = Note("1 rejected block is left out; json holds everything") in writer(name).notes(
        document, WriteSettings()
    )
    assert told is ("rejected" not in writer(name).holds)


# The manuals: each says how the format is used, and every example runs.


@every_format
def test_a_manual_says_how_to_use_the_format_and_with_what_it_was_tried(name: str) -> None:
    manual = writer(name).manual
    for heading in ("Use it", "Tried"):
        assert len(re.findall(rf"(?m)^{heading}: ", manual)) == 1, (
            f"the manual of {name} says nothing under {heading}"
        )
    assert manual.index("Use it: ") < manual.index("Tried: ")


@every_format
def test_an_extra_is_one_of_the_package_and_is_named_where_it_is_missing(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    extra = writer(name).extra
    assert (extra is None) is (name not in LIBRARIES)
    if extra:
        project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
        assert extra in project["optional-dependencies"]
        library = LIBRARIES[name].partition(".")[0]
        assert any(library in each for each in project["optional-dependencies"][extra])
        monkeypatch.setitem(sys.modules, library, None)
        with pytest.raises(ingest.IngestError, match=re.escape(f"exam-ingest[{extra}]")):
            writer(name).render(asked(), WriteSettings())


def examples() -> Iterator[Any]:
    for name in FORMATS:
        found = re.findall(r"(?ms)^```(\w*)\n(.*?)^```$", writer(name).manual)
        assert writer(name).manual.count("```") == 2 * len(found)
        for place, (language, code) in enumerate(found):
            yield pytest.param(name, language, code, id=f"{name}-{place}-{language}")


@pytest.fixture(scope="module")
def sample() -> Document:
    """A dump of ours, and nothing said of the options of its first question."""
    document = ingest.read(ROOT / "raw" / "skipper_es.txt").document
    first, *others = document.questions
    silent = tuple(replace(option, explanation=None) for option in first.options)
    return replace(document, questions=(replace(first, options=silent), *others))


@pytest.fixture(scope="module")
def folder(sample: Document, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample in every format that can be written here."""
    place = tmp_path_factory.mktemp("examples")
    for name in FORMATS:
        if name not in LIBRARIES or _is_there(LIBRARIES[name]):
            ingest.write(sample, place / f"exam{writer(name).suffix}", name)
    return place


def _is_there(library: str) -> bool:
    try:
        __import__(library)
    except ImportError:
        return False
    return True


@pytest.mark.parametrize(("name", "language", "code"), list(examples()))
def test_every_example_runs_and_shows_questions(
    name: str, language: str, code: str, folder: Path, sample: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    if name in LIBRARIES:
        need(LIBRARIES[name])
    monkeypatch.chdir(folder)
    assert language in RUNNERS, f"an example in {language or 'no language'}, which no test runs"
    shown = RUNNERS[language](code, name)
    pieces = [question.stem.split("\n")[0] for question in sample.questions]
    pieces += [reference.url for question in sample.questions for reference in question.references]
    pieces += [question.topic or "" for question in sample.questions]
    assert any(piece and piece in shown for piece in pieces), shown


def run_python(code: str, name: str) -> str:
    for library in re.findall(r"(?m)^import (\w+)", code):
        need(library)
    output = io.StringIO()
    with redirect_stdout(output):
        exec(compile(code, name, "exec"), {})  # noqa: S102 - an example of ours
    return output.getvalue()


def run_sql(code: str, name: str) -> str:
    if name != "sqlite":
        return str(need("duckdb").sql(code).fetchall())
    with closing(sqlite3.connect("exam.sqlite")) as connection:
        if ":words" not in code:
            return str(connection.execute(code).fetchall())
        rows = connection.execute(code, {"words": "anvil OR cloud"}).fetchall()
        assert all(re.search(r"\[(?i:anvil|cloud)\]", text) for _, text in rows)
        stem = "SELECT stem FROM questions WHERE position = ?"
        return str([connection.execute(stem, [position]).fetchone() for position, _ in rows])


def run_javascript(code: str, name: str) -> str:
    node = shutil.which("node")
    if node is None:
        pytest.skip("Node.js is not installed")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    if tuple(map(int, re.findall(r"\d+", version)[:2])) < (20, 10):
        pytest.skip(f"Node.js {version.strip()} imports no JSON")
    fetch = """
import { readFileSync } from "node:fs";
import imported from "./exam.json" with { type: "json" };
globalThis.fetch = async (path) => ({ json: async () => JSON.parse(readFileSync(path, "utf-8")) });
if (JSON.stringify(imported) !== JSON.stringify(await (await fetch("exam.json")).json())) throw Error();
"""
    Path("example.mjs").write_text(fetch + code, encoding="utf-8")
    run = subprocess.run([node, "example.mjs"], capture_output=True, text=True, check=False, timeout=60)
    assert run.returncode == 0, run.stderr
    return run.stdout


def run_task(code: str, name: str) -> str:
    """A task as lm-evaluation-harness reads it: a template is filled with the columns, a name is a column."""
    yaml, jinja = need("yaml"), need("jinja2")
    run_python(re.findall(r"(?ms)^```python\n(.*?)^```$", writer(name).manual)[0], name)
    task = yaml.safe_load(code)
    assert (task["dataset_path"], task["output_type"]) == ("json", "multiple_choice")
    (file,) = (task["dataset_kwargs"]["data_files"][task["test_split"]],)
    shown = []
    for row in map(orjson.loads, Path(file).read_bytes().splitlines()):
        template = jinja.Environment(undefined=jinja.StrictUndefined, autoescape=False).from_string
        shown.append(template(task["doc_to_text"]).render(**row))
        choices, target = row[task["doc_to_choice"]], row[task["doc_to_target"]]
        assert len(choices) > 1
        assert isinstance(choices[target], str)
    return "\n".join(shown)


RUNNERS = {"python": run_python, "sql": run_sql, "js": run_javascript, "yaml": run_task}


def test_the_column_that_the_workbook_is_searched_for_is_the_stem() -> None:
    assert "Questions!A:A, Questions!F:F" in writer("xlsx").manual
    need("xlsxwriter")
    book = need("openpyxl").load_workbook(io.BytesIO(written("xlsx", asked())[".xlsx"]))
    assert (book["Questions"]["A1"].value, book["Questions"]["F1"].value) == ("question_id", "stem")
    assert book["Options"]["A1"].value == "question_id"


# The command.


def run(*arguments: str) -> Any:
    return CliRunner().invoke(main, ["formats", *arguments])


def test_formats_are_listed_in_columns() -> None:
    lines = run().output.splitlines()
    assert [line.split()[0] for line in lines] == list(FORMATS)
    columns = [line.index(writer(line.split()[0]).summary) for line in lines]
    assert all(first == second for first, second in pairwise(columns))


@every_format
def test_a_manual_is_printed(name: str) -> None:
    entry = writer(name)
    for said in (name, name.upper()):
        done = run(said)
        assert done.exit_code == 0
        assert entry.manual in done.output
        held, _, lost = done.output.partition("Holds:")[2].partition("Does not hold:")
        told = {field for field, text in FIELDS.items() if f"  {text}\n" in held}
        assert told == entry.holds
        assert {field for field, text in FIELDS.items() if f"  {text}\n" in lost} == FIELDS.keys() - told


def test_an_unknown_format_is_told_with_the_nearest() -> None:
    done = run("moodle")
    assert done.exit_code == 2
    assert "unknown format 'moodle'; did you mean moodle-xml?" in done.output
