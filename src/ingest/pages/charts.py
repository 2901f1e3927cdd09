"""The numbers of question sets as charts: bars with their labels, so that each chart is a table too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ingest.counting import TOO_FEW, KeyPositions, Lengths, LongestRight, Statistics, count
from ingest.model.diagnostic import Severity
from ingest.model.question import option_id
from ingest.pages.labels import Labels
from ingest.pages.sheets import Card, Note, Sheet
from ingest.rules import rule

_MOST_BARS = 12


class Bar(NamedTuple):
    """One row of a chart. Widths are parts of 100."""

    label: str
    number: int
    width: float
    part: float = 0
    """How much of the width is doubtful."""
    mark: float | None = None
    """Where chance would end."""
    filter: str = ""
    """What shows these questions, as the page's address has it: ``topic``; empty where nothing does."""
    value: str = ""
    """What the filter looks for."""
    severity: str = ""
    detail: str = ""
    """What else the row says."""
    further: tuple[int, ...] = ()
    """Further numbers of the row: those of lengths."""


class Chart(NamedTuple):
    """Some bars under a title."""

    name: str
    """Key of its title among the labels."""
    bars: tuple[Bar, ...]
    said: str = ""
    """What the numbers mean, in words."""
    is_alarming: bool = False
    shape: str = "bars"
    """``bars`` or ``lengths``."""
    subject: str = ""
    """What stands behind the title."""
    is_folded: bool = False
    """Whether the numbers say too little to be shown at once."""

    @property
    def has_part(self) -> bool:
        return any(each.part for each in self.bars)

    @property
    def tables(self) -> tuple[tuple[Bar, ...], tuple[Bar, ...]]:
        """The rows that are seen at once, and those that a reader may open."""
        at_once = 0 if self.is_folded else _MOST_BARS
        # One or two more take no more place than the line that opens them.
        cut = at_once if len(self.bars) > at_once + 2 * (at_once > 0) else len(self.bars)
        return self.bars[:cut], self.bars[cut:]


class Verdict(NamedTuple):
    """All files in a few numbers."""

    files: int
    questions: int
    sure: int
    doubtful: int
    rejected: int
    apart: int


def verdict(sheets: Sequence[Sheet]) -> Verdict:
    """How many questions there are, and how many may be trusted."""
    cards = [card for sheet in sheets for card in sheet.cards]
    questions = sum(card.question is not None for card in cards)
    doubtful = sum(card.question is not None and card.is_doubtful for card in cards)
    apart = sum(sheet.apart for sheet in sheets)
    return Verdict(len(sheets), questions, questions - doubtful, doubtful, len(cards) - questions, apart)


def charts(sheets: Sequence[Sheet], labels: Labels) -> Iterator[Chart]:
    """Every chart that has something to show."""
    cards = [card for sheet in sheets for card in sheet.cards]
    asked = [card for card in cards if card.question]
    numbers = count([(sheet.questions, ()) for sheet in sheets])
    if len(sheets) > 1:
        yield _split(
            "files", ((sheet.file, card) for sheet in sheets for card in sheet.cards), labels, "file"
        )
    yield _split(
        "topics", ((_topic(card) or "", card) for card in asked), labels, "topic", labels["without_topic"]
    )
    notes = [note for card in cards for note in card.notes]
    about_files = [note for sheet in sheets for note in sheet.notes]
    said = _said_of_findings([*notes, *about_files], labels)
    yield Chart("findings", tuple(_findings(notes, about_files)), said)
    yield from _keys(numbers, labels)
    yield _split("types", ((_type(card), card) for card in asked), labels, "type")
    options = {
        labels.counted("options_each", int(size)) if int(size) else labels["fill_in"]: times
        for size, times in numbers.options.items()
    }
    yield Chart("options", _bars(options))
    yield Chart("lengths", tuple(_lengths(numbers.lengths, labels)), shape="lengths")
    without = {labels["without_reference"]: numbers.without_reference} if numbers.without_reference else {}
    yield Chart("hosts", _bars({**_folded(numbers.hosts, labels), **without}))


def _topic(card: Card) -> str | None:
    return card.question.topic if card.question else None


def _type(card: Card) -> str:
    return card.question.type if card.question else ""


def _split(
    name: str, named: Iterable[tuple[str, Card]], labels: Labels, filter_name: str, nameless: str = ""
) -> Chart:
    """Questions by a name, the doubtful ones apart; blocks that are none are only told of."""
    every: Counter[str] = Counter()
    doubtful: Counter[str] = Counter()
    rejected: Counter[str] = Counter()
    for value, card in named:
        every[value] += card.question is not None
        doubtful[value] += card.question is not None and card.is_doubtful
        rejected[value] += card.question is None
    most = max(every.values(), default=0) or 1
    ranked = sorted(every, key=lambda value: (value == "", -every[value], value))
    bars = tuple(
        Bar(
            label=(labels[value] if name == "types" else value) or nameless,
            number=every[value],
            width=100 * every[value] / most,
            part=100 * doubtful[value] / most,
            filter=filter_name,
            value=value,
            detail=", ".join(
                labels.counted(what, number)
                for what, number in (("doubtful", doubtful[value]), ("of_rejected", rejected[value]))
                if number
            ),
        )
        for value in ranked
    )
    return Chart(name, bars)


