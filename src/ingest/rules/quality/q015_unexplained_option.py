"""One option has no explanation, while all the others of its question have one.

Looked at where at least two others are explained. Not reported: a right option while the explanation
says something that is not about single wrong options, since that is what it is about.

Why it matters: who chose that option is not told why it is wrong; or its explanation was lost.
Example: three of four options are explained one by one, and the fourth is mentioned nowhere.
How to mend it: compare with the page, or write what is to be said about the option.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.fields import shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO
_LEAST_OTHERS = 2


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        options = question.options
        if len(options) <= _LEAST_OTHERS:
            continue
        bare = [place for place, option in enumerate(options) if not option.explanation]
        if len(bare) != 1:
            continue
        option = options[bare[0]]
        if option.correct and question.rationale:
            continue
        yield Problem(
            index,
            f"option {option.id} is the only one without an explanation: “{shorten(option.text)}”",
            f"options.{bare[0]}",
            "write what is to be said about it",
        )
