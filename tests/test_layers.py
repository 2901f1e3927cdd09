"""Import directions: nouns know nothing, stages look only upstream, leaves stay leaves."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "src"
STAGES = ("decode", "compose", "lex", "segment", "interpret", "references", "build", "lint", "assemble")
# What each part of the package may import, besides itself.
ALLOWED = {
    "model": set(),
    "locales": {"model"},
    "parts": {"model", "locales", "errors"},
    "evidence": {"model", "locales", "parts"},
    "rules": {"model", "locales", "parts"},
    "converted": {"model", "parts", "rules", "schema"},
    "manuals": {"rules", "writers"},
    "banking": {"model", "errors", "converted", "parts", "pipeline", "reading", "rules", "sets"},
    "comparing": {"model", "parts"},
    "counting": {"model", "parts"},
    "differences": {"model", "parts"},
    "tables": {"model", "writers"},
    "baseline": {"model", "errors"},
    "fixing": {"model", "converted", "corrections", "pipeline", "sets", "validation"},
    "choice": {"model", "errors", "rules"},
    "documents": {
        "model",
        "errors",
        "banking",
        "converted",
        "parts",
        "pipeline",
        "reading",
        "rules",
        "schema",
        "sets",
    },
    "selecting": {"model", "errors", "parts", "rules"},
    "sets": {"model", "errors", "converted", "parts", "pipeline", "readers", "reading", "stages"},
    "validation": {
        *("model", "locales", "converted", "parts", "pipeline", "reading", "rules", "sets", "stages"),
    },
    "readers": {"model", "locales", "parts"},
    "stages": {"model", "locales", "parts", "evidence", "rules"},
    "writers": {"model", "errors", "parts"},
    "reports": {"model", "parts", "rules"},
    "errors": set(),
    "inspection": {"model"},
    "configuration": {"choice", "locales", "model", "errors", "files", "parts"},
    "schema": {"model"},
    "corrections": {"model", "errors", "parts"},
    "pages": {
        *("model", "errors", "converted", "corrections", "counting"),
        *("documents", "locales", "parts", "rules", "writers"),
    },
    "pipeline": {"model", "locales", "parts", "readers", "reading", "rules", "stages"},
    "reading": {"model", "locales"},
    "stores": {"errors"},
    "files": {
        "model",
        "errors",
        "converted",
        "documents",
        "finding",
        "pipeline",
        "reading",
        "stores",
        "writers",
        "corrections",
    },
    "finding": {"converted", "errors", "readers", "stores"},
    "ledger": {"errors", "finding", "model", "stores"},
    "converting": {
        *("model", "errors", "files", "finding", "parts", "reading", "rules", "stores", "writers"),
        *("documents", "selecting"),
    },
    "jobs": {"converting", "documents", "errors"},
    "batch": {
        *("errors", "files", "finding", "model", "stores", "writers"),
        *("converting", "jobs", "ledger", "ingest"),
    },
    "validating": {"model", "errors", "files", "finding", "validation"},
    "clusters": {"errors", "ingest"},
    "progress": set(),
}
MODULES = sorted((SOURCE / "ingest").rglob("*.py"))


def imports(path: Path) -> set[str]:
    names = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
        elif isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name for name in names if name.split(".")[0] == "ingest"}


def code_of(path: Path) -> str:
    """The text of a module without its docstring, where a manual may show examples."""
    text = path.read_text(encoding="utf-8")
    return text.replace(ast.get_docstring(ast.parse(text), clean=False) or "", "", 1)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_upstream(path: Path) -> None:
    part = path.relative_to(SOURCE / "ingest").parts[0].removesuffix(".py")
    if part in ("__init__", "__main__", "cli", "commands", "inputs", "terminal"):
        return
    for name in imports(path):
        target = name.split(".")[1] if "." in name else "ingest"
        assert target == part or target in ALLOWED[part], f"{path} imports {name}"


# Folders of leaves, and what a leaf's name begins with.
LEAVES = {
    "evidence": "",
    "readers": "",
    "rules": r"[a-z][0-9]{3}_",
    "writers": "as_",
    "differences": "as_",
    "converted": "from_",
    "manuals": "of_",
    "commands": "",
}


@pytest.mark.parametrize("folder", LEAVES)
def test_leaves_do_not_know_each_other(folder: str) -> None:
    paths = [path for path in (SOURCE / "ingest" / folder).rglob("*.py") if path.stem != "__init__"]
    leaves = {path.stem: path for path in paths if re.match(LEAVES[folder], path.stem)}
    assert leaves
    package = f"ingest.{folder}"
    for path in leaves.values():
        known = {name.rpartition(".")[2] for name in imports(path) if name.startswith(package)}
        known |= {
            alias.name
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
            if isinstance(node, ast.ImportFrom) and node.module == package
            for alias in node.names
        }
        assert not known & leaves.keys(), f"{path} imports another leaf"


def test_stages_import_only_earlier_stages() -> None:
    for place, stage in enumerate(STAGES):
        for name in imports(SOURCE / "ingest" / "stages" / f"{stage}.py"):
            if name.startswith("ingest.stages."):
                assert name.split(".")[2] in STAGES[:place], f"{stage} imports {name}"


def test_only_stores_touch_the_disk() -> None:
    """With the loader of the locales, the correction command, and what looks for damaged files to tell of."""
    allowed = {"stores/local.py", "locales/__init__.py", "commands/correct.py"}
    for path in MODULES:
        text = code_of(path)
        touches = any(
            word in text for word in ('open("', ".open(", "read_bytes()", "read_text(enc", "write_bytes(")
        )
        name = path.relative_to(SOURCE / "ingest").as_posix()
        assert not touches or name in allowed, name


def test_only_commands_print() -> None:
    for path in MODULES:
        if path.parent.name != "commands" and path.stem not in ("cli", "inputs", "terminal", "progress"):
            text = code_of(path)
            assert not re.search(r"\bprint\(", text), path
            assert "sys.exit" not in text, path


def test_nothing_changes_a_value_of_the_stages() -> None:
    """They are not frozen, since that would take five times as long to make them."""
    model = ast.parse((SOURCE / "ingest" / "model" / "block.py").read_text(encoding="utf-8"))
    fields = {
        node.target.id
        for value in ast.walk(model)
        if isinstance(value, ast.ClassDef)
        for node in value.body
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)
    }
    assert {"paragraphs", "explanation", "margin"} <= fields
    changes = {
        f"{path.stem}: {ast.unparse(node)}"
        for path in MODULES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store | ast.Del)
        if node.attr in fields and ast.unparse(node.value) != "self"
    }
    # Of other classes, which are filled while something is read.
    assert changes == {
        "saved_page: groups[-1].explanation",
        "saved_page: groups[-1].topic",
        "rich_text: rich.addresses",
    }
