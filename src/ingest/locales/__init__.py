"""The languages of the page: one TOML file each, words only, found by looking into this folder.

A file has the tables ``page``, ``status``, ``mark`` and ``course``; a word may stand in several of
them, and its place in the text decides. ``inferred`` names the words not yet seen in a real copy. A
person's own labels are such a table as well (``parse``), and need only the words that they have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

from ingest.model.block import Label, Part
from ingest.model.question import Status

_FOLDER = Path(__file__).parent
_PARTS = {
    "header": Part.HEADER,
    "explanation": Part.EXPLANATION,
    "reason": Part.REASON,
    "topic": Part.TOPIC,
    "resources": Part.RESOURCES,
    "options": Part.OPTIONS,
    "answer": Part.ANSWER,
    "fill_in": Part.FILL_IN,
    "furniture": Part.FURNITURE,
}
_ENTRY = re.compile(r'^(?:\[(\w+)\]|(\w+) = ("[^"]*"|\[[^\]]*\]))$', re.MULTILINE)
_LAST_COMMA = re.compile(r",\s*\]")
_STATUSES: tuple[Status, ...] = ("correct", "incorrect", "skipped")
_MARKS = {
    "right": (True, False),
    "chosen_right": (True, True),
    "chosen_wrong": (False, True),
}
_COURSE = (
    "correct_heading",
    "incorrect_heading",
    "correct_lead",
    "incorrect_lead",
    "references_heading",
    "verdict",
    "credit",
    "select",
    "select_object",
    "select_filler",
    "note",
    "all",
    "asking_end",
    "true_false",
    "numbers",
)
_KEYS: dict[str, set[str]] = {
    "page": set(_PARTS),
    "status": set(_STATUSES),
    "mark": {f"{mark}{several}" for mark in _MARKS for several in ("", "_several")},
    "course": set(_COURSE),
}


@dataclass(frozen=True, slots=True, eq=False)  # compared by identity, being the key of caches
class CourseWords:
    """Words that courses use inside stems and explanations; a course's language is often not the
    page's, so the words of all locales are used together."""

    correct_heading: tuple[str, ...]
    incorrect_heading: tuple[str, ...]
    correct_lead: tuple[str, ...]
    incorrect_lead: tuple[str, ...]
    references_heading: tuple[str, ...]
    verdict: tuple[str, ...]
    """What may follow a quoted option: ``is incorrect``."""
    credit: tuple[str, ...]
    select: tuple[str, ...]
    select_object: tuple[str, ...]
    """What is selected: ``answer``."""
    select_filler: tuple[str, ...]
    """What else an instruction may hold: ``the``, ``best``."""
    note: tuple[str, ...]
    """How notes below the asking sentence begin: ``NOTE:``, ``Each correct answer``."""
    all: tuple[str, ...]
    """As in "Select all applicable features:"."""
    asking_end: tuple[str, ...]
    """What asking sentences end in where they have no question mark: ``か。``."""
    true_false: tuple[str, ...]
    """The options of questions that state something: ``True``, ``False``, ``Yes``, ``No``."""
    numbers: tuple[tuple[str, int], ...]
    """Number words with what they count."""


@dataclass(frozen=True, slots=True, eq=False)
class Locale:
    """One language."""

    code: str
    """The file's name: ``es``."""
    name: str
    labels: tuple[tuple[str, Label], ...]
    """Every word of the page with its meaning."""
    course: CourseWords
    inferred: tuple[str, ...]


