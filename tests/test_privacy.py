"""What stays out of outputs, reports and logs: what the sitter did, paths of the machine, names of users."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import orjson
import pytest
from click.testing import CliRunner

import ingest
from conftest import ROOT
from ingest.cli import main
from ingest.differences import formats as difference_formats
from ingest.ledger import INDEX
from ingest.locales import load_all
from ingest.model.block import Part
from ingest.parts.attempt_lines import without_attempt
from ingest.reports import formats as report_formats
from ingest.writers import formats, writer

USER = "zyxwvut-user"
SITTER = "sitter-typed-this"
# Every kind of mark; of the questions 3, 4, 6 and 7 the text is kept, since they are rejected. In 5 and 7 the
# sitter typed a wrong answer.
DUMP = f"""Question 1
Incorrect
A keeper opens a hive on a cold morning in March. What does the keeper do first?

Your answer is incorrect
Close the hive again

Correct answer
Look whether there is food

Take out a frame

Overall explanation
There may be no food.

Domain
Spring
Question 2 Correct
Which two are signs of a swarm? (Select two)

Your selection is correct
Queen cells

Your selection is correct
A queen that does not lay

Drones

Overall explanation
Both come a week before.

Domain
Summer
Question 3
Incorrect
What is rejected?

Your answer is incorrect
The only option

Domain
Spring
Question 4 Incorrect
What has no key?

Your answer is incorrect
One

Two

Domain
Spring
Question 5
Skipped
Please fill the blank field(s) in the statement with the right words.

Bees make [blank].

Your answer is incorrect
{SITTER}

Correct answer
honey

Domain
Summer
Question 6
Correct
Which option has none beside it?

Your answer is correct
The chosen one

Domain
Summer
Question 7
Incorrect
Please fill the blank field(s) in the statement with the right words.

Your answer is incorrect
{SITTER} in a rejected block
and on a second line

Domain
Summer
"""
TOLD = (
    SITTER,
    "Your answer",
    "Your selection",
    "\nIncorrect\n",
    "\nSkipped\n",
    "Question 2 Correct",
    "4 Incorrect",
)
"""What tells of the sitter."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A project of a user with a name that is nowhere else."""
    folder = tmp_path / "home" / USER / "project"
    (folder / "raw").mkdir(parents=True)
    (folder / "raw" / "x.txt").write_text(DUMP, encoding="utf-8")
    (folder / "raw" / "old.txt").write_text(DUMP.replace("Drones", "Wax"), encoding="utf-8")
    (folder / "raw" / "other.txt").write_bytes((ROOT / "raw" / "errores_es.txt").read_bytes())
    return folder


class Done(NamedTuple):
    """What came of a command."""

    stdout: bytes
    stderr: bytes


def run(*arguments: object, cwd: Path) -> Done:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        for name, value in (("HOME", str(cwd.parent)), ("USER", USER), ("LOGNAME", USER), ("USERNAME", USER)):
            patch.setenv(name, value)
        done = CliRunner().invoke(main, [*map(str, arguments)])
    assert done.exit_code in (0, 1, 2)
    assert isinstance(done.exception, SystemExit | None), done.exception
    return Done(done.stdout_bytes, done.stderr_bytes)


def contents(path: Path) -> Iterator[bytes]:
    """A file, and what is packed in it."""
    data = path.read_bytes()
    yield data
    if data.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            yield from (package.read(name) for name in package.namelist())


def check(folder: Path, *printed: bytes) -> None:
    """Nothing of the machine or the sitter, in files and in what was printed."""
    told = [*(word.encode() for word in TOLD), *(word.replace("\n", "\\n").encode() for word in TOLD)]
    told += [USER.encode(), str(folder).encode()]
    files = [path for path in folder.rglob("*") if path.is_file() and "raw" not in path.parts]
    for name, data in [
        *((path.name, data) for path in files for data in contents(path)),
        *(("", x) for x in printed),
    ]:
        for word in told:
            assert word not in data, (name, word)


@pytest.mark.parametrize("form", formats())
@pytest.mark.parametrize("argument", ["raw", "{home}/raw", "{home}/raw/x.txt"])
def test_no_format_tells_of_the_sitter_or_the_machine(home: Path, form: str, argument: str) -> None:
    done = run("convert", argument.format(home=home), "--to", form, cwd=home)
    if b"pip install" in done.stderr:
        pytest.skip(done.stderr.decode())
    assert list((home / "out").glob(f"x{writer(form).suffix}"))
    shown = done.stderr.replace(str(home).encode(), b"")
    check(home, done.stdout, done.stderr if argument == "raw" else shown)
    assert (home / "out" / INDEX).is_file()


@pytest.mark.parametrize("form", ["json", "jsonl"])
def test_what_the_sitter_did_is_told_when_asked_for(home: Path, form: str) -> None:
    run("convert", "raw/x.txt", "--to", form, "--keep-attempt", cwd=home)
    text = (home / "out" / f"x.{form}").read_text(encoding="utf-8")
    assert '"incorrect"' in text
    assert f'"{SITTER}"' in text
    assert (f"{SITTER} in a rejected block" in text) is (form == "json")


@pytest.mark.parametrize("form", report_formats())
@pytest.mark.parametrize("argument", ["raw", "{home}/raw"])
def test_no_report_tells_of_the_sitter_or_the_machine(home: Path, form: str, argument: str) -> None:
    given = argument.format(home=home)
    first = run("validate", given, "--severity", "info", "--format", form, cwd=home)
    run("convert", "raw", "--to", "json,csv,jsonl", cwd=home)
    second = run("validate", given, home / "out" / "x.json", "-o", "report", "--format", form, cwd=home)
    third = run("validate", given, "--statistics", "--write-baseline", cwd=home)
    for done in (first, second, third):
        assert done.stdout or done.stderr
        check(home, done.stdout, done.stderr)


