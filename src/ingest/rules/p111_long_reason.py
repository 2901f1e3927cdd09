"""What stands below an option may hold the beginning of the next one.

Looked at where each option has an explanation below it: one of several paragraphs, directly before an
option without a mark, while at least nine in ten of at least 5 others, whose end a mark or a label shows,
have one paragraph.

Why it matters: nothing marks where the explanation of one option ends and the next option begins.
Example: an option of two paragraphs, of which the first was read as the end of the explanation above it.
How to mend it: compare the option below with the page.
"""

from collections.abc import Iterator

from ingest.model.block import Paragraph
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_REASONS = 5
_SHARE = 0.9


def check(questions: QuestionSet) -> Iterator[Problem]:
    # Only the copy knows how many paragraphs a reason has.
    unsure: list[tuple[int, int]] = []
    single = sure = 0
    for index, (question, reading) in enumerate(zip(questions.questions, questions.readings, strict=True)):
        if reading.is_fill_in or reading.block.given:
            continue
        for place, (option, paragraph) in enumerate(zip(question.options, reading.options, strict=True)):
            if paragraph.reason is None:
                continue
            is_long = "\n\n" in (option.explanation or "")
            if _is_marked(reading.options, place + 1):
                sure += 1
                single += not is_long
            elif is_long:
                unsure.append((index, place + 1))
    if sure < _LEAST_REASONS or single < _SHARE * sure:
        return
    for index, place in unsure:
        yield Problem(
            index,
            "the explanation above this option has several paragraphs, where the others have one",
            f"options.{place}",
            "compare the option with the page: its beginning may have been read as that explanation",
        )


def _is_marked(options: tuple[Paragraph, ...], place: int) -> bool:
    return place >= len(options) or options[place].mark is not None
