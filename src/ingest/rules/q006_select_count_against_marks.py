"""The stem asks for another number of answers than options are marked as right.

Why it matters: the question cannot be answered fully, or a mark is missing.
Example: "(Select three)" over two marked options.
How to mend it: compare the key and the stem with the page.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.asking import compile_asking
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    asking = compile_asking(questions.words)
    for index, question in enumerate(questions.questions):
        count = question.select_count
        field = "stem"
        if not questions.readings:
            # A converted file has the count beside the stem, or, as a table, not at all.
            if count is None or count == len(question.answer):
                count = asking.stated_count(question.stem) or count
            else:
                field = "select_count"
        if count is not None and question.answer and count != len(question.answer):
            yield Problem(
                index,
                f"{count} {'answer is' if count == 1 else 'answers are'} to be selected,"
                f" {len(question.answer)} {'is' if len(question.answer) == 1 else 'are'} marked as right",
                field,
                "compare the key and the stem with the page",
            )
