"""Inputs and outputs behind URLs: in memory, and on an S3 server of this machine."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ingest
from conftest import ROOT
from ingest.converting import ConvertSettings
from ingest.errors import IngestError
from ingest.finding import Search, find_inputs, listed_inputs
from ingest.stores import store_of
from ingest.stores.remote import Remote
from many_dumps import files, make_dumps, unlike

fsspec = pytest.importorskip("fsspec")

HUERTO = (ROOT / "raw" / "huerto_es.txt").read_bytes()


def objects(system: Any, folder: str) -> dict[str, bytes]:
    """Every file below a URL but the index."""
    root = system._strip_protocol(folder)
    return {
        path.removeprefix(root).lstrip("/"): system.cat_file(path)
        for path in system.find(folder)
        if not path.endswith("/.ingest-index")
    }


def put(system: Any, folder: str, dumps: Path) -> None:
    for path in sorted(dumps.rglob("*.txt")):
        system.pipe_file(f"{folder}/{path.relative_to(dumps).as_posix()}", path.read_bytes())


def names(done: list[ingest.Conversion], *, unchanged: bool) -> list[str]:
    assert [each.error for each in done if each.error] == []
    return [each.file for each in done if each.is_unchanged is unchanged]


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("far")
    make_dumps(folder, 6)
    return folder


@pytest.fixture(scope="module")
def local(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What a run on files of this machine gives."""
    out = tmp_path_factory.mktemp("near")
    ingest.convert([dumps], out)
    return files(out)


@pytest.fixture
def memory(dumps: Path) -> Iterator[Any]:
    system = fsspec.filesystem("memory")
    put(system, "memory://exams/dumps", dumps)
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


# In memory: these tests run everywhere


def test_from_a_url_to_a_url(memory: Any, local: dict[str, bytes]) -> None:
    done = ingest.convert(["memory://exams/dumps"], "memory://exams/out")
    assert names(done, unchanged=True) == []
    assert objects(memory, "memory://exams/out") == local


@pytest.mark.parametrize("slash", ["", "/"])
def test_from_a_url_to_this_machine_and_back(
    memory: Any, local: dict[str, bytes], dumps: Path, tmp_path: Path, slash: str
) -> None:
    ingest.convert([f"memory://exams/dumps{slash}"], tmp_path / "out")
    assert unlike(tmp_path / "out", local) == []
    ingest.convert([dumps], f"memory://exams/out{slash}")
    assert objects(memory, "memory://exams/out") == local


def test_only_what_has_changed_is_done(memory: Any, local: dict[str, bytes]) -> None:
    out = "memory://exams/out"
    ingest.convert(["memory://exams/dumps"], out)
    before = {path: memory.info(path)["created"] for path in memory.find(out)}
    assert names(ingest.convert(["memory://exams/dumps"], out), unchanged=False) == []
    assert before == {path: memory.info(path)["created"] for path in memory.find(out)}
    memory.pipe_file("memory://exams/dumps/set1/part1/exam001.txt", HUERTO)
    memory.rm_file("memory://exams/out/set2/part2/exam002.csv")
    memory.pipe_file("memory://exams/out/set0/part3/exam003.json", b"edited")
    changed = ["set0/part3/exam003.txt", "set1/part1/exam001.txt", "set2/part2/exam002.txt"]
    assert names(ingest.convert(["memory://exams/dumps"], out), unchanged=False) == changed
    memory.rm_file("memory://exams/out/.ingest-index")
    assert names(ingest.convert(["memory://exams/dumps"], out), unchanged=False) == []
    now = objects(memory, out)
    assert {name for name in local if now[name] != local[name]} == {
        "manifest.json",
        "set1/part1/exam001.json",
        "set1/part1/exam001.csv",
    }


