"""Folding: what two texts that a person would call the same have in common.

Fold = NFKC, lower case, typographic quotes and dashes made plain, white space collapsed.
"""

from __future__ import annotations

import unicodedata

# Chained replacements, because `str.translate` is many times slower on text that is not ASCII.
_PLAIN = (
    ("‘", "'"),
    ("’", "'"),
    ("‚", "'"),
    ("“", '"'),
    ("”", '"'),
    ("„", '"'),
    ("«", '"'),
    ("»", '"'),
    ("‐", "-"),
    ("‑", "-"),
    ("‒", "-"),
    ("–", "-"),
    ("—", "-"),
    ("―", "-"),
    ("−", "-"),
)


def fold(text: str) -> str:
    """The folded text.

    >>> fold("The “Big”  Dipper – again")
    'the "big" dipper - again'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        for typographic, plain in _PLAIN:
            text = text.replace(typographic, plain)
    return " ".join(text.split()).lower()
