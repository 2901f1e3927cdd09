"""What goes wrong during a run: killed processes, full disks, inputs that vanish. Nothing may be damaged, and
each must be told. The command runs in processes of its own, as people use it."""

from __future__ import annotations

import os
import random
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

import ingest
from conftest import ROOT
from ingest.converting import convert_tasks
from ingest.errors import IngestError
from ingest.finding import Input
from ingest.ledger import INDEX
from many_dumps import end, files, left_half_written, make_dumps, run, started, told, unlike

if not Path("/proc/self/stat").exists():
    pytest.skip("looks at processes as Linux has them", allow_module_level=True)

DUMPS = 90
KILLS = {1: 30, 2: 20}


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    make_dumps(folder, DUMPS)
    return folder


@pytest.fixture(scope="module")
def undisturbed(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    ingest.convert([dumps], out)
    return files(out)


@pytest.fixture
def few(tmp_path: Path) -> Path:
    """A folder with few dumps that a test may change."""
    make_dumps(tmp_path / "dumps", 12)
    return tmp_path


def session(process: subprocess.Popen[str]) -> list[int]:
    """The processes that a run has started and that live, itself among them."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, leader = path.read_text().rpartition(")")[2].split()[:4]
        except OSError:
            continue
        if int(leader) == process.pid and state not in "ZX":
            found.append(int(path.parent.name))
    return found


def is_left(process: subprocess.Popen[str]) -> bool:
    """Whether any of them still lives after a while."""
    deadline = time.monotonic() + 3
    while session(process) and time.monotonic() < deadline:
        time.sleep(0.02)
    return bool(session(process))


def wait_for(condition: Callable[[], Any], process: subprocess.Popen[str]) -> Any:
    while not (found := condition()):
        assert process.poll() is None, "the run has ended"
        time.sleep(0.002)
    return found


# Killed


@pytest.mark.parametrize("jobs", [1, 2])
def test_killed_at_any_moment(dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path, jobs: int) -> None:
    chance = random.Random(jobs)
    out = tmp_path / "out"
    lasts = 1.0
    kills = 0
    while True:
        begin = time.monotonic()
        patience = chance.uniform(0.3, 1.0) * lasts if kills < KILLS[jobs] else 60
        with started(dumps, "-j", jobs, "-q", cwd=tmp_path) as process:
            try:
                process.wait(patience)
            except subprocess.TimeoutExpired:
                kills += 1
                # The process alone, or with those that it has started.
                process.kill() if chance.random() < 0.5 else end(process)
                process.wait()
                continue
        lasts = min(lasts, time.monotonic() - begin)
        assert process.returncode == 1
        assert unlike(out, undisturbed) == []
        # An index that was left half written stays until something changes.
        assert len(left_half_written(out)) <= 1
        if kills >= KILLS[jobs]:
            break
        shutil.rmtree(out)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_no_process_stays_behind(dumps: Path, tmp_path: Path, number: signal.Signals) -> None:
    if signal.getsignal(number) is signal.SIG_IGN:
        pytest.skip("these tests were started with nohup")
    with started(dumps, "-j", 2, cwd=tmp_path) as process:
        wait_for(lambda: len(session(process)) > 2, process)
        process.send_signal(number)
        assert process.wait() == -number
        assert not is_left(process)


@pytest.mark.parametrize("jobs", [1, 2])
def test_interrupted(dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path, jobs: int) -> None:
    out = tmp_path / "out"
    with started(dumps, "-j", jobs, cwd=tmp_path) as process:
        wait_for(lambda: sum(1 for _ in out.rglob("*.csv")) > 9, process)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does
        assert process.wait() == 130
        assert not is_left(process)
    lines = told(tmp_path).splitlines()
    assert lines[-1].startswith("interrupted: ")
    assert "Traceback" not in told(tmp_path)
    done = int(lines[-1].split()[1])
    assert f"of {DUMPS} inputs are done and stay" in lines[-1]
    again = run(dumps, cwd=tmp_path)
    kept = re.search(r"(\d+) unchanged since the last run", again.stderr)
    assert done <= (int(kept[1]) if kept else 0)  # one more may have been listed before it was counted
    assert unlike(out, undisturbed) == []
    assert left_half_written(out) == []


def test_interrupted_before_anything_is_done(dumps: Path, tmp_path: Path) -> None:
    code = (
        "import os, signal, ingest.finding as finding\n"
        "find = finding.find_inputs\n"
        "def interrupted(*arguments):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    return find(*arguments)\n"
        "finding.find_inputs = interrupted\n"
        "from ingest.cli import run\n"
        "run()\n"
    )
    with started(dumps, cwd=tmp_path, code=code) as process:
        assert process.wait() == 130
    assert "Traceback" not in told(tmp_path)
    assert not (tmp_path / "out").exists()


# Two runs at once


def test_two_runs_at_once(dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    out = tmp_path / "out"
    for _ in range(2):
        with (
            started(dumps, "-j", 1, "-q", cwd=tmp_path) as one,
            started(dumps, "-j", 2, "-q", cwd=tmp_path) as two,
            started(dumps, "-j", 1, "-q", "--force", cwd=tmp_path) as three,
        ):
            assert [each.wait() for each in (one, two, three)] == [1, 1, 1]
        assert unlike(out, undisturbed) == []
    assert f"{DUMPS} unchanged since the last run" in run(dumps, cwd=tmp_path).stderr


def test_two_runs_with_other_inputs_at_once(
    dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    parts = [("--exclude", "*[02468].txt"), ("--exclude", "*[13579].txt")]
    with (
        started(dumps, *parts[0], "-q", cwd=tmp_path) as one,
        started(dumps, *parts[1], "-q", cwd=tmp_path) as two,
    ):
        assert {one.wait(), two.wait()} == {1}
    assert unlike(tmp_path / "out", undisturbed) == []


# What cannot be written


class Disk:
    """A small disk in memory, mounted where only one shell sees it; others come to it by that process."""

    def __init__(self, folder: Path, size: str) -> None:
        folder.mkdir()
        self._shell = subprocess.Popen(
            ["unshare", "-rm", "sh"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.folder = Path(f"/proc/{self._shell.pid}/root{folder}")
        answer = self.do(f"mount -t tmpfs -o size={size} tmpfs {folder}")
        if answer != "0":
            self.close()
            pytest.skip(f"no disk can be mounted here: {answer}")

    def do(self, command: str) -> str:
        assert self._shell.stdin
        assert self._shell.stdout
        try:
            self._shell.stdin.write(f"{command} 2>&1; echo $?\n")
            self._shell.stdin.flush()
        except BrokenPipeError:
            pass
        return self._shell.stdout.readline().strip()

    def close(self) -> None:
        self._shell.kill()
        self._shell.communicate()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    if not shutil.which("unshare"):
        pytest.skip("unshare is not here")
    disk = Disk(tmp_path / "disk", "1m")
    yield disk
    disk.close()


def change(dumps: Path) -> None:
    """Makes every dump longer, so that all outputs need more room."""
    more = (ROOT / "raw" / "huerto_es.txt").read_text(encoding="utf-8")
    for path in dumps.rglob("*.txt"):
        path.write_text(f"{path.read_text(encoding='utf-8')}\n{more}", encoding="utf-8")


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_full_disk(few: Path, disk: Disk, jobs: int) -> None:
    out = disk.folder / "out"
    assert run("dumps", "-o", out, "-j", jobs, cwd=few).returncode == 1
    before = files(out)
    change(few / "dumps")
    ingest.convert([few / "dumps"], few / "whole")
    after = files(few / "whole")
    free = shutil.disk_usage(disk.folder).free
    (disk.folder / "filler").write_bytes(bytes(free - 60_000))
    done = run("dumps", "-o", out, "-j", jobs, cwd=few)
    assert done.returncode == 2
    assert "No space left on device" in done.stderr
    assert "Traceback" not in done.stderr
    now = files(out)
    assert now.keys() == before.keys()
    for name in now.keys() - {"manifest.json"}:
        assert now[name] in (before[name], after[name])
    assert left_half_written(out) == []
    (disk.folder / "filler").unlink()
    done = run("dumps", "-o", out, "-j", jobs, cwd=few)
    assert done.returncode == 1
    assert unlike(out, after) == []


def test_a_disk_that_can_only_be_read(few: Path, disk: Disk) -> None:
    out = disk.folder / "out"
    run("dumps", "-o", out, cwd=few)
    before = files(out)
    assert disk.do(f"mount -o remount,ro {few}/disk") == "0"
    unchanged = run("dumps", "-o", out, cwd=few)
    assert unchanged.returncode == 1
    assert "12 unchanged since the last run" in unchanged.stderr
    change(few / "dumps")
    done = run("dumps", "-o", out, cwd=few)
    assert done.returncode == 2
    assert f"cannot write {out}/set0/part0/exam000.json: Read-only file system" in done.stderr
    assert "11 more inputs were not tried" in done.stderr
    assert unlike(out, before) == []


def test_a_file_that_may_not_grow(few: Path) -> None:
    import resource  # which Windows has not

    """Unlike a full disk, it concerns one output: the others are written."""
    out = few / "out"
    run("dumps", cwd=few)
    before = files(out)
    large = few / "dumps" / "set1" / "part1" / "exam001.txt"
    small = few / "dumps" / "set2" / "part2" / "exam002.txt"
    text = (ROOT / "raw" / "skipper_es.txt").read_text(encoding="utf-8")
    large.write_text(text, encoding="utf-8")
    small.write_text(text[: text.index("Pregunta 2")], encoding="utf-8")
    limit = (80_000, 80_000)
    done = run("dumps", cwd=few, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, limit))
    assert done.returncode == 2
    assert "cannot write out/set1/part1/exam001.json: File too large" in done.stderr
    now = files(out)
    changed = {name for name in now if now[name] != before[name]}
    assert changed == {"manifest.json", "set2/part2/exam002.json", "set2/part2/exam002.csv"}
    assert left_half_written(out) == []
    assert run("dumps", cwd=few).returncode == 1
    assert "File too large" not in told(few)
    assert len(files(out)["set1/part1/exam001.json"]) > limit[0]


def test_an_output_folder_that_is_a_file(few: Path) -> None:
    (few / "out").write_bytes(b"mine")
    done = run("dumps/set0", cwd=few)
    assert done.returncode == 2
    assert "cannot write out/part0/exam000.json: Not a directory" in done.stderr
    assert (few / "out").read_bytes() == b"mine"
    (few / "out").unlink()
    (few / "out" / "part0" / "exam000.json").mkdir(parents=True)
    done = run("dumps/set0", cwd=few)
    assert done.returncode == 2
    assert "cannot write out/part0/exam000.json: Is a directory" in done.stderr
    assert (few / "out" / "part3" / "exam003.json").is_file()
    assert left_half_written(few / "out") == []


# What cannot be read


@pytest.mark.parametrize("jobs", [1, 2])
def test_inputs_that_vanish(tmp_path: Path, jobs: int) -> None:
    folder = tmp_path / "dumps"
    make_dumps(folder, DUMPS)
    last, before, one_before = sorted(folder.rglob("*.txt"))[:-4:-1]
    ingest.convert([folder], tmp_path / "whole")
    with started(folder, "-j", jobs, cwd=tmp_path) as process:
        wait_for(lambda: next((tmp_path / "out").rglob("*.csv"), None), process)
        last.unlink()
        before.unlink()
        before.mkdir()
        one_before.unlink()
        one_before.symlink_to(one_before.name)
        assert process.wait() == 2
    assert f"cannot read {last}: No such file or directory" in told(tmp_path)
    assert f"cannot read {before}: Is a directory" in told(tmp_path)
    assert f"cannot read {one_before}: Too many levels of symbolic links" in told(tmp_path)
    assert f"{DUMPS} inputs: " in told(tmp_path)
    lost = {
        path.relative_to(folder).with_suffix(suffix).as_posix()
        for path in (last, before, one_before)
        for suffix in (".json", ".csv")
    }
    whole, out = files(tmp_path / "whole"), files(tmp_path / "out")
    assert out.keys() == whole.keys() - lost
    assert all(out[name] == whole[name] for name in out if name != "manifest.json")


# Processes that die


def test_a_process_of_the_pool_dies(dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path) -> None:
    with started(dumps, "-j", 2, cwd=tmp_path) as process:
        wait_for(lambda: next((tmp_path / "out").rglob("*.csv"), None), process)
        # The one that was started last: before those that work, Python may start some of its own.
        os.kill(max(session(process)), signal.SIGKILL)
        assert process.wait() == 1
    assert "died" not in told(tmp_path)
    assert unlike(tmp_path / "out", undisturbed) == []
    assert left_half_written(tmp_path / "out") == []


POISONED = """
import multiprocessing, os
import ingest.converting as converting
content_of = converting.content_of
def poisoned(entry, *limits):
    if "exam007" in entry.name or "exam011" in entry.name:
        os.kill(os.getpid(), 9)
    return content_of(entry, *limits)
converting.content_of = poisoned
multiprocessing.set_start_method("fork")
from ingest.cli import run
run()
"""


def test_an_input_that_kills_whoever_reads_it(
    dumps: Path, undisturbed: dict[str, bytes], tmp_path: Path
) -> None:
    with started(dumps, "-j", 2, cwd=tmp_path, code=POISONED) as process:
        assert process.wait(60) == 2
    errors = [line for line in told(tmp_path).splitlines() if line.startswith("error")]
    poison = [dumps / "set1" / "part2" / "exam007.txt", dumps / "set2" / "part1" / "exam011.txt"]
    assert errors == [f"error: {path}: the process that read it died" for path in poison]
    lost = {
        f"{name}.{suffix}"
        for name in ("set1/part2/exam007", "set2/part1/exam011")
        for suffix in ("json", "csv")
    }
    out = files(tmp_path / "out")
    assert out.keys() == undisturbed.keys() - lost
    assert all(out[name] == undisturbed[name] for name in out if name != "manifest.json")


def test_what_no_one_expected_costs_one_input(few: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content_of = ingest.converting.content_of

    def failing(entry: Input, *limits: Any) -> Any:
        if "exam007" in entry.name:
            raise RecursionError("too deep")
        return content_of(entry, *limits)

    monkeypatch.setattr(ingest.converting, "content_of", failing)
    done = ingest.convert([few / "dumps"], few / "out")
    assert [each.error for each in done if each.error] == [
        f"{few}/dumps/set1/part2/exam007.txt: RecursionError: too deep"
    ]
    assert len([each for each in done if each.outputs]) == 11


def _dies(tasks: list[Any], settings: bytes) -> Any:
    if any("exam007" in task.entry.name for task in tasks):
        os.kill(os.getpid(), signal.SIGKILL)
    return convert_tasks(tasks, settings)


class _Deadly(ProcessPoolExecutor):
    """An executor of somebody's own, of which a process dies."""

    def submit(self, _call: Any, /, *arguments: Any, **named: Any) -> Any:
        return super().submit(_dies, *arguments, **named)


def test_a_given_executor_that_breaks_ends_the_run(few: Path) -> None:
    """It cannot be made anew; what is done stays, and the reason is told."""
    with _Deadly(1) as executor, pytest.raises(IngestError, match="terminated abruptly"):
        ingest.convert([few / "dumps"], few / "out", executor=executor)
    done = ingest.convert([few / "dumps"], few / "out")
    assert [each.error for each in done if each.error] == []


# What changes during the run


class _Meanwhile(Executor):
    """Does the work at once; then somebody does something."""

    def __init__(self, event: Callable[[], Any]) -> None:
        self._event = event

    def submit(self, call: Any, /, *arguments: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*arguments, **named))
        self._event()
        return future