def names() -> tuple[str, ...]:
    """The codes of all locales, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


@cache
def load(code: str) -> Locale:
    """One locale by its code."""
    text = _FOLDER.joinpath(f"{code}.toml").read_text(encoding="utf-8")
    return parse_table(code, read_words(text), is_whole=True)


@cache
def load_all() -> tuple[Locale, ...]:
    """Every locale, sorted by code."""
    return tuple(load(code) for code in names())


def read_words(text: str) -> dict[str, Any]:
    """The table of a TOML file of this folder: nothing but texts and lists of texts, which are JSON as well.
    The standard library takes as long for all languages as reading thirty questions."""
    table: dict[str, Any] = {}
    section = table
    for name, key, value in _ENTRY.findall(text):
        if name:
            section = table[name] = {}
        else:
            section[key] = orjson.loads(_LAST_COMMA.sub("]", value))
    return table


def parse(code: str, text: str) -> Locale:
    """A locale from the text of its file.

    Raises ``ValueError`` that names the locale and what is missing or not known.
    """
    import tomllib

    return parse_table(code, tomllib.loads(text), is_whole=True)


def parse_table(code: str, table: dict[str, Any], *, is_whole: bool) -> Locale:
    """A locale from its table; one that is not whole has only the words that a person needs.

    Raises ``ValueError`` that names the locale and everything that is wrong.
    """
    _check(code, table, is_whole=is_whole)
    sections = {
        section: {**dict.fromkeys(keys, ()), **table.get(section, {})} for section, keys in _KEYS.items()
    }
    labels: list[tuple[str, Label]] = []
    for part, meaning in _PARTS.items():
        labels += [(word, Label(meaning, code)) for word in sections["page"][part]]
    for status in _STATUSES:
        label = Label(Part.STATUS, code, correct=status == "correct", status=status)
        labels += [(word, label) for word in sections["status"][status]]
        if status != "skipped":
            # Old pages print the word in brackets below the option.
            below = Label(Part.MARK, code, correct=label.correct, chosen=not label.correct, follows=True)
            labels += [(f"({word})", below) for word in sections["status"][status]]
    for mark, (correct, chosen) in _MARKS.items():
        for several, key in ((False, mark), (True, f"{mark}_several")):
            label = Label(Part.MARK, code, correct=correct, chosen=chosen, several=several)
            labels += [(word, label) for word in sections["mark"][key]]
    _check_meanings(code, labels)
    course = {key: tuple(sections["course"][key]) for key in _COURSE}
    numbers = tuple((word, count) for count, word in enumerate(sections["course"]["numbers"], 1))
    return Locale(
        code=code,
        name=table.get("name", code),
        labels=tuple(labels),
        course=CourseWords(**{**course, "numbers": numbers}),
        inferred=tuple(table.get("inferred", ())),
    )


@cache
def join_course_words(locales: tuple[Locale, ...]) -> CourseWords:
    """The course words of several locales, each word once."""
    return CourseWords(
        **{
            key: tuple(dict.fromkeys(word for locale in locales for word in getattr(locale.course, key)))
            for key in _COURSE
        }
    )


def _check(code: str, table: dict[str, Any], *, is_whole: bool) -> None:
    wrong = set(table) - {"name", "inferred", *_KEYS}
    missing = {"name", "inferred", *_KEYS} - set(table)
    for section, keys in _KEYS.items():
        words = table.get(section, {})
        if not isinstance(words, dict):
            wrong.add(section)
            continue
        wrong |= {f"{section}.{key}" for key in set(words) - keys}
        missing |= {f"{section}.{key}" for key in keys - set(words)}
        wrong |= {f"{section}.{key}" for key, value in words.items() if not _are_words(value)}
    if is_whole:
        wrong |= missing
    if wrong:
        raise ValueError(f"locale {code}: missing or unknown: {', '.join(sorted(wrong))}")


def _are_words(value: Any) -> bool:
    return isinstance(value, list) and all(
        isinstance(word, str) and word.strip() == word != "" for word in value
    )


# Meanings that one word may have, since its place tells them apart: 正解 is a status and a mark.
_TOLD_BY_PLACE = ({Part.STATUS, Part.MARK}, {Part.STATUS, Part.MARK, Part.ANSWER}, {Part.MARK, Part.ANSWER})


def _check_meanings(code: str, labels: list[tuple[str, Label]]) -> None:
    meanings: dict[str, set[Part]] = {}
    for word, label in labels:
        meanings.setdefault(word, set()).add(label.part)
    for word, parts in meanings.items():
        if len(parts) > 1 and parts not in _TOLD_BY_PLACE:
            raise ValueError(f"locale {code}: “{word}” is both {' and '.join(sorted(parts))}")
