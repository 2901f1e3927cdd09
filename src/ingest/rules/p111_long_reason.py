"""What stands below an option may hold an option, or its beginning.

Looked at where options have explanations below them: one of several paragraphs, while at least nine in ten
of at least 5 others, whose end a mark shows, have one paragraph, or while several questions have options
without an explanation; else one whose last paragraph is short and has no final stop. Not where the question
has the file's usual number of options, each with an explanation. Also an explanation
of that kind under a label that elsewhere belongs to single options, directly below the right option.

Why it matters: nothing marks where the explanation of one option ends and the next option begins.
Example: an option without explanation, read as the end of the explanation above it.
How to mend it: compare the option below with the page.
"""

from collections import Counter
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
    for index, (question, reading) in enumerate(zip(questions.questions, questions.readings, strict=True)):
        if _hides_options(question, reading):
            yield Problem(index, "the explanation may hold options", "explanation", _HINT)
    explained = {
        index: reading
        for index, reading in enumerate(questions.readings)
        if reading.block.reasons and not reading.is_fill_in
    }
    counts = Counter(len(reading.options) for reading in explained.values() if _is_whole(reading))
    usual, number = counts.most_common(1)[0] if counts else (0, 0)
    partly = len(explained) - counts.total()
    reasons = {index: list(_reasons(questions.questions[index], each)) for index, each in explained.items()}
    sure = [is_long for each in reasons.values() for _, is_long, is_marked in each if is_marked]
    are_short = partly > 1 or (len(sure) >= _LEAST_REASONS and sure.count(False) >= _SHARE * len(sure))
    for index, entries in reasons.items():
        reading, options = explained[index], questions.questions[index].options
        if number >= _LEAST_REASONS and len(options) == usual and _is_whole(reading):
            continue  # none is missing
        for place, is_long, _ in entries:
            if is_long and (are_short or _ends_like_an_option(options[place].explanation or "")):
                message = "the explanation below this option has several paragraphs"
                yield Problem(index, message, f"reasons.{place}", _HINT)


def _is_whole(reading: Reading) -> bool:
    return all(each.reason for each in reading.options)


def _reasons(question: Question, reading: Reading) -> Iterator[tuple[int, bool, bool]]:
    """The options with a reason: whether it has several paragraphs, and whether a mark shows its end."""
    for place, (option, paragraph) in enumerate(zip(question.options, reading.options, strict=True)):
        if paragraph.reason is not None:
            is_long = "\n\n" in (option.explanation or "")
            yield place, is_long, _is_marked(reading.options, place + 1)


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
