"""The options are the run of paragraphs, from the end, that have letters or bullets, or are indented.

Old pages indent their options, word processors give them letters or bullets. Silent where the run does
not reach the first mark, or where the stem is set off as well.
"""

from __future__ import annotations

import math

from ingest.evidence import Body

_WEIGHT = math.log(200)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border at which the run begins."""
    start = len(body.paragraphs)
    while start and body.paragraphs[start - 1].is_set_off:
        start -= 1
    is_run = len(body.paragraphs) - start > 1
    return {start: _WEIGHT} if is_run and start and start in body.borders else {}
