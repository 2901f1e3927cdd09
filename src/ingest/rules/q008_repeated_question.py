"""The same question stands twice in the file.

Two questions are the same when their stems and options are, but for capitals, spaces, quotes and the
order of the options.

Why it matters: it counts double in a practice exam, and the copies may have contrary keys.
Example: a page that was copied twice into one file.
How to mend it: delete one copy, after comparing their keys.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.identity import is_same_text
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    first: dict[str | int, Question] = {}
    for index, question in enumerate(questions.questions):
        if not (question.answer or question.accepted) or not question.stem:
            continue  # it is rejected
        earlier = first.setdefault(question.id, question)
        if not questions.readings:
            # In a converted file an id may have been kept, or made up.
            texts = frozenset(option.text for option in question.options)
            by_text = first.setdefault(hash((question.stem, texts)), question)
            earlier = by_text if earlier is question else earlier
        if earlier is not question and (questions.readings or is_same_text(earlier, question)):
            where = f"question {earlier.number}" if earlier.number is not None else "an earlier question"
            same_key = _key(earlier) == _key(question)
            yield Problem(
                index,
                f"repeats {where}" + ("" if same_key else ", with another key"),
                "stem",
                "delete one of the two" if same_key else "find out which key is right",
            )


def _key(question: Question) -> set[str]:
    return {*question.accepted, *(option.text for option in question.options if option.correct)}
