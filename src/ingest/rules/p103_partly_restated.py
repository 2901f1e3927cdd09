"""The explanation restates some options of a kind and not the others.

Looked at among the wrong options and among the right ones, since many explanations restate only the
right ones. Also reported when no right option is restated, all wrong ones are, and nine in ten other
questions of the file restate theirs; and when a paragraph of the stem is restated among the wrong
options.

Why it matters: an option that was split, or glued to another, no longer reads as the explanation
has it.
Example: three wrong options are explained one by one, and a fourth is mentioned nowhere.
How to mend it: compare the options that are not restated with the page.
"""

from collections.abc import Iterator

from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_SHARE = 0.9
_LEAST_QUESTIONS = 5


def check(questions: QuestionSet) -> Iterator[Problem]:
    habits = [_restated(reading) for reading in questions.readings]
    explained = [(right, wrong) for right, wrong in habits if right and wrong and any(right + wrong)]
    usual = sum(all(right) for right, _ in explained)
    for index, (reading, (right, wrong)) in enumerate(zip(questions.readings, habits, strict=True)):
        others = len(explained) - 1
        restates_right = others >= _LEAST_QUESTIONS and usual >= _SHARE * others
        is_missing = bool(right and wrong) and not any(right) and all(wrong) and restates_right
        if is_missing or _is_mixed(right) or _is_mixed(wrong):
            place = next(i for i, restated in enumerate(reading.parts.restated) if not restated)
            yield Problem(
                index,
                "the explanation restates other options, but not this one",
                f"options.{place}",
                "compare this option with the page: it may have been split or glued",
            )
        elif reading.parts.has_stem_as_wrong:
            yield Problem(
                index,
                "the explanation has a paragraph of the stem among the wrong options",
                "stem.last",
                "compare the end of the stem with the page",
            )


def _restated(reading: Reading) -> tuple[list[bool], list[bool]]:
    """For the right options and for the wrong ones, which are restated."""
    right: list[bool] = []
    wrong: list[bool] = []
    for is_right, restated in zip(reading.correct, reading.parts.restated, strict=False):
        (right if is_right else wrong).append(restated)
    return right, wrong


def _is_mixed(restated: list[bool]) -> bool:
    return any(restated) and not all(restated)
