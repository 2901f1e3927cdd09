"""Text, names and records of strangers in every place where something else reads them: terminals and build
servers, spreadsheets, XML, pages, cards, quiz programs."""

from __future__ import annotations

import ast
import csv
import io
import json
import pkgutil
import re
import shlex
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest import commands, schema
from ingest.cli import main
from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.document import Document, Provenance, Rejected
from ingest.model.question import Item, Option, Place, Question, Reference
from ingest.parts.visible import visible
from ingest.reports import Report, renderer
from ingest.reports import formats as report_formats
from ingest.writers import WriteSettings, formats, writer

# What a terminal obeys: titles, the clipboard, links, the 8-bit forms of the same, going back over what was
# printed, turning it around; and what build servers obey.
STEERING = (
    *("\x1b]0;title\x07", "\x1b]52;c;aGk=\x07", "\x1b]8;;http://evil.example\x1b\\x", "\x1b[2J", "\x1bc"),
    *(
        "\x9b31m",
        "\x9d0;x\x9c",
        "\x90q",
        "\b\b",
        "\r",
        "\x07",
        "\x7f",
        "\v",
        "\f",
        "\x85",
        "\u2028",
        "\u2029",
    ),
    *("\u202e", "\u2066", "\u200f", "\u061c", "\u200b", "\ufeff", "\U000e0041", "\x00"),
    *("##[error]x", "##[stop-commands]x", "##vso[task.setvariable variable=PATH]x", "##teamcity[x]"),
)
LINES = ("::error::x", "  ::stop-commands::x", "\t::add-mask::x")
"""What counts where a line begins."""


def check_printed(text: str) -> None:
    """That no line of what was printed steers anything."""
    for line in text.removesuffix("\n").split("\n"):
        assert line.isprintable(), ascii(line)
        assert not re.search(r"##\w*\[", line), line
        assert not line.lstrip().startswith("::"), line


@pytest.mark.parametrize("text", [*STEERING, *LINES])
def test_visible_text_steers_nothing(text: str) -> None:
    check_printed(visible(text))
    check_printed(visible(f"a{text}b") if text in STEERING else visible(f"{text}b"))
    assert visible(visible(text)) == visible(text)


# File names and dumps on every command

NAME = "::stop-commands::x\x1b]0;t\x07\x9b2J\u202e##[error]"
"""Of a file, in a folder that a stranger gave."""
_DUMP = f"""Pregunta 1{STEERING[0]}

::error::Which {"".join(STEERING).replace(chr(13), "")} one?

::add-mask::A {STEERING[1]}

::add-mask::A {STEERING[1]}

Respuesta correcta
##[group]B

Explicación general
::warning::see http://evil.example/{STEERING[8]}x and \x1b[2J

Temática
::group::T{STEERING[5]}
::debug::Trailing{STEERING[0]}
Pregunta 2

::error::no option

Temática
::group::T{STEERING[5]}
"""
_OTHER = _DUMP.replace("##[group]B", "##[group]C").replace("Which", "What")
_RUNS: dict[str, tuple[str, ...]] = {
    "convert": (
        "convert .",
        "convert . -q --to json",
        "convert . --to {formats}",
        "convert {name}.txt {name}.txt -o there",
        "convert {name}.txt -o one --strict",
        "convert {name} --to nothing{name}",
        "convert . --from-file {name}.txt",
        "convert {name}.nothing -o there",
        "convert out/{name}.json -o again --topic {name}",
    ),
    "validate": (
        "validate .",
        "validate . out/*.json out/*.csv out/*.jsonl --severity info",
        "validate . --format concise",
        "validate . --statistics",
        "validate {name}.nothing",
        "validate . --select {name}",
        "validate . --fix --diff",
        "validate out/*.csv --fix --diff",
        "validate . --write-baseline --baseline {name}.base",
        "validate . --baseline {name}.base",
        "validate other.txt --baseline {name}.base",
        "validate . --fix",
        "validate . -o {name}.report",
    ),
    "inspect": ("inspect {name}.txt", "inspect {name}.txt --question 9", "inspect {name}"),
    "correct": ("correct {name}.txt --question 1", "correct {name}.txt", "correct {name}.txt --question 9"),
    "diff": (
        "diff {name}.txt other.txt",
        "diff other.txt {name}.txt --fail-on {name}",
        "diff {name}.txt empty.txt",
        "diff {name} other.txt",
        "diff {name}.txt other.txt --format markdown",
    ),
    "merge": (
        "merge . -o bank.json",
        "merge . -o {name}.bank",
        "merge {name} -o bank.json",
        "merge . -o {name}.txt",
    ),
    "split": ("split {name}.txt -o topics", "split {name}.txt --by file -o {name}", "split {name} -o topics"),
    "stats": ("stats .", "stats {name}.txt", "stats {name}"),
    "report": (
        "report . -o r.html",
        "report {name}.txt -o {name}.html",
        "report {name}",
        "report . --lang {name}",
    ),
    "rules": ("rules {name}",),
    "schema": ("schema {name}",),
    "formats": ("formats {name}",),
    "locales": ("locales {name}",),
}


