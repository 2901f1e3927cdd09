"""Findings for people: place, code, message, the source line with a caret, and the hint.

Control characters of the dump are made visible, so that a hostile dump cannot steer the terminal, or the
build server that reads what is printed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator

import click

from ingest.model.diagnostic import Diagnostic
from ingest.reports import Report, said

_COLOURS = {"error": "red", "warning": "yellow", "info": "blue"}
_WIDTH = 100
# GitHub obeys "##[" anywhere in a line and "::" where it begins, Azure "##vso[", TeamCity "##teamcity[".
_COMMANDS = re.compile(r"##(?=\w*\[)|^\s*::")
_WIDE = str.maketrans("#:", "＃：")


def render(report: Report) -> Iterator[str]:
    """Some lines for each finding."""
    for file in report.files:
        if file.diagnostics:
            yield from lines_of(file.diagnostics, file.line, file.file)


def lines_of(diagnostics: Iterable[Diagnostic], line: Callable[[int], str], shown_file: str) -> Iterator[str]:
    """Some lines for each diagnostic, in the order given.

    ``line`` gives a line of the file, or nothing where it is not at hand; ``shown_file`` is the path that the
    reader typed, so that the place can be opened.
    """
    for diagnostic in diagnostics:
        yield from _one(diagnostic, line(diagnostic.line), shown_file)


def _one(diagnostic: Diagnostic, line: str, shown_file: str) -> Iterator[str]:
    place = f"{shown_file}:{diagnostic.line}:{diagnostic.column}"
    code = click.style(diagnostic.code, fg=_COLOURS[diagnostic.severity], bold=True)
    yield f"{visible(place)}: {code} {visible(said(diagnostic))}"
    # A window of the line around the place, since paragraphs are lines of many hundred characters.
    begin = max(0, diagnostic.column - 1 - _WIDTH // 2) if diagnostic.column > _WIDTH - 10 else 0
    excerpt = visible(line[begin : begin + _WIDTH])
    if excerpt.strip():
        length = 1
        if diagnostic.end_line == diagnostic.line:
            length = max(1, min(diagnostic.end_column - diagnostic.column, _WIDTH - 2))
        caret = " " * (diagnostic.column - 1 - begin) + "^" * min(
            length, max(1, len(excerpt) - (diagnostic.column - 1 - begin))
        )
        yield f"    | {excerpt}"
        yield f"    | {caret}"
    if diagnostic.hint:
        yield f"    = {visible(diagnostic.hint)}"


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
