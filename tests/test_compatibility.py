"""What a version has written is read for ever, and what it promises stays: docs/compatibility.md.

``make corpus`` writes the files of a version (``corpus.py``); they are compared with what is made of them
now. Fields may be added, none may go or change.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import orjson
import pytest
from click.testing import CliRunner

import corpus
import ingest
from conftest import ROOT
from corpus import CORPUS, SELECTION, SUMS, VERSION, load
from foreign_readers import READERS, Asked, of_record
from ingest import baseline, schema
from ingest.cli import main
from ingest.configuration import load_settings
from ingest.converted import forms
from ingest.files import corrections_of
from ingest.model.diagnostic import Severity
from ingest.writers import formats, writer
from surface import missing, surface

VERSIONS = corpus.versions()
every_version = pytest.mark.parametrize("version", VERSIONS)
EXTRA = {"anki": "genanki", "parquet": "pyarrow", "xlsx": "xlsxwriter"}
# Of these formats the test asks nothing but the questions that each can hold, by their place.
LEFT_OUT = {"aiken": (2, 3), "mmlu-jsonl": (3,), "udemy-csv": (3, 7)}


def file_of(version: str, form: str) -> Path | None:
    path = CORPUS / version / "converted" / f"kites{writer(form).suffix}"
    return path if path.exists() else None


def stored(version: str, name: str) -> Any:
    return load(CORPUS / version / name)


def now(document: ingest.Document) -> Any:
    return orjson.loads(corpus.as_json(document))


def changes(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """Where a value is not what it was. Keys may have come, none may have gone; a question may have further
    findings, since later rules find more."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if key == "schema_version":
                continue
            if key not in found:
                yield f"{path}/{key} is gone"
            else:
                yield from changes(value, found[key], f"{path}/{key}")
    elif path.endswith("/findings"):
        yield from (f"{path}: {code} is gone" for code in wanted if code not in found)
    elif isinstance(wanted, list) and isinstance(found, list) and len(wanted) == len(found):
        for place, (one, other) in enumerate(zip(wanted, found, strict=True)):
            yield from changes(one, other, f"{path}[{place}]")
    elif wanted != found:
        yield f"{path}: {wanted!r} became {found!r}"


# The corpus itself.


def test_stored_files_are_never_changed() -> None:
    listed = SUMS.read_text(encoding="utf-8").splitlines()
    assert [line for version in VERSIONS for line in corpus.sums(version)] == listed


def test_this_version_has_its_files() -> None:
    assert VERSION in VERSIONS, "make corpus"


@pytest.mark.parametrize("form", formats())
def test_every_format_has_a_file_and_a_reader(form: str) -> None:
    assert form in READERS, "how do others read it? tests/foreign_readers.py"
    assert any(file_of(version, form) for version in VERSIONS), (
        "a new format comes with a new minor version: raise it, then make corpus"
    )


def test_every_form_that_is_read_has_a_file() -> None:
    names = {path.name for path in (CORPUS / VERSIONS[-1]).rglob("*")}
    assert {each.name for each in forms()} == {"bank", "csv", "json", "jsonl"}, "add its file to corpus.py"
    assert names >= {"bank.json", "kites.csv", "kites.json", "kites.jsonl", "manifest.json", "baseline.json"}
    assert names >= {"kites.corrections.toml", "ingest.toml", "labels.toml"}


def test_a_folder_that_is_there_is_not_written_again(capsys: pytest.CaptureFixture[str]) -> None:
    assert corpus.make() == 1
    assert "is never changed" in capsys.readouterr().err


def test_the_sample_has_every_kind_of_question() -> None:
    questions = stored(VERSIONS[-1], "converted/kites.json")["questions"]
    assert {each["type"] for each in questions} == {"single_select", "multi_select", "fill_in"}
    for field in (
        "topic",
        "rationale",
        "explanation",
        "items",
        "references",
        "accepted",
        "findings",
        "answer",
    ):
        assert any(each[field] for each in questions), field
    roles = {reference["role"] for each in questions for reference in each["references"]}
    assert roles == {"reference", "credit", "inline", "image"}
    assert len(questions[-2]["options"]) == 9


