"""Turns the Markdown of every text into HTML, with the feedback of each option and of the question; checks
for repeated questions and options and for a right one, and stops at the first error, with its line. Titles
stand for topics; it has no addresses."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from string import ascii_lowercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest

REQUIREMENTS = ("text2qti==0.8.0", "bespon==0.7.0", "markdown==3.11.3")
FORM = "its text form → QTI 1.2"
MOST = 3250


def write(questions: Sequence[ingest.Question], folder: Path) -> None:
    lines = ["Quiz title: Questions", ""]
    for number, question in enumerate(questions, 1):
        lines += _lines(question, number)
    (folder / "questions.txt").write_text("\n".join(lines), encoding="utf-8")


def _lines(question: ingest.Question, number: int) -> Iterator[str]:
    if question.topic:
        yield f"Title: {question.topic}"
    yield from _entry(f"{number}. ", question.stem)
    if question.explanation:
        yield from _entry("... ", question.explanation)
    several = len(question.answer) > 1
    for letter, option in zip(ascii_lowercase, question.options, strict=False):
        star = "*" if option.correct else ""
        mark = f"[{star or ' '}] " if several else f"{star}{letter}) "
        yield from _entry(mark, option.text)
        if option.explanation:
            yield from _entry("... ", option.explanation)
    yield ""


def _entry(mark: str, text: str) -> Iterator[str]:
    """A text behind its mark, further lines indented as far."""
    first, *others = re.sub(r"([\\`*_{}\[\]<>#$])", r"\\\1", text.strip()).split("\n")
    yield mark + first
    for line in others:
        yield " " * len(mark) + line if line.strip() else ""


def command(binaries: Path) -> Sequence[str | Path]:
    return (binaries / "text2qti", "questions.txt")


def count(folder: Path) -> int:
    with zipfile.ZipFile(folder / "questions.zip") as package:
        return sum(package.read(name).count(b"<item ident=") for name in package.namelist())
