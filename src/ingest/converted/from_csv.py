"""The table with one row a question, as ``ingest convert --to csv`` writes it: also as a spreadsheet saved
it again, with semicolons or tabs between the cells."""

from __future__ import annotations

import csv
import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Any, NamedTuple

from ingest.converted import CORE, Loaded, carried
from ingest.converted.edits import Cut, Fixes, edited, fixed
from ingest.converted.schema_errors import schema_errors
from ingest.converted.text import FileText
from ingest.model.diagnostic import Finding, Fix
from ingest.model.integer import LARGEST
from ingest.model.question import Question, option_id
from ingest.model.source import Span
from ingest.parts.counted import counted
from ingest.parts.csv_text import quoted
from ingest.parts.json_places import Path
from ingest.parts.records import as_question
from ingest.parts.urls import canonical
from ingest.rules import Problem

SUFFIXES = (".csv", ".tsv")
_SINGLE = (
    *("id", "occurrence", "number", "type", "topic", "stem", "answer", "answer_index", "accepted"),
    *("rationale", "explanation", "references", "credits", "findings", "file", "first_line", "last_line"),
)
_NUMBERED = re.compile(r"(option|explanation)_([a-z]{1,3})")
_MOST_DIGITS = 20
_DISARMED = "disarmed"
"""The column that names the cells which ``--csv-safe`` gave an apostrophe."""
# What the table has no column for.
_NOT_TOLD: dict[str, Any] = {"fingerprint": "0" * 16, "items": [], "attempt": None}


def is_mine(head: str) -> bool:
    """Whether the first line has the columns that a question cannot do without; one of JSON Lines may have
    them in a text."""
    names = _header(head)
    return "stem" in names and "option_a" in names and not head.lstrip().startswith("{")


def load(source: FileText) -> Loaded:
    """The questions of the rows.

    Codes: S001 for a row that is no CSV, S002 for columns and values that do not fit, S003 for
    contradictions; and what the questions carry from their dumps.
    """
    table = _Table(source)
    findings = list(table.broken)
    findings += _column_findings(table)
    questions: list[Question] = []
    unfit: set[int] = set()
    for index, row in enumerate(table.rows):
        value = _value(table.cells_of(row))
        question = as_question(value)
        questions.append(question)
        findings += _row_findings(table, index, value)
        if len(row.cells) != len(table.columns) or _is_unfit(value):
            unfit.add(index)
        if question.findings:
            findings += carried(index, question, _cell_place(table, index), {})
    return Loaded(
        source, tuple(questions), tuple(findings), table.place, source.text_position, frozenset(unfit)
    )


def _is_unfit(value: dict[str, Any]) -> bool:
    """Whether the text or the key of a question does not fit the schema."""
    return any(error.path and error.path[0] in CORE for error in schema_errors("question", value))


class _Row(NamedTuple):
    line: int
    """Where it begins, 0-based."""
    cells: list[str]


