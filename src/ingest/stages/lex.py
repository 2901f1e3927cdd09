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
from functools import cache
from itertools import islice
from typing import NamedTuple

from ingest.locales import Locale
from ingest.model.block import Label, Mark, Part
from ingest.model.diagnostic import Finding
from ingest.model.question import Status
from ingest.model.source import SourceText, Span
from ingest.parts.bounds import Bounds
from ingest.parts.damaged_labels import find_damaged_labels

_RULE = Label(Part.RULE, "")
# Files may hold these without being review pages.
_WEAK = (Part.RULE, Part.FURNITURE)
_DECORATION = "*#_>"


class Lexed(NamedTuple):
    """The labels of one text."""

    marks: tuple[Mark, ...]
    """In the order of the text, one for each line that is a label."""
    locale: str | None
    """The language most of the labels are in; null where there are none."""


def lex(source: SourceText, locales: tuple[Locale, ...], bounds: Bounds) -> tuple[Lexed, list[Finding]]:
    """The labels of a text and its language.

    A line that is a label but for one letter, and stands where one is missing, counts as damaged.

    Codes: P001 when the text holds no label of any of the locales. Raises ``LimitError`` for too many.
    """
    grammar = _grammar(locales)
    # The pattern begins with a line end; the first line has none before it.
    end = source.text.find("\n")
    first = grammar.pattern.match("\n" + (source.text if end < 0 else source.text[:end]))
    most = bounds.limits.labels
    matches = [*([first] if first else []), *islice(grammar.pattern.finditer(source.text), most + 1)]
    bounds.check("labels", len(matches), "at least {} labels of the page")  # looked for no further
    meanings = [grammar.meanings(match) for match in matches]
    hits = Counter(label.locale for labels in meanings for label in labels)
    del hits[""]
    if not hits:
        known = ", ".join(locale.code for locale in locales)
        hint = f"copy the whole page, with its headings; languages looked for: {known}"
        if source.text.lstrip()[:1] in ("{", "["):
            hint = "it begins like JSON: mend its syntax, where it is assessments or a converted file"
        return Lexed((), None), [
            Finding(
                "P001",
                "no known label: this does not look like a copied review page",
                Span(0, min(len(source.text), 40)),
                hint,
            )
        ]
    # Locales that share words (English and French headers) are told apart by the other words.
    ranking = [locale for locale, _ in sorted(hits.items(), key=lambda item: (-item[1], item[0]))]
    ranks = {locale: rank for rank, locale in enumerate(["", *ranking])}
    marks = tuple(
        grammar.mark(match, labels, ranks, 0 if match is first else 1)
        for match, labels in zip(matches, meanings, strict=True)
    )
    language = next(locale for locale in locales if locale.code == ranking[0])
    damaged = find_damaged_labels(source.text, marks, language)
    if damaged:
        marks = tuple(sorted((*marks, *damaged), key=lambda mark: mark.span.start))
    return Lexed(marks, ranking[0]), []


class _Grammar(NamedTuple):
    """The pattern for one label line, and what each word means."""

    pattern: re.Pattern[str]
    words: dict[str, tuple[Label, ...]]
    """Labels that are a whole line."""
    headers: dict[str, tuple[Label, ...]]
    answers: dict[str, tuple[Label, ...]]
    statuses: dict[str, tuple[Label, ...]]

    def meanings(self, match: re.Match[str]) -> tuple[Label, ...]:
        if match.lastgroup == "label":
            return self.words[match["label"]]
        header, answer = match.group("header", "answer")
        if header:
            return self.headers[header]
        return self.answers[answer.casefold()] if answer else (_RULE,)

    def mark(
        self, match: re.Match[str], labels: tuple[Label, ...], ranks: dict[str, int], line_end: int
    ) -> Mark:
        """The label of a match that has one line end of the text, or none, before its line."""
        start, end = match.span()
        label = labels[0] if len(labels) == 1 else _likeliest(labels, ranks)
        span = Span(start + line_end, end + line_end - 1)
        decorated = _is_decorated(match["lead"] or "") or match.string[end - 1] == "\\"
        if match.lastgroup == "label":
            status = _status(labels, ranks) if len(labels) > 1 else label.status
            return Mark(label, span, None, status, match["label"], is_decorated=decorated)
        if label.part is Part.HEADER:
            word = match["status"]
            status = _status(self.statuses[word], ranks) if word else None
            return Mark(label, span, int(match["number"]), status, is_decorated=decorated)
        if label.part is Part.ANSWER:
            return Mark(
                label, span, word=match["answer"], letters=_letters(match["letters"]), is_decorated=decorated
            )
        return Mark(label, span, is_decorated=decorated)


def _likeliest(labels: tuple[Label, ...], ranks: dict[str, int]) -> Label:
    return min(labels, key=lambda each: ranks[each.locale])


