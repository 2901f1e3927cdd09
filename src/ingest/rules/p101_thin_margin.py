"""Where the stem ends and the options begin is not sure.

The place is decided by evidence that is added up: the last sentence that asks, the run of
paragraphs that the explanation restates, the file's usual number of options. This is reported when
the best place is less than 20 times as likely as the second best.

Why it matters: if the border is wrong, an option is missing or a part of the stem is an option.
Example: a stem without a question mark and without an explanation.
How to mend it: `ingest inspect FILE --question N` shows the evidence; compare with the page.
"""

import math
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_MARGIN = math.log(20)


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, reading in enumerate(questions.readings):
        if reading.border.margin < _LEAST_MARGIN and len(reading.paragraphs) > 1:
            times = math.exp(reading.border.margin)
            yield Problem(
                index,
                f"the options may begin elsewhere (this place is only {times:.1f} times as likely)",
                "options.0",
                "compare the first option with the page",
            )
