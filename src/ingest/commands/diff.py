"""``ingest diff``: what changed between two versions of a question set."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.errors import unknown
from ingest.inputs import isolated_option, reading_options, reading_settings, refuse_url, standard_input
from ingest.parts.counted import counted
from ingest.terminal import fail, say

if TYPE_CHECKING:
    from ingest.differences import Compared
    from ingest.model.difference import Difference
    from ingest.model.question import Question


@click.command("diff")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--format", "form", metavar="FORMAT", default="text", show_default=True)
@click.option(
    "--fail-on", metavar="CHANGES", default="key", show_default=True, help="What gives exit status 1."
)
@click.option("-o", "--output-file", metavar="FILE", help="Write the report there.")
@reading_options
@isolated_option
def command(
    old: str,
    new: str,
    form: str,
    fail_on: str,
    output_file: str | None,
    labels: str | None,
    *,
    isolated: bool,
) -> None:
    """Show what changed between two versions of a question set, and fail when a key did.

    OLD and NEW are dumps or converted files (JSON, JSON Lines, CSV), or - for standard input, which one of
    them may be. Questions are matched by id, and by their texts where the id changed. Order is no difference,
    neither of questions nor of options; nor are numbers, white space, findings and attempts.

    FORMAT is text, markdown (for a comment on a pull request) or json. CHANGES are key, options, stem,
    explanation, topic, references, type, added and removed, joined by commas; or any, or none.

    \b
    Examples:
      ingest diff old.json new.json
      git show HEAD~1:sets/exam.json | ingest diff - sets/exam.json
      ingest diff old.json new.csv --fail-on key,removed --format markdown -o comment.md
    """
    from ingest.comparing import compare_sets
    from ingest.differences import Compared, formats, summary

    if form not in formats():
        fail(unknown("format", form, formats()))
    failing = _failing(fail_on)
    _refuse(old, new, output_file)
    sets = [_questions(path, labels, isolated=isolated) for path in (old, new)]
    difference = compare_sets(*sets)
    _print_report(Compared(_shown(old), _shown(new), difference), form, output_file)
    click.echo(summary(difference), err=True)
    sys.exit(int(_fails(difference, failing)))


def _failing(names: str) -> list[str]:
    from ingest.model.difference import KINDS

    known = (*KINDS, "added", "removed", "any", "none")
    chosen = [name.strip().lower() for name in names.split(",")]
    for name in chosen:
        if name not in known:
            fail(unknown("change", name, known))
    if "none" in chosen and len(chosen) > 1:
        fail("--fail-on none stands alone")
    return chosen


def _refuse(old: str, new: str, output_file: str | None) -> None:
    """Ends the run where inputs and output are one."""
    if old == new == "-":
        fail("only one of OLD and NEW can be standard input")
    for path in (old, new):
        if output_file and path != "-" and Path(output_file).resolve() == Path(path).resolve():
            fail(f"{output_file} is an input: choose another file for the report")


def _questions(path: str, labels: str | None, *, isolated: bool) -> Sequence[Question]:
    """The questions of an input; none where it is empty, as before it was first written."""
    from ingest.errors import IngestError
    from ingest.files import load_corrections, load_input
    from ingest.sets import read_set

    refuse_url(path)
    folder = Path() if path == "-" else Path(path).absolute().parent
    settings = reading_settings(labels, folder=None if isolated else folder)
    try:
        data = standard_input() if path == "-" else load_input(path, settings.limits)
        if not data.strip():
            return ()
        found = read_set(data, path, settings, () if path == "-" else load_corrections(Path(path)))
    except IngestError as error:
        fail(str(error))
    for each in found.diagnostics:
        if each.code in ("P001", "P002") and not found.questions:
            fail(f"no questions in {_shown(path)}: {each.message}")
    errors = sum(each.severity == "error" for each in found.diagnostics)
    if not found.questions:
        fail(f"{_shown(path)} holds no question; see ingest validate")
    if errors:
        say(
            f"{_shown(path)} has {counted(errors, 'error')}, so questions may be missing: see ingest validate"
        )
    return found.questions


def _shown(path: str) -> str:
    return "stdin" if path == "-" else path


def _print_report(compared: Compared, form: str, output_file: str | None) -> None:
    from ingest.differences import renderer
    from ingest.errors import IngestError
    from ingest.files import save

    lines = renderer(form)(compared)
    if output_file is None:
        for line in lines:
            click.echo(line)
        return
    try:
        save(Path(output_file), (f"{click.unstyle(line)}\n".encode() for line in lines))
    except IngestError as error:
        fail(str(error))


def _fails(difference: Difference, failing: Sequence[str]) -> bool:
    if "any" in failing:
        return bool(difference.entries)
    return not set(failing).isdisjoint(difference.names())
