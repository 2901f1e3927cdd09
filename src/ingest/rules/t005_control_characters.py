"""The text holds control characters, or characters that turn its direction.

They are kept.

Why it matters: they are invisible, other programs may refuse or misread them, and
direction marks can make a text show other words than it holds.
Found by the decode stage in dumps. Example: a form feed from a printed page; U+202E.
How to mend it: take them out of the copy, unless they belong there.
"""

import re
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.fields import fields
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(() if questions.readings else questions.questions):
        for field, text in fields(question):
            if found := _CONTROL.search(text):
                message = f"holds U+{ord(found[0]):04X}, which is not seen"
                yield Problem(index, message, field, "take it out, unless it belongs there", found[0])
