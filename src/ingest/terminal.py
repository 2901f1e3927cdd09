"""What commands say when something cannot run: with them the only code that prints and exits."""

from __future__ import annotations

import sys
from typing import NoReturn

import click


def say(line: str) -> None:
    """Prints a line for people; what names and texts in it would do to a terminal is shown instead."""
    from ingest.parts.visible import visible

    click.echo(visible(line), err=True)


def say_error(message: str) -> None:
    """Prints an error; the run goes on."""
    from ingest.parts.visible import visible

    click.echo(f"{click.style('error', fg='red', bold=True)}: {visible(message)}", err=True)


def fail(message: str) -> NoReturn:
    """Prints an error and ends the run: something could not run at all."""
    say_error(message)
    sys.exit(2)
