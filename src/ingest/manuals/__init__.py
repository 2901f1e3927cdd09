"""The manuals of leaves as pages in Markdown, one kind of leaf a file; what these pages share."""

from __future__ import annotations

import re


def summary(manual: str) -> str:
    """The first paragraph of a manual, on one line."""
    return manual.split("\n\n", 1)[0].replace("\n", " ")


def cell(text: str) -> str:
    """A text as a cell of a table."""
    return text.replace("|", "\\|").replace("<", "&lt;")


def with_bold(manual: str, headings: str) -> str:
    r"""A manual whose paragraphs that begin with one of the headings (joined by ``|``) begin in bold.

    >>> with_bold("A tea pot.\nExample: brown.", "Example")
    'A tea pot.\n\n**Example**: brown.'
    """
    bold = re.sub(rf"^({headings})(?=[: ])", r"\n**\1**", manual, flags=re.MULTILINE)
    return bold.replace("\n\n\n", "\n\n")
