"""The question has no stem.

In a dump the first option then stands where the stem should be. It is known as one by its mark, or where the
explanation has all that stands there, and nothing that asks, among the wrong options.

Why it matters: nobody knows what is asked. The block is rejected and kept whole.
Example: options directly under the header.
How to mend it: copy the question again.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.asking import compile_asking
from ingest.parts.fields import shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
REJECTS = True
_HINT = "copy the question again, with its stem"


def check(questions: QuestionSet) -> Iterator[Problem]:
    asking = compile_asking(questions.words)
    for index, question in enumerate(questions.questions):
        if not question.stem.strip():
            yield Problem(index, "the stem is empty", "stem", _HINT)
    for index, reading in enumerate(questions.readings):
        if reading.parts.has_stem_as_wrong and len(reading.stem) == 1:
            stem = reading.stem[0].text
            if not asking.asks(stem):
                message = (
                    f"the stem is missing: the explanation has “{shorten(stem)}” among the wrong options"
                )
                yield Problem(index, message, "stem", _HINT)
