"""Safe fixes: what they change, that they change nothing else, that twice equals once."""

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
from ingest.fixing import fix_file
from ingest.model.question import Question, Reference
from ingest.parts.identity import identify
from ingest.sets import read_set
from ingest.validation import CheckSettings, check_file
from planted import with_options
from test_reports import run
from test_validate import CLEAN, written

FORMS = ("json", "jsonl", "csv")
EVERY = CheckSettings()
FIXED = {"T007", "T009", "R002", "R003"}


def reference(url: str) -> Reference:
    return Reference(url, url, "reference", (1,))


def renewed(question: Question) -> Question:
    """With the id of its text."""
    return replace(question, id=identify(question.stem, [option.text for option in question.options]))


def untidy() -> list[Question]:
    first, second, third, *rest = CLEAN.questions[:6]
    options = [replace(second.options[0], text=f"{second.options[0].text} "), *second.options[1:]]
    second = with_options(second, options)
    urls = ["https://example.org/a", "http://example.org/b", "https://example.org/a", "https://example.org/c"]
    third = replace(
        third, references=tuple(map(reference, urls)), explanation="See http://example.org/b for more."
    )
    first = renewed(replace(first, stem=f"The sаil is up. {first.stem}"))  # the second letter is Cyrillic
    return [first, second, third, *rest]


def codes(data: bytes, file: str) -> set[str]:
    return {each.code for each in check_file(data, file, EVERY).checked().diagnostics}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_safe_is_mended_and_nothing_else(form: str) -> None:
    questions = untidy()
    data, file = written(questions, form)
    assert codes(data, file) >= FIXED
    fixed = fix_file(data, file, EVERY)
    assert fixed
    assert codes(fixed.data, file) <= codes(data, file) - FIXED
    before = read_set(data, file).questions
    after = read_set(fixed.data, file).questions
    assert after[0].stem.startswith("The sail is up.")
    assert after[0].id == identify(after[0].stem, [option.text for option in after[0].options])
    assert after[1].options[0].text == before[1].options[0].text.strip()
    assert [each.url for each in after[2].references] == [
        "https://example.org/a",
        "https://example.org/b",
        "https://example.org/c",
    ]
    assert after[2].explanation == "See https://example.org/b for more."
    assert after[3:] == before[3:]
    changed = [
        number
        for number, (a, b) in enumerate(zip(data.split(b"\n"), fixed.data.split(b"\n"), strict=False))
        if a != b
    ]
    assert changed, "something changed"
    assert fix_file(fixed.data, file, EVERY) == replace(fixed, count=0)


@pytest.mark.parametrize("form", FORMS)
def test_a_clean_file_stays_letter_for_letter(form: str) -> None:
    data, file = written(CLEAN.questions, form)
    fixed = fix_file(data, file, EVERY)
    assert fixed
    assert fixed.data == data


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encoding_mark_and_line_ends_stay(encoding: str) -> None:
    questions = untidy()[1:]
    data = written(questions, "csv")[0].decode().replace("\n", "\r\n")
    given = data.encode(encoding, errors="replace")
    fixed = fix_file(given, "x.csv", EVERY)
    assert fixed
    assert fixed.count
    text = fixed.data.decode(encoding)
    assert text.count("\r\n") == text.count("\n")
    assert fixed.data[:2] == given[:2]
    assert not codes(fixed.data, "x.csv") & FIXED


def test_a_text_with_two_defects_is_mended_at_once() -> None:
    """White space around a text, and a letter in it that only looks like another one."""
    question = replace(CLEAN.questions[0], explanation=" The s\u0430il is up. \n")
    data, file = written([question], "json")
    fixed = fix_file(data, file, EVERY)
    assert fixed
    assert fixed.count == len(FIXED & codes(data, file))
    assert read_set(fixed.data, file).questions[0].explanation == "The sail is up."


