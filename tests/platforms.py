"""Runs the tests with the lowest and with the newest versions of all that the package depends on, for each
Python that is asked for: ``make platforms``, or ``python tests/platforms.py 3.11 3.14 --only lowest``.

Needs uv, and PyPI. Dependencies and extras are what is tried; the tests' own tools are the newest ones in
both cases. The lowest version is the lowest that the bounds allow and that has a wheel for that Python, since
what must be compiled tells more of the machine than of the package. Each environment stays in a folder below
``--folder``, with ``versions.txt``, the versions in it, and ``tests.txt``, what the tests said.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
RESOLUTIONS = ("lowest", "highest")
_CLOSING = re.compile(rb"^=* ?((?:\d+ \w+,? ?)+in [\d.]+s).*$", re.MULTILINE)


def main() -> int:
    """Prints a line for each environment; 1 where the tests failed in one of them, or it could not be
    made."""
    asked = _asked()
    failed = 0
    for python in map(_found, asked.pythons):
        for resolution in [asked.only] if asked.only else RESOLUTIONS:
            name = f"{_version(python)}-{resolution}"
            folder = asked.folder.absolute() / name
            try:
                _make(folder, python, resolution)
                told, is_good = _test(folder, asked.tests)
            except subprocess.CalledProcessError as error:
                told, is_good = f"cannot be made: {error.stderr.decode().strip()}", False
            failed += not is_good
            print(f"{name}: {told}", flush=True)
    return int(failed > 0)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("pythons", nargs="*", default=PYTHONS, metavar="PYTHON", help="versions, or paths")
    parser.add_argument("--only", choices=RESOLUTIONS)
    parser.add_argument("--folder", type=Path, default=ROOT / ".platforms")
    parser.add_argument("--tests", nargs=argparse.REMAINDER, default=[], help="what pytest is to run")
    return parser.parse_args()


def _make(folder: Path, python: str, resolution: str) -> None:
    """An environment. Raises ``CalledProcessError``."""
    _uv("venv", "--quiet", "--clear", "--python", python, folder)
    pins = folder / "pins.txt"
    strategy = {"lowest": "lowest-direct", "highest": "highest"}[resolution]
    _uv(
        *("pip", "compile", "--quiet", "--all-extras", "--no-annotate", "--no-header", "pyproject.toml"),
        *("--python", _python(folder), "--resolution", strategy, "--no-build", "-o", pins),
    )
    _uv("pip", "install", "--quiet", "--python", _python(folder), "-r", pins, "--group", "dev", "-e", ".")
    names = {re.split(r"[\[>=<;~! ]", each, maxsplit=1)[0].lower() for each in _requirements()}
    pinned = [line for line in pins.read_text().splitlines() if line.partition("==")[0].lower() in names]
    (folder / "versions.txt").write_text("\n".join(pinned) + "\n")


def _requirements() -> Iterator[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    yield from project["dependencies"]
    for each in project["optional-dependencies"].values():
        yield from each


def _test(folder: Path, tests: list[str]) -> tuple[str, bool]:
    """The closing line of the tests, and whether they passed."""
    environment = os.environ | {
        "CI": "true",
        "PATH": f"{_python(folder).parent}{os.pathsep}{os.environ['PATH']}",
    }
    done = subprocess.run(
        [_python(folder), "-m", "pytest", "-p", "no:cacheprovider", *tests],
        cwd=ROOT,
        env=environment,
        check=False,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    (folder / "tests.txt").write_bytes(done.stdout)
    closing = _CLOSING.findall(done.stdout)
    return closing[-1].decode() if closing else "the tests did not run", done.returncode == 0


def _found(python: str) -> str:
    """The path of a Python, or of the newest one of a version."""
    return subprocess.check_output(["uv", "python", "find", "--no-project", python], text=True).strip()


def _version(python: str) -> str:
    """Such as ``cpython-3.13.0``, or ``cpython-3.14.0t`` for one without the lock of all threads."""
    asked = "import platform as p, sys; print(sys.implementation.name, p.python_version() + sys.abiflags)"
    return "-".join(subprocess.check_output([python, "-c", asked], text=True).split())


def _python(folder: Path) -> Path:
    return folder / ("Scripts" if os.name == "nt" else "bin") / "python"


def _uv(*arguments: str | Path) -> None:
    # What is built is built here, from this checkout.
    subprocess.run(["uv", *arguments], cwd=ROOT, check=True, stderr=subprocess.PIPE)


if __name__ == "__main__":
    sys.exit(main())