def test_an_unchanged_run_asks_little(memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_dumps(tmp_path, 120)
    put(memory, "memory://many/dumps", tmp_path)
    ingest.convert(["memory://many/dumps"], "memory://many/out")
    asked = []
    ask = Remote._ask
    monkeypatch.setattr(
        Remote, "_ask", lambda *given, **named: asked.append(given[1]) or ask(*given, **named)
    )
    done = ingest.convert(["memory://many/dumps"], "memory://many/out")
    folders = {each.file.rpartition("/")[0] for each in done}
    assert names(done, unchanged=False) == []
    # Less than one an input: a few for each folder, for the list of inputs, the manifest and the outputs.
    assert len(asked) < 6 * len(folders) + 12 < 120


@pytest.mark.parametrize("count", [1, 8])
def test_new_corrections_are_seen_however_many_files_a_folder_has(memory: Any, count: int) -> None:
    for number in range(count):
        memory.pipe_file(f"memory://few/dumps/exam{number}.txt", HUERTO)
    ingest.convert(["memory://few/dumps"], "memory://few/out")
    last = f"exam{count - 1}"
    memory.pipe_file(f"memory://few/dumps/{last}.corrections.toml", b"# nothing yet\n")
    done = ingest.convert(["memory://few/dumps"], "memory://few/out")
    assert names(done, unchanged=False) == [f"{last}.txt"]


def test_an_edit_of_the_same_size_is_seen(memory: Any) -> None:
    url = "memory://exams/dumps/set1/part1/exam001.txt"
    memory.pipe_file(url, HUERTO)
    ingest.convert(["memory://exams/dumps"], "memory://exams/out")
    memory.pipe_file(url, HUERTO.replace(b"vecina", b"VECINA"))
    done = ingest.convert(["memory://exams/dumps"], "memory://exams/out")
    assert names(done, unchanged=False) == ["set1/part1/exam001.txt"]


def test_corrections_beside_a_dump(memory: Any) -> None:
    beside = "memory://exams/dumps/set1/part1/exam001.corrections.toml"
    url = "memory://exams/dumps/set1/part1/exam001.txt"
    memory.pipe_file(url, HUERTO)
    ingest.convert([url], "memory://exams/out")
    memory.pipe_file(beside, b"# nothing yet\n")
    assert names(ingest.convert([url], "memory://exams/out"), unchanged=False) == ["exam001.txt"]
    assert names(ingest.convert([url], "memory://exams/out"), unchanged=False) == []
    memory.pipe_file(beside, b"broken")
    done = ingest.convert([url], "memory://exams/out")
    assert done[0].error
    assert beside in done[0].error
    memory.rm_file(beside)
    assert names(ingest.convert([url], "memory://exams/out"), unchanged=True) == []


def test_what_urls_name(memory: Any) -> None:
    memory.pipe_file("memory://exams/dumps/.hidden/exam.txt", HUERTO)
    memory.pipe_file("memory://exams/dumps/.hidden.txt", HUERTO)
    memory.pipe_file("memory://exams/dumps/picture.png", b"png")
    memory.pipe_file("memory://exams/dumps/top.txt", HUERTO)
    memory.pipe_file("memory://exams/dumps/odd [1] ü#%20.txt", HUERTO)

    def found(*arguments: str, **named: Any) -> list[str]:
        inputs, errors = find_inputs(arguments, Search(**named))
        assert errors == []
        return [each.name for each in inputs]

    every = [f"set{at % 3}/part{at % 5}/exam{at:03}.txt" for at in range(6)]
    assert found("memory://exams/dumps") == sorted([*every, "top.txt", "odd [1] ü#%20.txt"])
    assert found("memory://exams/dumps/top.txt") == ["top.txt"]
    assert found("memory://exams/dumps/odd [1] ü#%20.txt") == ["odd [1] ü#%20.txt"]
    assert found("memory://exams/dumps/**/*.txt") == sorted([*every, "top.txt", "odd [1] ü#%20.txt"])
    assert found("memory://exams/dumps/*.txt") == sorted(["top.txt", "odd [1] ü#%20.txt"])
    assert found("memory://exams/dumps/set0/*/exam00[0-2].txt") == ["part0/exam000.txt"]
    assert found("memory://exams/dumps", include=("set1",)) == [
        "set1/part1/exam001.txt",
        "set1/part4/exam004.txt",
    ]
    assert found("memory://exams", exclude=("set*", "odd*"), out="memory://exams/out") == ["dumps/top.txt"]
    assert found("memory://exams/dumps", "memory://exams/dumps/set0") == sorted(
        [*(each.removeprefix("set0/") for each in every), "top.txt", "odd [1] ü#%20.txt"]
    )


def test_tables_among_the_dumps_are_recognised(memory: Any) -> None:
    forms = Path(__file__).parent / "dumps" / "layouts"
    for name in ("upload.csv", "assessments.json"):
        memory.pipe_file(f"memory://exams/tables/{name}", (forms / name).read_bytes())
    memory.pipe_file("memory://exams/tables/empty.csv", b"")
    memory.pipe_file("memory://exams/tables/prices.csv", b"name,price\na,1\n")
    inputs, errors = find_inputs(["memory://exams/tables"])
    assert ([each.name for each in inputs], errors) == (["assessments.json", "upload.csv"], [])


def test_a_list_of_urls(memory: Any, dumps: Path) -> None:
    near = dumps / "set0" / "part0" / "exam000.txt"
    text = f"memory://exams/dumps/set1/part1/exam001.txt\n{near}\nmemory://exams/dumps/none.txt\n"
    inputs, errors = listed_inputs(text)
    assert [each.name for each in inputs] == ["exam000.txt", "exam001.txt"]
    assert errors == ["no such file: memory://exams/dumps/none.txt"]


def test_nothing_is_there(memory: Any) -> None:
    assert find_inputs(["memory://exams/none", "memory://exams/none/*.txt"])[1] == [
        "no such file: memory://exams/none",
        "no such file: memory://exams/none/*.txt",
    ]
    memory.pipe_file("memory://exams/other/a.png", b"png")
    assert find_inputs(["memory://exams/other"])[1] == ["no dumps in memory://exams/other"]


def test_unknown_places_are_told() -> None:
    with pytest.raises(IngestError, match=r"foo://.*not known"):
        find_inputs(["foo://exams"])
    with pytest.raises(IngestError, match=r"foo://.*not known"):
        ingest.convert([ROOT / "raw"], "foo://exams")


def test_a_file_that_is_gone_is_told(memory: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    walk = type(store_of("memory://exams")).walk

    def late(*arguments: Any) -> Iterator[Any]:
        yield from list(walk(*arguments))
        memory.rm_file("memory://exams/dumps/set1/part1/exam001.txt")

    monkeypatch.setattr("ingest.stores.remote.Remote.walk", late)
    done = ingest.convert(["memory://exams/dumps"], "memory://exams/out")
    assert [each.error is not None for each in done] == [False, False, True, False, False, False]
    assert done[2].error
    assert done[2].error.startswith("cannot read memory://exams/dumps/set1/part1/exam001.txt: ")


# A place where files are moved into their places


@pytest.fixture
def moved(dumps: Path, tmp_path: Path) -> str:
    """URLs of this machine's files, which fsspec reads and moves as it does those of SFTP and others."""
    shutil.copytree(dumps, tmp_path / "dumps")
    return f"local://{tmp_path}"


def test_where_files_are_moved_into_place(moved: str, local: dict[str, bytes], tmp_path: Path) -> None:
    ingest.convert([f"{moved}/dumps"], f"{moved}/out")
    assert unlike(tmp_path / "out", local) == []
    assert names(ingest.convert([f"{moved}/dumps"], f"{moved}/out"), unchanged=False) == []
    done = ingest.convert([f"{moved}/dumps"], f"{moved}/out", ConvertSettings(), force=True)
    assert names(done, unchanged=True) == []
    assert unlike(tmp_path / "out", local) == []


def test_what_cannot_be_moved_leaves_the_old_file(
    moved: str, local: dict[str, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ingest.convert([f"{moved}/dumps"], f"{moved}/out")

    def failing(*_: object, **__: object) -> None:
        raise ConnectionError("the line is dead")

    monkeypatch.setattr("fsspec.implementations.local.LocalFileSystem.mv", failing)
    done = ingest.convert([f"{moved}/dumps"], f"{moved}/out", force=True)
    assert all(each.error and each.error.endswith("the line is dead") for each in done)
    assert unlike(tmp_path / "out", local) == []
