"""Code was cut or glued: a bracket opens in one paragraph and closes in the next one; or a line of prose
ends a paragraph of code.

Looked at: square and curly brackets in the paragraphs of the stem and in the options, without what is said
of them. Code inside the stem alone may well have empty lines; reported only where an option is concerned.
A last line of prose is looked for in the last paragraph of the stem and in the options, where the white
space of the copy does not show what is code, or the next option stands directly below it.

Why it matters: code that lost the white space on its empty lines falls apart into several options, or
into stem and option.
Example: `feeder "b" {` and `count = 2` as the end of one option, `}` as the next one.
How to mend it: copy the page again without changing its white space, or compare the options with it.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.model.block import Paragraph
from ingest.model.diagnostic import Severity
from ingest.parts.code import ends_in_prose
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_BRACKETS = (("{", "}"), ("[", "]"))


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        above = len(reading.stem[-1:])
        paragraphs = reading.stem[-1:] + reading.options
        texts = [each.text for each in paragraphs]
        for place, (first, second) in enumerate(pairwise(texts), 1 - above):
            if ("{" in first or "[" in first) and _is_cut(first, second):
                yield Problem(
                    index,
                    "a bracket opens above this option and closes in it",
                    f"options.{place}",
                    "compare the two with the page: they may be one",
                )
                break
        if [text for text in texts if "\n" in text]:
            starts = {each.start for each in paragraphs}
            doubtful = [each.code_at is None or each.end + 1 in starts for each in paragraphs]
            yield from _prose_below_code(index, paragraphs, above, doubtful)


def _prose_below_code(
    index: int, paragraphs: Sequence[Paragraph], above: int, doubtful: Sequence[bool]
) -> Iterator[Problem]:
    """The first of some paragraphs, ``above`` of them the stem's, whose code ends in prose. Only the doubtful
    ones are looked at."""
    for place, (each, is_doubtful) in enumerate(zip(paragraphs, doubtful, strict=True)):
        if is_doubtful and "\n" in each.text and _ends_in_prose(each.text[each.code_at or 0 :]):
            code = "the code above the options" if place < above else "the code of this option"
            yield Problem(
                index,
                f"a line of prose ends {code}",
                "stem.last" if place < above else f"options.{place - above}",
                "compare it with the page: it may be an option",
            )
            return


def _is_cut(above: str, below: str) -> bool:
    for opening, closing in _BRACKETS:
        if opening in above and above.count(opening) > above.count(closing):
            return below.count(closing) > below.count(opening)
    return False


def _ends_in_prose(text: str) -> bool:
    """Whether a paragraph of code, or one that begins with two lines of code, ends in prose."""
    lines = text.split("\n")
    return ends_in_prose(text) or ends_in_prose("\n".join((*lines[:2], lines[-1])))
