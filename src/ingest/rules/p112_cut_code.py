"""Code was cut or glued: a bracket opens in one paragraph and closes in the next one; or a line of prose
ends a paragraph of code.

Looked at: square and curly brackets in the paragraphs of the stem and in the options, without what is said
of them. Code inside the stem alone may well have empty lines; reported only where an option is concerned.
A last line of prose is looked for in the last paragraph of the stem and in the options, where the white
space of the copy does not show what is code.

Why it matters: code that lost the white space on its empty lines falls apart into several options, or
into stem and option.
Example: `feeder "b" {` and `count = 2` as the end of one option, `}` as the next one.
How to mend it: copy the page again without changing its white space, or compare the options with it.
"""

from collections.abc import Iterator
from itertools import pairwise

from ingest.model.diagnostic import Severity
from ingest.parts.code import ends_in_prose
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_BRACKETS = (("{", "}"), ("[", "]"))


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        last_of_stem = reading.stem[-1:]
        texts = [each.text for each in (*last_of_stem, *reading.options)]
        for place, (above, below) in enumerate(pairwise(texts), 1):
            if ("{" in above or "[" in above) and _is_cut(above, below):
                yield Problem(
                    index,
                    "a bracket opens above this option and closes in it",
                    f"options.{place - len(last_of_stem)}",
                    "compare the two with the page: they may be one",
                )
                break

        last = reading.stem[-1] if reading.stem else None
        if last and last.code_at is None and "\n" in last.text and ends_in_prose(last.text):
            yield Problem(
                index,
                "a line of prose ends the code above the options",
                "stem.last",
                "compare it with the page: it may be the first option",
            )


def _is_cut(above: str, below: str) -> bool:
    for opening, closing in _BRACKETS:
        if opening in above and above.count(opening) > above.count(closing):
            return below.count(closing) > below.count(opening)
    return False