class _Table:
    """The rows of a text, and where their cells stand."""

    def __init__(self, source: FileText) -> None:
        self.source = source
        self.delimiter = _delimiter(source.text)
        self.broken: list[Finding] = []
        csv.field_size_limit(sys.maxsize)
        rows = list(self._read())
        self.header = rows[0] if rows else _Row(0, [])
        self.rows = rows[1:]
        self.columns = [name.strip().lower() for name in self.header.cells]
        source.bounds.check("columns", len(self.columns), "{} columns")
        self._cells: dict[tuple[int, int], Span] = {}

    def _read(self) -> Iterator[_Row]:
        lines = io.StringIO(self.source.text, newline="\n")
        reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
        width = 0
        is_lost = False
        while True:
            line = reader.line_num
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                at = self._broken_at(line)
                message = f"no CSV: {error}"
                hint = "quotes inside a quoted cell are doubled; one that is opened is closed"
                self.broken.append(Finding("S001", message, Span(at, at + 1), hint))
                is_lost = True
                continue
            longest = max(map(len, cells), default=0)
            self.source.bounds.check("line_length", longest, "a cell of {} letters")
            width = width or len(cells)
            # After a broken row its other lines look like rows, until one has as many cells as it should.
            is_lost = is_lost and len(cells) != width
            if any(cells) and not is_lost:
                yield _Row(line, cells)

    def _broken_at(self, line: int) -> int:
        """The quote in a row that is neither doubled nor followed by the end of its cell; else the row."""
        at = self._starts[line]
        cell = self._cell()
        while match := cell.match(self.source.text, at):
            if match.end() == at:
                break
            at = match.end()
        quote = re.compile('"(?:[^"]|"")*"').match(self.source.text, at)
        return quote.end() - 1 if quote else at

    def _cell(self) -> re.Pattern[str]:
        delimiter = re.escape(self.delimiter)
        return re.compile(rf'("(?:[^"]|"")*"|[^"{delimiter}\n][^{delimiter}\n]*|)(?:{delimiter}|\r?\n|\Z)')

    @cached_property
    def _starts(self) -> list[int]:
        lines = self.source.text.split("\n")
        return [0, *accumulate(len(line) + 1 for line in lines)]

    def cells_of(self, row: _Row) -> dict[str, str]:
        """The cells of a row by their columns, without the apostrophes of ``--csv-safe``."""
        cells = dict(zip(self.columns, row.cells, strict=False))
        for name in _split(cells.get(_DISARMED, "")):
            cells[name] = cells.get(name, "").removeprefix("'")
        return cells

    def row_place(self, row: _Row) -> Span:
        at = self._starts[row.line]
        return Span(at, at + 1)

    def cell_place(self, row: _Row, column: str) -> Span:
        """Where a cell stands, with its quotes; the row's beginning where it has none of that name. Where
        several columns have it, the last one is read."""
        places = [at for at, name in enumerate(self.columns[: len(row.cells)]) if name == column]
        return self.nth_cell(row, places[-1]) if places else self.row_place(row)

    def nth_cell(self, row: _Row, wanted: int) -> Span:
        """Where the cell of a column stands, by the column's place."""
        key = row.line, wanted  # a cell may have a thousand findings
        if key not in self._cells:
            self._cells[key] = self._find_cell(row, wanted)
        return self._cells[key]

    def _find_cell(self, row: _Row, wanted: int) -> Span:
        pattern = self._cell()
        at = self._starts[row.line]
        for _ in range(wanted):
            match = pattern.match(self.source.text, at)
            at = match.end() if match else at
        match = pattern.match(self.source.text, at)
        return Span(at, match.end(1)) if match else Span(at, at + 1)

    def place(self, problem: Problem) -> Span:
        row = self.rows[problem.index]
        column = _column_of_field(problem.field)
        # A URL stands in one of two cells.
        for name in (column, "credits") if column == "references" else (column,):
            span = self.cell_place(row, name)
            for part in (problem.text, (problem.text or "").replace('"', '""')):
                if part and (at := self.source.text.find(part, span.start, span.end)) >= 0:
                    return Span(at, at + len(part))
        return self.cell_place(row, column)


def edit(source: FileText, fixes: Fixes) -> str:
    """The text with the fixes of its questions."""
    table = _Table(source)
    cuts = []
    for index, each in fixes.items():
        row = table.rows[index]
        cells = table.cells_of(row)
        disarmed = _split(cells.get(_DISARMED, ""))
        for column, new in _fixed_cells(cells, each).items():
            old = cells.get(column, new)
            if "\r\n" in old and "\r\n" not in new:
                new = new.replace("\n", "\r\n")  # noqa: PLW2901 - as the cell had it
            if old != new:
                text = f"'{new}" if column in disarmed else new
                cuts.append(Cut(*table.cell_place(row, column), quoted(text, table.delimiter)))
    return edited(source.text, cuts)


