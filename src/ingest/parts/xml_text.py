"""Characters that XML 1.0 has no way to write; in pages they are not shown either.

Source: XML 1.0, section 2.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

REPLACED = "control characters became U+FFFD"
"""What a note says of them."""


def writable(text: str) -> str:
    r"""The text with U+FFFD for each such character.

    >>> writable("a\x00b\tc")
    'a\ufffdb\tc'
    """
    return _NOT_XML.sub("\ufffd", text)


def has_unwritable(texts: Iterable[str]) -> bool:
    """Whether any of the texts has such a character."""
    return any(_NOT_XML.search(text) for text in texts)