def test_every_command_has_its_runs() -> None:
    assert sorted(_RUNS) == sorted(each.name for each in pkgutil.iter_modules(commands.__path__))


@pytest.fixture
def strange(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with hostile dumps under a hostile name, and what was made of them."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / f"{NAME}.txt").write_text(_DUMP, encoding="utf-8", newline="")
    (tmp_path / "other.txt").write_text(_OTHER, encoding="utf-8", newline="")
    (tmp_path / "empty.txt").write_text("")
    ingest.convert([f"{NAME}.txt"], "out", ingest.ConvertSettings(("json", "csv", "jsonl")))
    table = (tmp_path / "out" / f"{NAME}.csv").read_bytes()
    (tmp_path / "out" / "fixable.csv").write_bytes(table.replace(b" one?", b"\n::error::y\n::error::z  "))
    return tmp_path


def run(line: str) -> Result:
    """A command, with names and patterns put in as a shell does it."""
    values = {"{name}": NAME, "{formats}": ",".join(_LIGHT)}
    arguments = []
    for word in shlex.split(line):
        for mark, value in values.items():
            word = word.replace(mark, value)  # noqa: PLW2901 - each mark in turn
        arguments += sorted(map(str, Path().glob(word))) if "*" in word else [word]
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (0, 1, 2)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return done


_LIGHT = tuple(name for name in formats() if writer(name).extra is None)


@pytest.mark.parametrize("line", [line for lines in _RUNS.values() for line in lines])
def test_no_command_prints_what_steers(strange: Path, line: str) -> None:
    if "--baseline" in line and "--write" not in line:
        run("validate . --write-baseline --baseline {name}.base")
    done = run(line)
    assert done.output
    check_printed(done.stdout)
    check_printed(done.stderr)


def test_options_in_the_name_of_a_file_are_shown(strange: Path) -> None:
    done = CliRunner().invoke(main, ["validate", f"--{NAME}"])
    assert done.exit_code == 2
    check_printed(done.stderr)
    check_printed(CliRunner().invoke(main, [NAME]).stderr)
    check_printed(CliRunner().invoke(main, ["validate", "--statistics=\x1b[2J"]).stderr)


@pytest.mark.parametrize("form", ["github"])
def test_the_progress_of_a_run_steers_nothing(strange: Path, form: str) -> None:
    for number in range(30):
        (strange / f"{NAME}{number}.txt").write_text(_DUMP, encoding="utf-8", newline="")
    check_printed(run("convert . -o many").stderr)
    for path in strange.glob("::*"):
        path.unlink()
    told = run("convert other.txt -o many")
    check_printed(told.stderr)
    assert "is gone" in told.stderr
    check_printed(run("convert other.txt -o many --prune").stderr)


# Findings on build servers: what a runner would make of each form's lines.


def runner_commands(lines: Iterator[str]) -> list[tuple[str, dict[str, str], str]]:
    """Source: ActionCommand.cs of the GitHub runner: one form where a line begins, the old one anywhere."""
    found = []
    for line in lines:
        if match := re.match(r"\s*::([\w-]+)(?: (.*?))?::(.*)", line):
            properties = dict(each.split("=", 1) for each in (match[2] or "").split(",") if "=" in each)
            found.append((match[1], properties, match[3]))
        elif match := re.search(r"##\[([\w-]+)(.*?)\](.*)", line):
            found.append((match[1], {}, match[3]))
    return found


_MESSAGE = "".join(
    (
        *STEERING,
        "\n::error::x\r\n::stop-commands::y%0A::set-env name=a::b,title=c,file=d:e]]><x a='\"'>&amp;\ud800"[
            :-1
        ],
    )
)
_HOSTILE_REPORT = Report(
    tuple(
        Checked(
            name,
            1,
            (
                Diagnostic(
                    "Q003", "x", Severity.ERROR, _MESSAGE, _MESSAGE, name, 1, 1, 1, 2, 1, "q_" + "0" * 16
                ),
                Diagnostic("Q003", "x", Severity.INFO, "::warning::", None, name, 1, 1, 2, 2, None, None),
            ),
            lambda _: _MESSAGE,
            error,
        )
        for name in (NAME, f"a,b%0A::error::x,title=y:z\n{_MESSAGE}", "::error::x")
        for error in (None, _MESSAGE)
    ),
    "1.0",
)


@pytest.mark.parametrize("form", report_formats())
def test_reports_cannot_be_steered(form: str) -> None:
    lines = list(renderer(form)(_HOSTILE_REPORT))
    text = "".join(f"{line}\n" for line in lines)
    count = len(list(_HOSTILE_REPORT.diagnostics()))
    commands_ = runner_commands(iter(text.splitlines()))
    if form == "github":
        assert len(commands_) == len(text.splitlines()) == count
        assert {name for name, _, _ in commands_} == {"error", "notice"}
        for _, properties, _ in commands_:
            assert properties.keys() <= {"file", "line", "col", "endLine", "endColumn", "title"}
            assert properties["title"] == "Q003 x"
            assert properties["line"] == "1"
        assert text.replace("\n", "").isprintable()
    elif form in ("text", "concise"):
        assert commands_ == []
        check_printed(re.sub("\x1b\\[[0-9;]*m", "", text))
        if form == "concise":
            assert len(lines) == count
    elif form == "junit":
        root = ET.fromstring(text)  # noqa: S314 - our own
        assert {each.tag for each in root.iter()} <= {
            *("testsuites", "testsuite", "testcase", "failure", "error", "system-out")
        }
        assert sum(len(suite) for suite in root) == count + 3
    elif form == "jsonl":
        assert len(list(map(json.loads, lines))) == len(text.removesuffix("\n").split("\n")) == count
    else:
        json.loads(text)


# Files: the same hostile text in every field that is text.

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "'=1",
    "''@x",
    '=HYPERLINK("//x","y")',
)
PAYLOADS = (
    *FORMULAS,
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\"'><svg onload=alert(1)>",
    "]]></text></question><x/><![CDATA[",
    "&lt;b&gt; &xxe; &#0; <!DOCTYPE x [<!ENTITY xxe SYSTEM 'file:///etc/passwd'>]>",
    "{{Id}} {{{x}}} {{c1::y}} {{type:Accepted}} [sound:x.mp3] [latex]x[/latex] \\(x\\) [$]y[/$]",
    "[x](javascript:alert(1)) <javascript:alert(1)> ![y](//evil.example/z) `</details>` </details>",
    "x\n\n# y\n\n</details>\n\n---\n```\n<b>\n```",
    "}\n\n::evil::[html]<b>x</b>{=a}\n\n$CATEGORY: $course$/x\n\n// [id:evil]\n::z::{T}",
    "A\nANSWER: B\n\nWhat?\nA. x\nB. y\nANSWER: A",
    "'); DROP TABLE questions; --",
    "\x00\x01\x1b[2J\x0b\x0c\x85\u2028\ufffe\uffff",
    "../../etc/passwd",
    "\\..\\x ~#:=%50%",
)
_WEB = "https://example.org/"


