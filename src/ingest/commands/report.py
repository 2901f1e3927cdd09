"""``ingest report``: a page to review what was read."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.inputs import find_sets, reading_options, reading_settings
from ingest.terminal import fail, say, say_error

if TYPE_CHECKING:
    from ingest.documents import Opened
    from ingest.finding import Input
    from ingest.pages.sheets import Sheet
    from ingest.reading import ReadSettings


def _known_language(_: click.Context, __: click.Parameter, value: str) -> str:
    from ingest.errors import unknown
    from ingest.pages.labels import languages

    if value not in languages():
        raise click.BadParameter(unknown("language", value, languages()))
    return value


@click.command("report")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option(
    "-o",
    "--output-file",
    metavar="FILE",
    default="report.html",
    show_default=True,
    help="The page; - prints it.",
)
@click.option(
    "--lang",
    "language",
    metavar="LANGUAGE",
    default="en",
    show_default=True,
    callback=_known_language,
    help="The language of the page's own words, such as es.",
)
@reading_options
def command(inputs: tuple[str, ...], output_file: str, language: str, labels: str | None) -> None:
    """Write a page to review what was read: one HTML file, to be opened from disk.

    INPUT is what validate takes, and banks. The page shows the set in numbers, and each question with its
    findings; for a dump also the raw lines, by the role that each was given, and for a doubtful question the
    text of a correction entry. Answers are hidden until asked for. The page has search and filters, and needs
    no network. Findings are those of validate, of every severity.

    \b
    Examples:
      ingest report exam.txt
      ingest report sets/ -o review.html --lang es
    """
    from ingest.errors import IngestError
    from ingest.files import save
    from ingest.locales import join_course_words, load_all
    from ingest.pages.labels import labels as words_of
    from ingest.pages.review_page import render
    from ingest.pages.sheets import sheets

    reading = reading_settings(labels)
    found, errors = find_sets(inputs)
    target = Path(output_file).resolve()
    if output_file != "-" and any(entry.data is None and entry.path.resolve() == target for entry in found):
        fail(f"{output_file} is an input: choose another file for the page")
    opened, wrong = _open(found, reading)
    for message in (*errors, *wrong):
        say_error(message)
    if not opened:
        sys.exit(2)
    words = join_course_words((*load_all(), *reading.own_labels))
    try:
        made = sheets(opened, words, reading.topics)
        pieces = render(made, words_of(language))
        if output_file == "-":
            for piece in pieces:
                click.echo(piece, nl=False)
        else:
            save(output_file, pieces)
    except IngestError as error:
        fail(str(error))
    if output_file != "-":
        say(f"{_told(made)} → {output_file}")
    sys.exit(2 if errors or wrong else 0)


def _told(made: Sequence[Sheet]) -> str:
    """What the page says above all, in one line."""
    from ingest.pages.charts import verdict
    from ingest.pages.labels import labels

    words, found = labels("en"), verdict(made)
    counts = [f"{words.counted('questions', found.questions)} read"]
    counts += [words.counted(name, getattr(found, name)) for name in ("sure", "doubtful")]
    if found.rejected:
        counts.append(words.counted("rejected", found.rejected))
    return f"{made[0].file if len(made) == 1 else f'{len(made)} files'}: {', '.join(counts)}"


def _open(inputs: Sequence[Input], reading: ReadSettings) -> tuple[list[Opened], list[str]]:
    """What the inputs hold, read with every rule, and what could not be read."""
    from dataclasses import replace

    from ingest.documents import open_document
    from ingest.errors import IngestError
    from ingest.files import content_of
    from ingest.parts.file_names import told_apart

    opened: list[Opened] = []
    errors: list[str] = []
    settings = replace(reading, every_rule=True)
    names = told_apart([each.name for each in inputs], [each.path.resolve().parts for each in inputs])
    for name, entry in zip(names, inputs, strict=True):
        try:
            data, corrections, _ = content_of(entry, reading.limits)
            opened.append(open_document(data, name, settings, corrections))
        except IngestError as error:
            errors.append(str(error))
    return opened, errors
