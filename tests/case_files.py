"""Cases in Markdown: prose, a dump, and what must come of it.

A section (``##``) of a case file holds one input block and any number of view blocks::

    ```dump            the text of a dump; `dump cp1252` gives it in that encoding
    ```bytes           a Python bytes literal
    ```json            a converted file; also `jsonl` and `csv`
    ```corrections     the correction file beside the dump, right after the input
    ```settings        an ingest.toml
    ```findings        line:column CODE message, one a line
    ```validated       the same from `ingest validate`, which runs every rule and takes every input
    ```told            the findings of the rule that the file is named after, as the command shows them
    ```fixes           what its fixes change in converted files
    ```record          the questions, field by field
    ```roles           the role of each line that is not blank
    ```references      role, lines, canonical address
    ```evidence        what each piece of evidence says
    ```source          encoding and repairs

Each view is computed from the input and must equal its block; ``UPDATE_CASES=1`` writes it.
"""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from ingest import inspection
from ingest.corrections import parse
from ingest.model.checked import Checked
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.pipeline import read_bytes
from ingest.reading import ReadSettings
from ingest.reports import as_text
from ingest.validation import Checking, CheckSettings, check_file

CASES = Path(__file__).parent / "cases"
CONVERTED = ("json", "jsonl", "csv")
_BLOCK = re.compile(r"^```([a-z]+)([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Case:
    path: Path
    title: str
    kind: str
    argument: str
    input: str
    corrections: str
    settings: str
    views: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        return f"{self.path.relative_to(CASES).with_suffix('')}: {self.title}"

    @property
    def rule(self) -> str:
        return self.path.stem.upper()

    @property
    def topics(self) -> dict[str, tuple[str, ...]]:
        table = tomllib.loads(self.settings).get("topics", {})
        return {topic: tuple(names) for topic, names in table.items()}

    @property
    def data(self) -> bytes:
        if self.kind == "bytes":
            data: bytes = ast.literal_eval(self.input.strip())
            return data
        return self.input.encode(self.argument.strip() or "utf-8")

    def result(self) -> Result:
        corrections = parse(self.corrections, "case.corrections.toml") if self.corrections else ()
        return read_bytes(self.data, "case.txt", ReadSettings(keep_attempt=True), corrections)

    def check(self) -> Checking:
        suffix = self.kind if self.kind in CONVERTED else "txt"
        corrections = parse(self.corrections, "case.corrections.toml") if self.corrections else ()
        settings = CheckSettings(reading=ReadSettings(topics=self.topics))
        return check_file(self.data, f"case.{suffix}", settings, corrections)

    def checked(self) -> Checked:
        return self.check().checked()


def all_cases() -> Iterator[Case]:
    for path in sorted(CASES.rglob("*.md")):
        for section in re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]:
            blocks = [match.groups() for match in _BLOCK.finditer(section)]
            kind, argument, text = blocks[0]
            assert kind in ("dump", "bytes", *CONVERTED), f"{path}: a case begins with its input"
            title = section.split("\n", 1)[0].removeprefix("## ").strip()
            views = tuple((name, body) for name, _, body in blocks[1:] if name in VIEWS)
            corrections = next((body for name, _, body in blocks if name == "corrections"), "")
            settings = next((body for name, _, body in blocks if name == "settings"), "")
            yield Case(path, title, kind, argument, text, corrections, settings, views)


def view(name: str, case: Case) -> str:
    lines = _CASE_VIEWS[name](case) if name in _CASE_VIEWS else _VIEWS[name](case.result())
    return "".join(f"{line}\n" for line in lines)


