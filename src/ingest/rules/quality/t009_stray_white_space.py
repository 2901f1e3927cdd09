"""A text of a record begins or ends with white space.

Why it matters: two equal texts do not compare as equal, and tables and quizzes show gaps.
Example: an option "Mercury " in a table that was edited by hand.
How to mend it: take it away; `ingest validate --fix` does.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Fix, Severity
from ingest.parts.fields import fields, shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(() if questions.readings else questions.questions):
        for field, text in fields(question):
            plain = _trimmed(text)
            if plain != text and plain:
                message = f"white space around “{shorten(plain)}”"
                yield Problem(index, message, field, "take it away", None, Fix(text, plain, field))


def _trimmed(text: str) -> str:
    """The text without white space around it; the indentation of its first line stays, where it has more."""
    lines = text.strip("\n\r").rstrip()
    return lines if "\n" in lines else lines.strip()
