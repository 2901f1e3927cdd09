"""Text to marks: where each label of the page stands and what it means.

One pattern walks the whole text once. A label is a line of its own; a label word inside a sentence
is not one. Which language the page has is found by counting; words of other languages still count,
since files are put together from several copies. Whether a label is meant as one (an option may
read "Correct") is decided by its place, in the segment stage.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from ingest.locales import Locale
from ingest.model.block import Label, Mark, Part
from ingest.model.diagnostic import Finding
from ingest.model.source import SourceText, Span
from ingest.parts.damaged_labels import find_damaged_labels


@dataclass(frozen=True, slots=True)
class Lexed:
    """The labels of one text."""

    marks: tuple[Mark, ...]
    """In the order of the text, one for each line that is a label."""
    locale: str | None
    """The language most of the labels are in; null where there are none."""


def lex(source: SourceText, locales: tuple[Locale, ...]) -> tuple[Lexed, list[Finding]]:
    """The labels of a text and its language.

    A line that is a label but for one letter, and stands where one is missing, counts as damaged.

    Codes: P001 when the text holds no label of any of the locales.
    """
    pattern, meanings = _grammar(locales)
    # The pattern begins with a line end; the first line has none before it.
    end = source.text.find("\n")
    first = pattern.match("\n" + (source.text if end < 0 else source.text[:end]))
    matches = [*([first] if first else []), *pattern.finditer(source.text)]
    hits = Counter(label.locale for match in matches for label in meanings[match["header"] or match["label"]])
    if not hits:
        known = ", ".join(locale.code for locale in locales)
        return Lexed((), None), [
            Finding(
                "P001",
                "no known label: this does not look like a copied review page",
                Span(0, min(len(source.text), 40)),
                f"copy the whole page, with its headings; languages looked for: {known}",
            )
        ]
    # Locales that share words (English and French headers) are told apart by the other words.
    ranking = [locale for locale, _ in sorted(hits.items(), key=lambda item: (-item[1], item[0]))]
    marks = tuple(_mark(match, meanings, ranking, 0 if match is first else 1) for match in matches)
    language = next(locale for locale in locales if locale.code == ranking[0])
    damaged = find_damaged_labels(source.text, marks, language)
    if damaged:
        marks = tuple(sorted((*marks, *damaged), key=lambda mark: mark.span.start))
    return Lexed(marks, ranking[0]), []


def _mark(
    match: re.Match[str], meanings: dict[str, tuple[Label, ...]], ranking: list[str], line_end: int
) -> Mark:
    """The label of a match that has one line end of the text, or none, before its line."""
    label = _best(meanings[match["header"] or match["label"]], ranking)
    span = Span(match.start() + line_end, match.end() + line_end - 1)
    if label.part is not Part.HEADER:
        return Mark(label, span, word=match["label"])
    status = _best(meanings[match["status"]], ranking).status if match["status"] else None
    return Mark(label, span, int(match["number"]), status)


def _best(labels: tuple[Label, ...], ranking: list[str]) -> Label:
    return min(labels, key=lambda label: ranking.index(label.locale)) if len(labels) > 1 else labels[0]


@cache
def _grammar(
    locales: tuple[Locale, ...],
) -> tuple[re.Pattern[str], dict[str, tuple[Label, ...]]]:
    r"""The pattern for one label line, and each word's meanings::

    line   = indent (header | label) [ \t*:]* end-of-line
    header = word number [":"] [status]
    """
    meanings: dict[str, list[Label]] = {}
    for locale in locales:
        for word, label in locale.labels:
            meanings.setdefault(word, []).append(label)
    headers = [word for word, labels in meanings.items() if labels[0].part is Part.HEADER]
    statuses = [word for word, labels in meanings.items() if any(label.status for label in labels)]
    others = [word for word in meanings if word not in headers]
    pattern = re.compile(
        rf"""
        \n [ \t\#*]*+                                   # indentation, Markdown heading or emphasis
        (?:
            (?P<header>{_any(headers)}) [ ]?+ (?P<number>[0-9]{{1,6}}) [ \t]*+ :? [ \t]*+
            (?P<status>{_any(statuses)})?
        |   (?P<label>{_any(others)})
        )
        [ \t*:]*+ (?= \n | \Z )
        """,
        re.VERBOSE,
    )
    return pattern, {word: tuple(labels) for word, labels in meanings.items()}


def _any(words: Iterable[str]) -> str:
    """An alternation, the longest word first, with spaces escaped for a verbose pattern."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
