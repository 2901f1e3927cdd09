"""The options are the longest run of paragraphs, from the end, that the explanation restates.

A run, because list items of the stem are restated too: looking each paragraph up alone takes them
for options. Right for 679 and wrong for 8 of 745 real questions; silent without an explanation.
"""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.restatements import is_quoted

_WEIGHT = math.log(679 / 8)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border at which the run begins; silent where the run does not reach the first
    mark, or takes in every paragraph."""
    if not body.explanation:
        return {}
    found = {index for _, _, texts, _, _ in body.spots for index in texts}
    start = len(body.paragraphs)
    while start and (start - 1 in found or is_quoted(body.paragraphs[start - 1].text, body.explanation)):
        start -= 1
    # Many explanations restate only the right options: then the run says nothing about the others.
    if all(each.is_right for each in body.paragraphs[start:]):
        return {}
    return {start: _WEIGHT} if start in body.borders and start else {}
