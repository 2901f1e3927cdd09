"""Inputs and outputs on an S3 server: moto's, started here on a free port of the loopback."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import ingest
from conftest import ROOT
from many_dumps import files, make_dumps, run, unlike

pytest.importorskip("moto.server")
pytest.importorskip("s3fs")
fsspec = pytest.importorskip("fsspec")

HUERTO = (ROOT / "raw" / "huerto_es.txt").read_bytes()
DUMPS = 40


class Bucket:
    """A bucket that keeps all versions of its objects, so that what was written again is seen."""

    def __init__(self, system: Any, name: str) -> None:
        self.system = system
        self.url = f"s3://{name}"
        self._name = name
        system.mkdir(name)
        system.call_s3("put_bucket_versioning", Bucket=name, VersioningConfiguration={"Status": "Enabled"})

    def put(self, below: str, content: bytes) -> None:
        self.system.pipe_file(f"{self.url}/{below}", content)

    def remove(self, below: str) -> None:
        self.system.rm_file(f"{self.url}/{below}")

    def objects(self, folder: str) -> dict[str, bytes]:
        """Every file but the index."""
        self.system.invalidate_cache()
        root = f"{self._name}/{folder}/"
        return {
            path.removeprefix(root): self.system.cat_file(path)
            for path in self.system.find(root)
            if not path.endswith("/.ingest-index")
        }

    def versions(self, folder: str) -> dict[str, int]:
        """How often each was written."""
        told = self.system.call_s3("list_object_versions", Bucket=self._name, Prefix=f"{folder}/")
        keys = [each["Key"] for each in told.get("Versions", ())]
        return {key.removeprefix(f"{folder}/"): keys.count(key) for key in keys}


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture(autouse=True)
def environment(endpoint: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in [name for name in os.environ if name.startswith(("AWS_", "FSSPEC_"))]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))


@pytest.fixture(scope="module")
def dumps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dumps")
    make_dumps(folder, DUMPS)
    return folder


@pytest.fixture(scope="module")
def local(dumps: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    out = tmp_path_factory.mktemp("near")
    ingest.convert([dumps], out)
    return files(out)


@pytest.fixture
def bucket(endpoint: str, dumps: Path, request: pytest.FixtureRequest) -> Bucket:
    # One of its own, so that it sees what others write only when it asks.
    system = fsspec.filesystem("s3", endpoint_url=endpoint, skip_instance_cache=True)
    bucket = Bucket(system, f"exams-{abs(hash(request.node.name))}")
    for path in sorted(dumps.rglob("*.txt")):
        bucket.put(f"dumps/{path.relative_to(dumps).as_posix()}", path.read_bytes())
    return bucket


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_folder_to_a_folder(bucket: Bucket, local: dict[str, bytes], tmp_path: Path, jobs: int) -> None:
    there, out = f"{bucket.url}/dumps", f"{bucket.url}/out"
    done = run(there, "-o", out, "-j", jobs, cwd=tmp_path)
    assert done.returncode == 1
    assert f"{DUMPS} inputs: " in done.stderr
    assert bucket.objects("out") == local
    versions = bucket.versions("out")
    assert set(versions.values()) == {1}
    again = run(there, "-o", out, "-j", jobs, cwd=tmp_path)
    assert f"{DUMPS} unchanged since the last run" in again.stderr
    assert bucket.versions("out") == versions


def test_what_has_changed_is_done_and_what_is_gone_is_pruned(
    bucket: Bucket, local: dict[str, bytes], tmp_path: Path
) -> None:
    there, out = f"{bucket.url}/dumps", f"{bucket.url}/out"
    run(there, "-o", out, cwd=tmp_path)
    bucket.put("dumps/set1/part1/exam001.txt", HUERTO)
    bucket.remove("out/set2/part2/exam002.csv")
    bucket.put("dumps/set0/part3/exam003.corrections.toml", b"# nothing yet\n")
    bucket.remove("dumps/set1/part4/exam004.txt")
    told = run(there, "-o", out, cwd=tmp_path)
    gone = ", ".join(f"{out}/set1/part4/exam004.{suffix}" for suffix in ("json", "csv"))
    assert f"set1/part4/exam004.txt is gone, and {gone} stayed: --prune removes them" in told.stderr
    assert f"{DUMPS - 4} unchanged since the last run" in told.stderr
    again = {name for name, number in bucket.versions("out").items() if number > 1}
    assert again == {
        *(f"set1/part1/exam001.{suffix}" for suffix in ("json", "csv")),
        *(f"set0/part3/exam003.{suffix}" for suffix in ("json", "csv")),
        *(f"set2/part2/exam002.{suffix}" for suffix in ("json", "csv")),
        "manifest.json",
        ".ingest-index",
    }
    run(there, "-o", out, "--prune", cwd=tmp_path)
    now = bucket.objects("out")
    assert local.keys() - now.keys() == {f"set1/part4/exam004.{suffix}" for suffix in ("json", "csv")}
    assert now["set1/part1/exam001.json"] != local["set1/part1/exam001.json"]
    assert b"exam004" not in now["manifest.json"]


def test_from_here_to_there_and_back(
    bucket: Bucket, local: dict[str, bytes], dumps: Path, tmp_path: Path
) -> None:
    run(dumps, "-o", f"{bucket.url}/", cwd=tmp_path)
    assert {f"out/{name}" for name in bucket.objects("out")} == set()
    run(f"{bucket.url}/dumps/", "-o", tmp_path / "near", cwd=tmp_path)
    assert unlike(tmp_path / "near", local) == []


def test_a_file_a_pattern_and_a_list(bucket: Bucket, tmp_path: Path) -> None:
    bucket.put("odd/exam [1] ü+%20.txt", HUERTO)
    bucket.put("odd/empty.csv", b"")
    one = f"{bucket.url}/dumps/set1/part1/exam001.txt"
    for argument, found in (
        (one, ["exam001"]),
        (f"{bucket.url}/odd/exam [1] ü+%20.txt", ["exam [1] ü+%20"]),
        (f"{bucket.url}/odd", ["exam [1] ü+%20"]),
        (f"{bucket.url}/dumps/**/exam00[1-2].txt", ["exam001", "exam002"]),
    ):
        out = tmp_path / "out"
        assert run(argument, "-o", out, "--to", "json", cwd=tmp_path).returncode in (0, 1)
        assert sorted(path.stem for path in out.rglob("exam*.json")) == found
        for path in out.rglob("*"):
            if path.is_file():
                path.unlink()
    (tmp_path / "list").write_text(f"{one}\n{bucket.url}/dumps/none.txt\n", encoding="utf-8")
    done = run("--from-file", "list", cwd=tmp_path)
    assert done.returncode == 2
    assert f"no such file: {bucket.url}/dumps/none.txt" in done.stderr
    assert (tmp_path / "out" / "exam001.json").is_file()


def test_a_change_by_others_is_seen_in_the_same_process(bucket: Bucket) -> None:
    there, out = f"{bucket.url}/dumps/set0", f"{bucket.url}/out"
    ingest.convert([there], out)
    bucket.put("dumps/set0/part3/exam003.txt", HUERTO)
    bucket.put("dumps/set0/new.txt", HUERTO)
    bucket.remove("out/part0/exam000.json")
    done = ingest.convert([there], out)
    changed = [each.file for each in done if not each.is_unchanged]
    assert changed == ["new.txt", "part0/exam000.txt", "part3/exam003.txt"]
    assert "part0/exam000.json" in bucket.objects("out")


# What goes wrong is told, soon and in one line


def told(*arguments: object, cwd: Path, seconds: float = 20) -> list[str]:
    begin = time.monotonic()
    done = run(*arguments, cwd=cwd)
    assert done.returncode == 2
    assert time.monotonic() - begin < seconds
    return done.stderr.splitlines()


def test_no_bucket(dumps: Path, tmp_path: Path) -> None:
    assert told("s3://nobody/dumps", cwd=tmp_path) == ["error: no such file: s3://nobody/dumps"]
    lines = told(dumps, "-o", "s3://nobody/out", "-q", cwd=tmp_path)
    assert lines[0] == (
        "error: cannot write s3://nobody/out/set0/part0/exam000.json: The specified bucket does not exist"
    )
    assert lines[1:] == [f"error: {DUMPS - 1} more inputs were not tried"]


def test_no_credentials(dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    reason = "NoCredentialsError: Unable to locate credentials"
    assert told("s3://exams/dumps", cwd=tmp_path) == [f"error: cannot read s3://exams/dumps: {reason}"]
    (tmp_path / "list").write_text("s3://exams/dumps/a.txt\ns3://exams/dumps/b.txt\n", encoding="utf-8")
    assert told("--from-file", "list", cwd=tmp_path) == [
        f"error: cannot read s3://exams/dumps/a.txt: {reason}"
    ]
    lines = told(dumps, "-o", "s3://exams/out", "-q", cwd=tmp_path)
    assert lines == [f"error: cannot read s3://exams/out/.ingest-index: {reason}"]


def test_no_server(dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    reason = "EndpointConnectionError: Could not connect to the endpoint URL"
    lines = told("s3://exams/dumps", cwd=tmp_path)
    assert lines[0].startswith(f"error: cannot read s3://exams/dumps: {reason}")
    assert len(lines) == 1
    lines = told(dumps, "-o", "s3://exams/out", "-q", cwd=tmp_path)
    assert lines[0].startswith(f"error: cannot read s3://exams/out/.ingest-index: {reason}")
    assert len(lines) == 1


def test_outputs_are_not_pruned_where_nobody_can_tell(
    bucket: Bucket, dumps: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(f"{bucket.url}/dumps/set0", cwd=tmp_path)
    before = files(tmp_path / "out")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    few = tmp_path / "few"
    few.mkdir()
    (few / "other.txt").write_bytes(HUERTO)
    done = run("few", "--prune", "--to", "json", cwd=tmp_path)
    assert "gone" not in done.stderr
    assert files(tmp_path / "out").keys() == {*before, "other.json"}
