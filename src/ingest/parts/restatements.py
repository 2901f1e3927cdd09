"""Where an explanation restates options, and where its headings stand.

An option is restated at the start of a line — after a bullet, in quotes, or after a word such as
``INCORRECT:`` — and ends there or before a dash or colon. The explanation is walked once, whatever the
number of options; exact text first, folded text only for what was not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Literal

from ingest.locales import CourseWords
from ingest.parts.folding import fold

Heading = Literal["correct", "incorrect", "references"]

# Between a restated option and its reason: a dash or colon with a space on one side; before a capital,
# so that the " -auto" of a command is none.
_SEPARATOR = re.compile(r"[ \t]*[-–—:][ \t]+|[ \t]+[-–—](?=[A-ZÀ-Þ])")
# After the core of a restated option: the line's end, or its reason.
_AFTER = re.compile(r"[ \t.*_]*+(?:\Z|[-–—:][ \t]+|(?<=[ \t])[-–—](?=[A-ZÀ-Þ]))")
_OPENING = re.compile(r"[ \t]*(?:[-•*–▪◦·‣][ \t]+|[0-9]{1,2}[.)][ \t]+)?[*_]{0,3}")
_CLOSING = " \t.*_"
# The first words of a text, as far as no quote, dash or odd space stands between them.
_BEGINNING = re.compile(r"\w+(?: \w+){0,3}")
_QUOTES = {'"': '"', "“": "”", "«": "»"}
_OPENING_QUOTES = tuple(_QUOTES)
_PREFIX = 8
# A line has few separators before the end of a restated option; a hostile one has thousands.
_MOST_SEPARATORS = 24
_LONGEST_HEADING = 60
_LONGEST_OPENING = 30
_LONGEST_BEGINNING = 20
# A question may have an option twice; a hostile one has it a thousand times.
_MOST_EQUAL = 16
# With more paragraphs it is no question, and each of them would be looked for at each line.
_MOST_TEXTS = 300


Spot = tuple[int, int, tuple[int, ...], Heading | None, bool]
"""A text where it is restated, or a heading: where it begins, and where the reason begins, counted from the
explanation's start; the indices of the texts that read so, mostly one, none for a heading; what the heading,
or the word before a quoted text, announces; whether the text's line ends with it."""


def find_spots(explanation: str, texts: Sequence[str], words: CourseWords) -> list[Spot]:
    """Headings and restated texts, in the order of the explanation."""
    if len(texts) > _MOST_TEXTS:
        return []
    wanted = _Wanted(texts)
    lines = explanation.split("\n")
    spots = _walk(lines, wanted, _grammar(words))
    found = {index for _, _, indices, _, _ in spots for index in indices}
    missing = [first for first, *_ in wanted.indices.values() if first not in found]
    if not missing:
        return spots
    more = _folded(explanation, lines, texts, missing) + _whole_lines(explanation, texts, missing)
    return sorted((*spots, *more), key=itemgetter(0)) if more else spots


def is_quoted(text: str, explanation: str) -> bool:
    """Whether the text stands in quotes anywhere in the explanation."""
    core = text.rstrip(". ")
    quotes = [quote for quote in _QUOTES if quote in explanation]  # mostly none
    return bool(core) and any(quote + core in explanation for quote in quotes)


def has_heading(text: str, words: CourseWords) -> bool:
    """Whether a text holds a line that only explanations have: ``Correct option:``,
    ``INCORRECT: "…"``."""
    grammar = _grammar(words)
    return any(grammar.announcement(line) is not None for line in text.split("\n"))