def _fixed_cells(given: dict[str, str], fixes: Sequence[Fix]) -> dict[str, str]:
    """The cells of a row with its fixes."""
    value = _value(given)
    record, dropped = fixed(value, fixes)
    cells = {name: record[name] or "" for name in ("id", "stem", "topic", "explanation", "rationale")}
    for option in record["options"]:
        cells[f"option_{option['id'].lower()}"] = option["text"]
        cells[f"explanation_{option['id'].lower()}"] = option["explanation"] or ""
    cells["accepted"] = "\n".join(record["accepted"])
    gone = dropped.get("references", set())
    kept = [each for at, each in enumerate(record["references"]) if at not in gone]
    for column, role in (("references", "reference"), ("credits", "credit")):
        cells[column] = "\n".join(each["url"] for each in kept if each["role"] == role)
    return cells


def _delimiter(text: str) -> str:
    first = text.lstrip("\r\n").split("\n", 1)[0]
    return max(",;\t", key=lambda each: len(_known(first.split(each))))


def _header(head: str) -> set[str]:
    first = head.lstrip("\r\n").split("\n", 1)[0]
    return _known(first.split(_delimiter(head)))


def _known(names: list[str]) -> set[str]:
    plain = {name.strip().strip('"').lower() for name in names}
    return {name for name in plain if name in _SINGLE or _NUMBERED.fullmatch(name)}


def _column_findings(table: _Table) -> Iterator[Finding]:
    """What is missing in the header, or too much."""
    if not table.header.cells:
        return
    place = table.row_place(table.header)
    least = [f"{kind}_{option_id(at).lower()}" for kind in ("option", "explanation") for at in range(2)]
    missing = [name for name in (*_SINGLE, *least) if name not in table.columns]
    for name in missing:
        yield Finding("S002", f"the column “{name}” is missing", place, "see ingest formats")
    for at, name in enumerate(table.columns):
        if name not in (*_SINGLE, _DISARMED) and not _NUMBERED.fullmatch(name):
            yield Finding("S002", f"unknown column “{name}”", table.nth_cell(table.header, at))
        elif name in table.columns[:at]:
            yield Finding("S002", f"the column “{name}” stands twice", table.nth_cell(table.header, at))


def _row_findings(table: _Table, index: int, value: dict[str, Any]) -> Iterator[Finding]:
    row = table.rows[index]
    if len(row.cells) != len(table.columns):
        message = f"the row has {counted(len(row.cells), 'cell')}, and the header {len(table.columns)}"
        yield Finding("S002", message, table.row_place(row), None, index)
    for error in schema_errors("question", value):
        # Of a column that is missing the header's finding has told.
        column = _column_of_path(error.path)
        if column in table.columns:
            message = error.message.replace("lines[0]", "first_line").replace("lines[1]", "last_line")
            yield Finding("S002", message, table.cell_place(row, column), None, index)
    yield from _contradictions(table, index)


def _contradictions(table: _Table, index: int) -> Iterator[Finding]:
    """S003 where the key names what is no option, or letters and numbers do not agree."""
    row = table.rows[index]
    cells = dict(zip(table.columns, row.cells, strict=False))
    count = len(_options(cells))
    letters = _split(cells.get("answer", ""))
    ids = [option_id(place) for place in range(count)]
    hint = "compare it with the source, and correct one of the two"
    for letter in letters:
        if letter not in ids:
            message = f"answer names {letter}, which is no option"
            yield Finding("S003", message, table.cell_place(row, "answer"), hint, index)
    if len(set(letters)) < len(letters) or letters != sorted(letters, key=lambda each: (len(each), each)):
        message = f"answer is {cells['answer']}: letters stand once, in the order of the options"
        yield Finding("S003", message, table.cell_place(row, "answer"), hint, index)
    indices = _split(cells.get("answer_index", ""))
    if "answer_index" in cells and indices != [str(ids.index(each) + 1) for each in letters if each in ids]:
        message = (
            f"answer_index is {cells['answer_index'] or 'empty'}, and answer {cells.get('answer') or 'empty'}"
        )
        yield Finding("S003", message, table.cell_place(row, "answer_index"), hint, index)


