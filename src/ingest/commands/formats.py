"""``ingest formats``: what can be written, and the manuals."""

from __future__ import annotations

import click

from ingest.errors import unknown
from ingest.terminal import fail


@click.command("formats")
@click.argument("name", required=False)
@click.option("--markdown", is_flag=True, help="Print all manuals as one page.")
def command(name: str | None, *, markdown: bool) -> None:
    """List the output formats, or print the manual of one: what it holds, and how to use it.

    \b
    Examples:
      ingest formats
      ingest formats anki
    """
    from ingest.writers import formats, writer

    if markdown:
        from ingest.manuals.of_formats import render

        click.echo(render())
        return
    if name is None:
        every = [writer(each) for each in formats()]
        widths = [max(len(entry.format) for entry in every), max(len(entry.suffix) for entry in every)]
        for entry in every:
            click.echo(f"{entry.format:{widths[0]}}  {entry.suffix:{widths[1]}}  {entry.summary}")
        return
    if name.lower() not in formats():
        fail(unknown("format", name, formats()))
    from ingest.manuals.of_formats import one

    click.echo(one(writer(name.lower())))
