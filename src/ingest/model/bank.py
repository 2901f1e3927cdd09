"""The public record of a question bank: many sets merged, each question once, with every source of it.

Nothing of a set is lost: what a source has otherwise than the bank's question stands beside the source, so
that each copy can be made again (``ingest.parts.copies``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_type_hints

from ingest.model.integer import Integer
from ingest.model.question import Question

BANK_VERSION: Literal["1.0"] = "1.0"

KeyPolicy = Literal["none", "first", "newest", "majority"]

_CONFIG = {"extra": "forbid", "use_attribute_docstrings": True}

DIFFERING = (
    *("fingerprint", "type", "stem", "select_count", "options", "accepted", "items"),
    *("explanation", "rationale", "references", "topic", "attempt", "findings"),
)
"""The fields of a question in which sources may differ. Its id is common to all, its place, number and key
each source has for itself."""


@dataclass(frozen=True, slots=True)
class _SomeFields:
    """Any of the fields in which sources may differ; read by pydantic, which it loads itself."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        types = get_type_hints(Question, include_extras=True)
        fields = {
            name: core_schema.typed_dict_field(handler.generate_schema(types[name]), required=False)
            for name in DIFFERING
        }
        return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


Differences = Annotated[Mapping[str, Any], _SomeFields()]


@dataclass(frozen=True, slots=True)
class Source:
    """One copy of a question."""

    file: str
    """Where it stands: the file of its record, mostly a dump."""
    lines: tuple[Integer, Integer]
    number: Integer | None
    """As printed there, or null."""
    answer: tuple[str, ...]
    """Its key: the texts of the options that are right there, in their order there; for a ``fill_in``
    without options the accepted answers."""
    inputs: tuple[str, ...]
    """The files that were merged and hold this very copy, sorted; a dump is its own input, and converted
    files say in ``file`` where they come from."""
    differs: Differences
    """The fields in which it differs from the bank's question, with its values."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Key:
    """One of several contrary keys."""

    answer: tuple[str, ...]
    """The texts of the right options."""
    sources: tuple[Integer, ...]
    """Indices of the sources that have it."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Conflict:
    """Sources that have contrary keys. One without any key contradicts none."""

    policy: KeyPolicy
    """What has decided between them; ``none``: nothing has."""
    keys: tuple[Key, ...]
    """The one that most sources have is the first."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class BankEntry:
    """One question of a bank."""

    question: Question
    """The fullest copy among those with the key that was chosen; topic and references are the fullest ones
    of these copies, and references out of another copy have no lines."""
    sources: tuple[Source, ...]
    """Every copy, sorted by place."""
    conflict: Conflict | None

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Bank:
    """Many question sets as one."""

    schema_version: Literal["1.0"]
    kind: Literal["bank"]
    questions: tuple[BankEntry, ...]
    """Each with an id of its own, sorted by the place of the copy that the question is."""
    conflicts: tuple[BankEntry, ...]
    """Those with contrary keys between which nothing has decided; their ``question`` is the fullest copy,
    whatever its key."""

    __pydantic_config__ = _CONFIG
