"""Where files are read and written: names that climb, links, devices, names that are one to other systems,
and lists of outputs that somebody has edited."""

from __future__ import annotations

import glob
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import orjson
import pytest
from click.testing import CliRunner

import ingest
from conftest import ROOT
from ingest.cli import main
from ingest.configuration import load_settings
from ingest.errors import IngestError
from ingest.finding import Search, find_inputs, listed_inputs
from ingest.ledger import INDEX
from ingest.parts.file_names import safe_name
from ingest.stores.local import STORE
from ingest.writers import formats, writer

DUMP = (ROOT / "raw" / "huerto_es.txt").read_bytes()
SECRET = b"Pregunta 1\n\nroot:x:0:0 is the secret line?\n\nA\n\nRespuesta correcta\nB\n"

posix = pytest.mark.skipif(os.name != "posix", reason="links and devices are those of POSIX")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with dumps in ``raw``, and beside it what belongs to others."""
    work = tmp_path / "work"
    (work / "raw").mkdir(parents=True)
    (work / "raw" / "good.txt").write_bytes(DUMP)
    (tmp_path / "others").mkdir()
    (tmp_path / "others" / "secret.txt").write_bytes(SECRET)
    (tmp_path / "others" / "secret.json").write_bytes(b"theirs")
    monkeypatch.chdir(work)
    return work


class Done(NamedTuple):
    """What came of a command."""

    returncode: int
    stdout: str
    stderr: str


def run(*arguments: object, cwd: Path) -> Done:
    load_settings.cache_clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(cwd)
        done = CliRunner().invoke(main, [*map(str, arguments)])
    assert isinstance(done.exception, SystemExit | None), done.exception
    return Done(done.exit_code, done.stdout, done.stderr)


def run_apart(*arguments: object, cwd: Path) -> Done:
    """In a process of its own, which may hang."""
    done = subprocess.run(
        [sys.executable, "-m", "ingest", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    return Done(done.returncode, done.stdout, done.stderr)


def below(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


# Links among the inputs


@posix
@pytest.mark.parametrize("argument", ["raw", "raw/*.txt", "raw/**/*.txt", "raw/**"])
@pytest.mark.parametrize("link", ["file", "folder"])
def test_links_out_of_a_folder_are_told_and_not_read(folder: Path, argument: str, link: str) -> None:
    if link == "file":
        (folder / "raw" / "evil.txt").symlink_to("../../others/secret.txt")
    else:
        (folder / "raw" / "evil.d").symlink_to("../../others")
        argument = argument.replace("*.txt", "*/*.txt") if argument == "raw/*.txt" else argument
    found, errors = find_inputs([argument])
    assert all("others" not in os.path.realpath(each.address) for each in found)
    if link == "file" or argument == "raw/*/*.txt":
        assert len(errors) == 1
        assert errors[0].endswith(f"is a link that leads out of {argument}: name it itself to read it")
    else:
        assert errors == [], "a folder that is a link is not entered"


@posix
def test_what_a_link_leads_to_is_in_no_output(folder: Path) -> None:
    (folder / "raw" / "evil.txt").symlink_to("../../others/secret.txt")
    done = run("convert", "raw", cwd=folder)
    assert done.returncode == 2
    assert "error: raw/evil.txt is a link that leads out of raw" in done.stderr
    assert "secret line" not in done.stderr
    assert all(b"secret line" not in content for content in below(folder / "out").values())
    assert (folder / "out" / "good.json").is_file()


@posix
def test_links_inside_a_folder_and_links_that_are_named_are_read(folder: Path) -> None:
    (folder / "raw" / "inside.txt").symlink_to("good.txt")
    (folder / "named.txt").symlink_to("../others/secret.txt")
    found, errors = find_inputs(["raw"])
    assert ([each.name for each in found], errors) == (["good.txt", "inside.txt"], [])
    assert [each.name for each in find_inputs(["named.txt"])[0]] == ["named.txt"]


@posix
@pytest.mark.parametrize("argument", [".", "**/*.txt", "raw/**/*.txt"])
def test_links_that_lead_back_do_not_hang(folder: Path, argument: str) -> None:
    """Each of two links doubles the paths, forty times."""
    for name in ("one", "two"):
        (folder / "raw" / name).symlink_to(".")
    done = run_apart("validate", argument, "--exit-zero", "-q", cwd=folder)
    assert done.returncode == 0, done.stderr


def test_patterns_find_what_those_of_glob_find(folder: Path) -> None:
    for name in ("a/b/x.txt", "a/x.txt", "a/.hidden/x.txt", ".hidden/y.txt", "a/b/y.md", "[a]/z.txt"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(DUMP)
    for pattern in (
        *("*.txt", "**", "**/*.txt", "a/**", "a/**/x.txt", "**/b/*", "*/x.txt", "*/b/?.txt", "a/[bc]/*"),
        *(".hidden/*", "*/.hidden/*", "**/.hidden/*", "[[]a]/*", "a/../*/x.txt", "*/../a/x.txt", "no/*"),
        *(str(folder / "**/*.txt"), "./**/*.txt", "**/**/*.txt", "a**/*.txt"),
    ):
        expected = {
            os.path.normpath(each)
            for each in glob.glob(pattern, recursive=True)  # noqa: PTH207 - what is compared
            if Path(each).is_file()
        }
        found = {os.path.normpath(each.address) for each in STORE.matching(pattern)}
        assert found == expected, pattern


# Devices and pipes


@posix
@pytest.mark.parametrize("target", ["/dev/zero", "pipe"])
@pytest.mark.parametrize(
    "name", ["raw/x.txt", "raw/good.corrections.toml", "raw/ingest.toml", "out/manifest.json"]
)
def test_nothing_without_end_is_read(folder: Path, target: str, name: str) -> None:
    if target == "pipe":
        os.mkfifo(folder / "pipe")
        target = str(folder / "pipe")
    (folder / "out").mkdir()
    (folder / name).symlink_to(target)
    for arguments in (("convert", "raw/*.txt"), ("validate", "raw", "-q")):
        done = run_apart(*arguments, cwd=folder)
        assert done.returncode in (0, 2)


@posix
def test_an_output_that_is_a_device_is_refused(folder: Path) -> None:
    os.mkfifo(folder / "pipe")
    for name in ("pipe", "link", "/dev/null"):
        if name == "link":
            (folder / "link").symlink_to("/dev/null")
        for arguments in (("validate", "raw", "-o"), ("merge", "raw", "-o"), ("report", "raw", "-o")):
            done = run(*arguments, name, cwd=folder)
            assert done.returncode == 2
            assert f"cannot write {name}: it is no regular file" in done.stderr
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("kind", ["folder", "no TOML", "no entry"])
@pytest.mark.parametrize(
    "arguments",
    ["correct", "inspect", "convert", "validate", "validate --fix", "stats", "merge -o b", "split -o d"],
)
def test_corrections_that_are_none_are_told(folder: Path, kind: str, arguments: str) -> None:
    path = folder / "raw" / "good.corrections.toml"
    if kind == "folder":
        path.mkdir()
    else:
        path.write_text("a = [" if kind == "no TOML" else '[[correction]]\nquestion = "\x1b[2J"\n')
    done = run(*arguments.split(), "raw/good.txt", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("error: raw/good.corrections.toml")


# Links among the outputs


@posix
@pytest.mark.parametrize("form", formats())
def test_a_link_in_the_place_of_an_output_is_replaced(folder: Path, form: str) -> None:
    out = folder / "out"
    out.mkdir()
    for name in writer(form).names:
        if "/" not in name:
            (out / f"good{name}").symlink_to("../../others/secret.json")
    before = below(folder.parent / "others")
    done = ingest.convert(["raw"], "out", ingest.ConvertSettings((form,)))
    if done[0].error and "needs" in done[0].error:
        pytest.skip(done[0].error)
    assert [each.error for each in done] == [None]
    assert below(folder.parent / "others") == before
    assert not any(path.is_symlink() for path in out.rglob("*"))


@posix
@pytest.mark.parametrize("kind", ["set", "tidy", "dangling", "inside"])
def test_folders_among_the_outputs_that_are_links(folder: Path, kind: str) -> None:
    (folder / "raw" / "set").mkdir()
    (folder / "raw" / "set" / "secret.txt").write_bytes(DUMP)
    (folder / "out" / "real").mkdir(parents=True)
    name = "set/secret.tidy" if kind == "tidy" else "set"
    (folder / "out" / name).parent.mkdir(exist_ok=True)
    target = {"inside": folder / "out" / "real", "dangling": folder.parent / "new"}.get(
        kind, folder.parent / "others"
    )
    (folder / "out" / name).symlink_to(target)
    before = below(folder.parent / "others")
    done = run("convert", "raw", "--to", "json,csv-tidy", cwd=folder)
    assert below(folder.parent / "others") == before
    assert not (folder.parent / "new").exists()
    if kind == "inside":
        assert done.returncode == 0
        assert (folder / "out" / "real" / "secret.json").is_file()
    else:
        assert done.returncode == 2
        assert f"out/{name} is a link that leads out of out: remove it" in done.stderr
        assert not (folder / "out" / "good.json").exists(), "nothing is written"


@posix
def test_split_does_not_follow_a_folder_that_is_a_link(folder: Path) -> None:
    (folder / "topics").mkdir()
    name = next(iter(_split_names(folder)))
    (folder / "topics" / f"{name}.tidy").symlink_to("../../others")
    before = below(folder.parent / "others")
    done = run("split", "raw/good.txt", "-o", "topics", "--to", "csv-tidy", cwd=folder)
    assert done.returncode == 2
    assert "is a link to another folder" in done.stderr
    assert below(folder.parent / "others") == before


def _split_names(folder: Path) -> list[str]:
    run("split", "raw/good.txt", "-o", "there", cwd=folder)
    return sorted(path.stem for path in (folder / "there").iterdir())


# Names that climb


def test_files_of_a_list_stay_in_the_output_folder(folder: Path) -> None:
    (folder.parent / "up.txt").write_bytes(DUMP)
    climbing = ["../up.txt", "raw/../../up.txt", str(folder.parent / "others" / "secret.txt"), "raw/good.txt"]
    (folder / "list").write_text("\n".join(climbing))
    before = below(folder.parent / "others")
    run("convert", "--from-file", "list", "--to", "json", cwd=folder)
    assert below(folder / "out").keys() - {INDEX, "manifest.json"} == {
        "up.json",
        "secret.json",
        "raw/good.json",
    }
    assert below(folder.parent / "others") == before
    assert sorted(path.name for path in folder.parent.iterdir()) == ["others", "up.txt", "work"]
    assert listed_inputs("raw/good.txt\0a\nb\0\0x")[1] == [
        "no such file: a\nb",
        "no such file: x",
    ]


@pytest.mark.parametrize("name", ["../../climb.txt", "a/../../../climb.txt", ".."])
def test_keys_of_a_bucket_that_climb_are_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Unlike the names of files, those of objects may have dots and slashes."""
    pytest.importorskip("fsspec")
    from ingest.stores import Found, remote

    def walk(*_: Any) -> Any:
        yield Found(f"memory://bucket/raw/{name}", name, len(DUMP), "1")

    monkeypatch.setattr(remote.Remote, "is_folder", lambda *_: True)
    monkeypatch.setattr(remote.Remote, "walk", walk)
    found, errors = find_inputs(["memory://bucket/raw"], Search(include=("*",)))
    assert found == []
    assert errors == [f"memory://bucket/raw/{name} has a name that leads out of memory://bucket/raw"]