def _is_decorated(lead: str) -> bool:
    return any(sign in lead for sign in _DECORATION)


def _status(labels: tuple[Label, ...], ranks: dict[str, int]) -> Status | None:
    """What a word says as a status word of the likeliest locale that has it as one."""
    stated = [label for label in labels if label.part is Part.STATUS and label.locale in ranks]
    return min(stated, key=lambda each: ranks[each.locale]).status if stated else None


@cache
def _grammar(locales: tuple[Locale, ...]) -> _Grammar:
    r"""The pattern for one label line::

    line   = lead (header | answer | label | rule) [ \t*_:]* end-of-line
    header = word number [":"] [status]
    answer = word (":" | "is") (letter (separator letter)* | letter "." text)
    rule   = "---"
    lead   = indentation, Markdown's heading and emphasis, pictures such as a tick
    """
    words: dict[str, list[Label]] = {}
    headers: dict[str, list[Label]] = {}
    answers: dict[str, list[Label]] = {}
    statuses: dict[str, list[Label]] = {}
    for locale in locales:
        for word, label in locale.labels:
            if label.part is Part.ANSWER:
                answers.setdefault(word.casefold(), []).append(label)
                continue
            table = headers if label.part is Part.HEADER else words
            table.setdefault(word, []).append(label)
            if label.part is Part.STATUS:
                statuses.setdefault(word, []).append(label)
    # A mark before a status word: the status counts by its place only.
    for labels in words.values():
        labels.sort(key=lambda label: label.part is Part.STATUS)
    furniture = [word for word, labels in words.items() if labels[0].part is Part.FURNITURE]
    letter = r"[(]?[A-Za-z][).]?(?![A-Za-z])"
    separator = "(?:[,;/&+、・]|y|e|et|and|und)"
    end = r"(?= [ \t*_.:]*+ (?:\n|\Z) )"
    pattern = re.compile(
        rf"""
        \n (?!\n) (?:
            (?= [ \t*_-] ) [ \t]*+ (?P<rule> -{{3,}}+ | \*{{3,}}+ | _{{3,}}+ )
        |   (?P<lead> [ \t\#*_>\u2190-\u2bff\ufe0f\U0001f300-\U0001faff]*+ )
            (?= [^\n]{{1,90}}+ (?:\n|\Z) )      # longer lines are text
            (?:
                (?P<header>{_any(headers)}) [ ]?+ (?P<number>[0-9０-９]{{1,6}}) [ \t*_]*+ [:：.]? [ \t*_]*+
                (?P<status>{_any(statuses)})? (?:{_any(furniture)})?
            |   (?P<answer>{_any(answers, any_case=True)}) [ \t*_]*+
                (?: [:：] | (?:is|es|é|est|ist)\b | は ) [ \t*_]*+
                (?P<letters>
                    {letter} (?: [ \t*_]*+ {separator}? [ \t*_]*+ {letter} )*+ {end}
                |   [A-H]{{2,6}} {end}
                |   [A-Za-z] (?= [.):] [ \t*_]+ \S )
                )
                (?: [ \t*_.]*+ | [.):] [ \t*_]+ [^\n]*+ )
            |   (?P<label>{_any(words)})
            )
        )
        [ \t*_:：]*+ \\? (?= \n | \Z )
        """,
        re.VERBOSE,
    )
    return _Grammar(
        pattern,
        *(
            {word: tuple(labels) for word, labels in table.items()}
            for table in (words, headers, answers, statuses)
        ),
    )


def _letters(text: str) -> str:
    """The letters of an answer line: ``A, C``, ``b``, ``BD``, ``C y D``."""
    parts = re.findall(r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])", text)
    # A lone small letter between capitals is a word: "C y D", "A e B".
    if any(part.isupper() for part in parts):
        parts = [part for part in parts if part.isupper()]
    return "".join(parts).upper() or text.strip()


def _any(words: Iterable[str], *, any_case: bool = False) -> str:
    """A pattern for one of the words, the longest first; a tree of common beginnings, since an
    alternation is tried word by word at each line. Spaces are escaped for a verbose pattern."""
    words = list(words)
    if not words:
        return "(?!)"
    if any_case:
        return f"(?i:{_any(words)})"
    by_letter: dict[str, list[str]] = {}
    for word in words:
        by_letter.setdefault(word[:1], []).append(word)
    ends_here = bool(by_letter.pop("", None))
    branches = []
    for alike in by_letter.values():
        same = _common_length(min(alike), max(alike))
        rests = [word[same:] for word in alike]
        branches.append(re.escape(alike[0][:same]) + (_any(rests) if len(rests) > 1 else ""))
    return f"(?:{'|'.join(branches)}){'?' if ends_here else ''}"


def _common_length(one: str, other: str) -> int:
    """How many letters two words have in common at their beginnings."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (a, b) in pairs if a != b), min(len(one), len(other)))
