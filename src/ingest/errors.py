"""The exceptions of the public interface."""

from __future__ import annotations

from collections.abc import Iterable


class IngestError(Exception):
    """Something could not run at all: a file that cannot be read, an unknown format.

    Bad input never raises; it gives diagnostics.
    """


class LimitError(IngestError):
    """An input holds more than a limit allows. It is refused whole: nothing of it is read or written."""

    def __init__(self, file: str, figure: str, setting: str, limit: int) -> None:
        """``setting`` is what the limit is called in settings, ``figure`` what the input has."""
        super().__init__(
            f"{file}: {figure}, more than the {limit:,} that {setting} allows;"
            f" raise it with --limit {setting}=N, or under [limits] in ingest.toml"
        )


def unknown(what: str, name: str, known: Iterable[str]) -> str:
    """What to say of a name that is none of the known ones.

    >>> unknown("rule", "Q03", ["Q001", "Q003"])
    "unknown rule 'Q03'; did you mean Q003?"
    """
    from difflib import get_close_matches  # a run without slips needs none of it

    known = list(known)
    near = get_close_matches(name, known, 1, 0.5)
    return f"unknown {what} {name!r}; " + (
        f"did you mean {near[0]}?" if near else f"known: {', '.join(known)}"
    )
