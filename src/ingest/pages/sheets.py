"""What a review page shows of each file: its questions as cards, with what was found and the raw lines."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from ingest.converted import is_carried
from ingest.corrections import entry as correction_entry
from ingest.documents import Opened
from ingest.locales import CourseWords
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.model.source import LineIndex
from ingest.pages.raw_lines import Stretch, stretches, unknown
from ingest.rules import Problem, QuestionSet, Rule, rule, rules

_RANK = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2}


class Note(NamedTuple):
    """A finding as a card shows it."""

    code: str
    name: str
    severity: Severity
    message: str
    hint: str | None
    field: str
    """``stem``, ``options.0`` …, ``explanation``, ``topic``, ``references``; empty for the whole question."""


@dataclass(slots=True)
class Card:
    """One question, or a block that is no usable one."""

    number: int | None
    lines: tuple[int, int]
    question: Question | None
    """Null for a rejected block."""
    raw: tuple[Stretch, ...] = ()
    """Empty where the input is a converted file."""
    correction: str = ""
    """The text of an entry that settles its doubts; empty where there is none to write."""
    notes: list[Note] = field(default_factory=list)
    anchor: str = ""
    """Its id in the page, unique there."""

    @property
    def is_doubtful(self) -> bool:
        return bool(self.grave_codes)

    @property
    def grave_codes(self) -> list[str]:
        return _grave_codes(self.notes)

    @property
    def telling(self) -> int:
        """How many of its lines tell the answer."""
        return sum(each.last - each.first + 1 for each in self.raw if each.tells)

    @property
    def codes(self) -> list[str]:
        return sorted({each.code for each in self.notes})

    @property
    def severities(self) -> list[str]:
        return [each for each in _RANK if any(note.severity is each for note in self.notes)]

    def notes_on(self, place: str) -> list[Note]:
        """The findings about a field, the gravest first; those about what the card does not show by itself
        are about the whole question."""
        if not self.notes:
            return []
        shown = self._fields
        return sorted(
            (each for each in self.notes if (each.field if each.field in shown else "") == place),
            key=lambda each: _RANK[each.severity],
        )

    @property
    def _fields(self) -> set[str]:
        if self.question is None:
            return set()
        options = {f"options.{place}" for place in range(len(self.question.options))}
        explained = {"explanation"} if self.question.explanation else set()
        return {"stem", "references", *explained, *options}


@dataclass(slots=True)
class Sheet:
    """One file."""

    file: str
    cards: list[Card]
    is_dump: bool
    notes: list[Note] = field(default_factory=list)
    """Findings about the file itself."""
    apart: int = 0
    """Questions that a bank has set apart."""

    @property
    def grave_codes(self) -> list[str]:
        return _grave_codes(self.notes)

    @property
    def has_error(self) -> bool:
        return any(each.severity is Severity.ERROR for each in self.notes)

    @property
    def questions(self) -> list[Question]:
        return [card.question for card in self.cards if card.question]


def _grave_codes(notes: Iterable[Note]) -> list[str]:
    """Of the findings of severity warning and error."""
    return sorted({each.code for each in notes if each.severity is not Severity.INFO})


def sheets(files: Sequence[Opened], words: CourseWords, topics: Mapping[str, tuple[str, ...]]) -> list[Sheet]:
    """One sheet a file, also compared with each other. Dumps should have been read with every rule."""
    made = [
        _of_dump(each, each.result) if each.result else _of_converted(each, words, topics) for each in files
    ]
    _compare(made, files, words, topics)
    _name(made)
    return made


def _of_dump(opened: Opened, result: Result) -> Sheet:
    lines = LineIndex(result.source.text, result.source.places)
    raw = stretches(result, lines)
    kept = dict(zip(result.kept, result.questions, strict=True))
    cards = []
    for index, reading in enumerate(result.readings):
        question = kept.get(index)
        place = question.source.lines if question else lines.lines(reading.block.span)
        cards.append(Card(reading.block.number, place, question, raw[index]))
    starts = [lines.position(each.block.span.start) for each in result.readings]
    whole = []
    for each in result.diagnostics:
        at = bisect_right(starts, (each.line, each.column)) - 1
        if at < 0 or (each.number is None and each.id is None):
            whole.append(each)
        else:
            cards[at].notes.append(_note(each, _field_at(cards[at].raw, each)))
    for index, card in enumerate(cards):
        if card.number is not None and (card.is_doubtful or not card.question):
            card.correction = correction_entry(result, index).lstrip("\n")
    sheet = Sheet(opened.file, [*cards, *_unread(result)], is_dump=True)
    sheet.cards.sort(key=lambda card: card.lines)
    _add_whole(sheet, whole)
    return sheet


def _unread(result: Result) -> Iterator[Card]:
    """Text of no known kind, which is no block of its own."""
    for each in result.rejected:
        if not {"P001", "P002"}.isdisjoint(each.findings):
            yield Card(each.number, each.lines, None, unknown(each.text, *each.lines))


def _add_whole(sheet: Sheet, diagnostics: Iterable[Diagnostic]) -> None:
    """Findings about no question: those about a rejected block belong to it, the others to the file."""
    for each in diagnostics:
        rejected = (card for card in sheet.cards if not card.question and _holds(card.lines, each.line))
        target = next(rejected, None) if each.code in ("P001", "P002") else None
        (target or sheet).notes.append(_note(each, ""))


def _holds(lines: tuple[int, int], line: int) -> bool:
    return lines[0] <= line <= lines[1]


def _field_at(raw: Sequence[Stretch], diagnostic: Diagnostic) -> str:
    at = bisect_right(raw, (diagnostic.line, diagnostic.column), key=lambda each: each.start) - 1
    if at < 0:
        return ""
    stretch = raw[at]
    if stretch.option is not None:
        return f"options.{stretch.option}"
    return stretch.role if stretch.role in ("stem", "explanation", "topic") else ""


def _of_converted(opened: Opened, words: CourseWords, topics: Mapping[str, tuple[str, ...]]) -> Sheet:
    document = opened.document
    cards = [Card(each.number, each.source.lines, each) for each in document.questions]
    cards += [
        Card(each.number, each.lines, None, unknown(each.text, *each.lines)) for each in document.rejected
    ]
    sheet = Sheet(opened.file, cards, is_dump=False, apart=opened.apart)
    whole = _tell_again(cards, document.diagnostics)
    # What the record itself shows is looked for anew: a person may have edited it.
    found = QuestionSet(document.questions, (), words, topics, opened.file)
    for entry in rules():
        if entry.check and not is_carried(entry.code):
            for problem in entry.check(found):
                cards[problem.index].notes.append(_said(entry, problem))
    if any(not card.question for card in cards):
        cards.sort(key=lambda card: card.lines)
    _add_whole(sheet, whole)
    return sheet


def _tell_again(cards: Sequence[Card], diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """Gives cards what was found in their dump and cannot be seen in the record. Returns the findings that
    are about no question."""
    by_id: dict[str | None, list[Card]] = {}
    for card in cards:
        by_id.setdefault(card.question.id if card.question else None, []).append(card)
    whole = []
    for each in diagnostics:
        if each.number is None and each.id is None:
            whole.append(each)
            continue
        possible = [*by_id.get(each.id or "", ()), *by_id.get(None, ())]
        found = next((card for card in possible if _holds(card.lines, each.line)), None)
        if found and (is_carried(each.code) or not found.question):
            found.notes.append(_note(each, ""))
    return whole


def _compare(
    made: Sequence[Sheet], files: Sequence[Opened], words: CourseWords, topics: Mapping[str, tuple[str, ...]]
) -> None:
    """Adds what only shows when the files are seen together."""
    sets = [QuestionSet(each.document.questions, (), words, topics, each.file) for each in files]
    cards = [[card for card in sheet.cards if card.question] for sheet in made]
    for entry in rules():
        for index, problem in entry.check_sets(sets) if entry.check_sets else ():
            cards[index][problem.index].notes.append(_said(entry, problem))


def _note(diagnostic: Diagnostic, place: str) -> Note:
    return Note(
        diagnostic.code,
        rule(diagnostic.code).name,
        diagnostic.severity,
        diagnostic.message,
        diagnostic.hint,
        place,
    )


def _said(entry: Rule, problem: Problem) -> Note:
    name, _, place = problem.field.partition(".")
    field = {"header": "", "reasons": f"options.{place}", "options": problem.field}.get(name, name)
    return Note(entry.code, entry.name, entry.severity, problem.message, problem.hint, field)


def _name(made: Sequence[Sheet]) -> None:
    """Gives each card its id: ``q8``; ``s2-q8`` in the second of several files; ``q8-2`` for the second of a
    number; ``at-120`` after its first line where it has none."""
    used: set[str] = set()
    for place, sheet in enumerate(made, 1):
        before = f"s{place}-" if len(made) > 1 else ""
        for card in sheet.cards:
            base = f"q{card.number}" if card.number is not None else f"at-{card.lines[0]}"
            name, count = f"{before}{base}", 1
            while name in used:
                count += 1
                name = f"{before}{base}-{count}"
            used.add(name)
            card.anchor = name
