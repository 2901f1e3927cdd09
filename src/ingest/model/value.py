"""Values that are made by the dozen for each question and looked at many times."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def value(cls: type[T]) -> type[T]:
    """A dataclass with slots, frozen for the type checker only: one that is frozen when it runs takes five
    times as long to make, and the fields of a named tuple take ten times as long to reach."""
    return dataclass(slots=True)(cls)
