"""The one exception of the public interface."""

from __future__ import annotations


class IngestError(Exception):
    """Something could not run at all: a file that cannot be read, an unknown format.

    Bad input never raises; it gives diagnostics.
    """
