"""What a person names on the command line: files, folders, standard input, the labels to read them with."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ingest.errors import unknown
from ingest.terminal import fail

if TYPE_CHECKING:
    from ingest.finding import Input, Search
    from ingest.model.limits import Limits
    from ingest.model.question import QuestionType
    from ingest.model.result import Result
    from ingest.reading import ReadSettings

_LIMITS = "ingest.limits"
"""Where the context of a run keeps the limits of its command line."""
_ISOLATED = "ingest.isolated"
"""Where it keeps whether settings are read."""


def _take_limits(context: click.Context, _: click.Parameter, values: tuple[str, ...]) -> None:
    context.meta[_LIMITS] = dict(each.partition("=")[::2] for each in values)


_limit_option = click.option(
    "--limit",
    multiple=True,
    metavar="NAME=N",
    expose_value=False,
    callback=_take_limits,
    help="Another limit than that of the settings, such as input-size=128MiB; may stand again.",
)
_labels_option = click.option(
    "--labels",
    metavar="LANGUAGE",
    help="Language of the page's labels, where it is not found by itself, or a TOML file with labels.",
)


def _take_isolated(context: click.Context, _: click.Parameter, value: bool) -> bool:  # noqa: FBT001 - click's signature
    context.meta[_ISOLATED] = value
    return value


isolated_option = click.option(
    "--isolated",
    is_flag=True,
    callback=_take_isolated,
    help="Read no settings file: for inputs of people whom you do not know.",
)


def reading_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that say how inputs are read. It gets the language of the labels;
    ``limits_of`` knows the limits."""
    return _labels_option(_limit_option(command))


_SELECTING = (
    click.option(
        "--topic",
        "topics",
        multiple=True,
        metavar="TOPIC",
        help="Only questions of this topic; may stand again.",
    ),
    click.option("--number", "numbers", metavar="NUMBERS", help='Only these printed numbers: "3,5-9,60-".'),
    click.option(
        "--type",
        "types",
        multiple=True,
        type=click.Choice(["single_select", "multi_select", "fill_in"]),
        help="Only questions of this type; may stand again.",
    ),
    click.option("--sure", is_flag=True, help="Only questions without warning or error."),
    click.option(
        "--sample",
        type=click.IntRange(min=1),
        metavar="N",
        help="Only N of those, chosen by chance from each input.",
    ),
    click.option(
        "--shuffle-options",
        is_flag=True,
        help="Bring the options into another order, where no text names them by letter or place.",
    ),
    click.option(
        "--seed", type=int, metavar="SEED", help="Another number gives another choice and order.  [0]"
    ),
)


def selection_options(command: Callable[..., None]) -> Callable[..., None]:
    """Gives a command the options that choose questions; it gets them as one ``selection``, null for all."""

    @wraps(command)
    def with_selection(
        *arguments: object,
        topics: tuple[str, ...],
        numbers: str | None,
        types: tuple[QuestionType, ...],
        sure: bool,
        sample: int | None,
        shuffle_options: bool,
        seed: int | None,
        **others: object,
    ) -> None:
        selection = None
        if seed is not None and sample is None and not shuffle_options:
            fail("--seed does nothing without --sample or --shuffle-options")
        if topics or numbers is not None or types or sure or sample is not None or shuffle_options:
            from ingest.errors import IngestError
            from ingest.selecting import Selection, number_ranges

            try:
                ranges = () if numbers is None else number_ranges(numbers)
            except IngestError as error:
                fail(str(error))
            selection = Selection(topics, ranges, types, sure, sample, shuffle_options, seed or 0)
        command(*arguments, selection=selection, **others)

    for option in reversed(_SELECTING):
        with_selection = option(with_selection)
    return with_selection


def find(arguments: Sequence[str], search: Search | None = None) -> tuple[list[Input], list[str]]:
    """The inputs, standard input among them."""
    from ingest.errors import IngestError
    from ingest.finding import Input, find_inputs

    try:
        found, errors = find_inputs((each for each in arguments if each != "-"), search)
    except IngestError as error:
        fail(str(error))
    if "-" in arguments:
        found.append(Input("-", "stdin", standard_input()))
    return found, errors