def hostile(payload: str) -> Document:
    """A document that schema and classes accept, as it may come from a stranger's JSON."""
    options = tuple(
        Option(letter, f"{payload}{letter if letter > 'A' else ''}", letter == "A", payload)
        for letter in "ABC"
    )
    references = tuple(
        Reference(url, url, role, (1,))  # type: ignore[arg-type]
        for url, role in (
            (payload, "reference"),
            (f"javascript:{payload}", "image"),
            (f"{_WEB}{payload}", "inline"),
        )
    )
    question = Question(
        id="q_0123456789abcdef",
        occurrence=1,
        fingerprint="0" * 16,
        number=1,
        type="single_select",
        stem=payload,
        select_count=1,
        options=options,
        answer=("A",),
        accepted=(),
        items=(Item("1", payload),),
        explanation=payload,
        rationale=payload,
        references=references,
        topic=payload,
        attempt=None,
        findings=("Q010",),
        source=Place(payload, (1, 2)),
    )
    blank = replace(
        question,
        id="q_0123456789abcdee",
        type="fill_in",
        select_count=None,
        options=(),
        answer=(),
        accepted=(payload,),
    )
    plain = replace(question, id="q_0123456789abcded", topic=None)
    document = Document(
        "1.0",
        Provenance(payload, "0" * 64, "utf-8", payload),
        (question, blank, plain),
        (Rejected(1, (1, 2), payload, ("Q001",)),),
        (),
        (),
    )
    return schema.load_document(b"".join(writer("json").pieces(document, WriteSettings())))