def _said_of_findings(notes: Sequence[Note], labels: Labels) -> str:
    counts = Counter(note.severity for note in notes)
    said = [labels.counted(f"of_{each}", counts[each]) for each in Severity if counts[each]]
    return ", ".join(said) or labels["no_findings"]


def _findings(notes: Sequence[Note], about_files: Sequence[Note]) -> Iterator[Bar]:
    """Those about a file lead to no question."""
    counts = Counter(note.code for note in (*notes, *about_files))
    leading = {note.code for note in notes}
    most = max(counts.values(), default=1)
    order = list(Severity)
    for code in sorted(counts, key=lambda code: (order.index(rule(code).severity), -counts[code], code)):
        entry = rule(code)
        yield Bar(
            label=f"{code} {entry.name}",
            number=counts[code],
            width=100 * counts[code] / most,
            filter="rule" if code in leading else "",
            value=code,
            severity=entry.severity,
        )


def _folded(counts: Mapping[str, int], labels: Labels) -> dict[str, int]:
    """The most frequent ones; the rest as one."""
    listed = list(counts.items())
    shown = dict(listed[:_MOST_BARS])
    if rest := listed[_MOST_BARS:]:
        shown[labels.counted("others", len(rest))] = sum(number for _, number in rest)
    return shown


def _bars(counts: Mapping[str, int]) -> tuple[Bar, ...]:
    most = max(counts.values(), default=0) or 1
    return tuple(Bar(label, number, 100 * number / most) for label, number in counts.items())


def _keys(numbers: Statistics, labels: Labels) -> Iterator[Chart]:
    for each in sorted(numbers.key_positions, key=lambda each: -sum(each.counts)):
        total = sum(each.counts)
        most = max(*each.counts, total / each.options) or 1
        chance = 100 * total / each.options / most
        bars = tuple(
            Bar(option_id(place), number, 100 * number / most, mark=chance)
            for place, number in enumerate(each.counts)
        )
        subject = labels.counted("of_options", each.options)
        yield Chart(
            "keys",
            bars,
            _said_of_keys(each, labels),
            each.is_lopsided,
            subject=subject,
            is_folded=each.verdict == TOO_FEW,
        )
    longest = numbers.longest_right
    if longest.questions:
        share = 100 * longest.expected / longest.questions
        bars = (
            Bar(
                labels["longest_is_right"], longest.right, 100 * longest.right / longest.questions, mark=share
            ),
            Bar(
                labels["longest_is_wrong"],
                longest.questions - longest.right,
                100 - 100 * longest.right / longest.questions,
                mark=100 - share,
            ),
        )
        yield Chart(
            "longest",
            bars,
            _said_of_longest(longest, labels),
            longest.is_lopsided,
            is_folded=longest.verdict == TOO_FEW,
        )


def _said_of_keys(each: KeyPositions, labels: Labels) -> str:
    if each.verdict == TOO_FEW:
        return labels.sentence(each.verdict)
    figure = _unbroken(
        labels["chi_squared"].format(statistic=labels.decimal(each.chi_squared, 1), p=labels.chance(each.p))
    )
    if not each.is_lopsided:
        return f"{labels.sentence(each.verdict)} {figure}"
    expected = sum(each.counts) / each.options
    place = max(range(each.options), key=lambda place: abs(each.counts[place] - expected))
    often = "often" if each.counts[place] > expected else "seldom"
    said = labels[f"keys_too_{often}"].format(
        option=option_id(place),
        number=each.counts[place],
        total=sum(each.counts),
        expected=labels.decimal(expected, 0),
    )
    return f"{said} {figure}"


def _said_of_longest(longest: LongestRight, labels: Labels) -> str:
    if longest.verdict == TOO_FEW:
        return labels.sentence(longest.verdict)
    figure = _unbroken(labels["only_p"].format(p=labels.chance(longest.p)))
    if not longest.is_lopsided:
        return f"{labels.sentence(longest.verdict)} {figure}"
    often = "often" if longest.right > longest.expected else "seldom"
    said = labels[f"longest_too_{often}"].format(
        number=longest.right, total=longest.questions, expected=labels.decimal(longest.expected, 0)
    )
    return f"{said} {figure}"


def _unbroken(figure: str) -> str:
    """So that no line ends inside it."""
    return figure.replace(" ", "\u00a0")


def _lengths(lengths: Mapping[str, Lengths], labels: Labels) -> Iterator[Bar]:
    most = max((each.longest for each in lengths.values()), default=0) or 1
    for name, each in lengths.items():
        if each.texts:
            yield Bar(
                label=labels[f"length_{name}"],
                number=each.texts,
                width=100 * each.longest / most,
                part=100 * each.ninety_percent / most,
                mark=100 * each.median / most,
                further=(round(each.median), each.ninety_percent, each.longest),
            )
