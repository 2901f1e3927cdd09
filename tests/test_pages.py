"""What the pages say is true."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import ingest
from conftest import ROOT
from ingest.manuals import of_formats, of_rules
from ingest.rules import catalogue
from ingest.writers import WriteSettings, writer

SOURCE = ROOT / "src" / "ingest"


def test_the_map_names_every_module() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    assert len(page.splitlines()) < 150
    for path in SOURCE.rglob("*.py"):
        if path.name == "__init__.py" or "rules" in path.parts:
            continue
        assert f"`{path.name}`" in page, f"the map does not name {path.relative_to(SOURCE)}"
    for folder in SOURCE.iterdir():
        if folder.is_dir() and folder.name != "__pycache__":
            assert f"`{folder.name}/`" in page, f"the map does not name {folder.name}/"


def test_the_manuals_are_those_of_the_rules() -> None:
    page = (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")
    assert page == f"{of_rules.render()}\n", "docs/rules.md is stale: make docs"


def test_the_manuals_are_those_of_the_formats() -> None:
    page = (ROOT / "docs" / "formats.md").read_text(encoding="utf-8")
    assert page == f"{of_formats.render()}\n", "docs/formats.md is stale: make docs"


def test_the_example_of_the_guide_is_true() -> None:
    page = (ROOT / "docs" / "validate.md").read_text(encoding="utf-8")
    example = re.search(r"```console\n\$ ingest (.*?)\n(.*?)```", page, re.DOTALL)
    assert example
    command = [sys.executable, "-m", "ingest", *example[1].split()]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=_plain())
    assert run.stdout + run.stderr == example[2]


def _plain() -> dict[str, str]:
    """The environment without what a build runner puts there."""
    return {name: value for name, value in os.environ.items() if name not in ("GITHUB_ACTIONS", "GITLAB_CI")}


def test_the_map_names_nothing_that_is_not_there() -> None:
    page = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").split("## How")[0]
    names = {path.name for path in SOURCE.rglob("*.py")}
    assert set(re.findall(r"`(\w+\.py)`", page)) <= names


def test_the_example_of_the_readme_is_true() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    dump = re.search(r"```text\n(.*?)```", page, re.DOTALL)
    record = re.search(r"```json\n(.*?)```", page, re.DOTALL)
    assert dump
    assert record
    result = ingest.read_text(dump[1])
    line = writer("jsonl").render(result.document, WriteSettings())[0]
    question = json.loads(line)
    shown = json.loads(record[1])
    assert {key: question[key] for key in shown} == shown
    assert not result.diagnostics


def test_commands_stand_on_the_first_screen() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").splitlines()[:20]
    assert any("make convert" in line for line in first)
    assert any("make test" in line for line in first)


def test_codes_named_in_pages_exist() -> None:
    for name in ("README.md", "ARCHITECTURE.md", "CHANGELOG.md", "docs/validate.md", "docs/defects.md"):
        page = (ROOT / name).read_text(encoding="utf-8")
        codes = set(re.findall(r"\b[TPQRS][0-9]{3}\b", page))
        assert codes <= set(catalogue()), name
