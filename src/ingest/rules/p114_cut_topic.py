"""The topic of the last question is the beginning of another topic of the file.

Looked at: the last question of a dump, whose topic no other question has.

Why it matters: the copy may end inside the topic, which then is a topic of its own.
Example: the file ends in "Domain", "Knots and Sp", and other questions are of the topic "Knots and Splices".
How to mend it: copy the page to its end.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    if not questions.readings:
        return
    index = len(questions.questions) - 1
    topic = questions.questions[index].topic
    others = {question.topic for question in questions.questions[:index]}
    if not topic or topic in others:
        return
    for other in sorted(each for each in others if each):
        if other.startswith(topic):
            yield Problem(
                index,
                f"the last topic is the beginning of “{other}”: the copy may end inside it",
                "topic",
                "copy the page to its end",
            )
            return
