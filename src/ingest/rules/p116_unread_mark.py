"""A line reads like an answer mark but for its spelling, and was read as text.

Looked at: the lines of the options, and of the paragraph above them, of questions with an answer mark.
Capitals, white space, punctuation and what cannot be seen do not count, and one letter may be another one, be
missing or be one too many.

Why it matters: the option below the line may be another right one, which the key then lacks; and the line is
in the text of an option.
Example: `Corect selection` over the third of three right options.
How to mend it: write the line as the page does, or take it out.
"""

from collections.abc import Iterable, Iterator
from functools import cache

from ingest.locales import load_all
from ingest.model.block import Part
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_ENDS = 4
"""One letter is damaged: so many at the beginning are not, or so many at the end."""
_AROUND = 8
"""Signs around a mark, at most."""


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        if reading.block.given or not reading.block.marks:
            continue
        above = len(reading.stem[-1:])
        paragraphs = reading.stem[-1:] + reading.options
        for place, each in enumerate(paragraphs, -above):
            line = next(filter(_is_like_mark, each.text.split("\n")), None)
            if line is not None:
                yield Problem(
                    index,
                    f"“{line.strip()}” was read as text, and may be an answer mark",
                    f"options.{place}" if place >= 0 else "stem.last",
                    "write the line as the page does, or take it out",
                    text=line,
                )


def _is_like_mark(line: str) -> bool:
    lengths, ends, words, damaged = _marks()
    if len(line) not in lengths:
        return False
    letters = _letters(line)
    if letters[:_ENDS] not in ends and letters[-_ENDS:] not in ends:
        return False
    return (
        letters in damaged
        or not words.isdisjoint(_shorter(letters))
        or not damaged.isdisjoint(_shorter(letters))
    )


@cache
def _marks() -> tuple[range, frozenset[str], frozenset[str], frozenset[str]]:
    """Of the marks of all languages: how long such a line is, how they begin and end, their letters, and the
    same with each of these missing."""
    words = {
        _letters(word)
        for locale in load_all()
        for word, label in locale.labels
        if label.part is Part.MARK and not label.follows
    }
    words = {word for word in words if len(word) > 2 * _ENDS}
    lengths = [len(word) for word in words]
    ends = frozenset(word[:_ENDS] for word in words) | {word[-_ENDS:] for word in words}
    damaged = words.union(*map(_shorter, words))
    return range(min(lengths) - 1, max(lengths) + _AROUND), ends, frozenset(words), frozenset(damaged)


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text.casefold()))


def _shorter(word: str) -> Iterable[str]:
    """A word with each of its letters missing."""
    return {word[:place] + word[place + 1 :] for place in range(len(word))}
