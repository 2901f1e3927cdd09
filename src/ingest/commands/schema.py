"""``ingest schema``: the JSON Schemas."""

from __future__ import annotations

from pathlib import Path

import click

from ingest.errors import unknown
from ingest.terminal import fail


@click.command("schema")
@click.argument("name", required=False)
@click.option("--write", "folder", metavar="FOLDER", help="Write every schema into a folder.")
def command(name: str | None, folder: str | None) -> None:
    """Print the JSON Schema of a record, or write all of them.

    NAME is document (a converted JSON file, the default), question (a line of JSON Lines), bank,
    manifest (what was made from what) or corrections.

    \b
    Examples:
      ingest schema > document.schema.json
      ingest schema --write schema
    """
    from ingest import schema as schemas

    if name is not None and name not in schemas.names():
        fail(unknown("schema", name, schemas.names()))
    if folder is not None:
        from ingest.errors import IngestError
        from ingest.files import save

        try:
            for each in schemas.names() if name is None else (name,):
                save(Path(folder) / f"{each}.schema.json", [schemas.render(each).encode()])
        except IngestError as error:
            fail(str(error))
        return
    click.echo(schemas.render(name or "document"), nl=False)
