"""Normal forms of Unicode, in time that grows with the text.

The standard library sorts the marks on one letter by insertion, so that a million of them, which no writing
has, take hours. Long runs of marks are brought into their order before.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import groupby
from typing import Literal

_FIRST_MARK = "\u0300"
_LONG = 64
_LONG_RUN = re.compile(f"[^\0-{chr(ord(_FIRST_MARK) - 1)}]{{{_LONG},}}")


def composed(text: str, form: Literal["NFC", "NFKC"] = "NFC") -> str:
    """The text in a normal form, as the standard library gives it."""
    # Of a long run, one of these letters at least is a part.
    if max(text[_LONG - 1 :: _LONG], default="") >= _FIRST_MARK:
        text = _LONG_RUN.sub(_in_order, text)
    return unicodedata.normalize(form, text)


def _in_order(run: re.Match[str]) -> str:
    return "".join(
        "".join(sorted("".join(letters), key=unicodedata.combining)) if are_marks else "".join(letters)
        for are_marks, letters in groupby(
            (_taken_apart(letter) for letter in run[0]),
            key=lambda letters: bool(unicodedata.combining(letters[0])),
        )
    )


def _taken_apart(letter: str) -> str:
    """What a mark consists of; any other letter as it is."""
    apart = unicodedata.normalize("NFD", letter)
    return apart if unicodedata.combining(apart[0]) else letter
