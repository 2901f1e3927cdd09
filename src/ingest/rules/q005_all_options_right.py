"""Every option is marked as right.

Why it matters: a question that every choice answers tests nothing; most likely marks were doubled.
Example: four options, all under `Selección correcta`.
How to mend it: compare the key with the page.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if len(question.options) > 1 and len(question.answer) == len(question.options):
            yield Problem(
                index,
                f"all {len(question.options)} options are marked as right",
                "options.0",
                "compare the key with the page",
            )
