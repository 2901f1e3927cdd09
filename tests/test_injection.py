"""Text, names and records of strangers in every place where something else reads them: terminals and build
servers, spreadsheets, XML, pages, cards, quiz programs."""

from __future__ import annotations

import csv
import io
import json
import os
import pkgutil
import re
import shlex
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
from ingest.reports import Report, renderer
from ingest.reports import formats as report_formats
from ingest.reports.as_text import visible
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
    for line in text.splitlines(keepends=True):
        line = line.removesuffix("\n").removesuffix("\r" if os.name == "nt" else "")
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
            word = word.replace(mark, value)
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