# Names that are one name to other systems


@pytest.mark.parametrize(
    ("one", "other"),
    [("A.txt", "a.txt"), ("É.txt", "é.txt"), ("e\u0301.txt", "é.txt"), ("Set/x.txt", "set/x.txt")],
)
def test_outputs_that_differ_by_capitals_are_refused(folder: Path, one: str, other: str) -> None:
    for place, name in (("one", one), ("two", other)):
        (folder / place / name).parent.mkdir(parents=True)
        (folder / place / name).write_bytes(DUMP)
    done = run("convert", "one", "two", cwd=folder)
    assert done.returncode == 2
    assert "would both write out/" in done.stderr
    assert "which is the same file where capitals do not count" in done.stderr
    assert not (folder / "out").exists()


def test_an_input_is_not_overwritten_where_capitals_do_not_count(folder: Path) -> None:
    (folder / "here").mkdir()
    (folder / "here" / "X.JSON").write_bytes(b'{"not": "a set"}')
    (folder / "here" / "x.txt").write_bytes(DUMP)
    with pytest.raises(IngestError, match=r"would overwrite the input here/X\.JSON"):
        ingest.convert(["here/x.txt", "here/X.JSON"], "here")
    (folder / "here" / "Manifest.txt").write_bytes(DUMP)
    with pytest.raises(IngestError, match="the list of outputs"):
        ingest.convert(["here/Manifest.txt"], "out")


