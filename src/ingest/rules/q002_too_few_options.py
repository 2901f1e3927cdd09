"""The question has fewer than two options.

Why it matters: there is nothing to choose from. The block is rejected and kept whole.
Example: a question of which only the marked option was copied.
How to mend it: copy the question again.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
REJECTS = True


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if len(question.options) < 2 and question.type != "fill_in":
            count = len(question.options)
            yield Problem(
                index,
                f"only {count} option" if count else "no options",
                "options.0",
                "copy the question again, with all its options",
            )
