"""The table with which courses upload their questions to the site.

Columns: ``Question``, ``Question Type`` (``multiple-choice``, ``multi-select``), ``Answer Option 1``,
``Explanation 1`` …, ``Correct Answers`` (1-based, comma separated), ``Overall Explanation``, ``Domain``.
Source: the site's template for bulk upload of practice tests, 17 columns; more options are read as well.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from ingest.locales import Locale
from ingest.model.block import Label, Part
from ingest.model.entry import Choice, Entry, Rich
from ingest.parts.bounds import Bounds

_NEEDED = {"question", "question type", "correct answers"}
_OPTION = re.compile(r"answer option ([0-9]{1,3})")


def recognises(text: str) -> bool:
    """Whether the first line has the columns that every such table has."""
    first = text.lstrip("\ufeff \n").split("\n", 1)[0].lower()
    return all(name in first for name in _NEEDED) and "," in first


def read(text: str, locales: tuple[Locale, ...], bounds: Bounds) -> list[Entry]:
    """One entry for each row that is not empty; none when the quotes of the table do not close."""
    try:
        return list(_entries(text, bounds))
    except csv.Error:
        return []


def _entries(text: str, bounds: Bounds) -> Iterator[Entry]:
    starts = [0]
    starts += (match.end() for match in re.finditer("\n", text))
    # A cell may be as long as an explanation; the default limit is an error far from the place.
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    table = csv.reader(io.StringIO(text, newline="\n"), strict=True)
    columns: list[str] = []
    line = 0
    number = 0
    for row in table:
        at = starts[min(line, len(starts) - 1)]
        line = table.line_num
        bounds.check("line_length", max(map(len, row), default=0), "a cell of {} letters")
        if not any(cell.strip() for cell in row):
            continue
        if not columns:
            bounds.check("columns", len(row), "{} columns")
            columns = [name.strip().strip("\ufeff").lower() for name in row]
            continue
        number += 1
        yield _entry(*_cells(columns, row), at, number)


def _cells(columns: Sequence[str], row: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The cells of a row by their columns, and those that have none of their own: a comma without quotes
    makes more cells than there are columns, and a name may stand twice."""
    cells: dict[str, str] = {}
    surplus = []
    for name, cell in zip_longest(columns, row):
        if cell is None:
            continue
        if name is not None and name not in cells:
            cells[name] = cell
        elif name != "" and cell.strip():
            surplus.append(cell.strip())
    return cells, surplus


def _entry(row: dict[str, str], surplus: Sequence[str], at: int, number: int) -> Entry:
    def cell(name: str) -> Rich:
        value = row.get(name, "").strip()
        return Rich(value, ((0, at),)) if value else Rich()

    right = {each.lstrip("0") for each in re.findall(r"[0-9]+", row.get("correct answers", ""))}
    several = row.get("question type", "").strip().lower().replace("_", "-") == "multi-select"
    choices = []
    places = sorted((match[1] for name in row if (match := _OPTION.fullmatch(name))), key=int)
    # What explains an option without text keeps its place: the option is told (Q012).
    filled = [
        place for place in places if cell(f"answer option {place}").text or cell(f"explanation {place}").text
    ]
    # A key that names what is not there, or stands in a row that is out of step, is no key: the question is
    # rejected for want of one, and kept whole.
    is_key = right <= set(filled) and not surplus
    for place in filled:
        is_right = is_key and place in right
        label = Label(Part.MARK, "", correct=True, several=several) if is_right else None
        choices.append(Choice(cell(f"answer option {place}"), label, reason=cell(f"explanation {place}")))
    return Entry(
        at=at,
        number=number,
        stem=cell("question"),
        choices=tuple(choices),
        explanation=cell("overall explanation"),
        topic=Rich(", ".join([cell("domain").text, *surplus]).strip(", "), ((0, at),))
        if surplus
        else cell("domain"),
    )
