"""The packages as they are built: all that belongs into them, nothing else, and the same bytes again."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path, PurePosixPath

import pytest

import ingest
from conftest import ROOT
from platforms import PYTHONS

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> set[str]:
    """The files under version control, but those that are to be removed."""
    if not (ROOT / ".git").exists() or not shutil.which("git"):
        pytest.skip("no checkout: nobody knows which files belong to it")
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    return {name for name in listed.stdout.split("\0") if name and (ROOT / name).exists()}


def copied(folder: Path) -> Path:
    """The files under version control in a place of their own."""
    for name in tracked():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    return folder


def built(source: Path, out: Path, *targets: str) -> dict[str, Path]:
    """The packages made of a source, by their suffixes."""
    pytest.importorskip("hatchling")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(out)]
    subprocess.run(
        [*command, *(f"-t{each}" for each in targets)], cwd=source, check=True, capture_output=True
    )
    return {path.suffix: path for path in out.iterdir()}


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return built(copied(tmp_path_factory.mktemp("source")), tmp_path_factory.mktemp("dist"))


def test_the_wheel_holds_the_package_and_nothing_else(packages: dict[str, Path]) -> None:
    with zipfile.ZipFile(packages[".whl"]) as wheel:
        names = {name for name in wheel.namelist() if ".dist-info/" not in name}
        metadata = wheel.read(f"exam_ingest-{ingest.__version__}.dist-info/METADATA").decode()
        record = f"exam_ingest-{ingest.__version__}.dist-info"
        assert f"{record}/licenses/LICENSE" in wheel.namelist()
        assert wheel.read(f"{record}/entry_points.txt").decode().split() == [
            *("[console_scripts]", "ingest", "=", "ingest.cli:run")
        ]
    ours = {name.removeprefix("src/") for name in tracked() if name.startswith("src/")}
    assert names == ours
    kinds = {PurePosixPath(name).suffix for name in names}
    assert kinds == {".py", ".toml", ".html", ".css", ".js", ".typed"}
    assert f"\nVersion: {ingest.__version__}\n" in metadata
    assert "\nRequires-Python: >=3.11\n" in metadata


def test_the_sdist_holds_all_that_is_under_version_control(packages: dict[str, Path]) -> None:
    with tarfile.open(packages[".gz"]) as sdist:
        names = {member.name.partition("/")[2] for member in sdist.getmembers() if member.isfile()}
    assert names - tracked() == {"PKG-INFO"}
    assert tracked() - names == set()


def test_the_same_source_gives_the_same_bytes(packages: dict[str, Path], tmp_path: Path) -> None:
    again = built(copied(tmp_path / "source"), tmp_path / "dist")
    assert {kind: hashed(path) for kind, path in again.items()} == {
        kind: hashed(path) for kind, path in packages.items()
    }


def test_the_sdist_gives_the_same_wheel(packages: dict[str, Path], tmp_path: Path) -> None:
    with tarfile.open(packages[".gz"]) as sdist:
        sdist.extractall(tmp_path, filter="data")
    (source,) = tmp_path.iterdir()
    assert hashed(built(source, tmp_path / "dist", "wheel")[".whl"]) == hashed(packages[".whl"])


def test_what_is_compiled_is_there_and_nothing_hides_a_source() -> None:
    hook = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
    assert not hook["enable-by-default"]
    source = ROOT / "src"
    compiled = [list(source.glob(pattern)) for pattern in hook["modules"]]
    assert all(compiled)
    # Compiled, such a property is worked out whenever it is looked at.
    assert not [path for paths in compiled for path in paths if "cached_property" in path.read_text("utf-8")]
    assert not [path for ending in ("so", "pyd") for path in source.rglob(f"*.{ending}")]


def test_one_version_is_told_everywhere() -> None:
    assert "version" in PROJECT["project"]["dynamic"]
    changes = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    newest = re.findall(r"(?m)^## (\S+)", changes)[0]
    assert newest.rstrip(",") in (ingest.__version__, "Unreleased")


def test_bounds_are_the_same_wherever_they_stand() -> None:
    project = PROJECT["project"]
    extras = {name: each for name, each in project["optional-dependencies"].items() if name != "all"}
    bounds = dict(
        map(split, [*project["dependencies"], *(each for group in extras.values() for each in group)])
    )
    for group in PROJECT["dependency-groups"].values():
        for name, bound in map(split, group):
            assert bounds.get(name, bound) == bound, name
    (every,) = project["optional-dependencies"]["all"]
    assert every == f"exam-ingest[{','.join(sorted(extras))}]"


def split(requirement: str) -> tuple[str, str]:
    found = re.fullmatch(r"([\w.-]+)(?:\[.*\])?(.*)", requirement)
    assert found
    return found[1], found[2]


def hashed(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


# What runs elsewhere: the workflows.

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.name)
def test_workflows_pin_what_they_use_and_may_do_little(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "\npermissions: {}\n" in text
    for line in re.findall(r"uses: .*", text):
        assert re.fullmatch(r"uses: [\w.-]+/[\w.-]+@[0-9a-f]{40} # v[\d.]+", line), line
    assert text.count("actions/checkout@") == text.count("persist-credentials: false")
    targets = set(re.findall(r"(?m)^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8")))
    assert set(re.findall(r"make ([a-z]+)", text)) <= targets


def test_the_tested_pythons_are_the_ones_that_the_package_names() -> None:
    matrix = (ROOT / ".github" / "workflows" / "test.yml").read_text(encoding="utf-8")
    told = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    assert re.findall(r'"(3\.\d+)"', re.findall(r"python: (\[.*\])", matrix)[0]) == told == list(PYTHONS)
