"""An asking sentence stands inside an option, or is not the end of its paragraph.

Looked at: the last paragraph of the stem, for text after its asking sentence, unless the options are
"True" and "False"; and each option, unless several options of the question ask.

Why it matters: the first option may have been glued to the stem, or a part of the stem may have
become an option.
Example: the last paragraph of a stem reads "Which lamp is shown to port? The green one".
How to mend it: compare the end of the stem with the page.
"""

from collections.abc import Iterator

from ingest.model.block import Reading
from ingest.model.diagnostic import Severity
from ingest.parts.asking import compile_asking, may_ask_aloud
from ingest.parts.fields import shorten
from ingest.parts.folding import fold
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    asking = compile_asking(questions.words)
    true_false = set(map(fold, questions.words.true_false))
    for index, reading in enumerate(questions.readings):
        rest = asking.rest(reading.stem[-1].prose) if reading.stem else ""
        if rest.strip(".:_*)") and not _are_all(reading, true_false):
            yield Problem(
                index,
                f"text follows the asking sentence: “{shorten(rest)}”",
                "stem.last",
                "if this is the first option, it was glued to the stem",
            )
        asked = [
            place
            for place, option in enumerate(reading.options)
            if may_ask_aloud(option.text) and asking.asks_aloud(option.prose)
        ]
        if len(asked) == 1:
            yield Problem(
                index,
                "an option holds an asking sentence",
                f"options.{asked[0]}",
                "if this belongs to the stem, paragraphs were swapped or glued",
            )


def _are_all(reading: Reading, words: set[str]) -> bool:
    return {fold(each.text.rstrip(".")) for each in reading.options} <= words