def rewrite(path: Path) -> None:
    """Writes what the views of a case file give now."""
    sections = re.split(r"^(?=## )", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    cases = {case.title: case for case in all_cases() if case.path == path}
    for place, section in enumerate(sections[1:], 1):
        case = cases[section.split("\n", 1)[0].removeprefix("## ").strip()]

        def replace(match: re.Match[str], case: Case = case) -> str:
            kind, argument, body = match.groups()
            text = view(kind, case) if kind in VIEWS else body
            return f"```{kind}{argument}\n{text}```"

        sections[place] = _BLOCK.sub(replace, section)
    path.write_text("".join(sections), encoding="utf-8")


def _findings(result: Result | Checked) -> Iterator[str]:
    for each in result.diagnostics:
        number = "" if each.number is None else f"question {each.number}: "
        yield f"{each.line}:{each.column} {each.code} {number}{each.message}"


def _told(case: Case) -> Iterator[str]:
    checked = case.checked()
    own = [each for each in checked.diagnostics if each.code == case.rule]
    yield from map(click.unstyle, as_text.lines_of(own, checked.line, case.kind))


def _fixes(case: Case) -> Iterator[str]:
    for each in case.check().findings:
        if each.fix and each.code == case.rule:
            yield f"{each.fix.field or 'every text'}: {each.fix.old!r} becomes {each.fix.new!r}"


def _record(result: Result) -> Iterator[str]:
    for question in result.questions:
        place = f"lines {question.source.lines}"
        yield f"number {question.number}, {question.type}, select {question.select_count}, {place}"
        yield from _indented("stem", question.stem)
        for option in question.options:
            yield from _indented(f"{option.id}{'*' if option.correct else ' '}", option.text)
            yield from _indented("   because", option.explanation)
        for item in question.items:
            yield from _indented(f"item {item.id}", item.text)
        yield from _indented("rationale", question.rationale)
        yield from _indented("topic", question.topic)
        yield from _indented("accepted", " | ".join(question.accepted))
        yield from _attempt(question)
        yield from _indented("occurrence", str(question.occurrence) if question.occurrence > 1 else "")
        yield from _indented("findings", " ".join(question.findings))
    for rejected in result.rejected:
        first = rejected.text.split("\n", 1)[0]
        yield f"rejected {rejected.number}: lines {rejected.lines}, {' '.join(rejected.findings)}: {first}"


def _attempt(question: Question) -> Iterator[str]:
    attempt = question.attempt
    if attempt and (attempt.status or attempt.selected):
        typed = f", typed {attempt.typed}" if attempt.typed else ""
        yield f"attempt: {attempt.status}, selected {list(attempt.selected)}{typed}"


def _indented(name: str, text: str | None) -> Iterator[str]:
    if not text:
        return
    first, *rest = text.split("\n")
    yield f"{name}: {first}".rstrip()
    yield from (f"    | {line}".rstrip() for line in rest)


def _roles(result: Result) -> Iterator[str]:
    for each in inspection.inspect(result).lines:
        if each.role != "blank":
            yield f"{each.line:3} {each.role:12} {each.text[:60]}".rstrip()


def _references(result: Result) -> Iterator[str]:
    for question in result.questions:
        for each in question.references:
            yield f"{question.number}: {each.role} {list(each.lines)} {each.canonical}"


def _evidence(result: Result) -> Iterator[str]:
    for report in inspection.inspect(result).questions:
        yield f"question {report.number}: options from line {report.options_from}, margin {report.margin}"
        for weight in report.weights:
            yield f"    {weight.evidence} {weight.log_odds:+.2f} for line {weight.line}"


def _source(result: Result) -> Iterator[str]:
    yield f"encoding {result.source.encoding}, labels {result.document.source.labels}"
    for repair in result.source.repairs:
        yield f"repair {repair.kind} {repair.count}"


_VIEWS: dict[str, Callable[[Result], Iterator[str]]] = {
    "findings": _findings,
    "record": _record,
    "roles": _roles,
    "references": _references,
    "evidence": _evidence,
    "source": _source,
}
_CASE_VIEWS: dict[str, Callable[[Case], Iterator[str]]] = {
    "validated": lambda case: _findings(case.checked()),
    "told": _told,
    "fixes": _fixes,
}
VIEWS = {*_VIEWS, *_CASE_VIEWS}
