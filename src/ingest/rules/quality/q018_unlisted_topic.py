"""The topic is none of those that the settings list.

`[topics]` in `ingest.toml` lists topics, each with the other names that are accepted for it. Compared without
regard to capitals, spaces and quotes. Without a list nothing is reported; a question without a topic is Q010.

Why it matters: the question is counted under a topic of its own, and left out where topics are chosen.
Example: "Plants in pot" where the list has "Plants in pots".
How to mend it: correct the topic, or add it to the list, as a topic or as another name of one.
"""

from collections.abc import Iterator
from difflib import get_close_matches

from ingest.model.diagnostic import Severity
from ingest.parts.fields import shorten
from ingest.parts.folding import fold
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    if not questions.topics:
        return
    listed = {fold(name): topic for topic, names in questions.topics.items() for name in (topic, *names)}
    hints: dict[str, str | None] = {}
    for index, question in enumerate(questions.questions):
        topic = question.topic or ""
        if topic not in hints:
            hints[topic] = _hint(topic, listed)
        hint = hints[topic]
        if hint:
            yield Problem(index, f"the topic “{shorten(topic)}” is not listed", "topic", hint)


def _hint(topic: str, listed: dict[str, str]) -> str | None:
    """What to do about a topic; null where it is listed."""
    folded = fold(topic)
    if not folded or folded in listed:
        return None
    nearest = get_close_matches(folded, listed, 1)
    if nearest:
        return f"“{listed[nearest[0]]}” is: correct the topic, or list it"
    return "correct the topic, or list it under [topics] in ingest.toml"
