"""``ingest formats``: what can be written."""

from __future__ import annotations

import click


@click.command("formats")
def command() -> None:
    """List the output formats."""
    from ingest.writers import formats, writer

    for name in formats():
        click.echo(f"{name:10}  {writer(name).suffix:8}  {writer(name).summary}")
