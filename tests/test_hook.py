"""The pre-commit hook, run by pre-commit itself."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from conftest import ROOT

_GIT = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"]


def git(folder: Path, *arguments: str) -> None:
    subprocess.run([*_GIT, *arguments], cwd=folder, check=True, capture_output=True)


def repository(folder: Path) -> Path:
    folder.mkdir()
    git(folder, "init", "-q")
    return folder


@pytest.fixture
def sets(tmp_path: Path) -> Path:
    """A repository that runs the hook of this project on its sets; the command is the one under test, so that
    nothing is installed."""
    hooks = repository(tmp_path / "hooks")
    shutil.copy(ROOT / ".pre-commit-hooks.yaml", hooks)
    git(hooks, "add", ".")
    git(hooks, "commit", "-qm", "hooks")
    git(hooks, "tag", "v1")
    folder = repository(tmp_path / "project")
    (folder / ".pre-commit-config.yaml").write_text(
        f"""
repos:
  - repo: {hooks.as_posix()}
    rev: v1
    hooks:
      - id: ingest-validate
        language: system
        entry: {Path(sys.executable).as_posix()} -m ingest validate
""",
        encoding="utf-8",
    )
    (folder / "sets").mkdir()
    (folder / "README.md").write_text("No question set.\n", encoding="utf-8")
    return folder


def run_hook(folder: Path) -> subprocess.CompletedProcess[str]:
    git(folder, "add", ".")
    command = [sys.executable, "-m", "pre_commit", "run", "--all-files"]
    home = {"PRE_COMMIT_HOME": str(folder.parent / "cache"), "PATH": "/usr/bin:/bin:/usr/local/bin"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, env=home, check=False)


def test_the_hook_passes_clean_sets_and_fails_broken_ones(sets: Path) -> None:
    shutil.copy(ROOT / "raw" / "huerto_es.txt", sets / "sets")
    clean = run_hook(sets)
    assert clean.returncode == 0, clean.stdout + clean.stderr
    assert "Passed" in clean.stdout
    shutil.copy(ROOT / "raw" / "errores_es.txt", sets / "sets")
    broken = run_hook(sets)
    assert broken.returncode == 1
    assert "sets/errores_es.txt:85:1: Q003 question 3" in broken.stdout
