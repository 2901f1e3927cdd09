"""Two options of one question are the same but for case, spaces, typographic quotes or a final stop.

Options that are wholly the same are Q003. Not reported: options of several lines or with signs of code;
options of one or two words that differ in case (`True` and `TRUE`); a final stop of what is no word
(`example.org.`); and words such as `-v` and `-V` or `null` and `NULL` in longer options, since the difference
may be what is asked for.

Why it matters: a learner can tell the two apart only by chance, and one of them counts as wrong.
Example: option A reads "A cup of tea", option C "a cup of tea.".
How to mend it: compare with the page; one of the two is a slip of the author or of the copy.
"""

import re
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.model.question import Option
from ingest.parts.code import is_code_line
from ingest.parts.fields import shorten
from ingest.parts.folding import fold
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_CODE_SIGNS = re.compile(r"[{}\[\]<>$\\/_;=|`#@^~]|--|\(\)|\w\(|\w\.\w")
# Words whose capitals are what such questions ask for.
_VALUES = frozenset({"true", "false", "null", "none", "nil", "undefined", "yes", "no", "on", "off"})
_LEAST_WORDS = 3


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        options = question.options
        if len({_fold(option.text) for option in options}) == len(options):
            continue
        first: dict[str, Option] = {}
        for place, option in enumerate(options):
            earlier = first.setdefault(_fold(option.text), option)
            if earlier.text != option.text and _reads_the_same(earlier.text, option.text):
                yield Problem(
                    index,
                    f"option {option.id} is nearly the same as option {earlier.id}: “{shorten(option.text)}”",
                    f"options.{place}",
                    "correct one of the two",
                    option.text,
                )


def _fold(text: str) -> str:
    if text.isascii():
        return " ".join(text.split()).lower().rstrip(". ")
    return fold(text).rstrip(". ")


def _reads_the_same(one: str, other: str) -> bool:
    """Whether no person would call the two texts, equal when folded, different answers."""
    one, other = one.strip(), other.strip()
    if "\n" in one or is_code_line(one) or is_code_line(other):
        return False
    if _CODE_SIGNS.search(one) or _CODE_SIGNS.search(other):
        return False
    words, others = _words(one), _words(other)
    if words == others:
        return len(words) > 1 or one.strip(" .").isalpha()
    if len(words) < _LEAST_WORDS or len(words) != len(others):
        return False
    is_article = words[0] in ("A", "a")
    pairs = list(zip(words, others, strict=True))[is_article:]
    return all(a == b or _differ_in_capitals(a, b) for a, b in pairs)


def _words(text: str) -> list[str]:
    """The words without quotes and final stops. Signs such as a raised 2 stay what they are."""
    plain = text.replace("’", "'")
    return [word for each in plain.split() if (word := each.strip("\"'“”‘«»„.,"))]


def _differ_in_capitals(one: str, other: str) -> bool:
    lower = one.lower()
    return lower == other.lower() and lower.isalpha() and len(lower) > 1 and lower not in _VALUES
