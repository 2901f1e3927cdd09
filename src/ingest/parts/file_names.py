"""Names for files: out of any text, and telling files of one name apart."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence

# Source: https://learn.microsoft.com/windows/win32/fileio/naming-a-file
_RESERVED = re.compile(r"(?:con|prn|aux|nul|conin|conout|com[0-9]|lpt[0-9])", re.IGNORECASE)
_NO_LETTERS = re.compile(r"\W+")
_MOST_BYTES = 100


def safe_name(text: str) -> str:
    """A file's name without suffix: letters and digits of any language, hyphens and underscores. Empty where
    the text has none of them.

    >>> safe_name("Tea: pots & cups"), safe_name("../../etc/passwd"), safe_name("CON")
    ('Tea-pots-cups', 'etc-passwd', 'CON-')
    """
    plain = unicodedata.normalize("NFKC", text)
    name = _NO_LETTERS.sub("-", plain).strip("-")
    name = name.encode("utf-8", "ignore")[:_MOST_BYTES].decode("utf-8", "ignore").strip("-")
    return f"{name}-" if _RESERVED.fullmatch(name) else name


def safe_names(texts: Iterable[str]) -> list[str]:
    """A safe name for each text, unique also where capitals and the composition of letters do not count.

    Given out in the order of the texts; the second of one name gets ``-2``. A text without letters and digits
    is ``unnamed``.

    >>> safe_names(["Tea", "tea!", "?"])
    ['Tea', 'tea-2', 'unnamed']
    """
    used: set[str] = set()
    names = []
    for text in texts:
        plain = safe_name(text) or "unnamed"
        name, count = plain, 1
        while _same(name) in used:
            count += 1
            name = f"{plain.rstrip('-')}-{count}"
        used.add(_same(name))
        names.append(name)
    return names


def told_apart(names: Sequence[str], paths: Sequence[Sequence[str]]) -> list[str]:
    """The names of files, those that several have with as many folders before them as tell them apart.

    ``paths`` are the parts of each file's whole path; no two are the same.

    >>> told_apart(["x.txt", "x.txt", "y.txt"], [("/", "a", "x.txt"), ("/", "b", "x.txt"), ("/", "y.txt")])
    ['a/x.txt', 'b/x.txt', 'y.txt']
    """
    told = list(names)
    depth = 1
    while True:
        counts = Counter(told)
        alike = [place for place, name in enumerate(told) if counts[name] > 1]
        if not alike or depth > max(len(paths[place]) for place in alike):
            return told
        depth += 1
        for place in alike:
            told[place] = "/".join(part.strip("/\\:") for part in paths[place][-depth:]).lstrip("/")


def _same(name: str) -> str:
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", name).casefold())
