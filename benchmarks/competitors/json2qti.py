"""Fills templates with stems and options. Its form holds one right option, the first of the list, so a
second one counts as wrong; it has no explanations and no topics, checks nothing, and shuffles the options
differently in every run."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest

REQUIREMENTS = ("json2qti==1.3.0",)
FORM = "its JSON → QTI 1.2"
MOST = None


def write(questions: Sequence[ingest.Question], folder: Path) -> None:
    entries = {
        question.stem: [option.text for option in sorted(question.options, key=lambda each: not each.correct)]
        for question in questions
    }
    whole = {"Questions": entries}
    (folder / "questions.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def command(binaries: Path) -> Sequence[str | Path]:
    return (binaries / "json2qti", "questions.json")


def count(folder: Path) -> int:
    with zipfile.ZipFile(folder / "questions.zip") as package:
        return sum(package.read(name).count(b"<item ident=") for name in package.namelist())