class _Page(HTMLParser):
    """The tags of a text and where they lead."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: set[str] = set()
        self.addresses: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            assert not name.startswith("on"), (tag, name)
            if name in ("href", "src"):
                self.addresses.append(value or "")


def check_page(text: str) -> None:
    page = _Page(text)
    known = {
        *("p", "br", "pre", "div", "ul", "ol", "li", "a", "span", "b", "strong", "em", "code", "hr"),
        *("details", "summary", "h1", "h2", "h3", "h4", "blockquote"),
    }
    assert page.tags <= known, page.tags
    assert all(each.startswith(("http://", "https://")) for each in page.addresses), page.addresses


def check_xml(text: str) -> ET.Element:
    assert "<!DOCTYPE" not in re.sub(r"<!\[CDATA\[.*?\]\]>", "", text, flags=re.DOTALL)
    return ET.fromstring(text)  # noqa: S314 - our own


@cache
def shape_of(name: str) -> dict[str, Any]:
    """What a format's file has when no text in it is hostile."""
    return dict(shapes(name, hostile("plain")))


def shapes(name: str, document: Document) -> Iterator[tuple[str, Any]]:
    """Checks a format's files, and gives what of them no text may change."""
    extra = writer(name).extra
    if extra:
        pytest.importorskip({"anki": "genanki", "xlsx": "xlsxwriter", "parquet": "pyarrow"}[extra])
    for file, pieces in writer(name).files(document, WriteSettings(csv_safe=True)).items():
        data = b"".join(pieces)
        yield file, _CHECKS[Path(file).suffix if "/" in file else file](data)


def _in_table(data: bytes) -> Any:
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    assert len({len(row) for row in rows}) == 1
    for cell in (cell for row in rows for cell in row):
        assert not re.match("[=+@\t\r\n\0＝＋－＠-]", cell), cell
    return len(rows), rows[0]


def _in_upload(data: bytes) -> Any:
    rows = list(csv.reader(io.StringIO(data.decode(), newline=""), strict=True))
    return rows[0], {len(row) for row in rows}


def _in_workbook(data: bytes) -> Any:
    book = pytest.importorskip("openpyxl").load_workbook(io.BytesIO(data))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(package.namelist())
        assert not any(b"TargetMode" in package.read(each) or b"<f>" in package.read(each) for each in names)
    return names, book.sheetnames, len(cells)


def _in_database(data: bytes) -> Any:
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    return connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()


