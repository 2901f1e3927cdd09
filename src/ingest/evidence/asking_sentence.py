"""The options begin after the last paragraph that asks, of those before the first mark.

Right for 737 and wrong for 4 of 745 real questions: an option that asks itself is rare.
"""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.asking import compile_asking

_WEIGHT = math.log(737 / 4)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border after the last asking paragraph, or after the last one that quotes a
    question where none asks; silent where there is neither."""
    asking = compile_asking(body.words)
    for has_question in (asking.asks, asking.quotes_question):
        for border in reversed(body.borders):
            if border and has_question(body.paragraphs[border - 1].prose):
                return {border: _WEIGHT}
    return {}
