"""Markdown to plain text, line by line: emphasis, escapes, headings and links of copies that went
through a word processor or a Markdown editor. Code is left alone.

Source: CommonMark 0.31, as far as such copies use it.
"""

from __future__ import annotations

import re

_HEADING = re.compile(r"\A[ ]{0,3}#{1,6}[ \t]+")
# Behind the signs that open it stands the name of a language, without such signs; behind those that close it
# nothing.
_FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})([^`~]*)\Z")
# Lengths are bounded, so that unpaired signs do not make each of them look to the end of the line.
_CODE = re.compile(r"(?<![`\\])(`{1,3})(?!`)(.{1,1000}?)(?<!`)\1(?!`)")
_IMAGE = re.compile(r"(?<!\\)!\[([^\[\]\n]{0,300})(?<!\\)\]\([^)\s]{0,2000}(?:[ \t]+\"[^\"]{0,300}\")?\)")
_LINK = re.compile(
    r"(?<!\\)\[([^\[\]\n]{1,1000})(?<!\\)\]\(<?([^)\s]{1,2000}?)>?(?:[ \t]+\"[^\"]{0,300}\")?\)"
)
_ADDRESS = re.compile(r"<(https?://[^<>\s]{1,2000})>")
# Word processors write emphasis with stars; underscores are mostly those of names such as __init__.
_WHOLE = re.compile(r"(\s*)\*\*([^*](?:.*(?:[^*\\]|(?<!\\)(?:\\\\)+|(?<!\\)(?:\\\\)*\\\*))?)\*\*(\s*)")
_STRONG = re.compile(r"(?<!\\)(\*{2,3})(?=[^\s*])(.{1,2000}?)(?<=[^\s*\\])\1")
_EMPHASIS = re.compile(r"(?<![^\s(\[“\"'‘*])\*(?=[^\s*])([^*\n]+?)(?<=[^\s*\\])\*(?![\w*])")
# Between two letters or figures, and between spaces, stars are a sign of code: 2**10.
_LOOSE = re.compile(
    r"(?<![\\*A-Za-z0-9_])\*\*+(?=[^\s*]|\Z)|(?:(?<=[^\s\\*])|(?<=\\\*))\*\*+(?![*A-Za-z0-9_])|\A\*\*+"
)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+\-.!>~|\"'<&])")


def to_plain(text: str, *, has_headings: bool = True) -> str:
    r"""The text without Markdown; as many lines as before.

    >>> to_plain("**Use** `a_b` \\- see [the guide](https://example.org)")
    'Use a_b - see the guide (https://example.org)'
    """
    if "\n" not in text:
        return _line(text, has_headings=has_headings)
    lines = []
    fence = ""
    for line in text.split("\n"):
        found = _FENCE.match(line)
        if found and not fence:
            fence = found[1][:3]
            lines.append("")
        elif found and found[1].startswith(fence) and not found[2].strip():
            fence = ""
            lines.append("")
        else:
            lines.append(line if fence else _line(line, has_headings=has_headings))
    return "\n".join(lines)


def _line(line: str, *, has_headings: bool) -> str:
    line = (_HEADING.sub("", line, count=1) if has_headings else line).rstrip()
    if line.endswith("\\") and not line.endswith("\\\\"):
        line = line[:-1].rstrip()  # a hard line break
    if "`" not in line:
        return _prose(line)
    parts = []
    at = 0
    for match in _CODE.finditer(line):
        parts += [_prose(line[at : match.start()]), match[2]]
        at = match.end()
    return "".join([*parts, _prose(line[at:])])


def _prose(text: str) -> str:
    if "[" in text:
        text = _IMAGE.sub(r"\1", text)
        text = _LINK.sub(_link, text)
    if "<" in text:
        text = _ADDRESS.sub(r"\1", text)
    if "*" in text:
        text = _without_stars(text)
    return _ESCAPE.sub(r"\1", text) if "\\" in text else text


def _link(match: re.Match[str]) -> str:
    words, address = match.groups()
    return words if words.strip("*_ ") == address or words in address else f"{words} ({address})"


def _without_stars(text: str) -> str:
    whole = _WHOLE.fullmatch(text)
    if whole and "**" not in whole[2]:
        return "".join(whole.groups())
    # Emphasis inside emphasis: from the outside in.
    while (plain := _STRONG.sub(r"\2", text)) != text:
        text = plain
    return _LOOSE.sub("", _EMPHASIS.sub(r"\1", text))