# Read by ingest.


@every_version
@pytest.mark.parametrize(
    "name", ["assessments.json", "kites.txt", "kites_again.txt", "page.html", "upload.csv"]
)
def test_dumps_give_the_same_questions(version: str, name: str) -> None:
    folder = CORPUS / version
    wanted = load((folder / "converted" / name).with_suffix(".json"))
    found = now(ingest.read(folder / "sources" / name).document)
    parts = ("source", "questions", "rejected", "furniture")
    assert list(changes({key: wanted[key] for key in parts}, found)) == []


@every_version
def test_what_the_sitter_chose_is_read_as_before(version: str) -> None:
    settings = ingest.ReadSettings(keep_attempt=True)
    result = ingest.read(CORPUS / version / "sources" / "kites.txt", settings)
    lines = (CORPUS / version / "attempt" / "kites.jsonl").read_bytes().splitlines()
    assert list(changes([orjson.loads(line) for line in lines], now(result.document)["questions"])) == []


@every_version
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        *(
            (f"converted/{name}.json",) * 2
            for name in ("kites", "kites_again", "page", "upload", "assessments")
        ),
        *(
            (f"converted/{name}", f"read/{name}.json")
            for name in ("kites.jsonl", "kites.csv", "kites.udemy.csv")
        ),
        ("bank.json", "read/bank.json"),
        ("selected.json", "selected.json"),
        ("danish/danish.json", "danish/danish.json"),
    ],
)
def test_converted_files_are_read_as_before(version: str, name: str, expected: str) -> None:
    found = now(ingest.read_document(CORPUS / version / name))
    assert list(changes(stored(version, expected), found)) == []


@every_version
def test_converted_files_are_still_valid(version: str) -> None:
    names = ("converted/kites.json", "converted/kites.jsonl", "converted/kites.csv", "bank.json")
    for file in ingest.validate([CORPUS / version / name for name in names]):
        told = [
            "nothing decides the key of “True or False? A kite can fly in a vacuum.”: “False” or “True”"
        ] * file.file.endswith("bank.json")
        assert not file.error
        assert file.questions > 0
        assert [each.message for each in file.diagnostics if each.code in ("S001", "S002", "S003")] == told


@every_version
def test_files_of_an_older_minor_version_follow_the_schemas(version: str) -> None:
    if version.partition(".")[0] != VERSION.partition(".")[0]:
        pytest.skip("the schema of another major version")
    for name, path in (
        ("document", "converted/kites.json"),
        ("bank", "bank.json"),
        ("manifest", "converted/manifest.json"),
    ):
        jsonschema.validate(stored(version, path), schema.json_schema(name))


@every_version
def test_a_bank_takes_new_sets(version: str, tmp_path: Path) -> None:
    folder = CORPUS / version
    bank = tmp_path / "bank.json"
    done = run("merge", folder / "bank.json", folder / "sources" / "kites_again.txt", "-o", bank)
    assert done.exit_code == 1  # there are contrary keys, as before
    before, after = stored(version, "bank.json"), load(bank)
    ids = [each["question"]["id"] for each in before["questions"]]
    assert [each["question"]["id"] for each in after["questions"]] == ids
    assert len(after["conflicts"]) == len(before["conflicts"]) == 1


@every_version
def test_a_seed_gives_the_same_choice_and_order(version: str) -> None:
    document = ingest.read_document(CORPUS / version / "converted" / "kites.json")
    found = now(ingest.select(document, SELECTION).document)
    assert list(changes(stored(version, "selected.json"), found)) == []


@every_version
def test_a_baseline_is_read_as_before(version: str) -> None:
    path = CORPUS / version / "baseline.json"
    known = baseline.parse(path.read_text(encoding="utf-8"), "baseline.json")
    entries = {
        (each["code"], each["id"] or "", each["message"]): each["count"] for each in load(path)["findings"]
    }
    assert {tuple(key): count for key, count in known.items()} == entries


def test_messages_stay_within_a_minor_version(monkeypatch: pytest.MonkeyPatch) -> None:
    """A baseline knows findings by them."""
    monkeypatch.chdir(CORPUS / VERSION)
    load_settings.cache_clear()
    done = run("validate", "sources", "--baseline", "baseline.json", "--format", "json")
    assert "stale" not in done.stderr, done.stderr


