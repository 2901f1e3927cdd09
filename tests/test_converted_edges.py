"""Converted files that were edited, cut or saved by other programs: told at the right place, and mended."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

import ingest
from ingest.banking import GivenSet, merge, pieces
from ingest.documents import open_document
from ingest.fixing import fix_file
from ingest.model.document import Document
from ingest.validation import CheckSettings, check_file
from ingest.writers import WriteSettings, writer
from made_questions import NEAREST, PLANETS, ask

QUESTION = ask(NEAREST, PLANETS, "Mercury", topic="Planets", explanation="It is.")
EMPTY = ingest.read_text("").document


def document(**changes: Any) -> Document:
    return replace(EMPTY, **{"questions": (QUESTION,), "diagnostics": (), **changes})


def written(form: str, content: Document) -> bytes:
    return writer(form).render(content, WriteSettings())[0]


def as_json(change: Callable[[dict[str, Any]], None]) -> bytes:
    """A document with something changed by hand."""
    value = json.loads(written("json", document()))
    change(value)
    return json.dumps(value, indent=2).encode()


def told(data: bytes, file: str, *codes: str) -> list[tuple[int, str]]:
    """Line and message of each finding of these codes."""
    found = check_file(data, file, CheckSettings()).checked().diagnostics
    return [(each.line, each.message) for each in found if each.code in codes]


def line_of(data: bytes, text: str, nth: int = 1) -> int:
    return [at for at, line in enumerate(data.decode().split("\n"), 1) if text in line][nth - 1]


TWICE = "the key stands twice in its object, and programs differ in which one they take"


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_a_key_that_stands_twice_in_a_question(form: str) -> None:
    data = written(form, document()).replace(b'"topic":', b'"topic": "Stars", "topic":')
    assert told(data, f"set.{form}", "S003") == [(line_of(data, '"topic"'), TWICE)]


def test_a_key_that_stands_twice_in_the_document() -> None:
    data = written("json", document()).replace(b'"furniture":', b'"furniture": [], "furniture":')
    message = "a key of the document stands twice, and programs differ in which one they take"
    assert told(data, "set.json", "S003") == [(1, message)]


def test_keys_that_stand_twice_are_told_at_their_lines_where_other_findings_are() -> None:
    """What else is told of the document has looked for places in it before."""
    carried = document(diagnostics=EMPTY.diagnostics)
    data = written("json", carried)
    for key in (b'"furniture":', b'"url":', b'"topic":'):
        data = data.replace(key, key + b' "", ' + key)
    assert told(data, "set.json", "P001")
    assert told(data, "set.json", "S003") == [
        (line_of(data, '"topic"'), TWICE),
        (line_of(data, '"furniture"'), TWICE),
    ]


def test_what_a_document_says_of_its_dump_is_told_again() -> None:
    value = {
        "code": "T004", "name": "other-encoding", "severity": "info", "message": "read as cp1252, not UTF-8",
        "hint": None, "file": "x.txt", "line": 1, "column": 1, "end_line": 1, "end_column": 1,
        "number": None, "id": None,
    }  # fmt: skip
    data = as_json(lambda whole: whole["diagnostics"].append(value))
    assert told(data, "set.json", "T004") == [(line_of(data, '"code"') - 1, "read as cp1252, not UTF-8")]


def test_blocks_that_gave_no_record_say_why_as_far_as_the_file_does() -> None:
    block = {"number": 7, "lines": [1, 9], "text": "x", "findings": []}
    known = {**block, "number": None, "findings": ["Q002", "Q999"]}
    data = as_json(lambda whole: whole["rejected"].extend([block, known]))
    first, second = line_of(data, '"number": 7') - 1, line_of(data, '"text": "x"', 2) - 6
    assert told(data, "set.json", "S003", "Q002") == [
        (first, "question 7 was rejected, and the file does not say why"),
        (second, "a block was rejected: the block gave no record"),
    ]


def test_the_diagnostics_of_a_mended_question_get_its_new_id() -> None:
    """Its text changes, so its id does, by which its diagnostics name it."""
    bad = ask("Is Mаrs red?", PLANETS, 2, explanation="It is.", findings=("Q010",))  # the letter is Cyrillic
    findings = {
        "code": "Q010", "name": "no-topic", "severity": "info", "message": "no topic", "hint": None,
        "file": "x.txt", "line": 1, "column": 1, "end_line": 1, "end_column": 1, "number": 1,
    }  # fmt: skip
    value = json.loads(written("json", document(questions=(bad,))))
    value["diagnostics"] = [{**findings, "id": bad.id}, {**findings, "number": 9, "id": "q_" + "0" * 16}]
    fixed = fix_file(json.dumps(value, indent=2).encode(), "set.json", CheckSettings())
    assert fixed
    mended = json.loads(fixed.data)
    (question,) = mended["questions"]
    assert question["stem"] == "Is Mars red?"
    assert question["id"] != bad.id
    assert [each["id"] for each in mended["diagnostics"]] == [question["id"], "q_" + "0" * 16]


def test_letters_of_a_key_stand_once_and_in_order() -> None:
    both = document(questions=(ask(NEAREST, PLANETS, 0, 1),))
    data = written("csv", both)
    assert told(data, "set.csv", "S003") == []
    for wrong in ("B;A", "A;A"):
        found = told(data.replace(b"A;B", wrong.encode()), "set.csv", "S003")
        assert (2, f"answer is {wrong}: letters stand once, in the order of the options") in found


def test_a_range_of_one_line_is_too_short() -> None:
    data = as_json(lambda whole: whole["questions"][0]["source"].update(lines=[1]))
    assert told(data, "set.json", "S002") == [(line_of(data, '"lines"'), "lines has 1 value, not 2")]


def test_the_attempt_of_a_record_that_does_not_fit_is_kept() -> None:
    attempt = {"status": "incorrect", "selected": ["A"], "typed": None}
    data = as_json(lambda whole: whole["questions"][0].update(attempt=attempt, topic=4))
    checking = check_file(data, "set.json", CheckSettings())
    (question,) = checking.questions.questions
    assert question.attempt
    assert (question.attempt.status, question.attempt.selected) == ("incorrect", ("A",))
    odd = as_json(lambda whole: whole["questions"][0].update(attempt={**attempt, "status": "x"}, topic=4))
    (question,) = check_file(odd, "set.json", CheckSettings()).questions.questions
    assert question.attempt
    assert question.attempt.status is None


def test_findings_that_questions_of_a_bank_carry_are_told() -> None:
    doubtful = replace(QUESTION, findings=("P101",))
    bank = b"".join(pieces(merge([GivenSet("x.txt", (doubtful,))]).bank))
    assert [line for line, _ in told(bank, "bank.json", "P101")] == [line_of(bank, '"P101"')]


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_a_mended_file_keeps_its_encoding_and_line_ends(encoding: str, line_end: str) -> None:
    asked = ask("¿Café o té?", (" Café", "Té"), 0, explanation="Así es.")
    text = written("csv", document(questions=(asked,))).decode()
    data = text.replace("\n", line_end).encode(encoding)
    fixed = fix_file(data, "set.csv", CheckSettings())
    assert fixed
    assert fixed.count == 1
    expected = text.replace(" Café", "Café").replace("\n", line_end)
    assert fixed.data.decode(encoding) == expected
    assert data[:2] == fixed.data[:2]


def test_what_an_encoding_cannot_hold_makes_the_file_utf_8() -> None:
    """A letter that looks like another one is mended to one that cp1252 does not have."""
    bad = ask("¿Qué es “Марc”?", ("Un planeta", "Un té"), 0, explanation="Así es.")
    text = written("csv", document(questions=(bad,))).decode()
    fixed = fix_file(text.encode("utf-8"), "set.csv", CheckSettings())
    assert fixed
    assert "Марс" in fixed.data.decode("utf-8")


def test_bytes_that_are_no_text_are_told_where_they_stand() -> None:
    data = written("csv", document()).replace(b"Venus", b"V\x81nus")
    assert told(data, "set.csv", "T001") == [(2, "some bytes could not be read in any known encoding")]
    assert told(written("csv", document()).replace(b"Venus", b"V\xe9nus"), "set.csv", "T001", "T004") == [
        (1, "read as cp1252, not UTF-8")
    ]


def test_half_a_letter_is_one_that_could_not_be_read() -> None:
    """JSON can escape what no encoding can hold."""
    data = as_json(lambda whole: whole["questions"][0].update(stem="Is \ud83d red?"))
    assert told(data, "set.json", "T008") == [
        (line_of(data, '"stem"'), "“\ufffd” holds a character that could not be read")
    ]


NUMBERS = [
    ("18446744073709551616", "number is too large a number, not an integer or null"),
    ("-9223372036854775809", "number is too large a number, not an integer or null"),
    ("9223372036854775808", "number is too large a number, not an integer or null"),
    ("1e400", "number is too large a number, not an integer or null"),
    ("1.5", "number is 1.5, not an integer or null"),
    ("NaN", "no JSON: NaN is no number there"),
]


def as_bank(content: Document) -> bytes:
    return b"".join(pieces(merge([GivenSet("set.txt", content.questions)]).bank))


def in_form(form: str) -> bytes:
    """Question 7, in a form."""
    content = document(questions=(replace(QUESTION, number=7),))
    return as_bank(content) if form == "bank" else written(form, content)


def at(data: bytes, part: bytes) -> str:
    """Line and column of a part of a file."""
    before = data[: data.index(part)].decode().split("\n")
    return f"{len(before)}:{len(before[-1]) + 1}"


@pytest.mark.parametrize(("number", "message"), NUMBERS)
@pytest.mark.parametrize("form", ["json", "jsonl", "bank"])
def test_a_number_that_no_format_can_hold_is_named_with_its_place(
    form: str, number: str, message: str
) -> None:
    data = in_form(form)
    for sign in (b'"number": ', b'"number":'):
        data = data.replace(sign + b"7", sign + number.encode(), 1)
    name = f"set.{form}" if form == "jsonl" else "set.json"
    said = f"{name}:{at(data, number.encode())}: {message}; see ingest validate {name}"
    with pytest.raises(ingest.IngestError, match=re.escape(said)):
        open_document(data, name)
    assert message in [text for _, text in told(data, name, "S001", "S002")]


@pytest.mark.parametrize("form", ["json", "jsonl", "csv", "bank"])
@pytest.mark.parametrize("number", [2**63 - 1, -(2**63), 10**17])
def test_a_number_of_64_bits_is_written_and_read(form: str, number: int) -> None:
    if form == "csv" and number < 0:
        pytest.skip("the column of numbers has none below 0")
    content = document(questions=(replace(QUESTION, number=number),))
    data = as_bank(content) if form == "bank" else written(form, content)
    name = f"set.{form}" if form != "bank" else "set.json"
    assert open_document(data, name).document.questions[0].number == number


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_an_integer_with_a_point_is_one(form: str) -> None:
    data = in_form(form).replace(b'"number": 7', b'"number": 7.0').replace(b'"number":7', b'"number":7e0')
    assert b"7.0" in data or b"7e0" in data
    assert open_document(data, f"set.{form}").document.questions[0].number == 7


@pytest.mark.parametrize("form", ["json", "jsonl", "bank"])
@pytest.mark.parametrize("half", ["\\ud83d", "\\udc1d", "\\ud83d\\ud83d\\udc1d", "\\\\\\ud83d"])
def test_half_a_letter_is_refused_where_it_stands(form: str, half: str) -> None:
    """Anywhere in the file: also in a name that no rule looks at."""
    data = in_form(form).replace(b"Planets", b"Pla" + half.encode() + b"nets", 1)
    name = f"set.{form}" if form == "jsonl" else "set.json"
    lone = "\\udc1d" if half.startswith("\\udc") else "\\ud83d"
    message = f"{lone} is half of a letter, which no text can hold"
    said = f"{name}:{at(data, lone.encode())}: {message}"
    with pytest.raises(ingest.IngestError, match=re.escape(said)):
        open_document(data, name)
    assert [text for _, text in told(data, name, "S002")] == [message]


@pytest.mark.parametrize("whole", ["\\ud83d\\udc1d", "\\\\ud83d"])
def test_both_halves_and_a_backslash_are_letters(whole: str) -> None:
    data = in_form("json").replace(b"Planets", b"Pla" + whole.encode() + b"nets", 1)
    topic = open_document(data, "set.json").document.questions[0].topic
    assert topic == f"Pla{json.loads(chr(34) + whole + chr(34))}nets"
