"""The question has no reference, while nearly all others of the file have one.

Reported where at least 90 % of at least 10 questions have one. Credits ("via -") and images are none.

Why it matters: nobody can look up why the key is right; often the references were cut off with the end of the
explanation.
Example: 39 of 40 questions end with "References:" and a link, and one with its last reason.
How to mend it: compare with the page; add the references, if it has some.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO
_LEAST_SHARE = 0.9


def check(questions: QuestionSet) -> Iterator[Problem]:
    bare = [index for index, question in enumerate(questions.questions) if not _has_reference(question)]
    count = len(questions.questions)
    if count - len(bare) < _LEAST_SHARE * count:
        return
    message = f"no reference, while {count - len(bare)} of {count} questions have one"
    for index in bare:
        yield Problem(index, message, "references.0", "add one, if the page has it")


def _has_reference(question: Question) -> bool:
    return any(reference.role in ("reference", "inline") for reference in question.references)
