"""How much one input may hold.

Inputs come from strangers: what is larger is refused whole, with an error that names the limit, and nothing
of it is written.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

_MIB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """The defaults are many times what honest inputs hold; docs/reliability.md has the reasons."""

    input_size: int = 256 * _MIB
    """Bytes of a dump, a saved page, a table or assessments; of a correction file beside one."""
    converted_size: int = 2048 * _MIB
    """Bytes of a converted file or a bank."""
    line_length: int = 4 * _MIB
    """Letters of one line of a copied page, or of one cell of a table."""
    columns: int = 1_000
    """Columns of a table."""
    labels: int = 2_500_000
    """Lines of a copied page that are labels."""
    questions: int = 100_000
    """Questions of one dump."""
    question_lines: int = 100_000
    """Lines of one question before its explanation."""
    options: int = 100
    """Options of one question: a question with more is rejected and kept whole (Q022)."""
    elements: int = 1_000_000
    """Elements of a page."""
    nesting: int = 256
    """How deep elements of a page, or arrays and objects of JSON, may stand in each other."""


def setting_of(name: str) -> str:
    """What a limit is called in settings and on the command line.

    >>> setting_of("input_size")
    'input-size'
    """
    return name.replace("_", "-")


SETTINGS = {setting_of(each.name): each.name for each in fields(Limits)}
"""The fields by the names of their settings."""
