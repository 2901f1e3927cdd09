"""The numbered things that options such as ``2,4,3`` refer to."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ingest.parts.asking import Asking

# Two numbers with a hyphen are a range; three are an order.
_CODE = re.compile(
    r"[0-9]{1,2}(?:\s*(?:,|;|/|>|→|->|=>)\s*[0-9]{1,2})+\.?|[0-9]{1,2}(?:\s*[-–]\s*[0-9]{1,2}){2,}\.?"
)
_NUMBER = re.compile(r"[0-9]+")
_OWN_NUMBER = re.compile(r"(?:[0-9]{1,2}[.)]|[-•*–])[ \t]+")


def find_items(stem: Sequence[str], options: Sequence[str], asking: Asking) -> tuple[str, ...]:
    """The items of a stem whose options are all number codes, else none.

    ``stem`` holds the stem's paragraphs; the last ones that ask are the asking ones, or the last one
    where none does. With k the largest number in the
    options, the items are the k paragraphs before the asking one; where an introduction that ends
    in a colon stands further up, all paragraphs after it, since no option need name the last item.
    A list whose lines are one paragraph is read line by line.
    """
    if not options or not all(_CODE.fullmatch(option) for option in options):
        return ()
    count = max(int(number) for option in options for number in _NUMBER.findall(option))
    end = len(stem) - 1
    while end > 0 and asking.asks(stem[end]) and asking.asks(stem[end - 1]):
        end -= 1
    listed = list(stem[:end]) if end > 0 else []
    introduction = max((i for i, text in enumerate(listed) if text.endswith(":")), default=-1)
    after = listed[introduction + 1 :]
    if introduction >= 0 and len(after) >= count:
        return _plain(after)
    if len(listed) >= count and count > 1 and not after:
        return _plain(listed[-count:])
    lines = [line for text in (after or listed[-1:]) for line in text.split("\n")]
    if len(lines) >= count:
        return _plain(lines if introduction >= 0 else lines[-count:])
    return _plain(listed[-count:]) if len(listed) >= count else ()


def _plain(texts: Sequence[str]) -> tuple[str, ...]:
    return tuple(_OWN_NUMBER.sub("", text, count=1) if _OWN_NUMBER.match(text) else text for text in texts)
