"""A Dask cluster: its scheduler and workers are processes of their own, on the loopback."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import ingest
from ingest import clusters
from ingest.errors import IngestError
from many_dumps import end, files, left_half_written, make_dumps, run, started, told, unlike

pytest.importorskip("distributed")
if os.name != "posix":
    pytest.skip("ends groups of processes, as Unix has them", allow_module_level=True)

DUMPS = 500


class Cluster:
    """A scheduler and its workers, with their logs in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._processes: list[subprocess.Popen[str]] = []
        self.scheduler = self._started("scheduler", "--host", "127.0.0.1", "--port", "0")
        self.address = self._told("0", r"Scheduler at:\s+(tcp://127\.0\.0\.1:\d+)")

    def worker(self, path: Path | None = None) -> subprocess.Popen[str]:
        """One more worker, that finds packages also at a path."""
        number = str(len(self._processes))
        process = self._started("worker", self.address, "--nthreads", "1", "--no-nanny", path=path)
        self._told(number, r"Registered to:\s+(\S+)")
        return process

    def end(self) -> None:
        for process in self._processes:
            end(process)

    def _started(self, *arguments: str, path: Path | None = None) -> subprocess.Popen[str]:
        # They must load the same code as this process does.
        paths = [str(path or Path(ingest.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
        with (self._folder / str(len(self._processes))).open("w", encoding="utf-8") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "dask", *arguments, "--no-dashboard"],
                cwd=self._folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                text=True,
                start_new_session=True,
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, paths))},
            )
        self._processes.append(process)
        return process

    def _told(self, log: str, pattern: str) -> str:
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            if found := re.search(pattern, (self._folder / log).read_text(encoding="utf-8")):
                return found[1]
            time.sleep(0.05)
        raise AssertionError((self._folder / log).read_text(encoding="utf-8"))


@pytest.fixture
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.end()


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("many")
    make_dumps(folder / "dumps", DUMPS)
    return folder / "dumps"


@pytest.fixture(scope="module")
def local(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("local")
    ingest.convert([dumps], out)
    return files(out)


def wait_for_outputs(out: Path, process: subprocess.Popen[str], number: int) -> None:
    while sum(1 for _ in out.rglob("*.csv")) < number:
        assert process.poll() is None, "the run has ended"
        time.sleep(0.01)


def test_a_worker_is_killed_during_the_run(
    cluster: Cluster, dumps: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    cluster.worker()
    victim = cluster.worker()
    # Relative paths, which are others for the workers.
    (tmp_path / "dumps").symlink_to(dumps)
    with started("dumps", "--cluster", cluster.address, cwd=tmp_path) as process:
        wait_for_outputs(tmp_path / "out", process, DUMPS // 10)
        victim.kill()
        assert process.wait() == 1
    assert f"{DUMPS} inputs: " in told(tmp_path)
    assert "died" not in told(tmp_path)
    assert unlike(tmp_path / "out", local) == []
    assert left_half_written(tmp_path / "out") == []
    again = run("dumps", "--cluster", cluster.address, cwd=tmp_path)
    assert f"{DUMPS} unchanged since the last run" in again.stderr


def test_an_interrupted_run_goes_on_here(
    cluster: Cluster, dumps: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    cluster.worker()
    with started(dumps, "--cluster", cluster.address, cwd=tmp_path) as process:
        wait_for_outputs(tmp_path / "out", process, DUMPS // 10)
        os.killpg(process.pid, signal.SIGINT)
        assert process.wait(30) == 130
    assert told(tmp_path).splitlines()[-1].startswith("interrupted: ")
    assert run(dumps, cwd=tmp_path).returncode == 1
    assert unlike(tmp_path / "out", local) == []


def test_the_scheduler_is_lost(
    cluster: Cluster, dumps: Path, local: dict[str, bytes], tmp_path: Path
) -> None:
    cluster.worker()
    with started(dumps, "-q", "--cluster", cluster.address, cwd=tmp_path) as process:
        wait_for_outputs(tmp_path / "out", process, DUMPS // 10)
        cluster.scheduler.kill()
        assert process.wait(30) == 2
    assert "Traceback" not in told(tmp_path)
    errors = [line for line in told(tmp_path).splitlines() if line.startswith("error")]
    assert errors == [f"error: the cluster at {cluster.address} is lost"]
    assert run(dumps, cwd=tmp_path).returncode == 1
    assert unlike(tmp_path / "out", local) == []


def test_an_input_that_fails_costs_one(cluster: Cluster, dumps: Path, tmp_path: Path) -> None:
    cluster.worker()
    (tmp_path / "dumps").mkdir()
    (tmp_path / "dumps" / "broken.corrections.toml").write_bytes(b"broken")
    for path in sorted(dumps.rglob("*.txt"))[:5]:
        (tmp_path / "dumps" / path.name).write_bytes(path.read_bytes())
    (tmp_path / "dumps" / "broken.txt").write_bytes(path.read_bytes())
    done = run("dumps", "--cluster", cluster.address, cwd=tmp_path)
    assert done.returncode == 2
    assert "broken.corrections.toml" in done.stderr
    assert len(list((tmp_path / "out").rglob("*.csv"))) == 5


def test_a_cluster_must_be_there_and_ready(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clusters, "_PATIENCE_S", 1)

    def error_at(address: str) -> str:
        begin = time.monotonic()
        with pytest.raises(IngestError) as caught, clusters.connected(address):
            pass
        assert time.monotonic() - begin < 10
        return str(caught.value)

    assert error_at("tcp://127.0.0.1:1").startswith("no cluster at tcp://127.0.0.1:1: Timed out")
    assert error_at("nowhere") == "no cluster at nowhere: missing port number in address 'nowhere'"
    assert error_at("foo://nowhere:1").startswith("no cluster at foo://nowhere:1: unknown address scheme")
    assert error_at(cluster.address) == f"the cluster at {cluster.address} has no workers"
    # One with another version, then one without this package.
    other = tmp_path / "other" / "ingest"
    other.mkdir(parents=True)
    (other / "__init__.py").write_text('__version__ = "0.0.1"\n', encoding="utf-8")
    for name in ("clusters.py", "errors.py"):
        (other / name).write_text(
            (Path(ingest.__file__).parent / name).read_text(encoding="utf-8"), encoding="utf-8"
        )
    worker = cluster.worker(other.parent)
    assert error_at(cluster.address).endswith(f" has ingest 0.0.1, this is {ingest.__version__}")
    end(worker)
    (other / "clusters.py").unlink()
    worker = cluster.worker(other.parent)
    assert "cannot load ingest: ModuleNotFoundError" in error_at(cluster.address)


def test_what_a_cluster_needs_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(IngestError, match=r"exam-ingest\[cluster\]"), clusters.connected("tcp://127.0.0.1:1"):
        pass
