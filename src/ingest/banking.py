"""Many question sets to one bank: the same questions found, the fullest copy kept, contrary keys decided or
set apart, near-repeats told. Opens no file.

The result does not depend on the order of the sets, unless the policy for contrary keys asks for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import orjson

from ingest.converted.from_bank import contradictions_of, read_bank
from ingest.errors import IngestError
from ingest.model.bank import BANK_VERSION, Bank, BankEntry, KeyPolicy
from ingest.model.correction import Correction
from ingest.model.question import Question
from ingest.parts.bank_entries import entry_of
from ingest.parts.copies import Copy, copies_of, copy_of
from ingest.parts.counterparts import can_be_same
from ingest.parts.fields import shorten
from ingest.parts.near_repeats import near_repeats
from ingest.parts.topic_names import listed_names
from ingest.reading import ReadSettings
from ingest.rules import rule
from ingest.sets import form_of_file, read_set

_UNFIT = ("S002", "S003")


@dataclass(frozen=True, slots=True)
class GivenSet:
    """What is merged: the questions of a file, or a bank."""

    file: str
    """The name that sources carry; no two sets of a run have the same."""
    content: Sequence[Question] | Bank
    rejected: int = 0
    """Blocks of a dump that gave no question."""


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two questions of the bank that are nearly the same."""

    question: Question
    earlier: Question
    text: str
    """What stands only in the question where the two first differ; empty where words are missing."""
    earlier_text: str
    has_same_key: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """A bank, and what merging found."""

    bank: Bank
    files: int
    read: int
    """Questions of all sets; of a bank its questions, not their sources."""
    contrary: tuple[BankEntry, ...]
    """The questions with contrary keys, decided or not."""
    near: tuple[NearPair, ...]

    @property
    def repeats(self) -> int:
        """How many of the questions read are another one again."""
        return self.read - len(self.bank.questions) - len(self.bank.conflicts)


def read_given(
    data: bytes, file: str, settings: ReadSettings | None = None, corrections: Sequence[Correction] = ()
) -> GivenSet:
    """What a file holds, to be merged.

    Raises ``IngestError`` when a converted file does not fit its schema or contradicts itself: what is not
    understood would be lost, or give a bank that is none.
    """
    form = form_of_file(data, file)
    bank = read_bank(data) if form and form.name == "bank" else None
    if bank:
        for message in contradictions_of(bank):
            raise IngestError(f"{file}: {message}; see ingest validate {file}")
        return GivenSet(file, bank)
    given = read_set(data, file, settings, corrections)
    for each in given.diagnostics if form else ():
        if each.code in _UNFIT:
            raise IngestError(f"{file}:{each.line}:{each.column}: {each.message}; see ingest validate {file}")
    if form and form.name == "bank":
        raise IngestError(f"{file} does not fit the schema of banks; see ingest schema bank")
    rejected = {each.line for each in given.diagnostics if rule(each.code).rejects}
    return GivenSet(file, given.questions, len(rejected))


def merge(
    sets: Iterable[GivenSet],
    policy: KeyPolicy = "none",
    topics: Mapping[str, Sequence[str]] | None = None,
) -> Merged:
    """One bank out of many sets. ``topics`` gives each topic its other names.

    Raises ``IngestError`` where two questions that have little in common have one id: one of them would be
    lost in the other.
    """
    names = listed_names(topics or {})
    groups: dict[str, list[Copy]] = {}
    files = read = 0
    for files, each in enumerate(sets, 1):
        read += _collect(each, files, groups)
    entries = sorted((entry_of(copies, policy, names) for copies in groups.values()), key=_order)
    bank = Bank(
        BANK_VERSION,
        "bank",
        tuple(each for each in entries if _is_decided(each)),
        tuple(each for each in entries if not _is_decided(each)),
    )
    contrary = tuple(each for each in entries if each.conflict)
    return Merged(bank, files, read, contrary, tuple(_near_pairs([each.question for each in entries])))


def pieces(bank: Bank) -> Iterator[bytes]:
    """The bank's file: UTF-8, two spaces of indentation; piece by piece, and the same for the same bank."""
    yield b'{\n  "schema_version": "%s",\n  "kind": "bank"' % bank.schema_version.encode()
    for name, entries in (("questions", bank.questions), ("conflicts", bank.conflicts)):
        yield b',\n  "%s": [' % name.encode()
        separator = b"\n    "
        for entry in entries:
            yield separator + orjson.dumps(entry, option=orjson.OPT_INDENT_2).replace(b"\n", b"\n    ")
            separator = b",\n    "
        yield b"\n  ]" if entries else b"]"
    yield b"\n}\n"


def _collect(given: GivenSet, turn: int, groups: dict[str, list[Copy]]) -> int:
    """Adds the copies of a set to those of the same id; returns how many questions it has."""
    if not isinstance(given.content, Bank):
        for place, question in enumerate(given.content):
            copies = groups.setdefault(question.id, [])
            _refuse_another(copies, question, given.file)
            copies.append(copy_of(question, given.file, (turn, place)))
        return len(given.content)
    entries = (*given.content.questions, *given.content.conflicts)
    for place, entry in enumerate(entries):
        is_decided = place < len(given.content.questions)
        copies = groups.setdefault(entry.question.id, [])
        _refuse_another(copies, entry.question, given.file)
        copies += copies_of(entry, (turn, place), is_decided=is_decided)
    return len(entries)


def _refuse_another(copies: Sequence[Copy], question: Question, file: str) -> None:
    """Raises ``IngestError`` for a question that is none of the copies, whose id it has."""
    if copies and not can_be_same(copies[0].question, question):
        stem, other = shorten(question.stem), shorten(copies[0].question.stem)
        where = copies[0].inputs[0]
        raise IngestError(
            f"{file}: “{stem}” has the id {question.id}, as “{other}” has in {where}: "
            "give each question an id of its own"
        )


def _is_decided(entry: BankEntry) -> bool:
    return entry.conflict is None or entry.conflict.policy != "none"


def _order(entry: BankEntry) -> tuple[str, tuple[int, int], int, str]:
    question = entry.question
    number = -1 if question.number is None else question.number
    return question.source.file, question.source.lines, number, question.id


def _near_pairs(questions: Sequence[Question]) -> Iterator[NearPair]:
    for each in near_repeats([(question,) for question in questions]):
        difference = each.difference
        yield NearPair(
            questions[each.place[0]],
            questions[each.earlier[0]],
            difference.text,
            difference.earlier_text,
            difference.same_key,
        )
