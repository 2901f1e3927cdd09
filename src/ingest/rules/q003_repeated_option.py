"""The same option stands twice in one question.

Why it matters: whoever chooses the one may be told that the other was right.
Example: options A and C read the same, and only C is marked right.
How to mend it: compare with the page; one of the two is a slip of the author or of the copy.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.fields import shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if len({option.text for option in question.options}) == len(question.options):
            continue
        first: dict[str, str] = {}
        for place, option in enumerate(question.options):
            earlier = first.setdefault(option.text, option.id)
            if earlier != option.id:
                yield Problem(
                    index,
                    f"option {option.id} repeats option {earlier}: “{shorten(option.text)}”",
                    f"options.{place}",
                    "correct one of the two",
                )
