"""``ingest locales``: the languages of labels."""

from __future__ import annotations

import click

from ingest.inputs import reading_settings
from ingest.parts.counted import counted


@click.command("locales")
def command() -> None:
    """List the languages of labels that are known."""
    from ingest.locales import load_all

    for locale in (*load_all(), *reading_settings(None).own_labels):
        headers = [word for word, label in locale.labels if label.part == "header"]
        count = len(locale.inferred)
        note = f"  ({counted(count, 'word')} not yet seen in a copy)" if count else ""
        click.echo(f"{locale.code}  {locale.name:10}  {', '.join(headers)} 1 …{note}")