def _in_cards(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        connection = sqlite3.connect(":memory:")
        connection.deserialize(package.read("collection.anki2"))
        names = package.namelist()
    for fields, tags in connection.execute("SELECT flds, tags FROM notes"):
        assert fields.count("\x1f") == 11
        for field in fields.split("\x1f"):
            check_page(field)
            assert not re.search(r"\[sound:|\[latex\]|\[\$|\[anki:", field)
        assert len(tags.split()) <= 1
    (models,) = connection.execute("SELECT models FROM col").fetchone()
    templates = [(model["tmpls"], model["css"]) for model in json.loads(models).values()]
    return names, connection.execute("SELECT count(*) FROM notes").fetchone(), templates


def _in_moodle(data: bytes) -> Any:
    root = check_xml(data.decode())
    for each in root.iter():
        if each.get("format") == "html":
            check_page(each.findtext("text") or "")
    kinds = [each.get("type") for each in root if each.get("type") != "category"]
    return kinds, {each.tag for each in root.iter()}


def _in_qti(data: bytes) -> Any:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = sorted(package.namelist())
        roots = [check_xml(package.read(each).decode()) for each in names]
    tags = {each.tag for root in roots for each in root.iter()}
    assert not any(tag.lower().endswith(("script", "img", "object", "iframe", "svg")) for tag in tags)
    addresses = [each.get("href", "") for root in roots for each in root.iter() if each.tag.endswith("}a")]
    assert all(each.startswith(("http://", "https://")) for each in addresses)
    for name in names:
        assert not name.startswith("/")
        assert ".." not in name
    return names


def _in_gift(data: bytes) -> Any:
    blocks = data.decode().removesuffix("\n\n").split("\n\n")
    found = []
    for block in blocks:
        if block.startswith("$CATEGORY: $course$/top/"):
            assert block.isprintable() or "\x00" in block, ascii(block)
            continue
        assert re.match(r"// \[id:q_[0-9a-f]{16}\]\n::q_[0-9a-f]{16}::\[plain\]", block), block
        plain = re.sub(r"\\.", "", block.split("\n", 1)[1], flags=re.DOTALL)
        found.append((plain.count("{"), plain.count("}"), plain.count("::")))
    return found


def _in_aiken(data: bytes) -> Any:
    for block in filter(None, data.decode().split("\n\n")):
        assert re.fullmatch(r"[^\n]+\nA\. [^\n]*\nB\. [^\n]*\nC\. [^\n]*\nANSWER: A", block), ascii(block)


def _in_markdown(data: bytes) -> Any:
    markdown = pytest.importorskip("markdown_it").MarkdownIt("commonmark", {"html": True})
    text = markdown.render(data.decode())
    check_page(text)
    return [text.count(tag) for tag in ("<h1", "<h2", "<details>", "</details>", "<summary>")]


def _in_parquet(data: bytes) -> Any:
    table = pytest.importorskip("pyarrow.parquet").read_table(io.BytesIO(data))
    return table.num_rows, table.column_names


_CHECKS = {
    ".json": lambda data: sorted(json.loads(data)),
    ".jsonl": lambda data: [sorted(json.loads(line)) for line in data.splitlines()],
    ".mmlu.jsonl": lambda data: [sorted(json.loads(line)) for line in data.splitlines()],
    ".csv": _in_table,
    ".udemy.csv": _in_upload,
    ".xlsx": _in_workbook,
    ".sqlite": _in_database,
    ".parquet": _in_parquet,
    ".apkg": _in_cards,
    ".moodle.xml": _in_moodle,
    ".qti21.zip": _in_qti,
    ".gift": _in_gift,
    ".aiken.txt": _in_aiken,
    ".questions.md": _in_markdown,
}
"""By the suffix of a file: a new format needs its own."""


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", formats())
def test_no_text_changes_the_shape_of_a_file(name: str, payload: str) -> None:
    assert dict(shapes(name, hostile(payload))) == shape_of(name)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_table_that_is_safe_reads_back_as_it_was(tmp_path: Path, payload: str) -> None:
    document = hostile(payload)
    read = []
    for name, is_safe in (("plain", False), ("safe", True)):
        ingest.write(document, tmp_path / f"{name}.csv", settings=WriteSettings(csv_safe=is_safe))
        read.append(ingest.read_document(tmp_path / f"{name}.csv").questions)
    assert read[0] == read[1]
    done = CliRunner().invoke(main, ["validate", str(tmp_path / "safe.csv"), "--select", "S"])
    assert "disarmed" not in done.output


@pytest.mark.parametrize("payload", ["../../x", "q_<b>", "q_0123456789abcdef\n", "Q_0123456789ABCDEF", "q_0"])
@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_ids_of_strangers_are_ids_or_refused(tmp_path: Path, form: str, payload: str) -> None:
    """They become names in packages and marks in files without being escaped."""
    data = writer(form).render(hostile("plain"), WriteSettings())[0].decode()
    planted = json.dumps(payload)[1:-1] if form != "csv" else f'"{payload}"'
    (tmp_path / f"x.{form}").write_text(data.replace("q_0123456789abcdef", planted), newline="")
    with pytest.raises(ingest.IngestError, match="does not match"):
        ingest.read_document(tmp_path / f"x.{form}")


# The review page


def test_names_and_texts_on_the_review_page(strange: Path) -> None:
    pytest.importorskip("jinja2")
    plain = strange / "plain"
    plain.mkdir()
    (plain / "a.txt").write_bytes((ROOT / "raw" / "errores_es.txt").read_bytes())
    run("report plain -o plain.html")
    run("report {name}.txt other.txt out/{name}.json -o hostile.html")
    pages = [(strange / f"{name}.html").read_text(encoding="utf-8") for name in ("plain", "hostile")]
    tags = [_Tags(page).found for page in pages]
    assert tags[1] <= tags[0] | {
        ("a", "href"),
        ("small", ""),
        ("h2", "class"),
        ("div", "id"),
        ("div", "tabindex"),
    }
    assert [page.count("<script") for page in pages] == [1, 1]
    steering = {sign for text in STEERING for sign in text if not sign.isprintable()}
    # A browser shows none of these and obeys none of them.
    assert steering & set(_Tags(pages[1]).text) <= set("\r\u200b\ufeff\u2028\u2029\U000e0041")


class _Tags(HTMLParser):
    """The elements of a page with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[tuple[str, str]] = set()
        self.text = ""
        self.feed(text)

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {(tag, ""), *((tag, name) for name, _ in attrs)}
        assert not any(name.startswith("on") for name, _ in attrs)


# Nothing is fetched, run or unpacked


@pytest.mark.parametrize("line", [line for lines in _RUNS.values() for line in lines])
def test_no_command_opens_a_connection(strange: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    def never(*arguments: object, **_: object) -> None:
        raise AssertionError(arguments)

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(f"socket.socket.{name}", never)
    monkeypatch.setattr("socket.getaddrinfo", never)
    monkeypatch.setattr("webbrowser.open", never)
    run(line)


# What each of these may be used for, and where.
_ALLOWED = {
    "pickle": {"jobs.py", "converting.py"},
    "fsspec": {"stores/remote.py", "clusters.py"},
    "distributed": {"clusters.py"},
    "tempfile": {"stores/local.py"},
    "xml.sax.saxutils": {"reports/as_junit.py", "writers/as_qti21.py"},
}
_NEVER = (
    *(
        "socket",
        "ssl",
        "http",
        "urllib.request",
        "requests",
        "httpx",
        "aiohttp",
        "smtplib",
        "ftplib",
        "webbrowser",
    ),
    *(
        "subprocess",
        "pty",
        "ctypes",
        "marshal",
        "shelve",
        "yaml",
        "runpy",
        "code",
        "xml",
        "tarfile",
        "shutil",
    ),
)


@pytest.mark.parametrize("path", sorted((ROOT / "src").rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_is_fetched_run_or_unpacked(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    own = path.relative_to(ROOT / "src" / "ingest").as_posix()
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {each.name for each in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{each.name}" for each in node.names}
        elif isinstance(node, ast.Call):
            called = ast.unparse(node.func)
            assert called not in ("eval", "exec", "compile", "__import__", "os.system", "os.popen"), called
            assert not called.startswith(("os.exec", "os.spawn"))
    for name in names:
        places = next((each for module, each in _ALLOWED.items() if _is_of(name, module)), None)
        assert own in places if places is not None else not any(_is_of(name, each) for each in _NEVER), name


def _is_of(name: str, module: str) -> bool:
    return name == module or name.startswith(f"{module}.")