class _Wanted:
    """Texts to look for, by their whole and by their beginning."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.indices: dict[str, tuple[int, ...]] = {}
        self.short: list[str] = []
        self.long: dict[str, list[str]] = {}
        for index, text in enumerate(texts):
            core = text.strip(_CLOSING)
            if equal := self.indices.get(core):
                self.indices[core] = (*equal, index)[:_MOST_EQUAL]
            elif core:
                self.indices[core] = (index,)
                beginning = core[:_PREFIX]
                if len(beginning) < _PREFIX:
                    self.short.append(core)
                elif alike := self.long.get(beginning):
                    alike.append(core)
                else:
                    self.long[beginning] = [core]
        for cores in (self.short, *self.long.values()):
            if len(cores) > 1:
                cores.sort(key=len, reverse=True)

    def begin(self, line: str, at: int) -> tuple[tuple[int, ...], int] | None:
        """The longest wanted text with which the line goes on, and where its reason begins."""
        for core in self.long.get(line[at : at + _PREFIX], ()):
            if line.startswith(core, at):
                end = at + len(core)
                if end == len(line):
                    return self.indices[core], end
                if after := _AFTER.match(line, end):
                    return self.indices[core], after.end()
        for core in self.short:
            if line.startswith(core, at) and (after := _AFTER.match(line, at + len(core))):
                return self.indices[core], after.end()
        return None


class _Grammar:
    """The words that announce a part of an explanation."""

    def __init__(self, words: CourseWords) -> None:
        self.headings: dict[str, Heading] = {}
        self.headings.update(dict.fromkeys(map(str.lower, words.correct_heading), "correct"))
        self.headings.update(dict.fromkeys(map(str.lower, words.incorrect_heading), "incorrect"))
        self.headings.update(dict.fromkeys(map(str.lower, words.references_heading), "references"))
        self.leads: dict[str, Heading] = {}
        self.leads.update(dict.fromkeys(words.correct_lead, "correct"))
        self.leads.update(dict.fromkeys(words.incorrect_lead, "incorrect"))

    def announcement(self, line: str) -> tuple[Heading, int, bool] | None:
        """What a line announces, where the text after it begins, and whether that stands in quotes::

        line = heading [":" [text]] | lead-word ":" quote text
        """
        colon = line.find(":", 0, _LONGEST_HEADING)
        # Quick looks: most lines announce nothing, and many are addresses.
        if colon < 0:
            if len(line) > _LONGEST_HEADING:
                return None
            kind = self.headings.get(line.strip(" \t*_#").lower())
            return None if kind is None else (kind, len(line), False)
        if line.startswith("http"):
            return None
        phrase = line[:colon].strip(" \t*_#")
        kind = self.leads.get(phrase)
        if kind is None:
            kind = self.headings.get(phrase.lower())
            # "Correct option: …" goes on in the line.
            return None if kind is None else (kind, _skip(line, colon + 1), False)
        begin = _skip(line, colon + 1)
        return (kind, begin + 1, True) if line[begin : begin + 1] in _OPENING_QUOTES else None


@cache
def _grammar(words: CourseWords) -> _Grammar:
    return _Grammar(words)


def _skip(line: str, at: int) -> int:
    """The place of the next text, without emphasis; the line's end where there is none."""
    while at < len(line) and line[at] in " \t*_":
        at += 1
    return at


def _walk(lines: Sequence[str], wanted: _Wanted, grammar: _Grammar) -> list[Spot]:
    spots: list[Spot] = []
    end = -1
    for line in lines:
        start = end + 1
        end = start + len(line)
        if not line:
            continue
        at = 0
        if (len(line) <= _LONGEST_HEADING or line.find(":", 0, _LONGEST_HEADING) >= 0) and (
            announced := grammar.announcement(line)
        ):
            kind, at, is_quoted_text = announced
            if is_quoted_text:
                if found := _quoted(line, at, wanted):
                    spots.append((start, start + found[1], found[0], kind, False))
                continue
            spots.append((start, start + at, (), kind, at == len(line)))
            if at == len(line):
                continue
        elif line[:_PREFIX] not in wanted.long and line[0].isalpha() and not wanted.short:
            continue
        if spot := _restated(line, at, start, wanted):
            spots.append(spot)
    return spots


