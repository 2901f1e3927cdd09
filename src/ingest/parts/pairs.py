"""Options that are complete as two: "True" and "False", "Yes" and "No"."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from ingest.locales import CourseWords
from ingest.parts.folding import fold

_LONGEST = 12


def is_pair(texts: Sequence[str], words: CourseWords) -> bool:
    """Whether two texts are such a pair, in any language.

    >>> from ingest.locales import join_course_words, load_all
    >>> is_pair(["True", "False."], join_course_words(load_all()))
    True
    """
    if len(texts) != 2 or len(texts[0]) > _LONGEST or len(texts[1]) > _LONGEST:
        return False
    folded = {fold(text.rstrip(".")) for text in texts}
    return len(folded) == 2 and folded <= _known(words)


@cache
def _known(words: CourseWords) -> frozenset[str]:
    return frozenset(map(fold, words.true_false))