@pytest.mark.parametrize(
    "name", ["CON", "nul.txt", "COM¹", "aux ", "LPT9.", "name.", "name ", "a\x00b", "…/.."]
)
def test_names_out_of_topics_hold_on_windows(name: str) -> None:
    import re

    safe = safe_name(name)
    assert not re.fullmatch(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\..*)?", safe)
    assert safe == safe.rstrip(". ")
    assert not set(safe) & set('<>:"/\\|?*.\x00')


def test_names_that_are_too_long_are_told(folder: Path) -> None:
    (folder / "raw" / f"{'x' * 250}.txt").write_bytes(DUMP)
    done = run("convert", "raw", "--to", "json,markdown", cwd=folder)
    assert done.returncode == 2
    assert "x.questions.md: File name too long" in done.stderr
    assert (folder / "out" / "good.questions.md").is_file()
    assert not list((folder / "out").glob(".ingest-*.tmp"))


# Lists of outputs that somebody has edited


@posix
def test_pruning_follows_no_link(folder: Path) -> None:
    (folder / "raw" / "set").mkdir()
    (folder / "raw" / "set" / "secret.txt").write_bytes(DUMP)
    run("convert", "raw", "--to", "json", cwd=folder)
    content = (folder / "out" / "set" / "secret.json").read_bytes()
    (folder.parent / "others" / "secret.json").write_bytes(content)
    (folder / "out" / "set" / "secret.json").unlink()
    (folder / "out" / "set").rmdir()
    (folder / "out" / "set").symlink_to("../../others")
    (folder / "raw" / "set" / "secret.txt").unlink()
    run("convert", "raw", "--to", "json", "--prune", cwd=folder)
    assert (folder.parent / "others" / "secret.json").read_bytes() == content


