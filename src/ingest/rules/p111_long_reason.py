"""What stands below an option may hold an option, or its beginning.

Looked at where options have explanations below them: one of several paragraphs, while at least nine in ten
of at least 5 others, whose end a mark shows, have one paragraph, or while several questions have options
without an explanation; else one whose last paragraph is short and has no final stop. Also an explanation
of that kind under a label that elsewhere belongs to single options, directly below the right option.

Why it matters: nothing marks where the explanation of one option ends and the next option begins.
Example: an option without explanation, read as the end of the explanation above it.
How to mend it: compare the option below with the page.
"""

from collections.abc import Iterator

from ingest.model.block import Paragraph, Reading
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_REASONS = 5
_SHARE = 0.9
_SHORT = 100
_FINAL = ".?!:;…)\"”»'`。"
_HINT = "compare it with the page: an option may have been read as explanation"


def check(questions: QuestionSet) -> Iterator[Problem]:
    unsure: list[tuple[int, int, str]] = []
    single = sure = partly = 0
    for index, (question, reading) in enumerate(zip(questions.questions, questions.readings, strict=True)):
        if _hides_options(question, reading):
            yield Problem(index, "the explanation may hold options", "explanation", _HINT)
        if reading.is_fill_in or not reading.block.reasons:
            continue
        partly += not all(each.reason for each in reading.options)
        for place, (option, paragraph) in enumerate(zip(question.options, reading.options, strict=True)):
            if paragraph.reason is None:
                continue
            is_long = "\n\n" in (option.explanation or "")
            if is_long:
                unsure.append((index, place, option.explanation or ""))
            if _is_marked(reading.options, place + 1):
                sure += 1
                single += not is_long
    are_short = partly > 1 or (sure >= _LEAST_REASONS and single >= _SHARE * sure)
    for index, place, reason in unsure:
        if are_short or _ends_like_an_option(reason):
            message = "the explanation below this option has several paragraphs"
            yield Problem(index, message, f"reasons.{place}", _HINT)


def _is_marked(options: tuple[Paragraph, ...], place: int) -> bool:
    return place < len(options) and options[place].mark is not None


def _hides_options(question: Question, reading: Reading) -> bool:
    if not reading.block.is_told_by_place or not reading.options or not reading.options[-1].is_right:
        return False
    is_below = any(mark.label.follows for mark in reading.block.marks)
    return not is_below and _ends_like_an_option(question.explanation or "")


def _ends_like_an_option(text: str) -> bool:
    first, *others = text.split("\n\n")
    if not others or first[-1:] not in _FINAL:
        return False
    last = others[-1].strip()
    return len(last) <= _SHORT and last[-1:] not in _FINAL and "\n" not in last and "://" not in last
