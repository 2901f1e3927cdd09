"""Some options are code and others are prose; or all are, and code stands directly above them.

Not looked at where each option has an explanation of its own, or holds prose and code.

Why it matters: without the white space of the copy, code that belongs to the option or the stem above
it cannot be told from an option of its own.
Example: `Align the equals signs`, the lines of code that show it, and two more such pairs, read as six
options.
How to mend it: compare the options with the page; copy it again without changing its white space.
"""

from collections.abc import Iterator

from ingest.model.block import Paragraph
from ingest.model.diagnostic import Severity
from ingest.parts.code import is_code, is_code_line
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        if reading.block.reasons:
            continue
        codes = [_is_code(each) for each in reading.options]
        if reading.stem and all(codes) and codes and is_code(reading.stem[-1].text):
            message = "code stands directly above options that are code"
            hint = "compare the end of the stem with the page: it may be an option"
            if reading.stem[-1].code_at is None:
                yield Problem(index, message, "stem.last", hint)
        elif any(codes) and not all(codes):
            yield Problem(
                index,
                "some options are code and others are prose",
                f"options.{codes.index(True)}",
                "compare the options with the page: the code may belong to what stands above it",
            )


def _is_code(option: Paragraph) -> bool:
    if option.code_at is not None:
        return is_code(option.prose)
    return is_code(option.text) if "\n" in option.text else is_code_line(option.text)
