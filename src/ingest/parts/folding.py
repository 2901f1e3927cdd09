"""Folding: what two texts that a person would call the same have in common.

Fold = NFKC, lower case, typographic quotes and dashes made plain, white space collapsed.
"""

from __future__ import annotations

from ingest.parts.composing import composed

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
        text = composed(text, "NFKC")
        for typographic, plain in _PLAIN:
            text = text.replace(typographic, plain)
    # Of white space only the plain space is printable. Most texts have single ones, between paragraphs an
    # empty line, and need not be taken apart.
    plain = text.replace("\n\n", " ")
    if plain.isprintable() and "  " not in plain:
        return plain.strip().lower()
    return " ".join(text.split()).lower()
