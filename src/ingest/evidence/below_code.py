"""The options begin below the only code of the question, where nothing asks below it.

"Identify the issue in the following statement.", code, options: such a stem need not ask. Only code that
the white space of the copy shows counts.
"""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.asking import compile_asking

_WEIGHT = math.log(60)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border below the code; silent where several paragraphs hold code."""
    places = [place for place, each in enumerate(body.paragraphs) if each.code_at is not None]
    if len(places) != 1 or places[0] + 1 not in body.borders:
        return {}
    asking = compile_asking(body.words)
    last = body.first_marked if body.first_marked is not None else len(body.paragraphs)
    if any(asking.asks(each.text) for each in body.paragraphs[places[0] + 1 : last]):
        return {}
    return {places[0] + 1: _WEIGHT}
