"""The marks over the options do not agree with each other or with what the stem asks for.

Looked at: how many options are marked right, whether the marks are those of a question with one or
with several answers, a number that the stem states ("(Select two)"), a status that says that the answer was
wrong, and the empty lines between a mark and its option: more than elsewhere stand where a picture was.

Why it matters: a mark may have been lost or doubled in copying, or stand over the wrong line.
Example: two options under `Respuesta correcta`; one option under `Selección correcta`; two options
marked where the stem says "(Select three)"; an answer mark inside an explanation;
`Answer: A` and below it `Answer: B`; `Incorrect` over a question with one right answer, and no mark over a
wrong one, since the mark is not known; two labels of an explanation, of which one may be an option; three
empty lines below a mark.
How to mend it: compare the key with the page.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.model.block import Mark, Paragraph, Part, Reading
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.counted import counted
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_SEVERAL = 3
_DIRECTLY_BELOW = 1
"""In line ends."""


def check(questions: QuestionSet) -> Iterator[Problem]:
    headings = {word.lower() for word in questions.words.correct_heading}
    for index, reading in enumerate(questions.readings):
        for message in _contradictions(reading, headings):
            yield Problem(index, message, "options.0", "compare the key with the page")
    for index in _without_wrong_mark(questions):
        message = "the question was answered wrong, and no option is marked so"
        hint = "compare the options with the page: one may be its mark"
        yield Problem(index, message, "options.0", hint)
    yield from _far_from_mark(questions.readings)


def _far_from_mark(readings: Sequence[Reading]) -> Iterator[Problem]:
    """The options with at least two more empty lines to their mark than most have: a mark over a picture
    marks the text behind it. One more may be a person's."""
    gaps = [
        (_gap(option, option.mark), index, place)
        for index, reading in enumerate(readings)
        if not reading.block.given
        for place, option in enumerate(reading.options)
        if option.mark and not option.is_set_off  # indented
    ]
    # A single mark is compared with one that stands directly over its option.
    most = sorted([_DIRECTLY_BELOW, *(gap for gap, *_ in gaps)])[len(gaps) // 2] + 1
    for gap, index, place in gaps:
        if gap > most:
            message = "more empty lines than elsewhere stand between this option and its mark"
            hint = "compare the key with the page: a picture may be the right option"
            yield Problem(index, message, f"options.{place}", hint)


def _gap(option: Paragraph, mark: Mark) -> int:
    """In letters, which are line ends; the mark may stand below its option."""
    return max(option.start - mark.span.end, mark.span.start - option.end)


def _without_wrong_mark(questions: QuestionSet) -> Sequence[int]:
    """The questions whose wrong answer has no mark. Where none has one, somebody may have taken all out: they
    are doubtful if most of them share a line that no other question has, which may be a mark that is not
    known."""
    found = [index for index, reading in enumerate(questions.readings) if _lacks_wrong_mark(reading)]
    answered = sum(each.block.status == "incorrect" for each in questions.readings)
    if len(found) < _SEVERAL or len(found) < answered:
        return found
    others = set(range(len(questions.questions))).difference(found)
    known = {line for index in others for line in _lines(questions.questions[index])}
    times = Counter(line for index in found for line in _lines(questions.questions[index]) - known)
    return found if 2 * max(times.values(), default=0) > len(found) else ()


def _lines(question: Question) -> set[str]:
    """The lines of the stem and the options, and of what is said of these."""
    texts = [
        question.stem,
        *(text for each in question.options for text in (each.text, each.explanation) if text),
    ]
    return {line for text in texts for line in text.split("\n") if line}


def _lacks_wrong_mark(reading: Reading) -> bool:
    """Whether the page says that the answer to a question with one right option was wrong, and of none that
    it was chosen and wrong."""
    block = reading.block
    if block.status != "incorrect" or reading.is_fill_in or not block.marks:
        return False
    labels = [mark.label for mark in block.marks]
    return all(each.correct and not each.several and not each.follows for each in labels)


def _contradictions(reading: Reading, headings: set[str]) -> Iterator[str]:
    marks = reading.block.marks
    right = sum(reading.correct)
    # On old pages the mark is the same for one answer and for several.
    families = {mark.label.several for mark in marks if not mark.label.follows}
    if len(families) > 1:
        yield "marks for one and for several answers stand in one question"
    elif families == {True} and right == 1:
        yield "a mark for several answers stands over the only right option"
    elif families == {False} and right > 1 and not reading.is_fill_in:
        yield f"marks for one answer stand over {right} options"
    if right and reading.stated_count and reading.stated_count != right:
        wanted = counted(reading.stated_count, "answer")
        yield f"the stem asks for {wanted}, {right} {'is' if right == 1 else 'are'} marked right"
    # "Correct answer" is a label of the page, and over the key in explanations also a heading.
    stray = reading.block.stray_marks
    if any(mark.label.part is Part.EXPLANATION for mark in stray):
        yield "the label of the explanation stands there twice"
    elif any(mark.label.part is Part.ANSWER for mark in stray):
        yield "another line names the answer"
    elif any(not _is_heading(mark.word, reading, headings) for mark in stray):
        yield "an answer mark stands inside the explanation"
    above = sum([each.mark is not None for each in reading.options])
    if above < len(marks):
        above += sum(each.mark is not None for each in reading.stem)
    if above < len(marks):
        missing = len(marks) - above
        told = (
            "has no option of its own under it" if missing == 1 else "have no option of their own under them"
        )
        yield f"{missing} of {counted(len(marks), 'mark')} {told}"


def _is_heading(word: str, reading: Reading, headings: set[str]) -> bool:
    """Whether a mark inside the explanation is one of its headings: it has a colon, or the key below it."""
    if word.lower() not in headings:
        return False
    entries = zip(reading.options, reading.correct, strict=True)
    key = tuple(option.text.strip(" .") for option, is_right in entries if is_right)
    lines = [line.strip(" *_#.-") for line in reading.explanation.split("\n") if line.strip()]
    lines.append("")
    return all(
        line.endswith((":", "：")) or following.startswith(key)
        for line, following in pairwise(lines)
        if line.rstrip(":： ") == word
    )
