"""The command ``ingest``: the group of all commands.

Exit status: 0 no finding of severity error, 1 some (with ``--strict``, warnings count too), 2
something could not run. Messages go to stderr, data to stdout. A command is loaded when it is run, and
loads what it needs itself, since at the size of one exam the imports are the run.
"""

from __future__ import annotations

import errno
import gc
import os
import pkgutil
import sys
from contextlib import suppress
from functools import cache
from importlib import import_module
from io import TextIOWrapper
from typing import NoReturn

import click

from ingest import __version__, commands

# Only one run of the command is concerned. Records hold no cycles, and the collector would walk all of
# them again and again: a third of the time of a large dump.
gc.disable()


INTERRUPTED = 130
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@cache
def _names() -> list[str]:
    return sorted(entry.name for entry in pkgutil.iter_modules(commands.__path__))


class _Commands(click.Group):
    """The commands of the folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return _names()

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002 - the same
        if cmd_name not in _names():
            return None
        command: click.Command = import_module(f"ingest.commands.{cmd_name}").command
        return command

    def invoke(self, ctx: click.Context) -> None:
        """Runs the command; where it is interrupted before there is anything to tell, says no more."""
        try:
            super().invoke(ctx)
        except click.UsageError as error:
            # What a shell made of a pattern may be the name of a file, whoever gave it.
            from ingest.parts.visible import visible

            raise click.UsageError(visible(error.format_message()), error.ctx) from error
        except KeyboardInterrupt:
            click.echo("interrupted", err=True)
            sys.exit(INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="ingest")
def main() -> None:
    """Turn copied practice-exam review pages into validated question records and clean files.

    \b
    Copy the review page of an exam into a text file, then:
      ingest convert exam.txt          writes out/exam.json and out/exam.csv
      ingest inspect exam.txt          shows how each line was read
      ingest rules P101                explains a finding
    """


def run() -> NoReturn:
    """Runs the command and ends the process."""
    _print_any_letter()
    try:
        main()
    except SystemExit as ending:
        _end(ending.code)
    except OSError as error:
        # Files are opened where errors are told: what is left is that nothing can be printed.
        if error.filename is not None or error.errno not in _NO_ROOM:
            raise
        _end(_say_no_room(error))
    _end(0)


def _print_any_letter() -> None:
    """Files and programs are given UTF-8, whatever the system's own encoding; a terminal, and who has named
    an encoding, gets escapes for letters that it does not have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and stream.encoding.lower().replace("-", "") != "utf8":
            if stream.isatty() or "PYTHONIOENCODING" in os.environ:
                stream.reconfigure(errors="backslashreplace")
            else:
                stream.reconfigure(encoding="utf-8", errors=stream.errors)


def _end(code: int | str | None) -> NoReturn:
    """Ends the process without taking apart what it holds: for a large file that takes as long as a part of
    the work, and the system takes the memory back anyway. Every file that was written is closed by then."""
    status = code if isinstance(code, int) else int(code is not None)
    for stream in (sys.stdout, sys.stderr):
        try:
            if stream is not None:
                stream.flush()
        except OSError as error:
            # Else whoever read it has gone.
            status = _say_no_room(error) if error.errno in _NO_ROOM else status or 1
    os._exit(status)


def _say_no_room(error: OSError) -> int:
    """Says that standard output took no more; the exit status."""
    from ingest.terminal import say_error

    with suppress(OSError):
        say_error(f"cannot write to standard output: {error.strerror}")
    return 2
