"""The options are "True" and "False", or "Yes" and "No", where the last two paragraphs read so."""

from __future__ import annotations

import math
from functools import cache

from ingest.evidence import Body
from ingest.locales import CourseWords
from ingest.parts.folding import fold

_WEIGHT = math.log(1000)
_LONGEST = 12


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border before the two; silent where there are no two such words at the end."""
    last = body.paragraphs[-2:]
    if len(last) < 2 or any(len(each.text) > _LONGEST for each in last):
        return {}
    words = {fold(each.text.rstrip(".")) for each in last}
    if len(words) == 2 and words <= _known(body.words):
        return {len(body.paragraphs) - 2: _WEIGHT}
    return {}


@cache
def _known(words: CourseWords) -> frozenset[str]:
    return frozenset(map(fold, words.true_false))
