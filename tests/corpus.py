"""Writes the corpus of this version: files of every writer, and all else that a version promises to read.

    make corpus

They are made of the dumps in ``tests/compatibility/sources`` and go to ``tests/compatibility/1.0``, the minor
version. A folder that is there stays as it is: what a version has written must be read for ever. Before a
release, while nobody else has such files, it may be removed and made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import Any

import orjson
from click.testing import CliRunner

import ingest
from ingest.cli import main
from ingest.writers import WriteSettings, formats, writer
from surface import surface

CORPUS = Path(__file__).parent / "compatibility"
SOURCES = CORPUS / "sources"
SUMS = CORPUS / "SHA256SUMS"
VERSION = ".".join(ingest.__version__.split(".")[:2])
SELECTION = ingest.Selection(sample=4, seed=1, shuffle_options=True)


def make() -> int:
    """Writes the folder of this version, and the hashes of its files."""
    target = CORPUS / VERSION
    if target.exists():
        print(f"{target} stays as it is: what a version has written is never changed", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / VERSION
        shutil.copytree(SOURCES, folder / "sources")
        with chdir(folder):
            _write_files()
        for path in folder.rglob(".*"):  # the index holds paths of this machine
            path.unlink()
        shutil.copytree(folder, target)
    others = [line for line in _lines() if not line.partition("  ")[2].startswith(f"{VERSION}/")]
    SUMS.write_text("".join(f"{line}\n" for line in [*others, *sums(VERSION)]), encoding="utf-8")
    print(f"{target}: {len(sums(VERSION))} files")
    return 0


def sums(version: str) -> list[str]:
    """The hashes of a version's files, as ``sha256sum`` has them."""
    paths = sorted(path for path in (CORPUS / version).rglob("*") if path.is_file())
    return [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(CORPUS).as_posix()}"
        for path in paths
    ]


def versions() -> list[str]:
    return sorted(path.name for path in CORPUS.iterdir() if path.is_dir() and path.name[0].isdigit())


def _lines() -> list[str]:
    return SUMS.read_text(encoding="utf-8").splitlines() if SUMS.exists() else []


def _write_files() -> None:
    dumps = sorted(path.as_posix() for path in Path("sources").iterdir() if path.suffix != ".toml")
    dumps.remove("sources/danish.txt")
    shutil.copy("sources/ingest.toml", "ingest.toml")
    kites = "sources/kites.txt"
    run("correct", kites, "--question", "4")
    run("convert", *dumps, "--to", "json", "-o", "converted")
    run("convert", kites, "--to", ",".join(formats()), "-o", "converted")
    run("convert", kites, "--to", "jsonl", "--keep-attempt", "-o", "attempt")
    run("convert", kites, "--to", "csv", "--csv-safe", "-o", "safe")
    run("convert", "sources/danish.txt", "--to", "json", "--labels", "sources/labels.toml", "-o", "danish")
    run("merge", kites, "sources/kites_again.txt", "-o", "bank.json")
    run("validate", "sources", "--baseline", "baseline.json", "--write-baseline")
    save("findings.json", run("validate", kites, "--format", "json"))
    save("difference.json", run("diff", kites, "sources/kites_again.txt", "--format", "json"))
    save("statistics.json", run("stats", kites, "--format", "json"))
    # What this version reads out of what it has written, as JSON.
    for name in ("kites.jsonl", "kites.csv", "kites.udemy.csv"):
        save(f"read/{name}.json", as_json(ingest.read_document(f"converted/{name}")))
    save("read/bank.json", as_json(ingest.read_document("bank.json")))
    save(
        "selected.json",
        as_json(ingest.select(ingest.read_document("converted/kites.json"), SELECTION).document),
    )
    save("surface.json", json.dumps(surface(), indent=0) + "\n")


def run(*arguments: str) -> str:
    """What a command prints to standard output."""
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code in (0, 1), (arguments, done.output, done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.stdout


def as_json(document: ingest.Document) -> str:
    return writer("json").render(document, WriteSettings())[0].decode()


def save(name: str, text: str) -> None:
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_bytes(text.encode())


def load(path: Path) -> Any:
    return orjson.loads(path.read_bytes())


if __name__ == "__main__":
    os.environ.pop("GITHUB_ACTIONS", None)
    sys.exit(make())
