"""Many inputs: what is found, what is done again and what is not, in which order, and what is told."""

from __future__ import annotations

import hashlib
import os
import shutil
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest import schema
from ingest.batch import Batch
from ingest.cli import main
from ingest.converting import ConvertSettings, Task, convert_tasks
from ingest.finding import Search, find_inputs
from ingest.ledger import INDEX

RAW = ROOT / "raw"
HUERTO = (RAW / "huerto_es.txt").read_text(encoding="utf-8")
OLD = 1_600_000_000


def run(*arguments: object, stdin: str | None = None) -> Result:
    return CliRunner().invoke(main, ["convert", *(str(each) for each in arguments)], input=stdin)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with six dumps, one of them with mistakes; none was changed just now."""
    monkeypatch.chdir(tmp_path)
    for at in range(5):
        dump = tmp_path / "dumps" / f"set{at % 2}" / f"exam{at}.txt"
        dump.parent.mkdir(parents=True, exist_ok=True)
        dump.write_text(HUERTO.replace("Pregunta 1:\n\n", f"Pregunta 1:\n\nCase {at}. "), encoding="utf-8")
    shutil.copy(RAW / "errores_es.txt", tmp_path / "dumps" / "errors.txt")
    for path in (tmp_path / "dumps").rglob("*.txt"):
        os.utime(path, (OLD, OLD))
    return tmp_path


def files(out: Path) -> dict[str, bytes]:
    """Every file below a folder but the index."""
    return {
        path.relative_to(out).as_posix(): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != INDEX
    }


def changes(out: Path) -> dict[str, int]:
    """When each output was written."""
    return {name: (out / name).stat().st_mtime_ns for name in files(out)}


def manifest(out: Path) -> dict[str, Any]:
    value: dict[str, Any] = orjson.loads((out / "manifest.json").read_bytes())
    return value


def names(done: list[ingest.Conversion], *, unchanged: bool) -> list[str]:
    return [each.file for each in done if each.is_unchanged is unchanged]


# What is found


def test_folders_are_mirrored_and_sorted(folder: Path) -> None:
    done = ingest.convert(["dumps"], "out")
    assert [each.file for each in done] == [
        "errors.txt",
        "set0/exam0.txt",
        "set0/exam2.txt",
        "set0/exam4.txt",
        "set1/exam1.txt",
        "set1/exam3.txt",
    ]
    assert sorted(files(folder / "out")) == sorted(
        ["manifest.json", *(each.path for conversion in done for each in conversion.outputs)]
    )
    assert all((folder / "out" / "set1" / f"exam1.{suffix}").is_file() for suffix in ("json", "csv"))


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (("--include", "set1"), ["exam1", "exam3"]),
        (("--include", "set*/exam[12].txt"), ["exam1", "exam2"]),
        (("--exclude", "set0"), ["errors", "exam1", "exam3"]),
        (("--exclude", "./set0/", "--exclude", "err*"), ["exam1", "exam3"]),
        (("--include", "set0", "--exclude", "exam4.*"), ["exam0", "exam2"]),
    ],
)
def test_patterns_choose_in_folders(folder: Path, options: tuple[str, ...], expected: list[str]) -> None:
    assert run("dumps", *options).exit_code in (0, 1)
    assert sorted(path.stem for path in (folder / "out").rglob("*.csv")) == expected


def test_included_files_may_be_of_any_kind(folder: Path) -> None:
    (folder / "dumps" / "exam.dump").write_text(HUERTO, encoding="utf-8")
    assert run("dumps", "--include", "*.dump").exit_code == 0
    assert [path.name for path in (folder / "out").rglob("*.json")] == ["exam.json", "manifest.json"]


def test_what_lies_in_the_output_folder_is_no_input(folder: Path) -> None:
    assert run(".", "--to", "markdown,aiken").exit_code == 1
    before = files(folder / "out")
    done = run(".", "--to", "markdown,aiken")
    assert "6 inputs" in done.stderr
    assert files(folder / "out") == before


def test_a_list_names_inputs(folder: Path) -> None:
    listed = "# the first two\ndumps/set0/exam0.txt\n\n  dumps/set1/exam1.txt\nnowhere.txt\n"
    (folder / "list").write_text(listed, encoding="utf-8")
    done = run("--from-file", "list")
    assert done.exit_code == 2
    assert "no such file: nowhere.txt" in done.stderr
    # As they are named, so that two of one name do not meet.
    assert "out/dumps/set0/exam0.json" in done.stderr
    assert {entry["file"] for entry in manifest(folder / "out")["files"]} == {
        "dumps/set0/exam0.txt",
        "dumps/set1/exam1.txt",
    }
    piped = run("--from-file", "-", "-o", "piped", stdin="dumps/set0/exam0.txt\0dumps/errors.txt\0")
    assert "2 inputs" in piped.stderr
    outside = run("--from-file", "-", "-o", "outside", stdin=str(folder / "dumps" / "errors.txt"))
    assert outside.exit_code == 1
    assert (folder / "outside" / "errors.json").is_file()
    missing = run("--from-file", "no-list")
    assert missing.exit_code == 2
    assert "cannot read no-list" in missing.stderr


def test_a_file_counts_once(folder: Path) -> None:
    inputs, errors = find_inputs(["dumps", "dumps/set0", "dumps/set0/exam0.txt", "./dumps/set0/*.txt"])
    assert (len(inputs), errors) == (6, [])
    assert [each.name for each in inputs] == sorted(each.name for each in inputs)


# What is done again


def test_an_unchanged_run_does_nothing(folder: Path) -> None:
    first = run("dumps")
    before = changes(folder / "out")
    again = run("dumps")
    assert changes(folder / "out") == before
    assert again.exit_code == first.exit_code == 1  # the mistakes are there still
    assert "6 unchanged since the last run. --force tells their findings again" in again.stderr
    assert "Q003" not in again.stderr.replace("3 (Q003)", "")
    verdict = next(line for line in first.stderr.splitlines() if line.startswith("6 inputs"))
    assert verdict in again.stderr.splitlines()


@pytest.mark.parametrize("has_index", [True, False])
def test_only_what_has_changed_is_done(folder: Path, has_index: bool) -> None:  # noqa: FBT001 - pytest's
    ingest.convert(["dumps"])
    out = folder / "out"
    before = changes(out)
    (folder / "dumps" / "set0" / "exam2.txt").write_text(HUERTO, encoding="utf-8")
    (out / "set1" / "exam1.csv").unlink()
    (out / "errors.json").write_bytes(b"edited")
    if not has_index:
        (out / INDEX).unlink()
    done = ingest.convert(["dumps"])
    assert names(done, unchanged=False) == ["errors.txt", "set0/exam2.txt", "set1/exam1.txt"]
    after = changes(out)
    same = {name for name in before if before[name] == after[name]}
    assert same == {f"set{at % 2}/exam{at}.{suffix}" for at in (0, 3, 4) for suffix in ("json", "csv")}
    fresh = files(out)
    shutil.rmtree(out)
    ingest.convert(["dumps"])
    assert fresh == files(out)


def test_the_same_content_is_not_done_again(folder: Path) -> None:
    ingest.convert(["dumps"])
    for path in (folder / "dumps").rglob("*.txt"):
        path.touch()
    assert names(ingest.convert(["dumps"]), unchanged=False) == []


def test_an_edit_of_the_same_size_is_seen(folder: Path) -> None:
    ingest.convert(["dumps"])
    dump = folder / "dumps" / "set0" / "exam0.txt"
    dump.write_text(dump.read_text(encoding="utf-8").replace("Case 0", "Case 7"), encoding="utf-8")
    assert names(ingest.convert(["dumps"]), unchanged=False) == ["set0/exam0.txt"]


def test_settings_are_part_of_what_outputs_are_made_from(folder: Path) -> None:
    ingest.convert(["dumps"])
    attempts = ConvertSettings(reading=ingest.ReadSettings(keep_attempt=True))
    assert names(ingest.convert(["dumps"], "out", attempts), unchanged=True) == []
    assert names(ingest.convert(["dumps"], "out", attempts), unchanged=False) == []
    few = ConvertSettings(selection=ingest.Selection(numbers=((1, 2),)))
    assert names(ingest.convert(["dumps"], "out", few), unchanged=True) == []
    assert names(ingest.convert(["dumps"], "out", few), unchanged=False) == []
    assert names(ingest.convert(["dumps"], "out", few, force=True), unchanged=True) == []


def test_another_version_does_everything_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest.convert(["dumps"])
    monkeypatch.setattr(ingest, "__version__", "99.0")
    assert names(ingest.convert(["dumps"]), unchanged=True) == []
    assert manifest(folder / "out")["version"] == "99.0"


def test_corrections_count(folder: Path) -> None:
    ingest.convert(["dumps"])
    beside = folder / "dumps" / "set0" / "exam0.corrections.toml"
    beside.write_text("# nothing yet\n", encoding="utf-8")
    assert names(ingest.convert(["dumps"]), unchanged=False) == ["set0/exam0.txt"]
    assert names(ingest.convert(["dumps"]), unchanged=False) == []
    beside.unlink()
    assert names(ingest.convert(["dumps"]), unchanged=False) == ["set0/exam0.txt"]


def test_corrections_count_in_a_large_folder(folder: Path) -> None:
    """Where names are not asked for one by one."""
    for at in range(30):
        shutil.copy2(folder / "dumps" / "set0" / "exam0.txt", folder / "dumps" / f"copy{at:02}.txt")
    first = ingest.convert(["dumps"], "out")
    assert names(first, unchanged=False) == [each.file for each in first]
    beside = folder / "dumps" / "copy20.corrections.toml"
    beside.write_text("# nothing yet\n", encoding="utf-8")
    assert names(ingest.convert(["dumps"], "out"), unchanged=False) == ["copy20.txt"]
    beside.unlink()
    assert names(ingest.convert(["dumps"], "out"), unchanged=False) == ["copy20.txt"]
    assert names(ingest.convert(["dumps"], "out"), unchanged=False) == []


def test_formats_stay_listed_side_by_side(folder: Path) -> None:
    ingest.convert(["dumps"], "out", ConvertSettings(("json",)))
    assert names(ingest.convert(["dumps"], "out", ConvertSettings(("gift",))), unchanged=True) == []
    both = ConvertSettings(("json", "gift"))
    assert names(ingest.convert(["dumps"], "out", both), unchanged=False) == []
    listed = {each["path"] for entry in manifest(folder / "out")["files"] for each in entry["outputs"]}
    assert listed == set(files(folder / "out")) - {"manifest.json"}


def test_one_output_folder_for_several_runs(folder: Path) -> None:
    ingest.convert(["dumps/set0"])
    ingest.convert(["dumps/set1"])
    ingest.convert(["dumps/errors.txt"])
    assert [entry["file"] for entry in manifest(folder / "out")["files"]] == [
        "errors.txt",
        *(f"exam{at}.txt" for at in range(5)),
    ]
    assert names(ingest.convert(["dumps/set0"]), unchanged=False) == []


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{}",
        b"[1, 2]",
        b"\xff\xfe",
        b'{"kind": "manifest", "version": "0.1.0", "files": [\n{"file": 3},\nx\n]}\n',
    ],
)
@pytest.mark.parametrize("name", ["manifest.json", INDEX])
def test_a_damaged_list_costs_time_only(folder: Path, name: str, damage: bytes) -> None:
    ingest.convert(["dumps"])
    before = files(folder / "out")
    (folder / "out" / name).write_bytes(damage)
    assert not any(each.error for each in ingest.convert(["dumps"]))
    assert files(folder / "out") == before
    assert names(ingest.convert(["dumps"]), unchanged=False) == []


def test_a_list_in_another_form_is_made_anew(folder: Path) -> None:
    ingest.convert(["dumps"])
    path = folder / "out" / "manifest.json"
    before = path.read_bytes()
    path.write_bytes(orjson.dumps(orjson.loads(before), option=orjson.OPT_INDENT_2))
    ingest.convert(["dumps"])
    assert path.read_bytes() == before


def test_the_manifest_is_the_same_wherever_it_is_made(folder: Path) -> None:
    ingest.convert(["dumps"])
    shutil.move(folder / "dumps", folder / "elsewhere")
    ingest.convert([folder / "elsewhere"], folder / "other")
    assert files(folder / "out") == files(folder / "other")
    assert str(folder).encode() not in (folder / "other" / "manifest.json").read_bytes()


def test_the_manifest_follows_its_schema(folder: Path) -> None:
    ingest.convert(["dumps"])
    loaded = schema.adapter("manifest").validate_json((folder / "out" / "manifest.json").read_bytes())
    assert loaded.files[0].file == "errors.txt"
    for entry in loaded.files:
        assert entry.sha256 == hashlib.sha256((folder / "dumps" / entry.file).read_bytes()).hexdigest()
        for output in entry.outputs:
            assert output.sha256 == hashlib.sha256((folder / "out" / output.path).read_bytes()).hexdigest()


# What is gone


def test_outputs_of_removed_inputs_are_told_and_pruned(folder: Path) -> None:
    run("dumps")
    (folder / "dumps" / "set0" / "exam0.txt").unlink()
    (folder / "dumps" / "set1" / "exam1.txt").unlink()
    (folder / "out" / "set1" / "exam1.json").write_bytes(b"edited by hand")
    told = run("dumps")
    assert "set0/exam0.txt is gone, and out/set0/exam0.json, out/set0/exam0.csv stayed" in told.stderr
    assert (folder / "out" / "set0" / "exam0.json").is_file()
    pruned = run("dumps", "--prune")
    assert "out/set0/exam0.json: removed, since its input is gone" in pruned.stderr
    assert "out/set1/exam1.json: was edited, and stays" in pruned.stderr
    left = set(files(folder / "out"))
    assert "set1/exam1.json" in left
    assert not left & {"set0/exam0.json", "set0/exam0.csv", "set1/exam1.csv"}
    assert len(manifest(folder / "out")["files"]) == 4
    assert "gone" not in run("dumps", "--prune").stderr


def test_an_empty_folder_goes_with_its_files(folder: Path) -> None:
    run("dumps")
    shutil.rmtree(folder / "dumps" / "set1")
    run("dumps", "--prune")
    assert not (folder / "out" / "set1").exists()


def test_what_is_only_not_named_is_not_gone(folder: Path) -> None:
    run("dumps")
    assert "gone" not in run("dumps/errors.txt").stderr
    assert "gone" not in run("dumps", "--exclude", "set0", "--prune").stderr
    assert (folder / "out" / "set0" / "exam0.json").is_file()


@pytest.mark.parametrize("out", ["out", "."])
@pytest.mark.parametrize("is_absolute", [True, False])
def test_a_manifest_cannot_name_files_outside(folder: Path, out: str, is_absolute: bool) -> None:  # noqa: FBT001 - pytest's
    run("dumps", "-o", out)
    victim = folder.parent / f"victim-{folder.name}.json"
    victim.write_bytes((folder / out / "set0" / "exam0.json").read_bytes())
    path = folder / out / "manifest.json"
    name = str(victim) if is_absolute else os.path.relpath(victim, folder / out)
    path.write_bytes(path.read_bytes().replace(b'"set0/exam0.json"', orjson.dumps(name)))
    (folder / "dumps" / "set0" / "exam0.txt").unlink()
    pruned = run("dumps", "-o", out, "--prune")
    assert "set0/exam0.csv: removed" in pruned.stderr
    assert victim.is_file()


# Who does it


def test_processes_give_the_same(folder: Path) -> None:
    alone = ingest.convert(["dumps"], "alone")
    two = ingest.convert(["dumps"], "two", jobs=2)
    # When a file was written is part of its stamp.
    bare = [
        [replace(each, outputs=[output._replace(stamp="") for output in each.outputs]) for each in done]
        for done in (alone, two)
    ]
    assert bare[0] == bare[1]
    assert files(folder / "alone") == files(folder / "two")
    mixed = folder / "dumps" / "set0" / "exam2.txt"
    mixed.write_text(HUERTO, encoding="utf-8")
    assert names(ingest.convert(["dumps"], "two", jobs=2), unchanged=False) == ["set0/exam2.txt"]


def test_any_executor_will_do(folder: Path) -> None:
    ingest.convert(["dumps"], "alone")
    with ThreadPoolExecutor(3) as executor:
        ingest.convert(["dumps"], "threads", executor=executor)
    assert files(folder / "alone") == files(folder / "threads")


class _Failing(Executor):
    """Does the work at once; fails at groups that hold a certain input."""

    def __init__(self, victim: str) -> None:
        self.victim = victim
        self.groups: list[int] = []

    def submit(self, _call: Any, tasks: list[Task], settings: bytes) -> Future[Any]:  # type: ignore[override]
        future: Future[Any] = Future()
        self.groups.append(len(tasks))
        if any(task.entry.name == self.victim for task in tasks):
            future.set_exception(MemoryError("too large"))
        else:
            future.set_result(convert_tasks(tasks, settings))
        return future


def test_what_fails_costs_one_input(folder: Path) -> None:
    executor = _Failing("set0/exam2.txt")
    done = ingest.convert(["dumps"], executor=executor)
    assert [each.file for each in done] == sorted(each.file for each in done)
    failed = [each for each in done if each.error]
    assert [each.file for each in failed] == ["set0/exam2.txt"]
    assert failed[0].error
    assert failed[0].error.endswith("set0/exam2.txt: MemoryError: too large")
    assert executor.groups == [6, 1, 1, 1, 1, 1, 1]
    assert len(manifest(folder / "out")["files"]) == 5


def test_an_input_that_vanishes_is_told(folder: Path) -> None:
    inputs, _ = find_inputs(["dumps"], Search())
    (folder / "dumps" / "set0" / "exam0.txt").unlink()
    done = list(Batch(inputs, "out", ConvertSettings()).run())
    assert [each.error for each in done if each.error] == [
        "cannot read dumps/set0/exam0.txt: No such file or directory"
    ]
    assert len(manifest(folder / "out")["files"]) == 5


def test_a_run_that_is_left_keeps_what_is_done(folder: Path) -> None:
    inputs, _ = find_inputs(["dumps"], Search())
    run = Batch(inputs, "out", ConvertSettings()).run()
    first, second = next(run), next(run)
    run.close()
    assert [each["file"] for each in manifest(folder / "out")["files"]] == [first.file, second.file]
    assert names(ingest.convert(["dumps"]), unchanged=True) == [first.file, second.file]


def test_the_rest_is_not_tried_where_nothing_can_be_written(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ingest.stores.local.Local.write", full)
    done = run("dumps")
    assert done.exit_code == 2
    assert "cannot write out/errors.json: No space left on device" in done.stderr
    assert "5 more inputs were not tried" in done.stderr


def test_many_inputs_are_told_in_a_few_lines(folder: Path) -> None:
    for at in range(30):
        (folder / "dumps" / f"more{at}.txt").write_text(HUERTO, encoding="utf-8")
    done = run("dumps", "--exclude", "errors.txt")
    assert done.stderr.splitlines()[-1].startswith("35 inputs: 280 questions read")
    assert len(done.stderr.splitlines()) < 5
    assert run("dumps", "--exclude", "errors.txt", "-q").stderr == ""


@pytest.mark.parametrize("flag", [("--prune",), ("--jobs", "2"), ("--cluster", "tcp://127.0.0.1:1")])
def test_what_is_for_a_folder_is_refused_where_one_output_is_printed(
    folder: Path, flag: tuple[str, ...]
) -> None:
    done = run("dumps/errors.txt", "-o", "-", *flag)
    assert done.exit_code == 2
    assert f"{flag[0]} is for outputs in a folder" in done.stderr


def test_processes_of_this_machine_and_of_a_cluster_exclude_each_other(folder: Path) -> None:
    done = run("dumps", "--cluster", "tcp://127.0.0.1:1", "--jobs", "2")
    assert done.exit_code == 2
    assert "give one of them" in done.stderr
    assert not (folder / "out").exists()


def test_an_empty_list_is_nothing_to_do(folder: Path) -> None:
    done = run("--from-file", "-", stdin="\n# none\n")
    assert done.exit_code == 0
    assert done.stderr == "nothing to do: the list names no file\n"
    assert not (folder / "out").exists()


def test_an_output_folder_below_a_file_is_told_once(folder: Path) -> None:
    done = run("dumps", "-o", "dumps/errors.txt/out")
    assert done.exit_code == 2
    assert done.stderr.count("Not a directory") == 1
    assert "more inputs were not tried" in done.stderr