@every_version
def test_corrections_are_read_as_before(version: str) -> None:
    (found,), sha256 = corrections_of(str(CORPUS / version / "sources" / "kites.txt"))
    assert sha256
    assert (found.question, found.checked, found.first_option, found.answer) == (4, False, "1,2,3", ("B",))
    assert found.fingerprint == stored(version, "converted/kites.json")["questions"][3]["fingerprint"]


@every_version
def test_settings_are_read_as_before(version: str) -> None:
    settings = load_settings(CORPUS / version)
    assert dict(settings.topics) == {"Wind": ("Strong wind", "Gusts"), "Bridles": ()}
    assert [locale.code for locale in settings.labels] == ["da"]
    assert settings.choice.severity is Severity.INFO
    assert settings.choice.strict
    assert {"P", "Q", "R", "S", "T"} <= {*settings.choice.select}
    assert [pattern for pattern, _ in settings.choice.per_file_ignores] == ["*_again.txt"]


@every_version
def test_labels_are_read_as_before(version: str) -> None:
    folder = CORPUS / version
    done = run(
        "convert",
        folder / "sources" / "danish.txt",
        "--labels",
        folder / "sources" / "labels.toml",
        "-o",
        "-",
    )
    wanted = stored(version, "danish/danish.json")
    assert list(changes(wanted["questions"], orjson.loads(done.stdout_bytes)["questions"])) == []


