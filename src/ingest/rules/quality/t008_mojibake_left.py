"""A text looks encoded twice, or holds the sign for a letter that could not be read.

Converting a dump repairs such letters (T002); this rule finds those that it could not repair, and those
of records that were made elsewhere. ftfy judges, line by line, so that "NÃO" and "château" stay.

Why it matters: learners read “AsÃ­” for “Así”, and two copies of one question do not compare as equal.
Example: "ContraseÃ±a" in an option; a replacement character in the stem.
How to mend it: save the source again as UTF-8 and convert it again, or correct the word.
"""

import re
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.fields import fields, shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
_LOST = "\ufffd"
# First signs of damaged letters that are no letters.
_MAC_SIGNS = ("√", "¬", "‚")
# The bytes 80 to BF as cp1252, Latin-1 and Mac Roman show them.
_BYTES = bytes(range(0x80, 0xC0))
_SHOWN = re.escape(_BYTES.decode("cp1252", "ignore") + _BYTES.decode("latin-1"))
_SHOWN_BY_MAC = re.escape(_BYTES.decode("mac_roman"))
# As many signs as the first one of a letter says that it has bytes.
_DAMAGED = re.compile(
    f"[Â-ß][{_SHOWN}]|[à-ï][{_SHOWN}]{{2}}|[ð-ô][{_SHOWN}]{{2}}|â€|[√¬][{_SHOWN_BY_MAC}]|‚Ä"
)
# No other white space: damaged letters may hold it.
_WORD = re.compile(r"[^ \t\n]+")


# UTF-8 by kind: ``L`` and ``c`` for the first and the other bytes of letters such as ``Ã``, ``l`` for the
# first byte of any other letter that is not ASCII.
_CLASSES = b"." * 0x80 + b"c" * 0x40 + b"lllL" + b"l" * 0x3C


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        text = questions.odd_texts[index]
        if text and _may_be_damaged(text):
            yield from _problems(index, question)


def _may_be_damaged(text: str) -> bool:
    """Whether a letter could not be read, or signs stand side by side as those of a damaged letter do."""
    if _LOST in text:
        return True
    classes = text.encode().translate(_CLASSES)
    is_possible = b"Lcl" in classes or b"LcL" in classes or any(sign in text for sign in _MAC_SIGNS)
    return is_possible and _DAMAGED.search(text) is not None


def _problems(index: int, question: Question) -> Iterator[Problem]:
    """One problem for each field, with the first of its words."""
    for field, text in fields(question):
        if words := list(_damaged_words(text)):
            word, what = words[0]
            more = f", and {len(words) - 1} more" if len(words) > 1 else ""
            message = f"“{shorten(word)}” {what}{more}"
            yield Problem(index, message, field, "save the source as UTF-8, or correct the word", word)


def _damaged_words(text: str) -> Iterator[tuple[str, str]]:
    """The words that are damaged, and how."""
    if _LOST not in text and not _DAMAGED.search(text):
        return
    import ftfy

    for match in _WORD.finditer(text):
        word = match[0]
        if word.isascii():
            continue
        if _LOST in word:
            yield word, "holds a character that could not be read"
        elif _DAMAGED.search(word) and (fixed := ftfy.fix_encoding(word)) != word:
            yield word, f"looks encoded twice, for “{shorten(fixed)}”"
