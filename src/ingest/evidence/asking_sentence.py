"""The options begin after the last paragraph that asks, of those before the first mark.

Code directly below it still belongs to the stem, unless the options are code as well: then it is not
known. Other lines below it probably do, where no option has several. Right for 737 and wrong for 4 of 745
real questions: an option that asks itself is rare.
"""

from __future__ import annotations

import math

from ingest.evidence import Body
from ingest.parts.asking import Asking, compile_asking
from ingest.parts.code import is_code, is_code_line

_WEIGHT = math.log(737 / 4)
_BEFORE_CODE = math.log(3)
_BEFORE_LINES = math.log(6)
# No real question was seen whose options ask, so that only where most of them do it is sure.
_AMONG_QUESTIONS = math.log(30)
_AMONG_SOME = math.log(10)


def weigh(body: Body, facts: None) -> dict[int, float]:
    """Speaks for the border after the last asking paragraph, or after the last one that quotes a
    question where none asks; silent where there is neither."""
    asking = compile_asking(body.words)
    borders = body.borders
    if asks := _asking_options(body, asking):
        asked = [at for at in borders if at and asking.asks(body.paragraphs[at - 1].prose)]
        if weights := _among_questions(body, asked, asks):
            return weights
    for has_question in (asking.asks, asking.quotes_question):
        for border in reversed(borders):
            if border and has_question(body.paragraphs[border - 1].prose):
                weights = _below_code(body, borders, border)
                if border in weights and (first := _asked_above(body, asking, border)):
                    return {first: weights[border] - _AMONG_SOME, **weights}
                return weights
    return {}


def _asked_above(body: Body, asking: Asking, border: int) -> int:
    """The border after the first paragraph that asks above another that does; 0 where none does, or where one
    of the two has no question mark: "(Select two)" is no option."""
    if "?" not in body.paragraphs[border - 1].text and "？" not in body.paragraphs[border - 1].text:
        return 0
    for place, each in enumerate(body.paragraphs[: border - 1], 1):
        if ("?" in each.text or "？" in each.text) and asking.asks(each.prose):
            return place
    return 0


def _asking_options(body: Body, asking: Asking) -> int:
    """How many of the marked paragraphs and what follows them ask themselves; 0 for a single one, unless
    it is half of them: a sentence of the stem may have come there."""
    if body.first_marked is None:
        return 0
    options = body.paragraphs[body.first_marked :]
    likely = [each.prose for each in options if "?" in each.text or "？" in each.text]
    asks = sum(map(asking.asks, likely)) if likely else 0
    return asks if asks > 1 or 2 * asks >= len(options) else 0


def _among_questions(body: Body, asked: list[int], asks: int) -> dict[int, float]:
    """Where options ask, the first sentence that asks is the stem's, and those below it are options as well.
    Something between them that does not ask may belong to either."""
    if len(asked) < 2:
        return {}
    last = body.first_marked or 0
    if len(asked) > last - asked[0]:
        is_most = 2 * asks > len(body.paragraphs) - last
        return {asked[0]: _AMONG_QUESTIONS if is_most else _AMONG_SOME}
    return dict.fromkeys(asked, _AMONG_QUESTIONS) if asks > 1 else {}


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
