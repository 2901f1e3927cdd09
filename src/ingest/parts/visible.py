"""Texts as they may be printed: a hostile dump must not steer the terminal, or what reads a build's log."""

from __future__ import annotations

import re

# GitHub obeys "##[" anywhere in a line and "::" where it begins, Azure "##vso[", TeamCity "##teamcity[".
_COMMANDS = re.compile(r"##(?=\w*\[)|^\s*::")
_WIDE = str.maketrans("#:", "＃：")


def visible(text: str) -> str:
    r"""A text for one line of a terminal: each control character is replaced by its picture or a question
    mark, and what a build server would take for a command has wide signs.

    >>> visible("a\x1b[31mb"), visible("::error::x"), visible("a ##[error] b")
    ('a␛[31mb', '：：error::x', 'a ＃＃[error] b')
    """
    text = _COMMANDS.sub(lambda match: match[0].translate(_WIDE), text)
    if text.isprintable():
        return text
    return "".join(_visible(letter) for letter in text)


def _visible(letter: str) -> str:
    if letter.isprintable():
        return letter
    if letter == "\t":
        return " "
    code = ord(letter)
    return chr(0x2400 + code) if code < 0x20 else "␡" if code == 0x7F else "\ufffd"
