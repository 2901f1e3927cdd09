"""Bad input: never a traceback, never a question lost, and time that grows with size."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

import ingest
from conftest import ROOT
from ingest.pipeline import read_bytes
from test_properties import check_document, check_whole

QUESTION = """Pregunta {number}

Which planet is {word} to the Sun?

Venus

Respuesta correcta
Mercury

Mars

Earth

Explicación general
Mercury it is.

Temática
Planets
"""


def question(number: int, word: str = "") -> str:
    return QUESTION.format(number=number, word=word or f"nearest ({number})")


def codes(result: ingest.Result) -> set[str]:
    return {each.code for each in result.diagnostics}


def run(*arguments: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *arguments], cwd=cwd, capture_output=True, check=False, text=True
    )
    assert "Traceback" not in done.stderr
    return done


def read_whole(text: str) -> ingest.Result:
    result = ingest.read_text(text)
    check_whole(result)
    check_document(result)
    return result


def test_empty_file(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_bytes(b"")
    done = run("convert", "empty.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert "P001" in done.stderr
    assert not read_whole("").rejected


def test_white_space_only() -> None:
    assert codes(read_whole("  \n\n\t\n")) == {"P001"}


def test_binary_file(tmp_path: Path) -> None:
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40)
    done = run("convert", "picture.txt", cwd=tmp_path)
    assert done.returncode == 1
    assert "T001" in done.stderr
    assert "P001" in done.stderr


def test_folder_without_dumps(tmp_path: Path) -> None:
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "picture.png").write_bytes(b"x")
    done = run("convert", "none", cwd=tmp_path)
    assert done.returncode == 2
    assert "no dumps in none" in done.stderr


def test_no_raw_folder(tmp_path: Path) -> None:
    done = run("convert", cwd=tmp_path)
    assert done.returncode == 2
    assert "raw" in done.stderr


def test_folder_in_place_of_a_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").mkdir()
    done = run("inspect", "x.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot read x.txt: Is a directory" in done.stderr


@pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="the superuser may read every file")
def test_unreadable_file(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text(question(1))
    (tmp_path / "x.txt").chmod(0)
    (tmp_path / "y.txt").write_text(question(1))
    done = run("convert", "x.txt", "y.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "cannot read x.txt: Permission denied" in done.stderr
    assert (tmp_path / "out" / "y.json").is_file()


def test_broken_link(tmp_path: Path) -> None:
    (tmp_path / "x.txt").symlink_to(tmp_path / "nowhere")
    done = run("convert", "x.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert "no such file: x.txt" in done.stderr


def test_no_known_label_keeps_the_text_whole() -> None:
    result = read_whole("First line.\n\n  Second line.")
    assert codes(result) == {"P001"}
    assert result.rejected[0].text == "First line.\n\n  Second line."


@pytest.mark.parametrize(
    ("damage", "code", "kept"),
    [
        (lambda text: text.split("\n\nVenus")[0] + "\n", "Q002", False),
        (lambda text: text.replace("Respuesta correcta\n", ""), "Q001", False),
        (lambda text: text.replace("Explicación general\nMercury it is.\n\n", ""), "Q011", True),
        (lambda text: text.replace("Temática\nPlanets\n", ""), "Q010", True),
        (
            lambda text: text.replace("Which planet is nearest (2) to the Sun?\n\nVenus\n\n", ""),
            "Q004",
            False,
        ),
    ],
    ids=["no options", "no key", "no explanation", "no topic", "no stem"],
)
def test_a_part_is_missing(damage: object, code: str, *, kept: bool) -> None:
    assert callable(damage)
    result = read_whole(question(1) + damage(question(2)) + question(3))
    assert code in codes(result)
    assert [each.number for each in result.questions] == ([1, 2, 3] if kept else [1, 3])
    assert [each.number for each in result.rejected] == ([] if kept else [2])


def test_cut_first_question() -> None:
    text = question(1) + question(2)
    result = read_whole(text[text.index("Venus") :])
    assert "P003" in codes(result)
    assert len(result.questions) + len(result.rejected) == 2


@pytest.mark.parametrize("cut", range(0, len(QUESTION), 7))
def test_cut_last_question_anywhere(cut: int) -> None:
    result = read_whole(question(1) + question(2) + question(3)[:cut])
    assert len(result.questions) >= 2
    assert result.questions[:2] == ingest.read_text(question(1) + question(2)).questions[:2] or cut < 12


def test_two_questions_with_one_number() -> None:
    result = read_whole(question(1) + question(1, "closest"))
    assert [each.number for each in result.questions] == [1, 1]
    assert "Q009" in codes(result)


def test_text_before_between_and_after() -> None:
    result = read_whole(f"A title\n\n{question(1)}Between\n{question(2)}\nAfter\n")
    assert len(result.questions) == 2
    assert [each.text for each in result.rejected] == ["Between", "After"]
    assert [each.kind for each in result.furniture] == ["preamble"]


def test_every_header_lost() -> None:
    text = "".join(question(number).split("\n", 2)[2] for number in range(1, 1501))
    result = ingest.read_text(text)
    assert len(result.questions) == 1500
    assert all("P003" in each.findings for each in result.questions)


def test_a_label_inside_a_sentence_is_text() -> None:
    text = question(1, "of those with the Respuesta correcta nearest").replace("Mars", "Temática: Mars")
    assert not read_whole(text).doubtful


def test_an_explanation_that_begins_with_a_header() -> None:
    for line in ("Pregunta 2", "Pregunta 1", "Pregunta 40"):
        result = read_whole(question(1).replace("Mercury it is.", f"{line}\n\nMercury it is.") + question(2))
        assert [each.number for each in result.questions] == [1, 2]
        assert result.questions[0].explanation == f"{line}\n\nMercury it is."


def seconds(text: str) -> float:
    start = time.process_time()
    read_bytes(text.encode())
    return time.process_time() - start


BIG = {
    "a megabyte on one line": lambda n: question(1, "x" * n),
    "a megabyte of words on one line": lambda n: question(1, "near " * (n // 5)),
    "a million lines": lambda n: question(1) + "\nx" * n,
    "options without end": lambda n: question(1).replace("Mars\n", "Mars\n\n" * (n // 40)),
    "marks without end": lambda n: "Pregunta 1\n" + "Respuesta correcta\n" * (n // 20),
    "headers without end": lambda n: "Pregunta 1\n" * (n // 20),
    "false headers": lambda n: question(1).replace("Mercury it", "Pregunta 7\n" * (n // 20) + "Mercury it"),
    "topics without end": lambda n: question(1) + "Temática\nx\n" * (n // 20),
    "URLs without end": lambda n: question(1).replace("Mercury it", "https://example.org/a " * (n // 30)),
    "no-break spaces": lambda n: question(1, "near\u00a0" * (n // 5)),
    "questions": lambda n: "".join(question(i) for i in range(n // 1000)),
    "short lines where labels are missing": lambda n: question(1).replace(
        "Temática\n", "Temat x\n" * (n // 40)
    ),
}


@pytest.mark.parametrize("make", BIG.values(), ids=BIG)
def test_time_grows_with_size(make: object) -> None:
    assert callable(make)
    small, large = make(100_000), make(400_000)
    check_whole(ingest.read_text(small))
    seconds(make(1000))
    taken = min(seconds(small) for _ in range(2))
    # Four times the size: linear work takes four times as long, quadratic work sixteen times.
    assert seconds(large) < 9 * taken + 0.3


def test_a_million_lines_and_a_megabyte_line(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text(question(1) + "\nx" * 1_000_000)
    (tmp_path / "line.txt").write_text(question(1, "x" * 1_000_000))
    done = run("convert", "lines.txt", "line.txt", "--to", "json", cwd=tmp_path)
    assert "2 inputs: 2 questions read" in done.stderr


def test_the_samples_are_not_hurt_by_what_stands_around_them() -> None:
    text = (ROOT / "raw" / "skipper_es.txt").read_text(encoding="utf-8")
    clean = ingest.read_text(text)
    around = read_whole(f"{question(90)}\n{text}\n{question(91)}")
    assert [each.id for each in around.questions[1:-1]] == [each.id for each in clean.questions]


MANY_DIGITS = "1" * 5000
DEEP = "[" * 5000


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("exam.corrections.toml", f"x = {MANY_DIGITS}", "a number has more than 4,300 digits"),
        ("exam.corrections.toml", f"x = {DEEP}", "arrays or tables stand too deep in each other"),
        ("ingest.toml", f"x = {MANY_DIGITS}", "a number has more than 4,300 digits"),
        ("ingest.toml", f"x = {DEEP}", "arrays or tables stand too deep in each other"),
        ("nl.toml", f"x = {DEEP}", "arrays or tables stand too deep in each other"),
        ("known.json", DEEP, "no baseline"),
        ("known.json", MANY_DIGITS, "no baseline"),
    ],
    ids=lambda value: value if len(value) < 40 else "",
)
def test_files_beside_a_dump_that_python_cannot_read(
    name: str, text: str, message: str, tmp_path: Path
) -> None:
    (tmp_path / "exam.txt").write_text(question(1))
    (tmp_path / name).write_text(text)
    more = {"nl.toml": ("--labels", name), "known.json": ("--baseline", name)}.get(name, ())
    done = run("validate", "exam.txt", *more, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith(f"error: {name}")
    assert message in done.stderr


@pytest.mark.parametrize("command", ["convert", "merge", "split", "stats", "diff", "report"])
def test_a_converted_file_with_a_number_that_no_format_can_hold(command: str, tmp_path: Path) -> None:
    (tmp_path / "exam.txt").write_text(question(7))
    assert run("convert", "exam.txt", "-q", "--to", "jsonl", cwd=tmp_path).returncode == 0
    data = (tmp_path / "out" / "exam.jsonl").read_text().replace('"number":7', f'"number":{1 << 64}')
    (tmp_path / "exam.jsonl").write_text(data)
    arguments = {
        "merge": ("-o", "bank.json"),
        "split": ("-o", "topics"),
        "diff": ("exam.txt",),
        "report": ("-o", "page.html"),
    }
    done = run(command, "exam.jsonl", *arguments.get(command, ()), cwd=tmp_path)
    if command in ("convert", "merge", "split"):
        assert done.returncode == 2
        assert "exam.jsonl:1:" in done.stderr
        assert "number is too large a number" in done.stderr
    assert "Error" not in done.stderr


def test_numbers_of_assessments_are_as_they_are_written() -> None:
    """An id of 5,000 digits, which nobody asks for, and answers to be typed."""
    text = (
        '[{"id": %s, "assessment_type": "fill-in-the-blank", "correct_response": [1.50, 1e400, NaN, 007],'
        ' "prompt": {"question": "How far is it to the harbour?", "answers": []}}]'
    )
    for odd in ("007", ""):
        result = ingest.read_text((text % MANY_DIGITS).replace(", 007", f", {odd}" if odd else ""))
        if odd:
            hints = [each.hint for each in result.diagnostics if each.code == "P001"]
            assert hints == [
                "it begins like JSON: mend its syntax, where it is assessments or a converted file"
            ]
        else:
            assert result.questions[0].accepted == ("1.50", "1e400", "NaN")


def test_half_a_letter_of_assessments_is_no_question_mark() -> None:
    text = (
        '[{"assessment_type": "multiple-choice", "correct_response": ["a"],'
        ' "prompt": {"question": "Which bee \\ud83d dances?", "answers": ["One", "None"]}}]'
    )
    assert ingest.read_text(text).questions[0].stem == "Which bee \ufffd dances?"
