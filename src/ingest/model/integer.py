"""Integers of records: those that every format holds."""

from __future__ import annotations

from typing import Annotated, Any

LARGEST = (1 << 63) - 1
"""The largest integer of a record."""


class _Range:
    """Integers of 64 bits, read by pydantic, which it loads itself. JSON has larger ones, and no format could
    write them. The JSON Schema does not say so, since it stays as it is within its version."""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.int_schema(ge=-LARGEST - 1, le=LARGEST)

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        return {"type": "integer"}


Integer = Annotated[int, _Range()]
"""An integer of a record that may come from outside."""
