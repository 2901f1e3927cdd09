"""The options begin at the first paragraph below which the copy explains it.

Where the page has an explanation for each option, every option has one; an author may have left the
first ones out, so it is not certain.
"""

from __future__ import annotations

import math

from ingest.evidence import Body

_WEIGHT = math.log(300)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the first paragraph with a reason, or with a mark if that comes before; silent where
    fewer than two have reasons."""
    reasoned = [place for place, each in enumerate(body.paragraphs) if each.reason]
    if len(reasoned) < 2 or body.first_marked is None:
        return {}
    return {body.first_marked: _WEIGHT}