def find_listed(path: str, found: list[Input], errors: list[str]) -> tuple[list[Input], list[str]]:
    """Those and what a list names, each once, sorted by name."""
    from ingest.errors import IngestError
    from ingest.files import load
    from ingest.finding import each_once, listed_inputs

    try:
        data = standard_input() if path == "-" else load(path)
        listed, wrong = listed_inputs(data.decode("utf-8", "surrogateescape"))
    except IngestError as error:
        fail(str(error))
    return each_once([*found, *listed]), [*errors, *wrong]


def refuse_url(argument: str) -> None:
    """What commands do that read files of this machine only."""
    from ingest.stores import is_url

    if is_url(argument):
        fail(f"only convert reads URLs: copy {argument} here first")


def find_sets(arguments: Sequence[str]) -> tuple[list[Input], list[str]]:
    """The same with converted files; of this machine only."""
    from ingest.finding import Search

    for each in arguments:
        refuse_url(each)
    return find(arguments, Search(converted=True))


def reading_settings(
    labels: str | None, *, keep_attempt: bool = False, folder: Path | None = Path()
) -> ReadSettings:
    """How to read, with a person's own labels: those of the settings that hold for a folder; no settings
    without one."""
    from ingest.configuration import load_label_file, load_settings
    from ingest.errors import IngestError
    from ingest.reading import ReadSettings

    try:
        limits = limits_of(folder)
        own = load_settings(folder).labels if folder else ()
        if labels is not None and labels.endswith(".toml"):
            own = (load_label_file(Path(labels)),)
            labels = own[0].code
    except IngestError as error:
        fail(str(error))
    if labels is not None:
        from ingest.locales import names

        known = sorted({*names(), *(locale.code for locale in own)})
        if labels not in known:
            fail(unknown("language", labels, known))
    return ReadSettings(labels=labels, keep_attempt=keep_attempt, own_labels=own, limits=limits)


def limits_of(folder: Path | None = Path()) -> Limits:
    """The limits of the settings that hold for a folder, with those of the command line. Raises
    ``IngestError``."""
    from ingest.configuration import load_settings, with_limits
    from ingest.model.limits import Limits

    meta = click.get_current_context().meta
    own = load_settings(folder).limits if folder and not meta.get(_ISOLATED) else Limits()
    return with_limits(own, meta.get(_LIMITS, {}))


def read_input(path: str, labels: str | None, *, corrected: bool = True) -> Result:
    """One dump, with the corrections beside it."""
    from ingest.errors import IngestError
    from ingest.files import load_input, read
    from ingest.pipeline import read_bytes

    refuse_url(path)
    settings = reading_settings(labels)
    try:
        if path == "-":
            return read_bytes(standard_input(), "stdin", settings)
        if corrected:
            return read(path, settings)
        return read_bytes(load_input(path, settings.limits), Path(path).name, settings)
    except IngestError as error:
        fail(str(error))


def numbers_of(result: Result) -> str:
    """The numbers of a dump's questions, for messages."""
    present = sorted(each.block.number for each in result.readings if each.block.number is not None)
    return f"; it has {_ranges(present)}" if present else ""


def standard_input() -> bytes:
    """What standard input holds, where it is not too large."""
    from ingest.errors import IngestError
    from ingest.files import load_stream

    if sys.stdin is None:
        fail("standard input is closed")
    try:
        return load_stream(sys.stdin.buffer, "stdin", limits_of())
    except IngestError as error:
        fail(str(error))


def _ranges(numbers: Sequence[int]) -> str:
    """Sorted numbers as ranges: 1-12, 14."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number in (runs[-1][-1], runs[-1][-1] + 1):
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(str(run[0]) if run[0] == run[-1] else f"{run[0]}-{run[-1]}" for run in runs)
