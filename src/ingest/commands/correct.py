"""``ingest correct``: entries that settle doubts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.inputs import numbers_of, read_input, reading_options
from ingest.terminal import fail, say

if TYPE_CHECKING:
    from ingest.model.result import Result


@click.command("correct")
@click.argument("path", metavar="INPUT", type=click.Path(dir_okay=False))
@click.option("--question", "numbers", type=int, multiple=True, metavar="N", help="A question; repeatable.")
@reading_options
def command(path: str, numbers: tuple[int, ...], labels: str | None) -> None:
    """Write entries to settle doubts, to be edited by hand.

    Adds an entry for each question N, filled in as it is read now, to the file x.corrections.toml
    beside the dump x.txt; without --question, for each doubtful or rejected one that has none. Compare
    the entry with the page, edit it, and set checked = true: every later run applies it. The dump
    itself is never changed.

    \b
    Examples:
      ingest correct exam.txt --question 12
      ingest correct exam.txt
    """
    from ingest.corrections import entry
    from ingest.errors import IngestError
    from ingest.files import corrections_path, load, load_corrections, save

    result = read_input(path, labels, corrected=False)
    blocks = {each.block.number: index for index, each in enumerate(result.readings)}
    for number in numbers:
        if number not in blocks:
            fail(f"{path} has no question {number}{numbers_of(result)}")
    target = corrections_path(Path(path))
    try:
        present = {each.question for each in load_corrections(Path(path))}
    except IngestError as error:
        fail(str(error))
    chosen = numbers or [number for number in _doubted(result) if number not in present]
    entries = [entry(result, blocks[number]) for number in chosen]
    if not entries:
        say(f"{path}: nothing is doubtful that has no entry")
        return
    try:
        old = load(target) if target.exists() else b""
        save(target, [old + "".join(entries).encode()])
    except IngestError as error:
        fail(str(error))
    listed = ", ".join(map(str, chosen))
    say(f"{target}: entries for {listed}; edit them, then set checked = true")


def _doubted(result: Result) -> list[int]:
    """Numbers of the questions that a person should look at."""
    numbers = [each.number for each in result.doubtful] + [each.number for each in result.rejected]
    return [number for number in numbers if number is not None]
