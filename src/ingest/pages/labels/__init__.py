"""The words of pages: one language a TOML file, found by looking into this folder.

A value with ``{n}`` is a pair: for one thing, and for several. A language needs every word that ``en.toml``
has. What the words stand for, ``en.toml`` says.
"""

from __future__ import annotations

import pkgutil
import tomllib
from functools import cache
from importlib import resources
from typing import Any


class Labels:
    """The words of one language."""

    def __init__(self, language: str, words: dict[str, Any]) -> None:
        self.language = language
        self.words = words

    def __getitem__(self, name: str) -> str:
        return str(self.words[name])

    def counted(self, name: str, number: int) -> str:
        """A number of things: "1 question", "2 questions"."""
        one, several = self.words[name]
        word: str = one if number == 1 else several
        return word.format(n=self.number(number))

    def number(self, number: int) -> str:
        """A whole number, its thousands apart.

        >>> labels("es").number(12345), labels("es").number(1234)
        ('12.345', '1.234')
        """
        return f"{number:,}".replace(",", self["thousands"])

    def decimal(self, number: float, digits: int) -> str:
        """A number with so many digits behind the point."""
        whole, _, rest = f"{number:.{digits}f}".partition(".")
        return self["point"].join(filter(None, (self.number(int(whole)), rest)))

    def chance(self, p: float) -> str:
        """A probability; small ones as a bound.

        >>> labels("en").chance(0.2), labels("en").chance(0.0000081)
        ('= 0.20', '< 0.001')
        """
        return (
            f"= {self.decimal(p, 2)}"
            if p >= 0.01
            else f"< {'0.01' if p >= 0.001 else '0.001'}".replace(".", self["point"])
        )

    def sentence(self, said: str) -> str:
        """What ``ingest.counting`` says, in this language."""
        return str(self.words["verdicts"][said])


@cache
def languages() -> tuple[str, ...]:
    """The codes of all languages, sorted."""
    names = (entry.name for entry in resources.files(__name__).iterdir())
    return tuple(sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml")))


@cache
def labels(language: str) -> Labels:
    """The words of a language. Raises ``KeyError`` for an unknown one."""
    if language not in languages():
        raise KeyError(language)
    data = pkgutil.get_data(__name__, f"{language}.toml") or b""
    return Labels(language, tomllib.loads(data.decode()))
