"""An option reads like the second half of the paragraph before it.

Looked at: an option that begins in lower case after a paragraph without final stop, where most other
options of the question begin otherwise; an option that the explanation has directly behind the
paragraph before it, in one line; and, where no line of a file has more than 132 letters, and one in five
lines of stems and explanations had no room for the next word, at least three options with such a line above.

Why it matters: copying may have split one option in two, or the end of the stem from its start; a mail
program breaks lines.
Example: "Use a longer" and "rope than before" as two options among "Tie a bowline" and "Do nothing".
How to mend it: compare the two with the page; if they are one, join the lines.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_LENGTH = 12
# Each is looked for in the whole explanation; a question with more options is rejected (Q022).
_MOST_OPTIONS = 300
_LONGEST_WRAPPED = 132
_LEAST_WRAPPED = 3
_SHARE_OF_FULL = 0.2
_LONGEST_WORD = 30
_FINAL = ".?!:;…)\"”»'`"


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        for place in _fragments(reading):
            yield Problem(
                index,
                "this option begins in lower case, and what stands before it has no final stop",
                f"options.{place}",
                "if it is the rest of the paragraph before it, join the two",
            )
        for place in _joined_in_explanation(reading):
            yield Problem(
                index,
                "the explanation has this option and the paragraph before it as one",
                f"options.{place}",
                "compare the two with the page: they may be one option",
            )
    for index, place in _wrapped(questions):
        yield Problem(
            index,
            "the line before this option had no room for its first word",
            f"options.{place}",
            "if it is the rest of that line, join the two",
        )


def _wrapped(questions: QuestionSet) -> Sequence[tuple[int, int]]:
    """The options that may be the rest of a line that was broken, by question and place."""
    width = _width(questions)
    found = []
    for index, (question, reading) in enumerate(zip(questions.questions, questions.readings, strict=True)):
        if not width or question.type == "fill_in" or reading.block.given:
            continue
        above = reading.stem[-1].text if reading.stem else ""
        for place, (paragraph, option) in enumerate(zip(reading.options, question.options, strict=True)):
            line = above.rpartition("\n")[2]
            is_whole = paragraph.mark or paragraph.is_set_off or line[-1:] in _FINAL
            if not is_whole and _is_full(line, paragraph.text, width):
                found.append((index, place))
            above = option.explanation if paragraph.reason and option.explanation else paragraph.text
    return found if len(found) >= _LEAST_WRAPPED and _is_wrapped(questions, width) else ()


def _is_wrapped(questions: QuestionSet, width: int) -> bool:
    """Whether many lines of stems and explanations are as long as they can be; few are by chance."""
    full = number = 0
    for question in questions.questions:
        for text in (question.stem, question.explanation or ""):
            lines = [line for line in text.split("\n") if line.strip()]
            number += max(len(lines) - 1, 0)
            full += sum(_is_full(line, below, width) for line, below in pairwise(lines))
    return full >= max(_LEAST_WRAPPED, _SHARE_OF_FULL * number)


def _is_full(line: str, below: str, width: int) -> bool:
    """Whether a line had no room for the first word below it; Japanese has no spaces between words."""
    word = below.lstrip().partition(" ")[0]
    return len(word) <= _LONGEST_WORD and len(line) + len(word) >= width


def _width(questions: QuestionSet) -> int:
    """How many letters the longest line has; 0 where that is more than a mail program leaves together."""
    width = 0
    for question in questions.questions:
        for text in (question.stem, *[each.text for each in question.options], question.explanation or ""):
            for line in text.split("\n"):
                if len(line) > width and "://" not in line:  # addresses are not broken
                    width = len(line)
            if width > _LONGEST_WRAPPED:
                return 0
    return width


def _fragments(reading: Reading) -> Iterator[int]:
    options = reading.options
    lower = [option.text[:1].islower() for option in options]
    if not any(lower) or sum(lower) * 2 >= len(options):
        return
    for place, option in enumerate(options):
        before = options[place - 1] if place else (reading.stem or (option,))[-1]
        is_whole = option.is_set_off and before.is_set_off
        if lower[place] and option.mark is None and not is_whole and before.text[-1:] not in _FINAL:
            yield place


def _joined_in_explanation(reading: Reading) -> Iterator[int]:
    restated = reading.parts.restated
    if not restated or all(restated) or len(restated) > _MOST_OPTIONS:
        return
    texts = [each.text for each in (*reading.stem[-1:], *reading.options)]
    first = len(texts) - len(reading.options)
    for place in range(1, len(texts)):
        above, below = texts[place - 1], texts[place]
        if min(len(above), len(below)) >= _LEAST_LENGTH and f"{above} {below}" in reading.explanation:
            yield place - first
