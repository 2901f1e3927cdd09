"""How far a run is: a line at the foot of a terminal, or now and then a line in a log."""

from __future__ import annotations

import sys
from time import monotonic

import click

_REDRAWN_AFTER = 0.1
_LOGGED_AFTER = 5.0
_WIDTH = 24


class Progress:
    """Counts what is done, and prints to standard error."""

    def __init__(self, total: int, *, is_quiet: bool = False) -> None:
        self._total = total
        self._done = 0
        self._begin = self._told = monotonic()
        self._is_quiet = is_quiet or total < 2
        self._is_terminal = not self._is_quiet and sys.stderr is not None and sys.stderr.isatty()
        self._is_drawn = False

    def advance(self) -> None:
        """One more is done."""
        self._done += 1
        now = monotonic()
        if not self._is_quiet and now - self._told > (_REDRAWN_AFTER if self._is_terminal else _LOGGED_AFTER):
            self._told = now
            self._draw(line_of(self._done, self._total, now - self._begin))

    def say(self, line: str) -> None:
        """Prints a line above the progress."""
        self.clear()
        click.echo(line, err=True)

    def clear(self) -> None:
        """Takes the line at the foot of the terminal away."""
        if self._is_drawn:
            click.echo("\r\033[K", err=True, nl=False)
            self._is_drawn = False

    def _draw(self, line: str) -> None:
        if not self._is_terminal:
            click.echo(line, err=True)
            return
        filled = _WIDTH * self._done // self._total
        click.echo(f"\r{'█' * filled}{'░' * (_WIDTH - filled)} {line}\033[K", err=True, nl=False)
        self._is_drawn = True


def line_of(done: int, total: int, seconds: float) -> str:
    """How many are done, how fast, and how long the rest will take.

    >>> line_of(1200, 10000, 4.0)
    '1,200 of 10,000 files, 300 a second, 29 s left'
    >>> line_of(3, 10, 600.0)
    '3 of 10 files, 0.3 a minute, 23 min left'
    """
    rate = done / seconds if seconds > 0 else 0.0
    text = f"{done:,} of {total:,} files"
    if not rate:
        return text
    pace = f"{rate:,.0f} a second" if rate >= 1 else f"{rate * 60:.2g} a minute"
    left = (total - done) / rate
    rest = f"{left:.0f} s" if left < 100 else f"{left / 60:.0f} min"
    return f"{text}, {pace}, {rest} left"
