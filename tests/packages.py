"""Builds wheel and sdist into ``dist/``, checks them, and runs what is installed: ``make package``.

The wheel goes into an empty environment with the locked versions of what it needs, and no extra. There each
command is run on a sample, and whatever needs an extra must say which. What the packages hold, and that they
are the same bytes each time, is for tests/test_package.py.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path
from tempfile import TemporaryDirectory

ROOT = Path(__file__).parent.parent
DIST = ROOT / "dist"
WANTS = {
    "anki": ["convert", "kites.txt", "--to", "anki"],
    "cluster": ["convert", "kites.txt", "--cluster", "tcp://127.0.0.1:9"],
    "parquet": ["convert", "kites.txt", "--to", "parquet"],
    "remote": ["convert", "s3://bucket/kites.txt"],
    "report": ["report", "kites.txt", "-o", "page.html"],
    "xlsx": ["convert", "kites.txt", "--to", "xlsx"],
}
FUNCTIONS = {"pandas": "to_pandas", "parquet": "to_arrow", "polars": "to_polars"}
RUNS = [
    ["--version"],
    ["convert", "kites.txt", "--to", "json,jsonl,csv,csv-tidy,sqlite,moodle-xml,gift,aiken,qti21,udemy-csv"],
    ["convert", "kites.txt", "--to", "mmlu-jsonl,markdown", "-o", "more", "-j", "2"],
    ["validate", "kites.txt", "out/kites.json", "out/kites.csv"],
    ["schema", "document"],
    ["diff", "kites.txt", "out/kites.json"],
    ["merge", "kites.txt", "-o", "bank.json"],
    ["split", "bank.json", "-o", "split"],
    ["stats", "bank.json"],
    ["inspect", "kites.txt"],
    ["correct", "kites.txt"],
    ["rules", "P101"],
    ["formats", "json"],
    ["locales"],
]


def main() -> int:
    """1 where anything is not as it should be."""
    shutil.rmtree(DIST, ignore_errors=True)
    run(sys.executable, "-m", "hatchling", "build", "-d", DIST)
    packages = sorted(map(str, DIST.iterdir()))
    with TemporaryDirectory() as place:
        check(Path(place) / "checkers", packages)
        python = installed(Path(place) / "empty", packages)
        folder = Path(place) / "sample"
        folder.mkdir()
        shutil.copy(ROOT / "tests" / "compatibility" / "sources" / "kites.txt", folder)
        try_all(python, folder)
    for path in packages:
        print(Path(path).relative_to(ROOT))
    return 0


def check(folder: Path, packages: list[str]) -> None:
    """By the programs that look at packages."""
    python = environment(folder)
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "-r", ROOT / "requirements" / "package.txt")
    run(python, "-m", "twine", "check", "--strict", *packages)
    run(python, "-m", "check_wheel_contents", *(each for each in packages if each.endswith(".whl")))


def installed(folder: Path, packages: list[str]) -> Path:
    """The Python of an environment in which nothing is but the wheel and what it needs."""
    python = environment(folder)
    runtime = ROOT / "requirements" / "runtime.txt"
    run(python, "-m", "pip", "install", "-q", "--require-hashes", "--only-binary", ":all:", "-r", runtime)
    (wheel,) = (each for each in packages if each.endswith(".whl"))
    run(python, "-m", "pip", "install", "-q", "--no-deps", "--no-index", wheel)
    run(python, "-m", "pip", "check")
    return python


def try_all(python: Path, folder: Path) -> None:
    ingest = python.with_name("ingest")
    for arguments in RUNS:
        run(ingest, *arguments, cwd=folder, statuses=(0, 1))
    for extra, arguments in WANTS.items():
        told = run(ingest, *arguments, cwd=folder, statuses=(2,))
        assert f"exam-ingest[{extra}]" in told, (arguments, told)
    for extra, name in FUNCTIONS.items():
        told = run(python, "-c", f"import ingest; ingest.{name}(())", cwd=folder, statuses=(1,))
        assert f"exam-ingest[{extra}]" in told, (name, told)
    typed = "import ingest, pathlib; assert pathlib.Path(ingest.__file__).with_name('py.typed').exists()"
    run(python, "-c", typed, cwd=folder)


def environment(folder: Path) -> Path:
    venv.create(folder, with_pip=True)
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def run(*command: str | Path, cwd: Path = ROOT, statuses: tuple[int, ...] = (0,)) -> str:
    """What a command says, where it ends as it should. Nothing of this checkout is on its path."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        list(map(str, command)),
        cwd=cwd,
        env=clean | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONUTF8": "1"},
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    if done.returncode not in statuses:
        sys.exit(f"{' '.join(map(str, command))}: status {done.returncode}\n{done.stdout}")
    return done.stdout


if __name__ == "__main__":
    sys.exit(main())
