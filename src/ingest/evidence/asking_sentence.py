"""The options begin after the last paragraph that asks, of those before the first mark.

Code directly below it still belongs to the stem, unless the options are code as well: then it is not
known. Other lines below it probably do, where no option has several. Right for 737 and wrong for 4 of 745
real questions: an option that asks itself is rare.
"""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.asking import Asking, compile_asking, may_ask_aloud
from ingest.parts.code import is_code, is_code_line

_WEIGHT = math.log(737 / 4)
_BEFORE_CODE = math.log(3)
_BEFORE_LINES = math.log(6)
_AMONG_QUESTIONS = math.log(30)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border after the last asking paragraph, or after the last one that quotes a
    question where none asks; silent where there is neither."""
    asking = compile_asking(body.words)
    borders = body.borders
    if _ask_options(body, asking):
        # The options ask themselves, so the first sentence that asks is the stem's.
        asked = [at for at in borders if at and asking.asks(body.paragraphs[at - 1].prose)]
        if len(asked) > 1:
            return {asked[0]: _AMONG_QUESTIONS}
    for has_question in (asking.asks, asking.quotes_question):
        for border in reversed(borders):
            if border and has_question(body.paragraphs[border - 1].prose):
                return _below_code(body, borders, border)
    return {}


def _ask_options(body: Body, asking: Asking) -> bool:
    """Whether most of the marked paragraphs and what follows them ask themselves."""
    if body.first_marked is None:
        return False
    options = body.paragraphs[body.first_marked :]
    likely = [each.prose for each in options if may_ask_aloud(each.text)]
    return 2 * len(likely) > len(options) and 2 * sum(map(asking.asks_aloud, likely)) > len(options)


def _below_code(body: Body, borders: range, border: int) -> dict[int, float]:
    last = border
    while last in borders and _may_be_code(body.paragraphs[last].text):
        last += 1
    if last == border:
        return {border: _WEIGHT}
    below = [each.text for each in body.paragraphs[last:]]
    if last not in borders or any(map(_may_be_code, below)):
        is_like_the_others = not any(is_code(each.text) for each in body.paragraphs[border:last])
        return {border: _WEIGHT if is_like_the_others else _BEFORE_CODE}
    is_known = any(is_code(each.text) for each in body.paragraphs[border:last])
    return {last: _WEIGHT if is_known else _BEFORE_LINES}


def _may_be_code(text: str) -> bool:
    """Several lines, or one that reads like code: pages have prose in one line."""
    return "\n" in text or is_code_line(text)
