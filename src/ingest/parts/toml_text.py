"""TOML that people write: settings, labels, corrections."""

from __future__ import annotations

import tomllib
from typing import Any

from ingest.errors import IngestError


def parse_toml(text: str, shown_path: str) -> dict[str, Any]:
    """The table of a file. Raises ``IngestError`` that names the file and what is wrong in it."""
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise IngestError(f"{shown_path}: {error}") from error
    except ValueError as error:  # what Python reads no integer of
        raise IngestError(f"{shown_path}: a number has more than 4,300 digits") from error
    except RecursionError as error:
        raise IngestError(f"{shown_path}: arrays or tables stand too deep in each other") from error
