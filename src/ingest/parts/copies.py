"""The copies of one question: out of sets and banks, each once, and as sources of a bank's question.

What a bank holds of a question and what its copies are can be made from each other, so that merging a bank is
merging what it was made from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

import orjson

from ingest.model.bank import DIFFERING, BankEntry, Source
from ingest.model.question import Place, Question, Reference
from ingest.parts.keys import Turn, answer_of, key_of

NO_FINGERPRINT = "0" * 16
"""What a table gives, which has no column for it."""


@dataclass(frozen=True, slots=True)
class Copy:
    """One copy of a question."""

    question: Question
    inputs: tuple[str, ...]
    """The merged files that hold it, sorted."""
    turns: tuple[Turn, ...]
    """When it was read; none where a bank holds it without having decided for its key."""


def copy_of(question: Question, file: str, turn: Turn) -> Copy:
    """A question of a set. One that names no file of its own stands in the set's file."""
    source = question.source if question.source.file else Place(file, question.source.lines)
    if question.occurrence != 1 or source is not question.source:
        question = replace(question, occurrence=1, source=source)
    return Copy(question, (file,), (turn,))


def copies_of(entry: BankEntry, turn: Turn, *, is_decided: bool) -> Iterator[Copy]:
    """What a bank's question was made from. Where its sources have contrary keys, only the key that it has
    counts as given at this turn, and none if nothing has decided."""
    question = replace(entry.question, occurrence=1)
    if not entry.sources:
        yield Copy(question, (), (turn,) if is_decided else ())
    for source in entry.sources:
        copy = restored(question, source)
        counts = is_decided and (entry.conflict is None or key_of(copy) == key_of(question))
        yield Copy(copy, source.inputs, (turn,) if counts else ())


def restored(question: Question, source: Source) -> Question:
    """The copy that a source stands for."""
    values = dict(source.differs)
    options = values.get("options", question.options)
    return replace(
        question,
        **values,
        number=source.number,
        source=Place(source.file, source.lines),
        answer=tuple(option.id for option in options if option.correct),
    )


def source_of(copy: Copy, question: Question) -> Source:
    """A copy as a source of the bank's question."""
    own = copy.question
    differs = {} if own is question else _differences(own, question)
    place = own.source
    return Source(place.file, place.lines, own.number, answer_of(own), copy.inputs, differs)


def distinct(copies: Sequence[Copy]) -> list[Copy]:
    """The copies of one question, each once, sorted by place.

    Two are the same when they stand at the same place and one says nothing that the other does not: as a JSON
    document and a table of one dump do.
    """
    if len(copies) == 1:
        return list(copies)
    kept: list[Copy] = []
    for _, group in groupby(sorted(copies, key=_order), key=lambda copy: _place(copy.question)):
        kept += _distinct_here(list(group))
    return kept


def _differences(own: Question, question: Question) -> dict[str, object]:
    pairs = ((name, getattr(own, name), getattr(question, name)) for name in DIFFERING)
    return {name: value for name, value, other in pairs if value != other}


def _order(copy: Copy) -> tuple[Place | tuple[object, ...], int, bytes]:
    return _place(copy.question), -_told(copy.question), orjson.dumps(copy.question)


def _place(question: Question) -> tuple[object, ...]:
    number = question.number
    return question.source.file, question.source.lines, -1 if number is None else number


def _distinct_here(copies: Iterable[Copy]) -> list[Copy]:
    """The same for copies at one place, those first that tell most."""
    kept: list[Copy] = []
    for copy in copies:
        at = next((at for at, other in enumerate(kept) if _covers(other.question, copy.question)), None)
        if at is None:
            kept.append(copy)
        else:
            inputs = tuple(sorted({*kept[at].inputs, *copy.inputs}))
            kept[at] = Copy(kept[at].question, inputs, tuple(sorted({*kept[at].turns, *copy.turns})))
    return kept


def _told(question: Question) -> int:
    """How much a copy tells: a copy that covers another never tells less."""
    texts = (question.explanation, question.rationale, question.topic, question.attempt)
    return (
        (question.fingerprint != NO_FINGERPRINT)
        + sum(text is not None for text in texts)
        + sum(option.explanation is not None for option in question.options)
        + sum(1 + len(reference.lines) for reference in question.references)
        + len(question.items)
        + len(question.findings)
    )


def _covers(fuller: Question, lesser: Question) -> bool:
    """Whether a copy says all that another one at the same place does."""
    if fuller == lesser:
        return True
    is_table = lesser.fingerprint == NO_FINGERPRINT
    same = ("type", "stem", "answer", "accepted", *(() if is_table else ("fingerprint", "select_count")))
    may_lack = ("explanation", "rationale", "topic", "attempt", "items")
    return (
        all(getattr(fuller, name) == getattr(lesser, name) for name in same)
        and all(getattr(lesser, name) in (None, (), getattr(fuller, name)) for name in may_lack)
        and _covers_options(fuller, lesser)
        and set(lesser.findings) <= set(fuller.findings)
        and _covers_references(fuller.references, lesser.references)
    )


def _covers_options(fuller: Question, lesser: Question) -> bool:
    if len(fuller.options) != len(lesser.options):
        return False
    return all(
        (one.id, one.text, one.correct) == (other.id, other.text, other.correct)
        and other.explanation in (None, one.explanation)
        for one, other in zip(fuller.options, lesser.options, strict=True)
    )


def _covers_references(fuller: Iterable[Reference], lesser: Iterable[Reference]) -> bool:
    known = set(fuller)
    addresses = {each.canonical for each in known}
    return all(each in known or (not each.lines and each.canonical in addresses) for each in lesser)
