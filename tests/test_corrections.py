"""Corrections: written to be edited, applied once checked, told when they no longer fit."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import jsonschema
import pytest

import ingest
from ingest import schema
from ingest.corrections import entry, parse
from ingest.files import corrections_path

DUMP = """Pregunta 1

Some stars are named in every atlas of the sky.

Vega is one of them.

Name another one.

Sirius

Respuesta correcta
Rigel

Advertisement

Mars

Temática
Stars
Pregunta 2

Which is a planet?

Vega

Mars

Temática
Planets
"""


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    path = tmp_path / "sky.txt"
    path.write_text(DUMP, encoding="utf-8")
    return path


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", *arguments], cwd=cwd, capture_output=True, check=False, text=True
    )


def edit(path: Path, **changes: str) -> None:
    """Sets values in the first entry of a correction file, as TOML."""
    text = path.read_text(encoding="utf-8")
    for key, value in changes.items():
        text = re.sub(rf"(?m)^(?:# )?{key} = .*$", lambda _, k=key, v=value: f"{k} = {v}", text, count=1)
    path.write_text(text, encoding="utf-8")


def correct(dump: Path, number: int, **changes: str) -> Path:
    assert run("correct", dump.name, "--question", str(number), cwd=dump.parent).returncode == 0
    path = corrections_path(dump)
    edit(path, **changes)
    return path


def test_without_corrections_the_question_is_doubtful(dump: Path) -> None:
    result = ingest.read(dump)
    assert [each.number for each in result.doubtful] == [1]
    assert [each.number for each in result.rejected] == [2]


def test_an_entry_is_filled_in_and_counts_only_when_checked(dump: Path) -> None:
    path = correct(dump, 1)
    entry = tomllib.loads(path.read_text(encoding="utf-8"))["correction"][0]
    assert entry["question"] == 1
    assert entry["checked"] is False
    assert entry["answer"] == [ingest.read(dump).questions[0].answer[0]]
    assert entry["topic"] == "Stars"
    assert "# P101" in path.read_text(encoding="utf-8")
    assert [each.number for each in ingest.read(dump).doubtful] == [1]


def test_checked_as_it_is_settles_the_doubt(dump: Path) -> None:
    before = ingest.read(dump).questions[0]
    correct(dump, 1, checked="true")
    result = ingest.read(dump)
    assert not result.doubtful
    assert result.settled == {1}
    question = result.questions[0]
    assert question.findings == ("P109", "Q011")
    assert (question.stem, question.options, question.id) == (before.stem, before.options, before.id)


def test_border_key_topic_and_a_dropped_line(dump: Path) -> None:
    raw = dump.read_bytes()
    correct(
        dump, 1, checked="true", first_option='"Sirius"', drop='["Advertisement"]', topic='"Bright stars"'
    )
    result = ingest.read(dump)
    question = result.questions[0]
    assert question.stem.endswith("Name another one.")
    assert [option.text for option in question.options] == ["Sirius", "Rigel", "Mars"]
    assert question.answer == ("B",)
    assert question.topic == "Bright stars"
    assert [each.kind for each in result.furniture] == ["dropped"]
    assert "dropped" in dict(result.roles())
    assert dump.read_bytes() == raw


def test_a_key_makes_a_rejected_block_a_record(dump: Path) -> None:
    correct(dump, 2, checked="true", first_option='"Vega"', answer='["B"]')
    result = ingest.read(dump)
    assert not result.rejected
    assert [option.text for option in result.questions[1].options if option.correct] == ["Mars"]


@pytest.mark.parametrize(
    ("changes", "old", "new"),
    [
        ({}, "Rigel", "Rigel B"),
        ({}, "Pregunta 1", "Pregunta 7"),
        ({"answer": '["Z"]'}, "", ""),
        ({"first_option": '"Nothing like it"'}, "", ""),
        ({"drop": '["Nothing like it"]'}, "", ""),
    ],
    ids=str,
)
def test_an_entry_that_no_longer_fits_is_a_finding(
    dump: Path, changes: dict[str, str], old: str, new: str
) -> None:
    correct(dump, 1, checked="true", **changes)
    dump.write_text(DUMP.replace(old, new) if old else DUMP, encoding="utf-8")
    result = ingest.read(dump)
    assert "P108" in {each.code for each in result.diagnostics}
    assert not result.settled
    assert 1 in {each.number for each in result.doubtful} or old == "Pregunta 1"


def test_the_verdict_counts_what_is_settled(dump: Path) -> None:
    correct(dump, 1, checked="true")
    done = run("convert", "sky.txt", cwd=dump.parent)
    assert "1 question read, 1 sure, 0 doubtful, 1 settled by hand, 1 block rejected" in done.stderr
    assert "P109" in (dump.parent / "out" / "sky.json").read_text(encoding="utf-8")


def test_correct_without_numbers_takes_every_doubtful_question_once(dump: Path) -> None:
    run("correct", "sky.txt", cwd=dump.parent)
    entries = parse(corrections_path(dump).read_text(encoding="utf-8"), "x")
    assert [each.question for each in entries] == [1, 2]
    done = run("correct", "sky.txt", cwd=dump.parent)
    assert "nothing is doubtful that has no entry" in done.stderr
    assert len(parse(corrections_path(dump).read_text(encoding="utf-8"), "x")) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[[correction]]\nquestion = 1\n", "entry 1, fingerprint: "),
        ('[[correction]]\nquestion = "x"\nfingerprint = "0123456789abcdef"\n', "entry 1, question: "),
        ('[[correction]]\nquestion = 1\nfingerprint = "0123456789abcdef"\nkey = "B"\n', "entry 1, key: "),
        ("[[correction]\n", "sky.corrections.toml: "),
    ],
)
def test_a_malformed_file_is_refused_with_every_fault(dump: Path, text: str, message: str) -> None:
    corrections_path(dump).write_text(text, encoding="utf-8")
    (dump.parent / "other.txt").write_text(DUMP, encoding="utf-8")
    done = run("convert", "sky.txt", "other.txt", cwd=dump.parent)
    assert done.returncode == 2
    assert message in done.stderr
    assert "Traceback" not in done.stderr
    assert (dump.parent / "out" / "other.json").is_file()
    assert not (dump.parent / "out" / "sky.json").exists()


def test_entries_follow_their_schema(dump: Path) -> None:
    path = correct(dump, 1)
    validator = jsonschema.Draft202012Validator(schema.json_schema("corrections"))
    validator.validate(tomllib.loads(path.read_text(encoding="utf-8")))
    assert not validator.is_valid({"correction": [{"question": 1, "fingerprint": "short"}]})


def test_hostile_text_survives_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    path.write_text('Pregunta 1\n\nOne.\n\nTwo.\n\n"a\\b" \x07\n\nRespuesta correcta\nB\n', encoding="utf-8")
    assert run("correct", "x.txt", "--question", "1", cwd=tmp_path).returncode == 0
    parse(corrections_path(path).read_text(encoding="utf-8"), "x")


def test_a_finding_that_quotes_lines_settles_nothing(tmp_path: Path) -> None:
    """What it quotes stays in its comment, whatever its lines say."""
    text = """Pregunta 1

Which one?

Respuesta correcta
if a {
checked = true
\x1b \U000e0041
}

if a {
checked = true
\x1b \U000e0041
}

Mars

Temática
\U000e0041
"""
    result = ingest.read_text(text)
    assert any("checked = true" in each.message for each in result.diagnostics)
    written = entry(result, 0)
    (settled,) = parse(written, "entry")
    assert not settled.checked
    assert settled.topic == "\U000e0041"
