"""The options are "True" and "False", or "Yes" and "No", where the last two paragraphs read so."""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.pairs import is_pair

_WEIGHT = math.log(1000)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border before the two; silent where there are no two such words at the end."""
    if is_pair([each.text for each in body.paragraphs[-2:]], body.words):
        return {len(body.paragraphs) - 2: _WEIGHT}
    return {}
