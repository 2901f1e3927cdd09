"""An option has no explanation below it, where all options of the other questions have one.

Looked at where at least nine in ten of at least 5 other questions have an explanation below each option.

Why it matters: what reads as an option may be a part of the option or of the explanation above it.
Example: a second paragraph of option B, read as option C.
How to mend it: compare the options with the page.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_QUESTIONS = 5
_SHARE = 0.9


def check(questions: QuestionSet) -> Iterator[Problem]:
    if not any(reading.block.reasons for reading in questions.readings):
        return
    habits = {
        index: [each.reason is not None for each in reading.options]
        for index, reading in enumerate(questions.readings)
        if not reading.is_fill_in and not reading.block.given and len(reading.options) > 1
    }
    whole = sum(all(habit) for habit in habits.values())
    others = len(habits) - 1
    if others < _LEAST_QUESTIONS or whole < _SHARE * others:
        return
    for index, habit in habits.items():
        if not all(habit):
            yield Problem(
                index,
                "no explanation stands below this option, as it does below all options elsewhere",
                f"options.{habit.index(False)}",
                "compare the option with the page: it may belong to what stands above it",
            )
