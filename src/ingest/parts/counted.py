"""Numbers of things in messages."""

from __future__ import annotations


def counted(number: int, noun: str) -> str:
    """A number and its noun.

    >>> counted(1, "no-break space"), counted(0, "line"), counted(12000, "line")
    ('1 no-break space', '0 lines', '12,000 lines')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
