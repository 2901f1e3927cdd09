"""A word mixes scripts: a letter of another script looks like the one that belongs there.

Looked at: Cyrillic, Greek and full-width letters that look like Latin ones, in a word with at least two
Latin letters; and Latin letters in a word of Cyrillic or Greek ones. Not reported: signs such as `Δt`, `µs`
or `kΩ`, Latin words in Japanese text, and words of two parts such as a Latin name with a Russian ending.

Why it matters: the word looks right and is not found by searching, compared as another, or read out wrongly.
Example: "Mаrs", of which the second letter is a Cyrillic one.
How to mend it: type the word again.
"""

import re
import unicodedata
from collections.abc import Iterator

from ingest.model.diagnostic import Fix, Severity
from ingest.model.question import Question
from ingest.parts.fields import fields, shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_CYRILLIC = "асеорхуіјѕһԁԛԝАВЕКМНОРСТХУІЈЅ"
_GREEK = "ονΑΒΕΖΗΙΚΜΝΟΡΤΥΧ"
_LATIN = "aceopxyijsABCEHIKMOPSTXYNZvu"
# UTF-8 with the first bytes of Greek, Cyrillic and full-width letters made one that it never has.
_FIRST_BYTES = bytes((*range(0xCD, 0xD5), 0xEF))
_CLASSES = bytes.maketrans(_FIRST_BYTES, b"\xff" * len(_FIRST_BYTES))
_LATIN_RANGE = "A-Za-z\u00c0-\u024f"
_OTHER = "\u0370-\u03ff\u0400-\u052f"
_WIDE = "\uff21-\uff3a\uff41-\uff5a"
_WORD = re.compile(f"[{_LATIN_RANGE}{_OTHER}{_WIDE}]{{3,}}")
_LATIN_LETTERS = re.compile(f"[{_LATIN_RANGE}]")
_OTHER_LETTERS = re.compile(f"[{_OTHER}{_WIDE}]")
_GREEK_LETTERS = re.compile("[\u0370-\u03ff]")
_MIXED = re.compile(f"[{_LATIN_RANGE}][{_OTHER}{_WIDE}]|[{_OTHER}{_WIDE}][{_LATIN_RANGE}]")
_LOOKALIKE = re.compile(f"[{_CYRILLIC}{_GREEK}{_WIDE}]")
_TWINS = {
    **dict(zip(_CYRILLIC, "aceopxyijshdqwABEKMHOPCTXYIJS", strict=True)),
    **dict(zip(_GREEK, "ovABEZHIKMNOPTYX", strict=True)),
    **{chr(0xFF21 + at): chr(0x41 + at) for at in range(26)},
    **{chr(0xFF41 + at): chr(0x61 + at) for at in range(26)},
    **dict(zip("aceopxyijsABEKMHOPCTXY", "асеорхуіјѕАВЕКМНОРСТХУ", strict=True)),
}
"""Each lookalike with its twin; the other way round for Latin letters in Cyrillic words."""
# "URLа": an abbreviation with the ending of another language.
_WITH_ENDING = re.compile(f"[A-Z]{{2,}}[{_OTHER}]+")


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        text = questions.odd_texts[index]
        if text and _may_mix(text):
            yield from _problems(index, question)


def _may_mix(text: str) -> bool:
    """Whether letters of two scripts stand side by side."""
    is_possible = b"\xff" in text.encode().translate(_CLASSES)
    return is_possible and _MIXED.search(text) is not None


def _problems(index: int, question: Question) -> Iterator[Problem]:
    seen: set[str] = set()
    for field, text in fields(question):
        for match in _WORD.finditer(text) if _MIXED.search(text) else ():
            word = match[0]
            if word not in seen and (odd := _odd_letters(word)):
                seen.add(word)
                message = f"“{shorten(word)}” holds {_names(odd)}"
                yield Problem(index, message, field, "type the word again", word, _fix(word, odd))


def _odd_letters(word: str) -> list[str]:
    """The letters of a word that are of another script than the others, and look like theirs."""
    latin = _LATIN_LETTERS.findall(word)
    other = _OTHER_LETTERS.findall(word)
    if not latin or not other or _WITH_ENDING.fullmatch(word):
        return []
    if len(latin) >= len(other):
        return other if all(map(_LOOKALIKE.match, other)) else []
    return latin if all(letter in _LATIN for letter in latin) else []


def _fix(word: str, odd: list[str]) -> Fix | None:
    """The word with its odd letters exchanged for those that they look like; null where that is not sure."""
    if not _TWINS.keys() >= set(odd) or (_LATIN_LETTERS.match(odd[0]) and _GREEK_LETTERS.search(word)):
        return None
    return Fix(word, "".join(_TWINS[letter] if letter in odd else letter for letter in word))


def _names(letters: list[str]) -> str:
    """What the letters are: ``CYRILLIC SMALL LETTER A``."""
    return ", ".join(unicodedata.name(letter) for letter in dict.fromkeys(letters))
