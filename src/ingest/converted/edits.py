"""Fixes applied to converted files: only the values that change are written anew, the rest of a file stays as
it is, letter for letter."""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ingest.converted.json_values import Record, field_path
from ingest.model.diagnostic import Fix
from ingest.model.question import Question
from ingest.parts.identity import fingerprint, identify
from ingest.parts.json_places import Path
from ingest.parts.records import as_question

Fixes = Mapping[int, Sequence[Fix]]
"""By the index of the question."""


class Cut(NamedTuple):
    """A stretch of a text and what comes in its place."""

    start: int
    end: int
    text: str


def edited(text: str, cuts: Iterable[Cut]) -> str:
    """The text with stretches exchanged; they do not overlap."""
    pieces = []
    end = len(text)
    for cut in sorted(set(cuts), reverse=True):
        pieces += [text[cut.end : end], cut.text]
        end = cut.start
    return "".join([*reversed([*pieces, text[:end]])])


def json_cuts(record: Record, fixes: Sequence[Fix]) -> Iterator[Cut]:
    """What changes in the JSON of one question."""
    text, shift, places, base = record
    span = places.whole(base)
    value = json.loads(text[span.start - shift : span.end - shift])
    changed, dropped = fixed(value, fixes)
    for path, new in _leaves(changed):
        old = _value_at(value, path)
        if old != new and isinstance(old, str):
            where = places.span((*base, *path))
            written = text[where.start - shift : where.end - shift]
            is_escaped = written.isascii() and "\\u" in written
            yield Cut(*where, json.dumps(new, ensure_ascii=is_escaped))
    for name, indices in dropped.items():
        yield from (Cut(*each, "") for each in places.without((*base, name), indices))


def fixed(value: dict[str, Any], fixes: Sequence[Fix]) -> tuple[dict[str, Any], dict[str, set[int]]]:
    """A question's record with its fixes, and which elements of which lists are to be taken out of it.

    An id and a fingerprint that were those of the record before are those of the record after.
    """
    record = copy.deepcopy(value)
    dropped: dict[str, set[int]] = {}
    texts = dict(_texts(record))
    # The longest text first: a fix of a whole text does not find it once a word in it was mended.
    for fix in sorted(fixes, key=lambda each: -len(each.old)):
        path = field_path(fix.field)
        if fix.new is None:
            dropped.setdefault(str(path[0]), set()).add(int(path[1]))
            continue
        for place in (path,) if fix.field else tuple(texts):
            if fix.old in (text := texts.get(place, "")):
                texts[place] = fix.new if text == fix.old else _replaced(text, fix.old, fix.new)
    for place, text in texts.items():
        _set(record, place, text)
    before, after = as_question(value), as_question(record)
    for name, of in (("id", _fresh_id), ("fingerprint", fingerprint)):
        if value.get(name) == of(before):
            record[name] = of(after)
    return record, dropped


def _replaced(text: str, old: str, new: str) -> str:
    """The text with a word or host exchanged where it is no part of a longer one."""
    if "://" in old:
        whole = rf"{re.escape(old)}(?![.:@]?[A-Za-z0-9_-])"
    else:
        # What stands before it is looked at behind it: a pattern that begins with letters is found sooner.
        whole = rf"{re.escape(old)}(?<![^\W\d_]{re.escape(old)})(?![^\W\d_])"
    return re.sub(whole, new.replace("\\", r"\\"), text)


def _fresh_id(question: Question) -> str:
    return identify(question.stem, [option.text for option in question.options])


def _texts(record: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """The texts of a record that people read, and its addresses; with their paths."""
    for path, text in _leaves(record):
        if path[0] in _READ and path[-1] not in ("id", "role"):
            yield path, text


_READ = ("stem", "options", "accepted", "items", "explanation", "rationale", "references", "topic")


def _leaves(value: Any, path: Path = ()) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for key, child in value.items():
            yield from _leaves(child, (*path, key))
    elif isinstance(value, list):
        for index, child in enumerate(value):
            yield from _leaves(child, (*path, index))


def _value_at(value: Any, path: Path) -> Any:
    for step in path:
        value = value[step]
    return value


def _set(record: dict[str, Any], path: Path, text: str) -> None:
    _value_at(record, path[:-1])[path[-1]] = text
