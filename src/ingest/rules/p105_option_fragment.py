"""An option reads like the second half of the paragraph before it.

Looked at: an option that begins in lower case after a paragraph without final stop, where most other
options of the question begin otherwise; and an option that the explanation has directly behind the
paragraph before it, in one line.

Why it matters: copying may have split one option in two, or the end of the stem from its start.
Example: "Use a longer" and "rope than before" as two options among "Tie a bowline" and "Do nothing".
How to mend it: compare the two with the page; if they are one, join the lines.
"""

from collections.abc import Iterator

from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_LENGTH = 12
# Each is looked for in the whole explanation; a question with more options is rejected (Q022).
_MOST_OPTIONS = 300
_FINAL = ".?!:;…)\"”»'`"


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        for place in _fragments(reading):
            yield Problem(
                index,
                "this option begins in lower case, and what stands before it has no final stop",
                f"options.{place}",
                "if it is the rest of the paragraph before it, join the two",
            )
        for place in _joined_in_explanation(reading):
            yield Problem(
                index,
                "the explanation has this option and the paragraph before it as one",
                f"options.{place}",
                "compare the two with the page: they may be one option",
            )


def _fragments(reading: Reading) -> Iterator[int]:
    options = reading.options
    lower = [option.text[:1].islower() for option in options]
    if not any(lower) or sum(lower) * 2 >= len(options):
        return
    for place, option in enumerate(options):
        before = options[place - 1] if place else (reading.stem or (option,))[-1]
        is_whole = option.is_set_off and before.is_set_off
        if lower[place] and option.mark is None and not is_whole and before.text[-1:] not in _FINAL:
            yield place


def _joined_in_explanation(reading: Reading) -> Iterator[int]:
    restated = reading.parts.restated
    if not restated or all(restated) or len(restated) > _MOST_OPTIONS:
        return
    texts = [each.text for each in (*reading.stem[-1:], *reading.options)]
    first = len(texts) - len(reading.options)
    for place in range(1, len(texts)):
        above, below = texts[place - 1], texts[place]
        if min(len(above), len(below)) >= _LEAST_LENGTH and f"{above} {below}" in reading.explanation:
            yield place - first
