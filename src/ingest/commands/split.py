"""``ingest split``: one set into several, by topic, type or file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.errors import unknown
from ingest.inputs import reading_options, reading_settings, refuse_url, standard_input
from ingest.parts.counted import counted
from ingest.terminal import fail, say

if TYPE_CHECKING:
    from ingest.documents import Opened
    from ingest.model.document import Document
    from ingest.parts.splitting import By
    from ingest.reading import ReadSettings


@click.command("split")
@click.argument("path", metavar="INPUT")
@click.option("--by", type=click.Choice(["topic", "type", "file"]), default="topic", show_default=True)
@click.option("-o", "--out", metavar="FOLDER", required=True, help="Where the files go.")
@click.option("--to", "form", metavar="FORMAT", default="json", show_default=True, help="Their format.")
@reading_options
def command(path: str, by: By, out: str, form: str, labels: str | None) -> None:
    """Split a set into one file a topic, type or source file.

    INPUT is a bank, a converted file, a dump, or - for standard input. Files are named after topics, without
    what file systems forbid; what has no topic goes to no-topic. They hold the questions only: what else the
    input holds stays there.

    \b
    Examples:
      ingest split bank.json --by topic -o topics
      ingest split bank.json --by file -o exams --to csv
    """
    from ingest.configuration import load_settings
    from ingest.errors import IngestError
    from ingest.files import write
    from ingest.parts.splitting import split
    from ingest.parts.visible import visible
    from ingest.writers import WriteSettings, formats, writer

    if form not in formats():
        fail(unknown("format", form, formats()))
    writing, chosen = WriteSettings(), writer(form)
    try:
        opened = _read(path, reading_settings(labels))
        document = replace(opened.document, rejected=(), furniture=(), diagnostics=())
        parts = split(document, by, load_settings(Path.cwd()).topics)
        targets = {Path(out) / f"{name}{chosen.suffix}": part for name, part in parts.items()}
        _refuse_overwriting(targets, path)
        for target, part in targets.items():
            write(part, target, form, writing)
            click.echo(visible(f"{target}: {counted(len(part.questions), 'question')}"))
            for note in chosen.notes(part, writing):
                say(f"{target}: {_named(part, note.index)}{note.message}")
    except IngestError as error:
        fail(str(error))
    if not targets:
        fail(f"{path} holds no question")
    if opened.apart:
        say(f"{path}: {counted(opened.apart, 'question')} with contrary keys left in the bank")


def _named(document: Document, index: int | None) -> str:
    """Which question a note is about."""
    if index is None:
        return ""
    question = document.questions[index]
    return f"question {question.id if question.number is None else question.number}: "


def _read(path: str, settings: ReadSettings) -> Opened:
    from ingest.documents import open_document
    from ingest.files import load_corrections, load_input

    if path == "-":
        return open_document(standard_input(), "stdin", settings)
    refuse_url(path)
    return open_document(
        load_input(path, settings.limits), Path(path).name, settings, load_corrections(Path(path))
    )


def _refuse_overwriting(targets: dict[Path, Document], path: str) -> None:
    for target in targets:
        if path != "-" and target.resolve() == Path(path).resolve():
            fail(f"{target} is the input: choose another -o")
        if target.is_dir() and target.is_symlink():
            fail(f"{target} is a link to another folder: remove it")