def _restated(line: str, at: int, start: int, wanted: _Wanted) -> Spot | None:
    """The wanted text with which a line begins. ``start`` is the line's offset."""
    begin = start + at
    found = wanted.begin(line, at)
    if found is None:
        if line[at : at + 1].isalpha():
            return None
        opening = _OPENING.match(line, at)
        at = opening.end() if opening else at
        if line[at : at + 1] in _OPENING_QUOTES and (found := _quoted(line, at + 1, wanted)):
            after = _SEPARATOR.match(line, found[1])
            if after or not line[found[1] :].strip(_CLOSING):
                end = after.end() if after else len(line)
                return begin, start + end, found[0], None, not after
        found = wanted.begin(line, at)
    if found is None:
        return None
    indices, end = found
    return begin, start + end, indices, None, end == len(line)


def _heads(line: str, at: int, longest: int) -> Iterator[tuple[str, int]]:
    """What may be a restated text at the start of a line, the longest first, and where the reason
    begins."""
    stop = at + longest + len(_CLOSING)
    if len(line) <= stop:
        yield line[at:].strip(_CLOSING), len(line)
    separators = islice(_SEPARATOR.finditer(line, at, min(stop + 4, len(line))), _MOST_SEPARATORS)
    for separator in reversed(list(separators)):
        yield line[at : separator.start()].strip(_CLOSING), separator.end()


def _quoted(line: str, at: int, wanted: _Wanted) -> tuple[tuple[int, ...], int] | None:
    """The wanted text in quotes that were opened before ``at``, and where the quotes end."""
    quote = _QUOTES[line[at - 1]]
    closing = line.find(quote, at)
    for _ in range(_MOST_SEPARATORS):
        if closing < 0:
            return None
        indices = wanted.indices.get(line[at:closing].strip(_CLOSING))
        if indices:
            return indices, closing + 1
        closing = line.find(quote, closing + 1)
    return None


def _folded(
    explanation: str, lines: Sequence[str], texts: Sequence[str], missing: Sequence[int]
) -> list[Spot]:
    """Texts restated with other quotes, spaces or capitals."""
    if not explanation.isascii():
        # Only beginnings, since making other letters small takes long.
        explanation = "\n".join([line[: _LONGEST_OPENING + _LONGEST_BEGINNING] for line in lines])
    lower = explanation.lower()
    likely: dict[str, int] = {}
    begins_line: dict[str, bool] = {}
    for index in missing:
        found = _BEGINNING.search(texts[index][:_LONGEST_HEADING].lower())
        if not found:
            continue
        beginning = found[0][:_LONGEST_BEGINNING]
        if beginning not in begins_line:  # a hostile question has hundreds of texts that begin alike
            begins_line[beginning] = _begins_line(lower, beginning)
        if begins_line[beginning]:
            likely.setdefault(fold(texts[index].strip(_CLOSING)), index)
    if not likely:
        return []
    spots: list[Spot] = []
    longest = 2 * max(map(len, likely))
    start = 0
    for line in lines:
        opening = _OPENING.match(line)
        at = opening.end() if opening else 0
        for head, end in _heads(line, at, longest) if line else ():
            index = likely.get(fold(head), -1)
            if index >= 0:
                spots.append((start, start + end, (index,), None, end == len(line)))
                break
        start += len(line) + 1
    return spots


def _begins_line(text: str, beginning: str) -> bool:
    """Whether some line begins so, after no more than what may open a line."""
    at = text.find(beginning)
    while at >= 0:
        opening = text[max(at - _LONGEST_OPENING, 0) : at]
        line = opening[opening.rfind("\n") + 1 :]
        if (len(line) < _LONGEST_OPENING) and not any(map(str.isalpha, line)):
            return True
        # Before any other place in this line stands what stands before this one, and more.
        line_end = text.find("\n", at)
        at = text.find(beginning, line_end) if line_end >= 0 else -1
    return False


def _whole_lines(explanation: str, texts: Sequence[str], missing: Sequence[int]) -> list[Spot]:
    """Texts of several lines, such as code, where they stand line for line."""
    several = [(index, texts[index]) for index in missing if "\n" in texts[index]]
    within = f"\n{explanation}\n" if several else ""
    places = [(index, text, within.find(f"\n{text}\n")) for index, text in several]
    return [(at, at + len(text), (index,), None, True) for index, text, at in places if at >= 0]
