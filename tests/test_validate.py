"""``validate``: every defect, in every form, named at its line; choosing and reporting."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from ingest.choice import Choice, selectors
from ingest.configuration import load_settings
from ingest.errors import IngestError
from ingest.model.checked import Checked
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.document import Document
from ingest.model.question import Question
from ingest.validation import CheckSettings, check_file, check_files
from ingest.writers import WriteSettings, writer
from planted import DEFECTS, REPEATED, with_options
from rendering import render, saved_page

RAW = Path(__file__).parent.parent / "raw"
FORMS = ("dump", "page", "json", "jsonl", "csv")
CLEAN = ingest.read(RAW / "skipper_es.txt").document
AT = 7
"""Index of the question that gets a defect."""


def written(questions: Sequence[Question], form: str) -> tuple[bytes, str]:
    """The questions as a file of a form, and its name."""
    if form == "dump":
        return render(questions, "chrome", "es").encode(), "set.txt"
    if form == "page":
        return saved_page(questions, "es").encode(), "set.html"
    numbered = tuple(replace(each, number=number) for number, each in enumerate(questions, 1))
    document = replace(CLEAN, questions=numbered)
    return writer(form).render(document, WriteSettings())[0], f"set.{form}"


def check(data: bytes, file: str) -> Checked:
    return check_file(data, file, CheckSettings()).checked()


def grave(checked: Checked) -> list[Diagnostic]:
    return [each for each in checked.diagnostics if each.severity is not Severity.INFO]


def question_at(data: bytes, form: str, line: int) -> int:
    """The index of the question that stands at a line of a file."""
    begins = {
        "dump": r"(?m)^Pregunta \d+$",
        "page": r"Pregunta \d+<",
        "json": r'(?m)^      "occurrence"',
        "jsonl": r"(?m)^\{",
        "csv": r"(?m)^q_[0-9a-f]{16},",
    }
    text = data.decode()
    upto = "\n".join(text.split("\n")[:line]) + ("\n      " if form == "json" else "")
    if form == "json":
        # The id is the line above.
        begins["json"] = r'(?m)^      "id": "q_'
    return len(re.findall(begins[form], upto)) - 1


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("defect", [*DEFECTS, REPEATED])
def test_each_classic_defect_is_found_at_its_line(form: str, defect: str) -> None:
    questions = list(CLEAN.questions)
    if defect == REPEATED:
        codes, index = {"Q008"}, len(questions)
        questions.append(questions[AT])
    else:
        codes, plant = DEFECTS[defect]
        index = AT
        questions[AT] = plant(questions[AT])
    data, file = written(questions, form)
    found = [each for each in grave(check(data, file)) if each.code in codes]
    assert found, f"{defect} was not found"
    assert {question_at(data, form, each.line) for each in found} == {index}


@pytest.mark.parametrize("form", FORMS)
def test_all_classic_defects_are_found_in_one_pass(form: str) -> None:
    questions = list(CLEAN.questions)
    wanted = {}
    for index, (codes, plant) in enumerate(DEFECTS.values(), 2):
        questions[index] = plant(questions[index])
        wanted[index] = codes
    wanted[len(questions)] = {"Q008"}
    questions.append(questions[0])
    data, file = written(questions, form)
    found = grave(check(data, file))
    for index, codes in wanted.items():
        here = {each.code for each in found if question_at(data, form, each.line) == index}
        assert here & codes, f"{sorted(codes)} in question {index + 1}: found {sorted(here)}"


@pytest.mark.parametrize("form", FORMS)
def test_clean_sets_have_nothing_grave(form: str) -> None:
    assert grave(check(*written(CLEAN.questions, form))) == []


def test_sets_are_compared_with_each_other() -> None:
    one = written(CLEAN.questions[:5], "json")
    other = with_options(
        CLEAN.questions[3],
        [replace(option, correct=not option.correct) for option in CLEAN.questions[3].options],
    )
    two = (written([CLEAN.questions[8], other], "csv")[0], "two.csv")
    first, second = check_files([one, two])
    assert grave(first) == []
    (repeat,) = [each for each in grave(second) if each.code == "Q016"]
    assert repeat.number == 2
    assert "set.json" in repeat.message
    assert "another key" in repeat.message


@pytest.mark.parametrize("suffix", ["json", "jsonl", "csv", "txt", "html"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"{",
        b"[]",
        b"[1, 2]",
        b"null",
        b'{"questions": null}',
        b'{"questions": [null, 1, "x", [], {}]}',
        b'{"questions": [{"options": [null, {"id": 1}], "answer": [["A"]], "findings": [1], "number": NaN}]}',
        b'{"questions": [], "rejected": [1, {}], "diagnostics": [{}], "furniture": 1, "schema_version": 1}',
        b'{"stem": "\\ud800", "id": "q_0000000000000000", "fingerprint": 1e999}\n{"stem": 1}',
        b'{"questions": ' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"questions": [' + b"9" * 50_000 + b"]}",
        b"stem,option_a\n",
        b"stem,option_a,option_a\nx\n\n,,,,,\n",
        b'stem,option_a\n"x',
        b"\xff\xfe{\x00}\x00",
        b"\xef\xbb\xbfstem;option_a\r\nCanci\xf3n;b\r\n",
        b"stem\toption_a\r\nx\t\x00\r\n",
        b"\x00\x01\x02\xff",
    ],
)
def test_no_input_makes_it_fail(data: bytes, suffix: str) -> None:
    checked = check(data, f"x.{suffix}")
    assert checked.diagnostics
    lines = len(data.split(b"\n")) + 1
    assert all(1 <= each.line <= lines for each in checked.diagnostics)


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_what_the_record_classes_accept_fits_the_schema(data: st.DataObject) -> None:
    """So that a file may be checked by the classes, which is ten times as fast."""
    import jsonschema_rs
    from pydantic import ValidationError

    from ingest.schema import adapter, json_schema

    document = json.loads(
        writer("json").render(replace(CLEAN, questions=CLEAN.questions[:2]), WriteSettings())[0]
    )
    for _ in range(data.draw(st.integers(1, 3))):
        _mutate(document, data)
    fits = jsonschema_rs.validator_for(json_schema("document")).is_valid(document)
    try:
        adapter("document").validate_json(json.dumps(document), strict=True)
    except ValidationError:
        return
    assert fits


def _mutate(value: object, data: st.DataObject) -> None:
    """Changes one value somewhere in a JSON tree."""
    odd = st.sampled_from(
        [
            None,
            True,
            0,
            -1,
            1.0,
            1.5,
            "",
            "A",
            "Z9",
            "q_0123456789abcdef",
            "q_0123456789abcdef\n",
            "Q001",
            [],
            {},
            [1, 2],
        ]
    )
    while True:
        keys = list(value) if isinstance(value, dict) else list(range(len(value)))  # type: ignore[arg-type, call-overload]
        if not keys:
            return
        key = data.draw(st.sampled_from(keys))
        child = value[key]  # type: ignore[index]
        if isinstance(child, (dict, list)) and child and data.draw(st.booleans()):
            value = child
            continue
        action = data.draw(st.sampled_from(["replace", "delete", "add"]))
        if action == "replace":
            value[key] = data.draw(odd)  # type: ignore[index]
        elif action == "delete":
            del value[key]  # type: ignore[attr-defined]
        elif isinstance(value, dict):
            value["surplus"] = data.draw(odd)
        else:
            value.append(data.draw(odd))  # type: ignore[attr-defined]
        return


@given(st.text(max_size=40), st.text(max_size=40), st.sampled_from([";", ",", "\t"]))
@settings(max_examples=60, deadline=None)
def test_places_in_json_and_csv_are_those_of_the_text(stem: str, option: str, delimiter: str) -> None:
    """The place of a field reads back as the field."""
    import csv
    import io

    from ingest.converted import form_named
    from ingest.converted.text import FileText
    from ingest.rules import Problem

    clean = CLEAN.questions[1]
    first = replace(clean.options[0], text=option)
    question = with_options(replace(clean, stem=stem), [first, *clean.options[1:]])
    for form in ("json", "jsonl", "csv"):
        data = written([CLEAN.questions[0], question], form)[0]
        if form == "csv":
            rows = csv.reader(io.StringIO(data.decode(), newline=""))
            out = io.StringIO(newline="")
            csv.writer(out, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
            data = out.getvalue().encode()
        source = FileText(data)
        loader = form_named(f"x.{form}")
        assert loader
        loaded = loader.load(source)
        for field, wanted in (("stem", stem), ("options.0", option)):
            span = loaded.place(Problem(1, "", field))
            raw = source.text[span.start : span.end]
            if form == "csv":
                (row,) = list(csv.reader(io.StringIO(raw, newline=""), delimiter=delimiter)) or [[""]]
                assert row == ([wanted] if wanted else row)
            else:
                assert json.loads(raw) == wanted


def test_selectors_by_length() -> None:
    choice = Choice(select=selectors(["Q", "P101"]), ignore=selectors(["Q01", "p"]), severity=Severity.INFO)
    codes = choice.codes(Path("x.json"))
    assert "Q003" in codes
    assert "P101" in codes
    assert not {"Q010", "Q011", "P102", "T001"} & codes


def test_per_file_ignores(tmp_path: Path) -> None:
    (tmp_path / "ingest.toml").write_text(
        '[validate]\nseverity = "info"\n[validate.per-file-ignores]\n"old/*" = ["Q"]\n"*.csv" = ["S"]\n'
    )
    choice = load_settings(tmp_path).choice
    assert "Q003" not in choice.codes(tmp_path / "old" / "x.json")
    assert "Q003" in choice.codes(tmp_path / "new" / "x.json")
    assert "S002" not in choice.codes(tmp_path / "new" / "x.csv")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[validat]\n", "unknown key 'validat'; did you mean validate?"),
        ("[validate]\nignored = []\n", "did you mean validate.ignore?"),
        ('[validate]\nignore = ["Q99"]\n', "validate.ignore: unknown rule 'Q99'; did you mean Q"),
        ("[validate]\nselect = 3\n", "validate.select is a list of texts"),
        ('[validate]\nstrict = "yes"\n', "validate.strict is true or false"),
        ('[validate]\nseverity = "warn"\n', "unknown severity 'warn'; did you mean warning?"),
        ("[topics]\nPlanets = 3\n", "Planets is a list of texts"),
        ("validate = 3\n", "validate is a table"),
        ("[validate\n", "ingest.toml"),
    ],
)
def test_settings_that_are_wrong_say_how(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "ingest.toml").write_text(text)
    with pytest.raises(IngestError, match=re.escape(message)) as error:
        load_settings(tmp_path)
    assert "ingest.toml" in str(error.value)


def test_topics_of_the_settings() -> None:
    document = replace(CLEAN, questions=CLEAN.questions[:3])
    data = writer("json").render(document, WriteSettings())[0]
    topics = {each.topic: () for each in CLEAN.questions[:3] if each.topic}
    listed = CheckSettings(reading=ingest.ReadSettings(topics={"Other": (), **topics}))
    unlisted = CheckSettings(reading=ingest.ReadSettings(topics={"Other": ("Another",)}))
    assert not any(each.code == "Q018" for each in check_file(data, "x.json", listed).checked().diagnostics)
    found = [
        each for each in check_file(data, "x.json", unlisted).checked().diagnostics if each.code == "Q018"
    ]
    assert len(found) == 3


def test_what_a_document_carries_is_told_again() -> None:
    dump = (RAW / "errores_es.txt").read_bytes()
    result = ingest.read_bytes(dump, "errores_es.txt")
    data = writer("json").render(result.document, WriteSettings())[0]
    wanted = {(each.code, each.number) for each in result.diagnostics if each.severity is not Severity.INFO}
    found = {
        (each.code, each.number or int(re.findall(r"question (\d+)", each.message)[0]))
        for each in grave(check(data, "x.json"))
    }
    assert found == wanted
    assert isinstance(result.document, Document)
