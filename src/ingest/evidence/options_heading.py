"""The options begin under a heading that says so: ``Opciones``."""

from __future__ import annotations

import math
from itertools import islice

from ingest.evidence import Body

_WEIGHT = math.log(1000)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the first paragraph below the heading; silent where there is none."""
    if body.heading is None:
        return {}
    below = (place for place, each in enumerate(body.paragraphs) if each.start >= body.heading.end)
    return dict.fromkeys(islice(below, 1), _WEIGHT)
