"""The question has no topic.

Why it matters: it is left out wherever questions are chosen or counted by topic.
Example: a last question that was cut before its topic line.
How to mend it: add the topic line, if the page has one.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if not question.topic:
            yield Problem(index, "no topic", "header")
