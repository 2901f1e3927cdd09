"""The printed numbers of the questions do not run on: one is missing or stands twice.

Why it matters: a question may not have been copied, or one may have been copied twice. Many copies
leave questions out on purpose, so this is only a note.
Example: question 12 follows question 10.
How to mend it: look whether the page has the missing question.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    previous: int | None = None
    for index, question in enumerate(questions.questions):
        number = question.number
        if number is None:
            continue
        if previous is not None and number != previous + 1:
            missing = number - previous - 1
            what = f"{missing} missing before it" if missing > 0 else "its number stood before"
            yield Problem(index, f"number {number} follows {previous}: {what}", "header")
        previous = number
