"""The question has no explanation.

Why it matters: learners are not told why the key is right.
Example: a question of which only stem and options were copied.
How to mend it: add the explanation, if the page has one.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if not question.explanation and not any(option.explanation for option in question.options):
            yield Problem(index, "no explanation", "header")
