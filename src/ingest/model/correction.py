"""What a person has settled about a dump, in a file of its own beside it.

The dump itself is never changed. An entry holds for the question with its number and fingerprint: when
the dump changes there, the entry no longer fits, and that is a finding.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from ingest.model.question import OptionId, Pattern

_CONFIG = {"extra": "forbid", "use_attribute_docstrings": True}


@dataclass(frozen=True, slots=True)
class Correction:
    """One entry: what is true of one question. Values left out stay as they were read."""

    question: int
    """The number as printed."""
    fingerprint: Annotated[str, Pattern("^[0-9a-f]{16}$")]
    """Of the question as read without corrections; ``ingest correct`` writes it."""
    checked: bool = False
    """Whether a person has compared the question with the page. Only then the entry counts: its values
    are applied, and the doubts of the question are settled."""
    first_option: str | None = None
    """The text with which the options begin: the start of the first option's first line."""
    answer: tuple[OptionId, ...] | None = None
    """The key: ids of the right options, counted after the other corrections."""
    topic: str | None = None
    drop: tuple[str, ...] = ()
    """Lines of the stem or the options that belong to neither, each in full."""
    note: str | None = None
    """For people; it changes nothing."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Corrections:
    """Everything that one correction file holds."""

    correction: tuple[Correction, ...] = ()
    """One table ``[[correction]]`` an entry."""

    __pydantic_config__ = _CONFIG
