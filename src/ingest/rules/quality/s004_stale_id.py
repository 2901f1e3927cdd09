"""A question's id is not the one that its text gives.

The id is a hash over stem and options, so it changes when they are edited; a program that made it otherwise,
or kept the old one on purpose, gives another.

Why it matters: the same question converted again has the id of its text, and is then taken for a new one;
and repeats are found by their ids.
Example: a typo in the stem of a converted file was mended by hand.
How to mend it: mend the dump and convert it again; or keep the id, where other programs know the question by
it, and ignore this rule.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.identity import identify
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    if questions.readings:
        return  # the ids have just been made
    for index, question in enumerate(questions.questions):
        if not question.id:
            continue
        fresh = identify(question.stem, [option.text for option in question.options])
        if fresh != question.id:
            message = f"the id {question.id} is not the one of this text, {fresh}"
            yield Problem(index, message, "id", "convert the dump again, or keep it on purpose")
