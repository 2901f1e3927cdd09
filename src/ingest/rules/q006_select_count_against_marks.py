"""The stem asks for another number of answers than options are marked as right.

Why it matters: the question cannot be answered fully, or a mark is missing.
Example: "(Select three)" over two marked options.
How to mend it: compare the key and the stem with the page.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        count = question.select_count
        if count and question.answer and count != len(question.answer):
            yield Problem(
                index,
                f"{count} answers are to be selected, {len(question.answer)} are marked as right",
                "stem",
                "compare the key and the stem with the page",
            )
