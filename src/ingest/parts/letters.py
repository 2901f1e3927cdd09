"""Capital letters that stand alone, as the letters of options do, and the words before them.

Letters that stand alone are rare, and a pattern would walk through every text to find none. So the kinds of
all letters are put into one number, which a few operations compare with the kinds of their neighbours.
"""

from __future__ import annotations

NOUNS = (
    r"(?:options?|answers?|choices?|opción|opciones|respuestas?|alternativas?|propositions?|réponses?"
    r"|opção|opções|respostas?|antwort(?:en)?|opzion[ei]|rispost[ae])"
)
"""What the letter of an option follows, as a pattern, in the languages of the locales."""

# The bits of the kinds of byte: neither letter nor digit, A, B to Z; none for the rest. Their distances
# differ, so that two bits which a shift brings together are of the kinds that it is for.
_APART, _A, _CAPITAL = 1 << 0, 1 << 1, 1 << 3
# What may stand between a letter and its word.
_LEFT_OUT = b":()[]\"'*_"


def _kind(byte: int) -> int:
    letter = chr(byte)
    if byte >= 0x80 or letter.islower() or letter.isdigit():
        return 0
    if letter == "I":
        return 0  # mostly the word, or the I of I/O; few questions have nine options
    return _A if letter == "A" else _CAPITAL if letter.isupper() else _APART


_KINDS = bytes(map(_kind, range(256)))


def has_lone_letter(text: str) -> bool:
    """Whether a capital letter but I may stand alone; A only behind another word, since it also begins
    sentences.

    >>> has_lone_letter("Option B is"), has_lone_letter("Option (A)"), has_lone_letter("So. A pot")
    (True, True, False)
    """
    # Two bytes before the text and one behind it, as apart as spaces.
    padded = f"  {text} ".encode("utf-8", "replace")
    number = int.from_bytes(padded.translate(_KINDS, _LEFT_OUT), "little")
    if number & (number << 11) & (number >> 5):
        return True
    found = number & (number << 9) & (number >> 7)
    return found != 0 and found & ~(number << 17) != 0
