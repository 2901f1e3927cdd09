"""What programs of others find in written files: of each question its words, and which options are right.

Nothing here comes from the package. Words are compared without marks and space, since formats have their own
ways with both.
"""

from __future__ import annotations

import csv
import html
import io
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree as ET

import orjson
import pytest


class Asked(NamedTuple):
    """One question."""

    stem: str
    options: tuple[tuple[str, bool], ...]
    accepted: tuple[str, ...] = ()


def asked(stem: str | None, options: Iterable[tuple[str, Any]], accepted: Iterable[str] = ()) -> Asked:
    return Asked(
        words(stem),
        tuple((words(text), bool(right)) for text, right in options),
        tuple(sorted(map(words, accepted))),
    )


def words(text: str | None) -> str:
    plain = unicodedata.normalize("NFKC", html.unescape(re.sub(r"<[^<>\n]*>", "", text or "")))
    return "".join(letter for letter in plain if letter.isalnum()).casefold()


def of_record(question: Mapping[str, Any]) -> Asked:
    """A question as JSON has it."""
    options = ((each["text"], each["correct"]) for each in question["options"])
    return asked(question["stem"], options, question["accepted"])


def read_json(path: Path) -> Iterator[Asked]:
    return map(of_record, orjson.loads(path.read_bytes())["questions"])


def read_jsonl(path: Path) -> Iterator[Asked]:
    return map(of_record, map(orjson.loads, path.read_bytes().splitlines()))


def read_csv(path: Path) -> Iterator[Asked]:
    for row in rows(path):
        letters = row["answer"].split(";")
        options = [
            (row[column], column[-1].upper() in letters)
            for column in row
            if re.fullmatch("option_[a-z]", column) and row[column]
        ]
        yield asked(row["stem"], options, row["accepted"].splitlines())


def read_udemy(path: Path) -> Iterator[Asked]:
    for row in rows(path):
        right = row["Correct Answers"].split(",")
        texts = [(row[f"Answer Option {place}"], str(place) in right) for place in range(1, 7)]
        yield asked(row["Question"], [each for each in texts if each[0]])


def read_tidy(path: Path) -> Iterator[Asked]:
    tables = {name: rows(path / f"{name}.csv") for name in ("questions", "options", "accepted")}
    return _joined(tables, lambda value: value == "true")


def read_sqlite(path: Path) -> Iterator[Asked]:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(path.read_bytes())
        connection.row_factory = sqlite3.Row
        tables = {
            name: [dict(row) for row in connection.execute(f"SELECT * FROM {name}")]  # noqa: S608 - its own tables
            for name in ("questions", "options", "accepted")
        }
    return _joined(tables, bool)


def read_workbook(path: Path) -> Iterator[Asked]:
    openpyxl = pytest.importorskip("openpyxl")
    tables: dict[str, list[dict[str, Any]]] = {"accepted": []}
    for sheet in openpyxl.load_workbook(path):
        header, *lines = sheet.iter_rows(values_only=True)
        tables[sheet.title.lower()] = [dict(zip(header, line, strict=True)) for line in lines]
    for row in tables["questions"]:
        tables["accepted"] += [{**row, "text": each} for each in (row.get("accepted") or "").splitlines()]
    return _joined(tables, bool)


def read_parquet(path: Path) -> Iterator[Asked]:
    parquet = pytest.importorskip("pyarrow.parquet")
    return map(of_record, parquet.read_table(path).to_pylist())


def read_gift(path: Path) -> Iterator[Asked]:
    parser = pytest.importorskip("pygiftparser.parser")
    for each in parser.parseFile(io.StringIO(path.read_text(encoding="utf-8"), newline="\n")):
        assert each.valid
        answers = each.answers.answers
        if type(each.answers).__name__.startswith("Short"):
            yield asked(_unescaped(each.text), (), [_unescaped(answer.answer) for answer in answers])
        else:
            yield asked(
                _unescaped(each.text), [(_unescaped(one.answer), one.fraction > 0) for one in answers]
            )


def read_moodle(path: Path) -> Iterator[Asked]:
    parser = pytest.importorskip("moodle_xml_parser.parser")
    texts = [
        asked(each.text_pre_parse, [(option.answer, option.score_fraction > 0) for option in each.options])
        for each in parser.parse_bytes(path.read_bytes())["multichoice"]
    ]
    for found in ET.fromstring(path.read_bytes()):  # noqa: S314 - of the corpus
        answers = [(each.findtext("text") or "", each.get("fraction")) for each in found.findall("answer")]
        stem = found.findtext("questiontext/text")
        if found.get("type") == "shortanswer":
            yield asked(stem, (), [text for text, _ in answers])
        elif found.get("type") == "multichoice":
            yield asked(stem, [(text, float(weight or 0) > 0) for text, weight in answers])
            assert texts.pop(0) == asked(stem, [(text, float(weight or 0) > 0) for text, weight in answers])
    assert not texts