def test_an_index_cannot_make_a_run_ask_a_url(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run("convert", "raw", "--to", "json", cwd=folder)
    index = folder / "out" / INDEX
    line = orjson.loads(index.read_bytes())
    line[2] = "http://example.org/good.txt"
    index.write_bytes(orjson.dumps(line) + b"\n")
    (folder / "raw" / "good.txt").rename(folder / "raw" / "other.txt")

    def never(address: str) -> Any:
        raise AssertionError(address)

    monkeypatch.setattr("ingest.stores.remote.store_of", never)
    done = ingest.convert(["raw"], "out", ingest.ConvertSettings(("json",)))
    assert [each.error for each in done] == [None]


WRONG: tuple[Any, ...] = (None, 5, "x", [], {}, [5], {"a": 5}, [{"path": 5}], True, -1, "\ud800"[:0], [[]])


def test_a_damaged_list_counts_as_missing(folder: Path) -> None:
    settings = ingest.ConvertSettings(("json",))
    ingest.convert(["raw"], "out", settings)
    manifest, index = folder / "out" / "manifest.json", folder / "out" / INDEX
    good = manifest.read_bytes(), index.read_bytes()
    entry = orjson.loads(good[0])["files"][0]
    known = orjson.loads(good[1])
    head = good[0].split(b"\n")[0]
    damaged: list[tuple[bytes, bytes]] = []
    for wrong in WRONG:
        for name in entry:
            line = orjson.dumps({**entry, name: wrong})
            damaged.append((head + b"\n" + line + b"\n]}\n", good[1]))
        for name in entry["outputs"][0]:
            line = orjson.dumps({**entry, "outputs": [{**entry["outputs"][0], name: wrong}]})
            damaged.append((head + b"\n" + line + b"\n]}\n", good[1]))
        damaged += [
            (good[0], orjson.dumps([*known[:place], wrong, *known[place + 1 :]]) + b"\n")
            for place in range(len(known))
        ]
        damaged.append((orjson.dumps(wrong) + b"\n", orjson.dumps(wrong) + b"\n"))
    for list_, index_ in damaged:
        manifest.write_bytes(list_)
        index.write_bytes(index_)
        assert [each.error for each in ingest.convert(["raw"], "out", settings)] == [None]


# Settings that came with the dumps


def test_settings_of_strangers_can_be_left_unread(folder: Path) -> None:
    """They open no file and no URL, but they can hide findings and give words another meaning."""
    (folder / "raw" / "bad.txt").write_bytes((ROOT / "raw" / "errores_es.txt").read_bytes())
    plain = run("validate", "raw", cwd=folder)
    difference = run("diff", "raw/good.txt", "raw/bad.txt", cwd=folder)
    (folder / "raw" / "ingest.toml").write_text(
        '[validate]\nignore = ["ALL"]\n[labels.x.page]\nheader = ["Which"]\ntopic = ["Reference:"]\n'
    )
    assert "nothing found" in run("validate", "raw", cwd=folder).stderr
    isolated = run("validate", "raw", "--isolated", cwd=folder)
    assert (isolated.returncode, isolated.stdout) == (plain.returncode, plain.stdout) != (0, "")
    again = run("diff", "raw/good.txt", "raw/bad.txt", "--isolated", cwd=folder)
    assert (again.returncode, again.stdout) == (difference.returncode, difference.stdout)


@pytest.mark.parametrize(
    "text",
    [
        '[validate]\noutput = "/etc/passwd"\n',
        '[validate]\nbaseline = "../x"\n',
        'extend = "../../other.toml"\n',
        '[labels]\nx = "http://example.org/labels.toml"\n',
        'labels = "../x.toml"\n',
        "[topics]\nx = 5\n",
    ],
)
def test_settings_open_nothing(folder: Path, text: str) -> None:
    (folder / "raw" / "ingest.toml").write_text(text)
    done = run("validate", "raw", cwd=folder)
    assert done.returncode == 2
    assert done.stderr.startswith("error: raw/ingest.toml: "), "no absolute path"
    assert run("validate", "raw", "--isolated", cwd=folder).returncode == 0
