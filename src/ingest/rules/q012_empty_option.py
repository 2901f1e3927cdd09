"""An option has no text.

Why it matters: there is nothing to read or to choose.
Example: a saved page whose option is an image without a description.
How to mend it: write the option's text, or describe its image.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        for place, option in enumerate(question.options):
            if not option.text.strip():
                yield Problem(index, f"option {option.id} has no text", f"options.{place}", "write its text")