def read_aiken(path: Path) -> Iterator[Asked]:
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        stem, *options, answer = block.split("\n")
        right = answer.removeprefix("ANSWER: ")
        yield asked(stem, [(each[3:], each[0] == right) for each in options])


def read_anki(path: Path) -> Iterator[Asked]:
    with zipfile.ZipFile(path) as package:
        content = package.read("collection.anki2")
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(content)
        (models,) = connection.execute("SELECT models FROM col").fetchone()
        names = {
            int(key): [each["name"] for each in model["flds"]] for key, model in orjson.loads(models).items()
        }
        notes = connection.execute(
            "SELECT mid, flds FROM notes JOIN cards ON cards.nid = notes.id ORDER BY cards.due"
        ).fetchall()
    for model, fields in notes:
        note = dict(zip(names[model], fields.split("\x1f"), strict=True))
        lines = re.findall(r'(?s)<li\b([^>]*)>.*?<div class="text">(.*?)</div>', note["Answers"])
        accepted = [note["Accepted"], *re.findall(r"(?s)<li>(.*?)</li>", note["Also accepted"])]
        options = [(text, "right" in attributes) for attributes, text in lines]
        yield asked(note["Stem"], options, filter(None, accepted))


def read_qti(path: Path) -> Iterator[Asked]:
    with zipfile.ZipFile(path) as package:
        manifest = ET.fromstring(package.read("imsmanifest.xml"))  # noqa: S314 - of the corpus
        for resource in manifest.iterfind(".//{*}resource"):
            if "item" in resource.get("type", ""):
                yield _item(ET.fromstring(package.read(resource.get("href", ""))))  # noqa: S314 - of the corpus


def _item(root: ET.Element) -> Asked:
    right = [each.text for each in root.iterfind(".//{*}correctResponse/{*}value")]
    choices = root.findall(".//{*}simpleChoice")
    accepted = () if choices else [each.get("mapKey", "") for each in root.iterfind(".//{*}mapEntry")]
    stem = root.find("{*}itemBody/{*}div")
    assert stem is not None
    options = [("".join(each.itertext()), each.get("identifier") in right) for each in choices]
    return asked("".join(stem.itertext()), options, accepted)


def read_mmlu(path: Path) -> Iterator[Asked]:
    for row in map(orjson.loads, path.read_bytes().splitlines()):
        right = row["answer"] if isinstance(row["answer"], list) else [row["answer"]]
        yield asked(row["question"], [(text, place in right) for place, text in enumerate(row["choices"])])


def read_sheet(path: Path) -> Iterator[Asked]:
    """Markdown: below each heading the stem and the options, folded below them the answer."""
    for block in re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))[1:]:
        shown, _, folded = block.partition("\n")[2].partition("<details>")
        options = re.split(r"(?m)^- \*\*([A-Z])\.\*\* ", shown)
        key = re.search(r"(?s)</summary>\s*\*\*(.+?)\*\*", folded)
        right = key[1].split(", ") if key else []
        texts = zip(options[1::2], options[2::2], strict=True)
        accepted = [] if key else re.findall(r"(?m)^- (.+)$", folded)
        yield asked(options[0], [(text, letter in right) for letter, text in texts], accepted)


READERS: Mapping[str, Callable[[Path], Iterator[Asked]]] = {
    "aiken": read_aiken,
    "anki": read_anki,
    "csv": read_csv,
    "csv-tidy": read_tidy,
    "gift": read_gift,
    "json": read_json,
    "jsonl": read_jsonl,
    "markdown": read_sheet,
    "mmlu-jsonl": read_mmlu,
    "moodle-xml": read_moodle,
    "parquet": read_parquet,
    "qti21": read_qti,
    "sqlite": read_sqlite,
    "udemy-csv": read_udemy,
    "xlsx": read_workbook,
}


def rows(path: Path) -> list[dict[str, str]]:
    text = path.read_bytes().decode("utf-8")
    return list(csv.DictReader(io.StringIO(text, newline=""), strict=True))


def _joined(tables: Mapping[str, list[dict[str, Any]]], is_right: Callable[[Any], bool]) -> Iterator[Asked]:
    def of(name: str, row: Mapping[str, Any]) -> list[dict[str, Any]]:
        key = ("question_id", "occurrence")
        return [each for each in tables[name] if [each[k] for k in key] == [row[k] for k in key]]

    for row in tables["questions"]:
        options = [(each["text"], is_right(each["correct"])) for each in of("options", row)]
        yield asked(row["stem"], options, [each["text"] for each in of("accepted", row)])


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: "\n" if match[1] == "n" else match[1], text, flags=re.DOTALL)
