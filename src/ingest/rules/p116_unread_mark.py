"""A line reads like an answer mark but for its spelling, and was read as text.

Looked at: the lines of the options, and of the paragraph above them, of questions with an answer mark.
Capitals, white space, punctuation and what cannot be seen do not count, and one letter may be another one, be
missing or be one too many.

Why it matters: the option below the line may be another right one, which the key then lacks; and the line is
in the text of an option.
Example: `Corect selection` over the third of three right options.
How to mend it: write the line as the page does, or take it out.
"""

import string
from collections.abc import Iterable, Iterator
from functools import cache

from ingest.locales import load_all
from ingest.model.block import Part
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_ENDS = 4
"""One letter is damaged: so many at the beginning are not, or so many at the end."""
_SIGNS = string.punctuation + string.whitespace
_AROUND = 8
"""Signs around a mark, at most."""


def check(questions: QuestionSet) -> Iterator[Problem]:
    marks = _marks()
    for index, reading in enumerate(questions.readings):
        if reading.block.given or not reading.block.marks:
            continue
        above = len(reading.stem[-1:])
        for place, each in enumerate(reading.stem[-1:] + reading.options, -above):
            text = each.text
            if len(text) > marks.longest and "\n" not in text:
                continue
            line = next((line for line in text.split("\n") if marks.are_like(line)), None)
            if line is not None:
                yield Problem(
                    index,
                    f"“{line.strip()}” was read as text, and may be an answer mark",
                    f"options.{place}" if place >= 0 else "stem.last",
                    "write the line as the page does, or take it out",
                    text=line,
                )


class _Marks:
    """The marks of all languages, without what is no letter."""

    def __init__(self, words: Iterable[str]) -> None:
        given = {word.casefold() for word in words}
        self.words = {letters for word in given if len(letters := _letters(word)) > 2 * _ENDS}
        self.damaged = self.words.union(*map(_shorter, self.words))
        """The same, and with each of their letters missing."""
        lengths = [len(word) for word in self.words]
        self.shortest, self.longest = min(lengths) - 1, max(map(len, given)) + _AROUND
        self.begins = {word[:_ENDS] for word in given}
        self.ends = {word[-_ENDS:] for word in given}

    def are_like(self, line: str) -> bool:
        """Whether a line is one of them, but for a letter and signs."""
        if not self.shortest <= len(line) <= self.longest:
            return False
        line = line.casefold()
        if line.isascii():  # as nearly all lines of most pages
            bare = line.strip(_SIGNS)
            if bare[:_ENDS] not in self.begins and bare[-_ENDS:] not in self.ends:
                return False
        letters = _letters(line)
        shorter = _shorter(letters)
        return (
            letters in self.damaged
            or not self.words.isdisjoint(shorter)
            or not self.damaged.isdisjoint(shorter)
        )


@cache
def _marks() -> _Marks:
    return _Marks(
        word
        for locale in load_all()
        for word, label in locale.labels
        if label.part is Part.MARK and not label.follows
    )


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _shorter(word: str) -> set[str]:
    """A word with each of its letters missing."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}
