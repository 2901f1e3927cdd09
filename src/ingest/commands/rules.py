"""``ingest rules``: the catalogue and the manuals."""

from __future__ import annotations

import click

from ingest.errors import unknown
from ingest.terminal import fail


@click.command("rules")
@click.argument("code", required=False)
@click.option("--markdown", is_flag=True, help="Print all manuals as one page.")
def command(code: str | None, *, markdown: bool) -> None:
    """List the rules, or print the manual of one.

    \b
    Examples:
      ingest rules
      ingest rules Q003
    """
    from ingest.manuals import summary
    from ingest.rules import catalogue, rule

    if markdown:
        from ingest.manuals.of_rules import render

        click.echo(render())
        return
    if code is None:
        for each in catalogue():
            entry = rule(each)
            click.echo(f"{each}  {entry.severity:7}  {entry.name:32}  {summary(entry.manual)}")
        return
    if code.upper() not in catalogue():
        fail(unknown("rule", code.upper(), catalogue()))
    entry = rule(code.upper())
    click.echo(f"{entry.code} {entry.name} ({entry.severity})\n\n{entry.manual}")