def _cell_place(table: _Table, index: int) -> Callable[[int], Span]:
    return lambda _: table.cell_place(table.rows[index], "findings")


def _value(cells: dict[str, str]) -> dict[str, Any]:
    """The record that a row stands for; what is no number stays text, so that the schema says so."""
    options = _options(cells)
    answer = _split(cells.get("answer", ""))
    known = [each["id"] for each in options if each["id"] in answer]
    for option in options:
        option["correct"] = option["id"] in known
    kind = cells.get("type", "")
    return {
        **_NOT_TOLD,
        "id": cells.get("id", ""),
        "occurrence": _number(cells.get("occurrence", "")),
        "number": _number(cells.get("number", "")) if cells.get("number") else None,
        "type": kind,
        "stem": cells.get("stem", ""),
        "select_count": None if kind == "fill_in" else len(known) or None,
        "options": options,
        "answer": known,
        "accepted": _lines(cells.get("accepted", "")),
        "explanation": cells.get("explanation") or None,
        "rationale": cells.get("rationale") or None,
        "references": [
            *_references(cells.get("references", ""), "reference"),
            *_references(cells.get("credits", ""), "credit"),
        ],
        "topic": cells.get("topic") or None,
        "findings": _split(cells.get("findings", "")),
        "source": {
            "file": cells.get("file", ""),
            "lines": [_number(cells.get("first_line", "")), _number(cells.get("last_line", ""))],
        },
    }


def _options(cells: dict[str, str]) -> list[dict[str, Any]]:
    """The options up to the last one that has a text or an explanation."""
    options: list[dict[str, Any]] = []
    place = 0
    while f"option_{option_id(place).lower()}" in cells:
        letter = option_id(place)
        text = cells[f"option_{letter.lower()}"]
        reason = cells.get(f"explanation_{letter.lower()}") or None
        options.append({"id": letter, "text": text, "correct": False, "explanation": reason})
        place += 1
    while options and not options[-1]["text"] and not options[-1]["explanation"]:
        options.pop()
    return options


def _references(cell: str, role: str) -> Iterator[dict[str, Any]]:
    for url in _lines(cell):
        try:
            address = canonical(url)
        except ValueError:
            address = url
        yield {"url": url, "canonical": address, "role": role, "lines": []}


def _number(cell: str) -> int | str:
    # Spreadsheets write 7 as 7.0.
    plain = cell.strip().removesuffix(".0")
    if not (plain.isascii() and plain.isdecimal() and len(plain) < _MOST_DIGITS):
        return cell
    return number if (number := int(plain)) <= LARGEST else cell


def _split(cell: str) -> list[str]:
    return [each.strip() for each in cell.split(";") if each.strip()]


def _lines(cell: str) -> list[str]:
    return [each for each in cell.replace("\r\n", "\n").split("\n") if each]


def _column_of_field(field: str) -> str:
    name, _, place = field.partition(".")
    if name == "header":
        return "id"
    letter = option_id(int(place)).lower() if place.isdecimal() else ""
    numbered = {"options": f"option_{letter}", "reasons": f"explanation_{letter}", "answers": "accepted"}
    return numbered.get(name, name)


def _column_of_path(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    if path[:1] == ("options",) and len(path) > 1:
        kind = "explanation" if names[-1] == "explanation" else "option"
        return f"{kind}_{option_id(int(path[1])).lower()}"
    if names == ["source", "lines"]:
        return "last_line" if path[-1] == 1 else "first_line"
    return names[-1] if names and names[0] == "source" else names[0] if names else "id"
