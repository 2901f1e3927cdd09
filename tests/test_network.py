"""Nothing reaches for the network but inputs and outputs that are named by a URL, and ``--cluster``.

Each command runs in a process whose sockets are watched, with those that it starts: Python tells of every
address that is looked up and every connection.
"""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import click
import pytest

from conftest import ROOT
from ingest.cli import main
from ingest.writers import formats

CORPUS = ROOT / "tests" / "compatibility" / "1.0"
WATCH = """
import os, sys

def watch(event, arguments):
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg") and not isinstance(arguments[1], tuple):
        return  # of this machine: processes that talk with each other
    if event.startswith(("socket.connect", "socket.send", "socket.get", "urllib.", "http.client.")):
        if event != "socket.gethostname":
            with open(os.environ["WATCHED"], "a") as file:
                file.write(f"{event} {arguments!r}\\n")
            raise OSError("no network in tests")

sys.addaudithook(watch)
"""
RUNS = {
    "convert": ["sources", "kites", "-j", "2", "-o", "out", "--to", ",".join(formats())],
    "correct": ["sources/kites.txt"],
    "diff": ["sources/kites.txt", "sources/kites_again.txt"],
    "formats": ["anki"],
    "inspect": ["sources/kites.txt"],
    "locales": [],
    "merge": ["sources", "-o", "merged.json"],
    "report": ["sources/kites.txt", "-o", "page.html"],
    "rules": ["P101"],
    "schema": ["document"],
    "split": ["bank.json", "-o", "split"],
    "stats": ["sources"],
    "validate": ["sources", "converted/kites.json", "converted/kites.csv"],
}
LIBRARIES = {"convert": ("genanki", "pyarrow", "xlsxwriter"), "report": ("jinja2",)}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(CORPUS, tmp_path / "set")
    (tmp_path / "set" / "ingest.toml").unlink()
    (tmp_path / "sitecustomize.py").write_text(WATCH, encoding="utf-8")
    (tmp_path / "set" / "kites").mkdir()
    # Enough for several processes.
    for name in range(20):
        shutil.copy(CORPUS / "sources" / "kites.txt", tmp_path / "set" / "kites" / f"{name}.txt")
    return tmp_path / "set"


def watched(folder: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """How a command ended, and what it asked the network for."""
    told = folder.parent / "told.txt"
    path = os.pathsep.join((str(folder.parent), str(ROOT / "src")))
    done = subprocess.run(
        [sys.executable, *command],
        cwd=folder,
        env=os.environ | {"WATCHED": str(told), "PYTHONPATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done, told.read_text(encoding="utf-8") if told.exists() else ""


def test_every_command_is_run() -> None:
    assert sorted(RUNS) == main.list_commands(click.Context(main))


@pytest.mark.parametrize("name", RUNS)
def test_no_command_reaches_for_the_network(name: str, folder: Path) -> None:
    for library in LIBRARIES.get(name, ()):
        pytest.importorskip(library)
    done, told = watched(folder, "-m", "ingest", name, *RUNS[name])
    assert told == ""
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("call", ["socket.create_connection(('127.0.0.1', 9))", "socket.gethostbyname('x')"])
def test_the_watch_sees_what_it_is_for(call: str, folder: Path) -> None:
    done, told = watched(folder, "-c", f"import socket; {call}")
    assert told
    assert "no network in tests" in done.stderr


def test_a_cluster_is_reached_by_its_name(folder: Path) -> None:
    pytest.importorskip("distributed")
    watching = "import ingest.clusters as c; c._PATIENCE_S = 1\nwith c.connected('tcp://127.0.0.1:9'): pass"
    _, told = watched(folder, "-c", watching)
    assert "127.0.0.1" in told


def test_only_stores_and_clusters_load_what_can_reach_it() -> None:
    reaching = re.compile(
        r"(aiohttp|asyncio|boto|distributed|dask|fsspec|ftplib|http|httpx|requests|s3fs|smtplib|socket|socketserver"
        r"|ssl|urllib3?\.request|urllib3|webbrowser|xmlrpc)(\.|$)"
    )
    found = {
        (path.relative_to(ROOT / "src" / "ingest").as_posix(), name)
        for path in (ROOT / "src").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [node.module or ""] if isinstance(node, ast.ImportFrom) else [a.name for a in node.names]
        )
        if reaching.match(name)
    }
    assert found == {("stores/remote.py", "fsspec.core"), ("clusters.py", "distributed")}
