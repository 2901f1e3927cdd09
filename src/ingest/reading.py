"""How inputs are read: a file of its own, since a run in which nothing has changed needs it and not the
stages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ingest.model.limits import Limits

if TYPE_CHECKING:
    from ingest.locales import Locale


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How inputs are read."""

    labels: str | None = None
    """The locale of the labels; null finds it by itself."""
    keep_attempt: bool = False
    """Keep what the sitter chose."""
    own_labels: tuple[Locale, ...] = ()
    """Further label tables, of a person's own."""
    every_rule: bool = False
    """Also run the rules that look for more than what may be read wrong."""
    topics: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The topics that questions may have, each with its other names; empty for any."""
    limits: Limits = field(default_factory=Limits, repr=False)
    """How much one input may hold. What keeps within them is read the same under all of them, so they are no
    part of what tells whether outputs are up to date."""