@pytest.mark.parametrize(
    "arguments",
    [
        *(["diff", "raw/old.txt", "raw/x.txt", "--format", form] for form in difference_formats()),
        ["merge", "raw", "-o", "bank.json"],
        ["merge", "{home}/raw", "-o", "-"],
        ["stats", "{home}/raw"],
        ["stats", "raw", "--format", "json"],
        ["split", "raw/x.txt", "-o", "topics"],
        ["report", "{home}/raw", "-o", "report.html"],
        ["correct", "raw/x.txt"],
        ["convert", "raw/x.txt", "-o", "-"],
        ["convert", "raw", "-j", "2", "--force"],
        ["validate", "raw", "--fix", "--diff"],
        ["formats"],
        ["rules"],
        ["schema"],
        ["locales"],
    ],
    ids=" ".join,
)
def test_no_command_tells_of_the_sitter_or_the_machine(home: Path, arguments: list[str]) -> None:
    done = run(*(each.format(home=home) for each in arguments), cwd=home)
    if b"pip install" in done.stderr:
        pytest.skip(done.stderr.decode())
    assert done.stdout or done.stderr
    words = b"schema" if arguments in (["schema"], ["locales"], ["rules"]) else b""
    check(home, *(() if words else (done.stdout,)), done.stderr)
    for path in (home / "raw").glob("*.corrections.toml"):
        assert USER not in path.read_text(encoding="utf-8")
        assert not any(word in path.read_text(encoding="utf-8") for word in TOLD)


def test_a_bank_and_its_outputs_have_no_attempts(home: Path) -> None:
    """Also of documents that were converted with attempts."""
    run("convert", "raw/x.txt", "--keep-attempt", "--to", "json", "-o", "kept", cwd=home)
    assert b'"incorrect"' in (home / "kept" / "x.json").read_bytes()
    for arguments in (["stats", "kept/x.json"], ["diff", "raw/old.txt", "kept/x.json"]):
        assert SITTER.encode() not in run(*arguments, cwd=home).stdout


def test_the_index_does_not_tell_where_the_project_is(home: Path) -> None:
    run("convert", home / "raw", "--to", "json", cwd=home)
    places = [orjson.loads(line)[2] for line in (home / "out" / INDEX).read_bytes().splitlines()]
    assert sorted(places) == ["../raw/old.txt", "../raw/other.txt", "../raw/x.txt"]
    # It holds when the project moves.
    moved = home.parent / "moved"
    home.rename(moved)
    (moved / "raw" / "old.txt").unlink()
    done = run("convert", "raw", "--to", "json", cwd=moved)
    assert b"old.txt is gone" in done.stderr
    assert b"2 unchanged" in done.stderr


def test_a_folder_behind_a_url_is_told_nothing_of_this_machine(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fsspec = pytest.importorskip("fsspec")
    monkeypatch.chdir(home)
    ingest.convert([str(home / "raw")], "memory://private/out", ingest.ConvertSettings(("json",)))
    system = fsspec.filesystem("memory")
    files = system.find("memory://private")
    assert any(INDEX in each for each in files)
    assert not any(USER.encode() in system.cat_file(each) for each in files)
    system.rm("memory://private", recursive=True)


def test_rejected_blocks_keep_everything_but_the_attempt() -> None:
    result = ingest.read_text(DUMP)
    kept = ingest.read_text(DUMP, settings=ingest.ReadSettings(keep_attempt=True))
    lines = DUMP.split("\n")
    assert [each.number for each in result.rejected] == [3, 4, 6, 7]
    for block, whole in zip(result.rejected, kept.rejected, strict=True):
        first, last = whole.lines
        assert whole.text.split("\n") == lines[first - 1 : last]
        assert block.lines == whole.lines
        pairs = list(zip(block.text.split("\n"), whole.text.split("\n"), strict=True))
        assert {one for before, one in pairs if before != one} <= {
            *("Incorrect", "Skipped", "Correct", "Question 4 Incorrect"),
            *(f"{SITTER} in a rejected block", "and on a second line"),
            *("Your answer is incorrect", "Your answer is correct"),
        }
    assert "Correct answer\nThe chosen one" in result.rejected[2].text, "the key stays"


@pytest.mark.parametrize("locale", load_all(), ids=lambda each: each.code)
def test_in_every_language(locale: ingest.locales.Locale) -> None:
    words: dict[tuple[Part, bool, bool, str | None], str] = {}
    for word, label in locale.labels:
        if not (label.several or label.follows):
            words.setdefault((label.part, label.correct, label.chosen, label.status), word)
    header = words[Part.HEADER, False, False, None]
    right, wrong = words[Part.MARK, True, True, None], words[Part.MARK, False, True, None]
    status = words[Part.STATUS, False, False, "incorrect"]
    text = f"{header} 1\n{status}\nWhich?\n\n{wrong}\nOne\n\n{right}\nTwo\n\nThree\n"
    result = ingest.read_text(text, settings=ingest.ReadSettings(labels=locale.code))
    (reading,) = result.readings
    shown = without_attempt(result.source.text, reading.block.span, reading)
    assert shown.count("\n") == text.rstrip("\n").count("\n") or shown.count("\n") == text.count("\n")
    plain = words[Part.MARK, True, False, None]
    assert re.sub(r"\n+", "\n", shown).strip() == f"{header} 1\nWhich?\nOne\n{plain}\nTwo\nThree"
