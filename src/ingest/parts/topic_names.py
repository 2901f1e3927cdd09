"""The topics that a person's settings list, by all names that they have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ingest.parts.folding import fold


def listed_names(topics: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """The topic of each folded name. ``topics`` gives each topic its other names.

    >>> listed_names({"Tea": ["Kinds of  tea"]})
    {'tea': 'Tea', 'kinds of tea': 'Tea'}
    """
    return {fold(name): topic for topic, others in topics.items() for name in (topic, *others)}