def test_corrections_that_are_edited_during_the_run_count_in_the_next(few: Path) -> None:
    beside = few / "dumps" / "set1" / "part1" / "exam001.corrections.toml"
    beside.write_text("# one\n", encoding="utf-8")
    edit = _Meanwhile(lambda: beside.write_text("# another\n", encoding="utf-8"))
    ingest.convert([few / "dumps"], few / "out", executor=edit)
    done = ingest.convert([few / "dumps"], few / "out")
    assert [each.file for each in done if not each.is_unchanged] == ["set1/part1/exam001.txt"]


def test_a_dump_that_is_edited_during_the_run_is_done_in_the_next(few: Path) -> None:
    dump = few / "dumps" / "set1" / "part1" / "exam001.txt"
    longer = dump.read_text(encoding="utf-8") + "\n"
    edit = _Meanwhile(lambda: dump.write_text(longer, encoding="utf-8"))
    ingest.convert([few / "dumps"], few / "out", executor=edit)
    done = ingest.convert([few / "dumps"], few / "out")
    assert [each.file for each in done if not each.is_unchanged] == ["set1/part1/exam001.txt"]


def test_nothing_is_pruned_where_inputs_are_not_found(few: Path) -> None:
    """Their disk may not be there at the moment."""
    run("dumps/set0", "dumps/set1", cwd=few)
    before = files(few / "out")
    (few / "dumps" / "set0").rename(few / "elsewhere")
    done = run("dumps/set0", "dumps/set1", "--prune", cwd=few)
    assert done.returncode == 2
    assert "no such file: dumps/set0" in done.stderr
    assert unlike(few / "out", before) == []


def test_a_missing_index_is_made_anew(few: Path) -> None:
    """A run may have been killed before it wrote it; without it every file is read by every run."""
    ingest.convert([few / "dumps"], few / "out")
    index = few / "out" / INDEX
    before = index.read_bytes()
    index.unlink()
    done = ingest.convert([few / "dumps"], few / "out")
    assert all(each.is_unchanged for each in done)
    assert index.read_bytes() == before
