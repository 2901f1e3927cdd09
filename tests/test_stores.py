"""Where files are: what is written appears whole or not at all, whoever else writes; what cannot be looked at
is told, and never taken for missing."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ingest.errors import IngestError
from ingest.finding import find_inputs
from ingest.stores.local import STORE

posix = pytest.mark.skipif(os.name != "posix", reason="locks of Unix")


def names(folder: Path) -> list[str]:
    return sorted(each.name for each in folder.iterdir())


def test_what_fails_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "some" / "where" / "x.json"
    STORE.write(str(path), [b"old"])

    def failing() -> Iterator[bytes]:
        yield b"new"
        assert len(names(path.parent)) == 2
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        STORE.write(str(path), failing())
    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["x.json"]


WRITER = """
import sys
from ingest.stores.local import STORE
letter = sys.argv[2].encode()
while True:
    for number in (1, 5, 300):
        STORE.write(sys.argv[1], (letter * 1000 for _ in range(number)))
"""


@posix
def test_many_write_one_file_and_some_are_killed(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_bytes(b"-" * 1000)

    def writer(letter: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-c", WRITER, str(path), letter])

    chance = random.Random(1)
    writers = {letter: writer(letter) for letter in "abc"}
    letters = set()
    kills = 0
    try:
        while kills < 8 or not letters >= {b"a", b"b", b"c"}:
            end = time.monotonic() + chance.uniform(0.1, 0.3)
            while time.monotonic() < end:
                content = path.read_bytes()
                assert len(content) in (1000, 5000, 300_000)
                assert len(set(content)) == 1
                letters.add(content[:1])
            victim = chance.choice("abc")
            assert writers[victim].poll() is None
            writers[victim].kill()
            writers[victim].wait()
            writers[victim] = writer(victim)
            kills += 1
    finally:
        for each in writers.values():
            each.kill()
            each.wait()
    # What those have left is taken over.
    assert len(names(tmp_path)) <= 4
    for _ in range(3):
        STORE.write(str(path), [b"end"])
    assert path.read_bytes() == b"end"
    assert len(names(tmp_path)) <= 3


@posix
def test_what_lies_in_the_way_is_not_written_to(tmp_path: Path) -> None:
    """Somebody may know the name of the file beside."""
    path, victim = tmp_path / "x.json", tmp_path / "victim"
    victim.write_bytes(b"mine")
    beside = next(_beside(path))
    beside.symlink_to(victim)
    STORE.write(str(path), [b"new"])
    assert (path.read_bytes(), victim.read_bytes()) == (b"new", b"mine")
    beside.unlink()
    beside.hardlink_to(victim)
    STORE.write(str(path), [b"newer"])
    assert (path.read_bytes(), victim.read_bytes()) == (b"newer", b"mine")


def _beside(path: Path) -> Iterator[Path]:
    """The file that is beside another one while that is written."""

    def looking() -> Iterator[bytes]:
        found.extend(path.parent.glob(".ingest-*.tmp"))
        yield b"old"

    found: list[Path] = []
    STORE.write(str(path), looking())
    yield from found


def test_a_place_without_locks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr("fcntl.flock", none)
    path = tmp_path / "x.json"
    with STORE.locked(str(tmp_path)):
        STORE.write(str(path), [b"new"])
    assert path.read_bytes() == b"new"


def test_folders_that_are_empty_go(tmp_path: Path) -> None:
    one, other = tmp_path / "a" / "b" / "c" / "x.json", tmp_path / "a" / "y.json"
    for path in (one, other):
        STORE.write(str(path), [b""])
    STORE.remove(str(one))
    assert names(tmp_path / "a") == ["y.json"]
    STORE.remove(str(one))


def _forbid(monkeypatch: pytest.MonkeyPatch, function: str, forbidden: Path) -> None:
    """Makes a function of ``os`` fail for a path, since modes do not stop a superuser."""
    allowed = getattr(os, function)

    def checked(path: Any, *arguments: Any, **named: Any) -> Any:
        if str(path) == str(forbidden):
            raise PermissionError(13, "Permission denied", str(path))
        return allowed(path, *arguments, **named)

    monkeypatch.setattr(os, function, checked)


def test_a_folder_that_cannot_be_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a", "b", "c"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "exam.txt").write_bytes(b"")
    _forbid(monkeypatch, "scandir", tmp_path / "b")
    inputs, errors = find_inputs([str(tmp_path)])
    assert [each.name for each in inputs] == ["a/exam.txt", "c/exam.txt"]
    assert errors == [f"cannot read {tmp_path}/b: Permission denied"]


def test_what_cannot_be_looked_at_is_not_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "exam.txt"
    assert STORE.stamp(str(path)) == ""
    path.write_bytes(b"text")
    assert STORE.stamp(str(path)) == STORE.stamp(str(path)) != ""
    _forbid(monkeypatch, "stat", path)
    assert STORE.stamp(str(path))
    assert STORE.stamp(str(path)) != STORE.stamp(str(path))
    assert [each.name for each in find_inputs([str(path)])[0]] == ["exam.txt"]


def test_lines_of_what_cannot_be_read(tmp_path: Path) -> None:
    assert list(STORE.lines(str(tmp_path / "none"))) == []
    (tmp_path / "file").write_bytes(b"a\nb")
    assert list(STORE.lines(str(tmp_path / "file"))) == [b"a\n", b"b"]
    with pytest.raises(IngestError, match=r"cannot read .*: Is a directory"):
        list(STORE.lines(str(tmp_path)))


def test_links_that_lead_nowhere(tmp_path: Path) -> None:
    (tmp_path / "loop.txt").symlink_to("loop.txt")
    (tmp_path / "folder").symlink_to(tmp_path)
    (tmp_path / "gone.txt").symlink_to("none.txt")
    begin = time.monotonic()
    inputs, errors = find_inputs([str(tmp_path)])
    assert time.monotonic() - begin < 1
    # Reading it will tell why it cannot be.
    assert ([each.name for each in inputs], errors) == (["loop.txt"], [])


def test_every_argument_that_names_nothing_is_told(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    arguments = [str(tmp_path / "none"), str(tmp_path / "empty"), str(tmp_path / "*.txt")]
    _, errors = find_inputs(arguments)
    assert errors == [
        f"no such file: {arguments[0]}",
        f"no dumps in {arguments[1]}",
        f"no such file: {arguments[2]}",
    ]
