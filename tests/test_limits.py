"""What holds more than a limit allows is refused whole; the error says which limit and how to raise it."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

import pytest

import ingest
from conftest import ROOT
from ingest.configuration import with_limits
from ingest.converted.text import FileText
from ingest.errors import IngestError, LimitError
from ingest.files import load_input, load_stream
from ingest.finding import Input
from ingest.locales import parse_table
from ingest.model.limits import SETTINGS, Limits
from ingest.parts.nesting import html_shape, json_depth
from ingest.pipeline import read_bytes
from ingest.reading import ReadSettings
from ingest.validation import CheckSettings, check_file
from test_bad_input import question

PAGE = '<div id="question-prompt">Which?</div>'
TABLE = "Question,Question Type,Answer Option 1,Answer Option 2,Correct Answers\n{},multiple-choice,a,b,1\n"
ASSESSMENT = '{"prompt": {"question": "x"}, "correct_response": %s}'
# What is just allowed, what is just too much, under small limits.
SMALL: dict[str, tuple[int, str, str]] = {
    "input_size": (500, "x" * 500, "x" * 501),
    "line_length": (300, question(1, "x" * 200), question(1, "x" * 301)),
    "labels": (4, question(1), question(1) + question(2)),
    "questions": (2, question(1) + question(2), question(1) + question(2) + question(3)),
    "question_lines": (7, question(1), question(1).replace("Mars", "Mars\n\nPluto\n\nCeres")),
    "columns": (5, TABLE.format("x"), TABLE.format("x").replace("Answers", "Answers,Domain")),
    "elements": (5, f"{PAGE}<p>a</p>", f"{PAGE}<p>a<p>b<p>c<p>d<p>e"),
    "nesting": (3, PAGE, f"{PAGE}<div><div><div><div>x"),
}


def limited(name: str, most: int) -> ReadSettings:
    return ReadSettings(limits=with_limits(Limits(), {name.replace("_", "-"): most}))


@pytest.mark.parametrize("name", SMALL)
def test_what_is_too_much_is_refused(name: str) -> None:
    most, fits, exceeds = SMALL[name]
    read_bytes(fits.encode(), "x.txt", limited(name, most))
    with pytest.raises(LimitError) as caught:
        read_bytes(exceeds.encode(), "x.txt", limited(name, most))
    setting = name.replace("_", "-")
    assert str(caught.value).startswith("x.txt: ")
    assert f"more than the {most:,} that {setting} allows" in str(caught.value)
    assert f"--limit {setting}=N, or under [limits] in ingest.toml" in str(caught.value)


def test_labels_are_not_counted_to_their_end() -> None:
    """So the figure is none that would be enough."""
    with pytest.raises(LimitError, match=r"x.txt: at least 6 labels of the page, more than the 4 "):
        read_bytes("".join(map(question, range(1, 9))).encode(), "x.txt", limited("labels", 4))


def test_every_limit_is_tried() -> None:
    assert {each.name for each in fields(Limits)} == {*SMALL, "options", "converted_size"}


@pytest.mark.parametrize("text", [TABLE.format("x" * 400), ASSESSMENT % ("[" * 300 + "]" * 300)])
def test_cells_and_deep_json(text: str) -> None:
    with pytest.raises(LimitError, match=r"line-length|nesting"):
        read_bytes(text.encode(), "x", limited("line_length", 300))


def test_too_many_options_are_kept_whole() -> None:
    text = question(1) + question(2, "of those").replace("Mars", "Mars\n\nPluto")
    result = read_bytes(text.encode(), "x.txt", limited("options", 4))
    assert [each.number for each in result.questions] == [1]
    assert [(each.number, each.findings) for each in result.rejected] == [(2, ("Q022",))]
    assert "Pluto" in result.rejected[0].text


def test_deep_json_of_a_converted_file_is_a_finding() -> None:
    data = b'{"questions": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    found = check_file(data, "x.json", CheckSettings()).checked().diagnostics
    assert [each.code for each in found] == ["S001"]
    assert "100,001 deep" in found[0].message
    assert "nesting" in (found[0].hint or "")


def test_converted_files_have_a_size_too(tmp_path: Path) -> None:
    document = ingest.read(ROOT / "raw" / "errores_es.txt").document
    path = tmp_path / "x.json"
    ingest.write(document, path)
    size = path.stat().st_size
    small = with_limits(Limits(), {"input-size": 100, "converted-size": size})
    assert load_input(path, small) == path.read_bytes()
    with pytest.raises(LimitError, match="converted-size"):
        load_input(path, with_limits(small, {"converted-size": size - 1}))
    with pytest.raises(LimitError, match="converted-size"):
        check_file(path.read_bytes(), "x.json", CheckSettings(reading=limited("converted_size", size - 1)))


def test_a_large_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "x.txt"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # a hole: it takes no place
    with pytest.raises(LimitError, match="1,099,511,627,776 bytes"):
        load_input(path)


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="no such device")  # noqa: PTH110 - the same
def test_what_has_no_size_is_read_only_so_far() -> None:
    with pytest.raises(LimitError, match="input-size"):
        load_input("/dev/zero", with_limits(Limits(), {"input-size": "3 MiB"}))


def test_a_stream_is_read_only_so_far() -> None:
    stream = io.BytesIO(b"x" * 10_000_000)
    with pytest.raises(LimitError, match="input-size"):
        load_stream(stream, "stdin", with_limits(Limits(), {"input-size": "1 MiB"}))
    assert stream.tell() < 4_000_000
    assert load_stream(io.BytesIO(b"x" * 10), "stdin", Limits()) == b"x" * 10


def test_a_listed_size_counts(tmp_path: Path) -> None:
    from ingest.files import content_of

    with pytest.raises(LimitError):
        content_of(Input("memory://nowhere/x.txt", "x.txt", size=1 << 40))


def run(*arguments: str, cwd: Path, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "ingest", *arguments], cwd=cwd, input=given, capture_output=True, check=False
    )


def test_nothing_is_written_of_it_and_the_others_are_done(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(question(1))
    (tmp_path / "b.txt").write_text(question(1, "x" * 500))
    (tmp_path / "ingest.toml").write_text("[limits]\nline-length = 400\n")
    done = run("convert", "a.txt", "b.txt", cwd=tmp_path)
    assert done.returncode == 2
    assert b"line-length" in done.stderr
    assert sorted(path.name for path in (tmp_path / "out").glob("[a-z]*")) == [
        "a.csv",
        "a.json",
        "manifest.json",
    ]
    assert run("validate", "b.txt", cwd=tmp_path).returncode == 2
    assert run("convert", "b.txt", "--limit", "line-length=1k", cwd=tmp_path).returncode == 0


def test_standard_input(tmp_path: Path) -> None:
    for command in ("convert", "validate", "inspect", "stats"):
        done = run(command, "-", "--limit", "input-size=100", cwd=tmp_path, given=question(1).encode())
        assert done.returncode == 2
        assert b"input-size" in done.stderr


@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5", "", "9" * 40, "true"])
def test_values_that_are_no_limit(value: str) -> None:
    with pytest.raises(IngestError, match=r"limits\.options is a number"):
        with_limits(Limits(), {"options": value})


def test_names_that_are_no_limit() -> None:
    with pytest.raises(IngestError, match="did you mean options"):
        with_limits(Limits(), {"option": 3})
    assert set(SETTINGS.values()) == {each.name for each in fields(Limits)}


def test_limits_are_no_reason_to_convert_again() -> None:
    assert repr(limited("options", 7)) == repr(ReadSettings())


SHAPES: dict[str, tuple[Callable[[int], str], bool]] = {
    "deep": (lambda n: "<div>" * n, True),
    "flat": (lambda n: "<div></div>" * n, False),
    "other ends": (lambda n: "<div></x>" * n, True),
    "ends that end nothing": (lambda n: "<x><div></x></div>" * n, True),
    "tables": (lambda n: "<div><table></div>" * n, True),
    "comments": (lambda n: "<!--><div>" * n, True),
    "in comments": (lambda n: "<!--" + "<div>" * n + "-->", False),
    "in scripts": (lambda n: "<script>" + "'<div>'" * n + "</script>", False),
    "paragraphs": (lambda n: "<p>" * n, False),
    "lists": (lambda n: "<ul><li>" * n, True),
    "formatting": (lambda n: "<p><b></p>" * n, True),
    "pictures": (lambda n: "<br><img src='>'>" * n, False),
    "shapes": (lambda n: "<svg>" + "<path/>" * n + "</svg>", False),
    "links": (lambda n: "<a>" * n, False),
}


@pytest.mark.parametrize("name", SHAPES)
def test_depth_of_html(name: str) -> None:
    make, is_deep = SHAPES[name]
    assert (html_shape(make(300), 256).depth > 256) is is_deep


def test_depth_of_json() -> None:
    value = {"a": [{"b": '[[[\\"{'}], "c": []}
    assert json_depth(json.dumps(value)) == 3
    assert json_depth('["unclosed [[[') == 1


def test_words_of_settings_are_no_patterns() -> None:
    """Users give words: what is a pattern in them is text."""
    table = {"page": {"header": ["(x+x+)+y"], "topic": [".*"]}, "mark": {"right": ["[a-z]+"]}}
    own = parse_table("own", table, is_whole=False)
    text = question(1).replace("Pregunta", "(x+x+)+y").replace("Temática", ".*")
    text = text.replace("Respuesta correcta", "[a-z]+")
    result = read_bytes(text.encode(), "x", ReadSettings(own_labels=(own,)))
    assert [(each.number, each.answer, each.topic) for each in result.questions] == [(1, ("B",), "Planets")]
    assert not read_bytes(
        b"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx 1\n", "x", ReadSettings(own_labels=(own,))
    ).questions


def test_file_text_knows_its_bounds() -> None:
    assert FileText(b"{}").bounds.limits == Limits()
