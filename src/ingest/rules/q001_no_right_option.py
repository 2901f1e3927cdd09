"""No option is marked as right; or the answer is to be typed, and none is accepted.

Why it matters: a question without a key cannot be scored. The block is rejected and kept whole.
Example: a question whose `Respuesta correcta` line was lost in copying.
How to mend it: write the mark line back above the right option.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
REJECTS = True


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if question.type == "fill_in":
            if not any(question.accepted):
                yield Problem(index, "no answer is accepted", "options.0", "write the accepted answer")
        elif not question.answer:
            yield Problem(index, "no option is marked as right", "options.0", "mark the right option")
