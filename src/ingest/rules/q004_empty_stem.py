"""The question has no stem.

Why it matters: nobody knows what is asked. The block is rejected and kept whole.
Example: options directly under the header.
How to mend it: copy the question again.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
REJECTS = True


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if not question.stem.strip():
            yield Problem(index, "the stem is empty", "stem", "copy the question again, with its stem")
