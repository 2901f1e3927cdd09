"""Whether a question makes sense only with its options in their order: its texts name options by letter or
place, or an option speaks of those above it.

Looked at more strictly than by the rule about letters (Q020): what is named wrongly after shuffling is
silently wrong, and what is left in its order costs nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.model.question import Question
from ingest.parts.letters import NOUNS

_VERDICT = (
    r"(?:is|are|was|were|es|son|est|sont|é|são|ist|sind|è|sono|and|or|und|oder|y|e|et|o|ou|[=,&])\b"
    r"|(?:correct|right|wrong|incorrect|true|false)"
)
# A alone is mostly an article, I the word or the I of I/O: only where they can be nothing else.
_LETTER = re.compile(
    rf"(?<![\w.'’&/+-])(?:[B-HJ-Z](?![\w+#'’]|\.\w)|[AI](?=[.,:;)\]]|[*_\"”’]+[ .]| (?:{_VERDICT})\b|\s*$))",
    re.MULTILINE,
)
_AFTER_NOUN = re.compile(
    rf"(?:\b(?i:{NOUNS})|選択肢|答えは|正解は) ?[:(\[\"“'‘*_]{{0,3}}([A-Za-h])"
    r"(?![A-Za-z0-9'’]| (?:n|f)?[a-z]{3})"
)
_ORDINALS = (
    r"(?:first|second|third|fourth|fifth|sixth|last|1st|2nd|3rd|4th|5th"
    r"|primer[ao]?s?|segund[ao]s?|tercer[ao]?s?|cuart[ao]s?|quint[ao]s?|últim[ao]s?"
    r"|premi[eè]re?s?|deuxièmes?|seconde?s?|troisièmes?|quatrièmes?|derni[eè]re?s?"
    r"|primeir[ao]s?|terceir[ao]s?|quart[ao]s?"
    r"|erste[nrs]?|zweite[nrs]?|dritte[nrs]?|vierte[nrs]?|letzte[nrs]?"
    r"|prim[aoie]|second[aoie]|terz[aoie]|ultim[aoie])"
)
_ORDINAL = re.compile(
    rf"\b{_ORDINALS}(?: \w+)? {NOUNS}\b|\b{NOUNS}(?: \w+)? {_ORDINALS}\b|最初の選択肢|最後の選択肢",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"\b(?:all|none|both|any|each|neither|either|tod[ao]s?|ningun[ao]s?|ambas?|ambos|toutes?|tous|aucune?s?"
    r"|nenhum[a]?|alle|keine[srn]?|beide|tutt[eio]|nessun[ao]?|entramb[ei])\b(?:\W+\w+){0,4}?\W+"
    r"(?:above|preceding|previous|foregoing|anterior(?:es)?|precedent[ei]s?|précédente?s?|ci-dessus|acima"
    r"|oben(?:stehenden?)?|obigen?|genannten?|vorherigen?|sopra)\b|上記|以上のすべて|いずれでもない",
    re.IGNORECASE,
)


def ordered_words(question: Question) -> str | None:
    """The first words by which the question hangs on the order of its options; null where it does not."""
    for option in question.options:
        if match := _OTHERS.search(option.text):
            return match[0]
    letters = {option.id for option in question.options}
    return next((words for text in _texts(question) for words in _named(text, letters)), None)


def _texts(question: Question) -> Iterator[str]:
    yield question.stem
    yield question.explanation or ""
    yield question.rationale or ""
    for option in question.options:
        yield option.text
        yield option.explanation or ""


def _named(text: str, letters: set[str]) -> Iterator[str]:
    """Words of a text that name one of the options."""
    yield from (match[0] for match in _LETTER.finditer(text) if match[0] in letters)
    yield from (match[0] for match in _AFTER_NOUN.finditer(text) if match[1].upper() in letters)
    yield from (match[0] for match in _ORDINAL.finditer(text))
