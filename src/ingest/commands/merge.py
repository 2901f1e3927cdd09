"""``ingest merge``: many question sets into one bank."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click

from ingest.inputs import find_sets, reading_options, reading_settings
from ingest.parts.counted import counted
from ingest.terminal import fail, say, say_error

if TYPE_CHECKING:
    from ingest.banking import GivenSet, Merged, NearPair
    from ingest.finding import Input
    from ingest.model.bank import BankEntry, KeyPolicy
    from ingest.model.question import Question
    from ingest.reading import ReadSettings

_POLICIES = ("none", "first", "newest", "majority")


@click.command("merge")
@click.argument("inputs", nargs=-1, required=True, metavar="INPUT...")
@click.option("-o", "--output-file", metavar="FILE", required=True, help="The bank; - prints it.")
@click.option(
    "--key-policy",
    type=click.Choice(_POLICIES),
    default="none",
    show_default=True,
    help="Which of contrary keys counts.",
)
@click.option("--strict", is_flag=True, help="Exit with 1 on near-repeats and decided keys too.")
@reading_options
@click.option("-q", "--quiet", is_flag=True, help="Print the counts only.")
def command(inputs: tuple[str, ...], output_file: str, key_policy: str, **flags: Any) -> None:
    """Merge many question sets into one bank: each question once, with all its sources.

    INPUT is what validate takes: dumps, converted files, folders of them; and banks, so that new sets can be
    merged into one. Questions with the same id are the same. The fullest copy is kept, and what the others
    have otherwise stands beside their sources. Topics get the names that [topics] in ingest.toml lists.

    Sources with contrary keys are reported. By default such a question is set apart, under "conflicts":
    nothing but a person knows which key is right. The key of the first input, of the newest (the last one
    named) or of most sources is taken where you ask for it. Near-repeats are reported, and both kept.

    Exit status: 1 when questions were set apart; with --strict also on near-repeats and keys that a policy
    decided; 2 when something could not be read: then nothing is written.

    \b
    Examples:
      ingest merge sets/ -o bank.json
      ingest merge bank.json new.txt -o bank-2.json --key-policy newest
    """
    from ingest.banking import merge, pieces
    from ingest.configuration import load_settings
    from ingest.errors import IngestError
    from ingest.files import save

    reading = reading_settings(flags["labels"])
    found = _in_order(inputs)
    _refuse_overwriting(output_file, found)
    sets = _read_all(found, reading)
    try:
        merged = merge(sets, cast("KeyPolicy", key_policy), load_settings(Path.cwd()).topics)
        if output_file == "-":
            for piece in pieces(merged.bank):
                click.echo(piece, nl=False)
        else:
            save(Path(output_file), pieces(merged.bank))
    except IngestError as error:
        fail(str(error))
    _report(merged, sets, quiet=flags["quiet"])
    doubts = merged.near or merged.contrary if flags["strict"] else ()
    sys.exit(1 if merged.bank.conflicts or doubts else 0)


def _in_order(arguments: Sequence[str]) -> list[Input]:
    """The inputs in the order in which they are named, a folder's files sorted; each with its own name."""
    from dataclasses import replace

    from ingest.parts.file_names import told_apart

    inputs: dict[Path, Input] = {}
    errors: list[str] = []
    for argument in arguments:
        found, wrong = find_sets((argument,))
        errors += wrong
        for entry in found:
            # A file that several arguments name counts at the first one, under its shortest name.
            other = inputs.get(place := entry.path.resolve(), entry)
            shorter = min(other.name, entry.name, key=lambda name: (len(name), name))
            inputs[place] = replace(other, name=shorter)
    _stop_at(errors)
    names = told_apart([each.name for each in inputs.values()], [place.parts for place in inputs])
    return [replace(entry, name=name) for entry, name in zip(inputs.values(), names, strict=True)]


def _refuse_overwriting(output_file: str, inputs: Sequence[Input]) -> None:
    target = Path(output_file).resolve()
    if output_file != "-" and any(entry.data is None and entry.path.resolve() == target for entry in inputs):
        fail(f"{output_file} is an input: choose another file for the bank")


def _read_all(inputs: Sequence[Input], reading: ReadSettings) -> list[GivenSet]:
    from ingest.banking import read_given
    from ingest.errors import IngestError
    from ingest.files import content_of

    sets: list[GivenSet] = []
    errors: list[str] = []
    for entry in inputs:
        try:
            data, corrections, _ = content_of(entry, reading.limits)
            sets.append(read_given(data, entry.name, reading, corrections))
        except IngestError as error:
            errors.append(str(error))
    _stop_at(errors)
    return sets


def _stop_at(errors: Sequence[str]) -> None:
    for message in errors:
        say_error(message)
    if errors:
        sys.exit(2)


def _report(merged: Merged, sets: Sequence[GivenSet], *, quiet: bool) -> None:
    click.echo(_counts(merged), err=True)
    if quiet:
        return
    for given in sets:
        if given.rejected:
            blocks = counted(given.rejected, "block")
            say(f"{given.file}: {blocks} gave no question; see ingest validate")
        elif not given.content:
            say(f"{given.file} holds no question")
    for entry in merged.contrary:
        for line in _contrary(entry):
            say(line)
    for pair in merged.near:
        for line in _near(pair):
            say(line)


def _counts(merged: Merged) -> str:
    """30 files, 1,950 questions read, 1,612 in the bank, 338 repeats, 3 contrary keys, 12 near-repeats"""
    apart = len(merged.bank.conflicts)
    return ", ".join(
        (
            counted(merged.files, "file"),
            f"{counted(merged.read, 'question')} read",
            f"{len(merged.bank.questions):,} in the bank",
            counted(merged.repeats, "repeat"),
            counted(len(merged.contrary), "contrary key") + (f" ({apart:,} set apart)" if apart else ""),
            counted(len(merged.near), "near-repeat"),
        )
    )


def _contrary(entry: BankEntry) -> Iterator[str]:
    """A question with contrary keys, and a line for each key with the place of its first source."""
    from ingest.parts.fields import shorten
    from ingest.parts.keys import answer_of, folded

    conflict = entry.conflict
    policy = conflict.policy if conflict else "none"
    yield f"contrary keys: “{shorten(entry.question.stem)}” ({entry.question.id})"
    for key in conflict.keys if conflict else ():
        first = entry.sources[key.sources[0]]
        others = f" and {len(key.sources) - 1} more" if len(key.sources) > 1 else ""
        number = "" if first.number is None else f" question {first.number}"
        text = shorten("; ".join(key.answer))
        is_taken = policy != "none" and folded(key.answer) == folded(answer_of(entry.question))
        taken = f" ← taken ({policy})" if is_taken else ""
        yield f"  {first.file}:{first.lines[0]}{number}{others}: “{text}”{taken}"


def _near(pair: NearPair) -> Iterator[str]:
    """Two questions that are nearly the same, one below the other."""
    from ingest.parts.fields import shorten

    text, earlier = shorten(pair.text), shorten(pair.earlier_text)
    how = f"“{text or 'nothing'}” for “{earlier or 'nothing'}”" if text or earlier else "spaces or signs"
    yield f"near-repeat: {how}" + ("" if pair.has_same_key else ", with another key")
    for question in (pair.earlier, pair.question):
        yield f"  {_place(question)}: “{shorten(question.stem)}”"


def _place(question: Question) -> str:
    number = "" if question.number is None else f" question {question.number}"
    return f"{question.source.file}:{question.source.lines[0]}{number}"
