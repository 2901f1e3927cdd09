"""Some options are code and others are prose; or all are, and code stands directly above them; or code of
several lines stands above a first option with a mark, and most other such questions have more options; or the
last line of code in an option, or at the end of the stem, may be an option of its own.

Where each option has an explanation of its own, or holds prose and code, only the last is looked at: a copy
that shows where code begins glues what follows to its last line. Below code itself, no single empty line
stands.

Why it matters: without the white space of the copy, code that belongs to the option or the stem above
it cannot be told from an option of its own.
Example: `Align the equals signs`, the lines of code that show it, and two more such pairs, read as six
options.
How to mend it: compare the options with the page; copy it again without changing its white space.
"""

from bisect import bisect_right
from collections.abc import Iterator

from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.parts.code import is_code, is_code_line
from ingest.parts.pairs import is_pair
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_FEW = 2
"""Options of a question that has none like it to be compared with: few make so few."""


def check(questions: QuestionSet) -> Iterator[Problem]:
    below_code = {index for index, reading in enumerate(questions.readings) if _is_below_code(reading)}
    few = below_code and below_code & _few(questions)
    for index, reading in enumerate(questions.readings):
        if found := _glued(reading):
            message = "the last line of the code may stand below it"
            hint = "compare it with the page: the line may be an option"
            yield Problem(index, message, found[0], hint, found[1])
        elif not reading.block.reasons:
            yield from _mixed(index, reading)
            if index in few:
                message = "code stands directly above these options, which are fewer than usual"
                hint = "compare the end of the stem with the page: the code may be an option"
                yield Problem(index, message, "stem.last", hint)


def _few(questions: QuestionSet) -> set[int]:
    """The questions that have fewer options than most others with as many right ones; two, where there are no
    others. "True" and "False" are complete as two."""
    counts: dict[int, dict[int, int]] = {}
    for index, (question, reading) in enumerate(zip(questions.questions, questions.readings, strict=True)):
        texts = [each.text for each in question.options]
        if not reading.is_fill_in and not is_pair(texts, questions.words):
            counts.setdefault(len(question.answer), {})[index] = len(question.options)
    found = set()
    for own in counts.values():
        in_order = sorted(own.values())
        others = len(own) - 1
        for index, count in own.items():
            have_more = len(own) - bisect_right(in_order, count)
            if 2 * have_more > others if others else count <= _FEW:
                found.add(index)
    return found


def _is_below_code(reading: Reading) -> bool:
    """Whether the stem ends in several lines of code, and the first option below it has a mark, so that
    nothing else shows where the options begin."""
    if not reading.stem or not reading.options or reading.options[0].mark is None or reading.block.given:
        return False
    last = reading.stem[-1]
    code = last.text[last.code_at :] if last.code_at is not None else last.text
    return "\n" in code.strip() and (last.code_at is not None or is_code(code))


def _mixed(index: int, reading: Reading) -> Iterator[Problem]:
    codes = [
        is_code(each.prose) if "\n" in each.text else is_code_line(each.text) for each in reading.options
    ]
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


def _glued(reading: Reading) -> tuple[str, str] | None:
    """A line that may follow the code at whose end it stands, with its field; null without one."""
    above = reading.stem[-1:]
    code = [each.code_at for each in above + reading.options]
    if code.count(None) == len(code):
        return None
    starts = {each.start for each in reading.paragraphs} | {each.start for each in reading.block.labels}
    for place, each in enumerate(above + reading.options, -len(above)):
        line = each.text.rpartition("\n")[2]
        if each.code_at is not None and each.end + 2 in starts and _stands_alone(line):
            return ("stem.last" if place < 0 else f"options.{place}"), line
    return None


def _stands_alone(line: str) -> bool:
    """Whether a line is not indented and closes no more brackets than it opens."""
    depth = sum(map(line.count, "([{")) - sum(map(line.count, ")]}"))
    return line[:1] not in " \t" and depth >= 0
