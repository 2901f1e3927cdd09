"""Converted files, read again: one form a file, found by looking into this folder.

A form is named after the format: ``from_json.py``. It has ``SUFFIXES``, ``is_mine(head) -> bool`` for the
first letters of a file's content, ``load(source) -> Loaded``, and ``edit(source, fixes) -> str``, the text
with fixes done. Other programs may have written the file, or a person edited it, so nothing is taken for
granted: what does not fit its schema is a finding, and the rest is read all the same.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module

from ingest.converted.text import FileText
from ingest.model.diagnostic import Diagnostic, Finding, Fix
from ingest.model.question import Question
from ingest.model.source import Span
from ingest.rules import Problem, catalogue, rule

_HEAD = 65_536
_KEYS = ("schema_version", "stem", "options", "answer", "rationale", "fingerprint", "select_count")
_COLUMNS = frozenset(("stem", "option_a", "option_b", "answer", "answer_index", "rationale", "explanation_a"))
_KNOWN_ENOUGH = 2
CORE = frozenset({"stem", "options", "answer", "type"})
"""The keys of a question without which there is nothing to judge."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The questions of a converted file, and what is wrong with its form."""

    source: FileText
    questions: tuple[Question, ...]
    findings: tuple[Finding, ...]
    """Codes: S001, S002, S003, and those that the file carries from its dump."""
    place: Callable[[Problem], Span]
    """Where a field of a question stands."""
    position: Callable[[int], tuple[int, int]]
    """Line and column of an offset, such as places are made of."""
    unfit: frozenset[int] = frozenset()
    """Questions whose text or key does not fit the schema: rules would judge what stands in its place."""
    doubled: Callable[[], Iterator[Finding]] = lambda: iter(())
    """Keys that stand twice in one object (S003), which takes another look at the whole file."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form of converted files."""

    name: str
    suffixes: tuple[str, ...]
    is_mine: Callable[[str], bool]
    load: Callable[[FileText], Loaded]
    edit: Callable[[FileText, Mapping[int, Sequence[Fix]]], str]


@cache
def forms() -> tuple[Form, ...]:
    """Every form."""
    found = []
    for entry in sorted(pkgutil.iter_modules(__path__), key=lambda entry: entry.name):
        if entry.name.startswith("from_"):
            module = import_module(f"{__name__}.{entry.name}")
            found.append(Form(entry.name[5:], module.SUFFIXES, module.is_mine, module.load, module.edit))
    return tuple(found)


def form_of(data: bytes) -> Form | None:
    """The form that a file's content has; null where it is none of them."""
    head = FileText(data[:_HEAD]).text
    return next((form for form in forms() if form.is_mine(head)), None)


def looks_converted(head: bytes) -> bool:
    """Whether a file, named like a converted one, seems to be one: also a damaged one. An empty one may be
    what is left of it."""
    from ingest.converted.text import FileText

    text = FileText(head).text
    known = sum(f'"{key}"' in text for key in _KEYS) + sum(
        name.strip().strip('"').lower() in _COLUMNS
        for line in text.split("\n", 3)[:3]
        for name in re.split(r"[,;\t|]", line)
    )
    return not text.strip() or form_of(head) is not None or known >= _KNOWN_ENOUGH


def form_named(name: str) -> Form | None:
    """The form that a file's name says it has."""
    return next((form for form in forms() if name.lower().endswith(form.suffixes)), None)


def carried(
    index: int, question: Question, place: Callable[[int], Span], known: dict[str, Diagnostic]
) -> Iterator[Finding]:
    """What a question carries from its dump and no rule can see in the record itself.

    ``place`` gives the place of the code at an index of ``findings``; ``known`` are the diagnostics that the
    file has of this question, by code.
    """
    for at, code in enumerate(question.findings):
        if code not in catalogue():
            message = f"no rule has the code {code}, which the question carries"
            yield Finding("S003", message, place(at), "mend the code, or update ingest", index)
        elif is_carried(code):
            diagnostic = known.get(code)
            message = diagnostic.message if diagnostic else said_by_conversion(code)
            hint = "compare it with the dump, and settle it there: ingest correct"
            yield Finding(code, message, place(at), diagnostic.hint if diagnostic else hint, index)


def is_carried(code: str) -> bool:
    """Whether a finding is about the dump, so that it can only be told again."""
    return code[0] in "TP" and rule(code).in_records


def said_by_conversion(code: str) -> str:
    """What there is to say of a finding of which only the code is left."""
    summary = rule(code).manual.split("\n\n", 1)[0].replace("\n", " ").rstrip(".")
    return f"{summary[0].lower()}{summary[1:]}, says the conversion"
