"""Reads every field of the questions into objects, with the feedback of each option and the general one; a
few lines of ours write them as JSON. It repairs and checks nothing, keeps the escapes of the form in the
text, and gives no places."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest

REQUIREMENTS = ("pygiftparser==1.1", "markdown==3.0.1", "markdownsuperscript==2.1.1", "yattag==1.16.1")
FORM = "GIFT → JSON"
MOST = None

_READ = """
import json
from pygiftparser import parser
with open("questions.gift", encoding="utf-8") as file:
    questions = parser.parseFile(file)
with open("out.json", "w", encoding="utf-8") as file:
    json.dump(
        [
            {
                "title": question.title,
                "text": question.text,
                "feedback": question.generalFeedback,
                "answers": [
                    {"text": each.answer, "fraction": each.fraction, "feedback": each.feedback}
                    for each in question.answers.answers
                ],
            }
            for question in questions
        ],
        file,
    )
"""


def write(questions: Sequence[ingest.Question], folder: Path) -> None:
    text = "\n".join(_entry(question) for question in questions)
    (folder / "questions.gift").write_text(text, encoding="utf-8")


def _entry(question: ingest.Question) -> str:
    share = 100 / max(len(question.answer), 1)
    several = len(question.answer) > 1
    lines = []
    for option in question.options:
        mark = "=" if option.correct and not several else "~"
        weight = f"%{share:g}%" if option.correct and several else ""
        lines.append(f"{mark}{weight}{_escaped(option.text)} #{_escaped(option.explanation or '')}")
    lines.append(f"####{_escaped(question.explanation or '')}")
    return f"::Q{question.number}::{_escaped(question.stem)} {{\n" + "\n".join(lines) + "\n}\n"


def _escaped(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", r"\n")


def command(binaries: Path) -> Sequence[str | Path]:
    return (binaries / "python", "-c", _READ)


def count(folder: Path) -> int:
    questions = json.loads((folder / "out.json").read_text(encoding="utf-8"))
    return sum(len(question["answers"]) > 1 for question in questions)