@every_version
def test_an_output_folder_goes_on(version: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What an older version has made is made again, and the rest of its list stays."""
    shutil.copytree(CORPUS / version, tmp_path / "folder")
    monkeypatch.chdir(tmp_path / "folder")
    before = stored(version, "converted/manifest.json")
    load_settings.cache_clear()
    done = run("convert", "sources/kites.txt", "--to", "json", "-o", "converted")
    assert ("1 unchanged" in done.stderr) is (before["version"] == ingest.__version__), done.stderr
    after = load(Path("converted/manifest.json"))
    assert [each["file"] for each in after["files"]] == [each["file"] for each in before["files"]]
    assert [len(each["outputs"]) for each in after["files"]] == [
        len(each["outputs"]) for each in before["files"]
    ]


# Read by others.


@every_version
@pytest.mark.parametrize("form", READERS)
def test_others_read_the_same_questions_and_keys(version: str, form: str) -> None:
    path = file_of(version, form)
    if path is None:
        pytest.skip("this version had no such format")
    questions = list(map(of_record, stored(version, "converted/kites.json")["questions"]))
    wanted = [each for number, each in enumerate(questions, 1) if number not in LEFT_OUT.get(form, ())]
    assert list(READERS[form](path)) == wanted


@pytest.mark.parametrize("form", READERS)
def test_what_is_written_now_is_read_by_the_same_readers(form: str, tmp_path: Path) -> None:
    if form in EXTRA:
        pytest.importorskip(EXTRA[form])
    document = ingest.read_document(CORPUS / VERSIONS[0] / "converted" / "kites.json")
    path = tmp_path / f"kites{writer(form).suffix}"
    ingest.write(document, path, form)
    questions: list[Asked] = list(map(of_record, now(document)["questions"]))
    wanted = [each for number, each in enumerate(questions, 1) if number not in LEFT_OUT.get(form, ())]
    assert list(READERS[form](path)) == wanted


@every_version
def test_a_cell_that_was_disarmed_is_read_as_a_text(version: str) -> None:
    (found,) = ingest.validate([CORPUS / version / "safe" / "kites.csv"])
    assert found.questions == len(stored(version, "converted/kites.json")["questions"])


# What is promised.


@every_version
def test_nothing_public_is_gone(version: str) -> None:
    if version.partition(".")[0] != VERSION.partition(".")[0]:
        pytest.skip("a major version may take away")
    assert list(missing(stored(version, "surface.json"), orjson.loads(orjson.dumps(surface())))) == []


@every_version
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("findings.json", ["validate", "sources/kites.txt", "--format", "json"]),
        ("difference.json", ["diff", "sources/kites.txt", "sources/kites_again.txt", "--format", "json"]),
        ("statistics.json", ["stats", "sources/kites.txt", "--format", "json"]),
    ],
)
def test_reports_have_the_same_fields(
    version: str, name: str, arguments: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(CORPUS / version)
    load_settings.cache_clear()
    found = set(shape(orjson.loads(run(*arguments).stdout)))
    assert set(shape(stored(version, name))) - found == set()


@every_version
def test_tables_have_the_same_columns(version: str) -> None:
    document = ingest.read_document(CORPUS / version / "converted" / "kites.json")
    old = (CORPUS / version / "converted" / "kites.csv").read_text(encoding="utf-8").split("\n")[0].split(",")
    new = b"".join(writer("csv").pieces(document, ingest.WriteSettings())).decode().split("\n")[0].split(",")
    assert [column for column in new if column in old] == old


def test_what_a_missing_name_is_called() -> None:
    assert list(missing({"a": ["x"], "b": 1}, {"a": ["y"]})) == ["/a/x", "/b"]
    assert list(changes({"a": [1, {"b": 2}]}, {"a": [1, {"b": 3}]})) == ["/a[1]/b: 2 became 3"]


# Files of a newer version.

NEWER = {"minor": "1.1", "major": "2.0"}


@pytest.mark.parametrize("newer", NEWER.values(), ids=NEWER)
def test_a_newer_document_is_refused_and_told(newer: str, tmp_path: Path) -> None:
    path = tmp_path / "newer.json"
    document = {**stored("1.0", "converted/kites.json"), "schema_version": newer, "licence": "CC0"}
    path.write_bytes(orjson.dumps(document))
    with pytest.raises(ingest.IngestError, match=f"schema_version is “{newer}”.*a newer ingest wrote it"):
        ingest.read_document(path)
    (found,) = ingest.validate([path])
    told = [each.message for each in found.diagnostics if each.code == "S002"]
    assert told == [
        f"schema_version is “{newer}”, not “1.0”: a newer ingest wrote it, so update this one",
        "unknown key “licence”",
    ]
    assert found.questions == len(document["questions"])


def test_a_newer_list_of_outputs_keeps_what_is_not_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(CORPUS / "1.0", tmp_path / "folder")
    monkeypatch.chdir(tmp_path / "folder")
    path = Path("converted/manifest.json")
    path.write_bytes(path.read_bytes().replace(b'"file":"page.html"', b'"colour":"red","file":"page.html"'))
    ingest.convert(["sources/kites.txt"], "converted", ingest.ConvertSettings(formats=("gift",)), force=True)
    assert b'"colour":"red","file":"page.html"' in path.read_bytes()


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("ingest.toml", "[validate]\nspeed = 3\n", "unknown key 'validate.speed'"),
        ("baseline.json", '{"version": "2.0", "findings": []}', "a baseline of version 2.0, not 1.0"),
        ("kites.corrections.toml", "[[correction]]\nquestion = 1\ncolour = 2\n", "entry 1, colour"),
    ],
)
def test_what_a_newer_version_may_have_put_into_other_files_is_told(
    name: str, text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copy(CORPUS / "1.0" / "sources" / "kites.txt", tmp_path)
    Path(name).write_text(text, encoding="utf-8")
    load_settings.cache_clear()
    done = run("validate", "kites.txt", *(["--baseline", name] if name == "baseline.json" else []))
    load_settings.cache_clear()
    assert done.exit_code == 2
    assert told in done.stderr


def test_the_policy_names_every_part_of_the_surface() -> None:
    text = (ROOT / "docs" / "compatibility.md").read_text(encoding="utf-8")
    for part in ("API", "command", "Exit status", "JSON", "CSV", "rule", "manifest", "baseline", "seed"):
        assert part in text


def shape(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from shape(inner, f"{path}/{key}")
    elif isinstance(value, list):
        for inner in value:
            yield from shape(inner, f"{path}[]")
    else:
        yield path


def run(*arguments: object) -> Any:
    return CliRunner().invoke(main, [str(each) for each in arguments])