def test_hosts_and_words_are_mended_whole() -> None:
    """Hosts that begin like another one are other servers; so is another port."""
    known = ("https://example.org/a", "http://example.org/b")
    others = ("http://example.org.au/c", "http://example.org:8080/d", "http://example.organic/e")
    question = replace(
        CLEAN.questions[0],
        references=tuple(map(reference, (*known, *others))),
        explanation="See http://example.org, http://example.org.au and http://example.org."
        " The s\u0430il, s\u0430ils.",
    )
    data, file = written([question], "json")
    fixed = fix_file(data, file, EVERY)
    assert fixed
    (after,) = read_set(fixed.data, file).questions
    assert [each.url for each in after.references] == [known[0], "https://example.org/b", *others]
    said = "See https://example.org, http://example.org.au and https://example.org. The sail, sails."
    assert after.explanation == said


def test_escapes_stay_escapes() -> None:
    questions = [replace(CLEAN.questions[0], stem=f"{CLEAN.questions[0].stem} é ")]
    line = json.dumps(json.loads(written(questions, "jsonl")[0])).encode()
    fixed = fix_file(line, "x.jsonl", EVERY)
    assert fixed
    assert rb"\u00e9" in fixed.data
    assert fixed.data.isascii()


def test_a_fix_that_would_leave_a_new_finding_is_not_made() -> None:
    """Trimmed, the option would be another one once more."""
    question = CLEAN.questions[0]
    first, second, *rest = question.options
    doubled = with_options(question, [first, replace(second, text=f"{first.text} "), *rest])
    data, file = written([doubled], "json")
    fixed = fix_file(data, file, EVERY)
    assert fixed
    assert fixed.data == data


PIECES = st.text(alphabet=st.sampled_from(" \n\tabсο,;\"'éAА-"), max_size=12)


@given(st.lists(st.tuples(PIECES, PIECES, PIECES), min_size=1, max_size=3), st.sampled_from(FORMS))
@settings(max_examples=80, deadline=None)
def test_twice_equals_once_and_leaves_no_new_finding(
    texts: Sequence[tuple[str, str, str]], form: str
) -> None:
    questions = [
        renewed(
            replace(
                with_options(question, [replace(question.options[0], text=option), *question.options[1:]]),
                stem=stem,
                explanation=explanation or None,
            )
        )
        for question, (stem, option, explanation) in zip(CLEAN.questions, texts, strict=False)
    ]
    data, file = written(questions, form)
    once = fix_file(data, file, EVERY)
    assert once
    assert codes(once.data, file) <= codes(data, file)
    twice = fix_file(once.data, file, EVERY)
    assert twice
    assert twice.data == once.data
    assert len(read_set(once.data, file).questions) == len(questions)


def test_the_command_shows_and_mends(tmp_path: Path) -> None:
    data = written(untidy(), "json")[0]
    (tmp_path / "set.json").write_bytes(data)
    shown = run("set.json", "--diff", cwd=tmp_path)
    assert shown.returncode == 1
    assert re.search(r"^-.*sаil is up", shown.stdout, re.MULTILINE)
    assert re.search(r"^\+.*sail is up", shown.stdout, re.MULTILINE)
    assert (tmp_path / "set.json").read_bytes() == data
    mended = run("set.json", "--fix", cwd=tmp_path)
    assert mended.returncode == 0
    assert "findings mended" in mended.stderr
    assert run("set.json", "--diff", cwd=tmp_path).returncode == 0


def test_a_dump_is_never_rewritten(tmp_path: Path) -> None:
    raw = Path(__file__).parent.parent / "raw" / "errores_es.txt"
    dump = tmp_path / "errores_es.txt"
    dump.write_bytes(raw.read_bytes())
    run("errores_es.txt", "--fix", cwd=tmp_path)
    assert dump.read_bytes() == raw.read_bytes()
    entries = (tmp_path / "errores_es.corrections.toml").read_text(encoding="utf-8")
    assert "question = 5" in entries
    assert "checked = false" in entries
    again = run("errores_es.txt", "--fix", cwd=tmp_path)
    assert "to be edited" not in again.stderr
    assert ingest.read(dump).diagnostics
