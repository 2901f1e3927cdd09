"""Sentences that ask: "Which …?", "(Select two)".

The words come from the locale files; the patterns around them are the same in all languages.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from ingest.locales import CourseWords

# A question mark that ends a sentence, not one inside an address such as ?lang=en.
_QUESTION_MARK = r"""[?？][’')）\]*]*(?=\s|$)"""
# Not the underscores of a name such as __init__.
_BLANK = re.compile(r"(?<!\w)_{2,}(?!\w)")
_QUESTION_MARKS = ("?", "？")
_LONGEST_INSTRUCTION = 100
# Chinese and Japanese letters.
_FIRST_WITHOUT_SPACES = "\u3000"
_QUOTED_QUESTION_MARK = r"""[?？]["”»](?=\W|$)"""


def has_blank(text: str) -> bool:
    """Whether a text has a blank to be filled: ``The ____ lays the eggs.``"""
    return "__" in text and _BLANK.search(text) is not None


def may_ask_aloud(text: str) -> bool:
    """Whether a text holds a question mark or a bracket: few options do."""
    return "?" in text or "(" in text or "？" in text or "（" in text


class Asking(NamedTuple):
    """The patterns for one set of words."""

    mark: re.Pattern[str]
    quotation: re.Pattern[str]
    in_brackets: re.Pattern[str]
    without_spaces: re.Pattern[str]
    """Instructions of both kinds in languages without spaces."""
    at_end: re.Pattern[str]
    note: re.Pattern[str]
    """A whole line that begins as notes below the asking sentence do."""
    notes: tuple[str, ...]
    number: re.Pattern[str]
    counts: dict[str, int]
    select: frozenset[str]
    """The words with which an instruction begins, in lower case."""
    select_without_spaces: tuple[str, ...]
    """The same for languages without spaces."""
    ends: tuple[str, ...]
    """What asking sentences end in."""

    def asks(self, text: str) -> bool:
        """Whether the text holds an asking sentence; one that somebody is quoted with is none."""
        # Most texts hold no question mark, no blank and one line, which is seen faster without a pattern.
        return (
            text.endswith(self.ends)
            or (("?" in text or "？" in text) and self.mark.search(text) is not None)
            or has_blank(text)
            or text.startswith(self.notes)
            or ("\n" in text and self.note.search(text) is not None)
            or bool(self._instructions(text))
        )

    def asks_aloud(self, text: str) -> bool:
        """Whether the text asks with a question mark or in brackets."""
        return may_ask_aloud(text) and self.asks(text)

    def quotes_question(self, text: str) -> bool:
        """Whether the text quotes an asking sentence."""
        return self.quotation.search(text) is not None

    def rest(self, text: str) -> str:
        """What follows the last asking sentence of a text; empty where none asks."""
        if text.endswith(self.ends):
            return ""
        ends = [match.end() for match in self._instructions(text)]
        if "?" in text or "？" in text:
            ends += [match.end() for match in self.mark.finditer(text)]
        if "\n" in text or text.startswith(self.notes):
            ends += [match.end() for match in self.note.finditer(text)]
        return text[max(ends) :].strip() if ends else ""

    def stated_count(self, text: str) -> int | None:
        """How many answers an instruction such as "(Select two)" asks for; null without one."""
        for instruction in self._instructions(text):
            number = self.number.search(instruction[0])
            if number:
                word = number[0].lower()
                return int(word) if word.isdigit() else self.counts[word]
        return None

    def _instructions(self, text: str) -> list[re.Match[str]]:
        # Most texts hold none, which is seen faster without the patterns.
        found: list[re.Match[str]] = []
        if "(" in text or "[" in text or "（" in text:
            found += self.in_brackets.finditer(text)
        if not text.isascii() and any(word in text for word in self.select_without_spaces):
            found += self.without_spaces.finditer(text)
        if text.endswith(_QUESTION_MARKS):
            return found  # no instruction without brackets ends so
        if not self.select.isdisjoint(text[-_LONGEST_INSTRUCTION:].lower().split()):
            found += self.at_end.finditer(text, max(len(text) - _LONGEST_INSTRUCTION, 0))
        return found


def _any(words: Iterable[str]) -> str:
    """One of the words, the longest first; nothing where there are none."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) or r"(?!)"


@cache
def compile_asking(words: CourseWords) -> Asking:
    """The patterns for the words of one or more locales::

        sentence    = question-mark | blank | instruction
        instruction = "(" … select-word … ")"
                    | select-word number [word [word]] as the last sentence of the text
                    | select-word filler* ("answer" | number) filler*
                    | select-word "all" … "."
                    | note …

    An option may well begin with "Choose", so the bare form needs its number, or nothing but words of
    instructions: "Choose the best answer." In languages written without spaces the number comes first.
    """
    counts = {word.lower(): count for word, count in words.numbers}
    spaced = [word for word in words.select if word < _FIRST_WITHOUT_SPACES]
    select = _any(spaced)
    without_spaces = _any(word for word in words.select if word not in spaced)
    number = _any(counts)
    all_words = _any(words.all)
    things = _any(words.select_object)
    filler = _any(words.select_filler)
    part = f"(?:{filler}|[0-9]|{number})"
    note = _any(words.note)
    in_brackets = rf"""
        [(\[（] (?:\w+[ ])? (?:{select})\b [^()（）\[\]\n]{{0,60}} [)）\]] [.:]?
    """
    in_either_place = rf"""
        [(（【] [^()（）\n]{{0,20}} (?:{without_spaces}) [^()（）\n]{{0,20}} [)）】] 。?
    |   (?:[0-9]つ|{number}) [^。\n]{{0,12}} (?:{without_spaces}) [^。\n]{{0,12}} 。? \s* \Z
    """
    at_end = rf"""
        (?: ^ | (?<=[.!?:)]\s) ) (?:{select}) [ ]
        (?: (?:\w+[ ])? (?:[0-9]|{number}) (?:[ ]\w+){{0,2}} [.:]?
        |   (?:{part}[ ]){{0,6}} (?:{things}|[0-9]|{number}) (?:[ ](?:{filler}|{things}))* [.:]?
        |   (?:{all_words}) (?:[ ]\w+){{0,6}} [.:]
        ) \s* \Z
    """
    flags = re.VERBOSE | re.IGNORECASE | re.MULTILINE
    return Asking(
        mark=re.compile(_QUESTION_MARK),
        quotation=re.compile(_QUOTED_QUESTION_MARK),
        in_brackets=re.compile(in_brackets, flags),
        without_spaces=re.compile(in_either_place, flags),
        at_end=re.compile(at_end, flags),
        note=re.compile(rf"^(?:{note})[^\n]*", re.MULTILINE),
        notes=words.note,
        number=re.compile(rf"(?<![\w.,])(?:{number}|[0-9](?![\w.,][0-9]))(?![A-Za-zÀ-ÿ0-9])", re.IGNORECASE),
        counts=counts,
        select=frozenset(word.lower().split()[0] for word in spaced),
        select_without_spaces=tuple(word for word in words.select if word not in spaced),
        ends=(*_QUESTION_MARKS, *words.asking_end),
    )
