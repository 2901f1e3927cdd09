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
from ingest.model.question import Question
from ingest.parts.fields import fields, own_reasons
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


# Their bytes in UTF-8, to see quickly that a text has none: next to nothing has.
_DIRECTIONS = frozenset(chr(code).encode()[1:] for code in (*range(0x202A, 0x202F), *range(0x2066, 0x206A)))
"""What follows the byte E2 in a letter that turns the direction."""
_CLASSES = bytes(0 if _CONTROL.match(chr(byte)) and byte < 0x80 else 1 for byte in range(256))


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(() if questions.readings else questions.questions):
        if not _may_hold_some(question):
            continue
        for field, text in fields(question):
            if found := _CONTROL.search(text):
                message = f"holds U+{ord(found[0]):04X}, which is not seen"
                yield Problem(index, message, field, "take it out, unless it belongs there", found[0])


def _may_hold_some(question: Question) -> bool:
    texts = [question.stem, question.explanation or "", question.topic or "", *own_reasons(question)]
    texts += (option.text for option in question.options)
    data = "\n".join(texts).encode()
    if 0 in data.translate(_CLASSES):
        return True
    if data.isascii():
        return False
    # Splitting at one byte is several times as fast as looking for each of the letters.
    if any(part[:1] < b"\xa0" for part in data.split(b"\xc2")[1:]):
        return True
    return any(part[:2] in _DIRECTIONS for part in data.split(b"\xe2")[1:])
