"""What question sets hold, in numbers: topics, keys, lengths, references, findings.

What looks lopsided is told in words. A set whose right answer mostly is B, or the longest option, can be
passed without knowing anything. Opens no file.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from ingest.model.diagnostic import Diagnostic
from ingest.model.question import Question, option_id
from ingest.parts.chances import chi_squared, chi_squared_p

_SURE = 0.01
"""Below this probability chance is no explanation."""
_LEAST_EXPECTED = 5
"""Questions a position, below which the test says nothing."""
_LEAST_DEVIATION = 0.25
"""How far from its share a position must be to matter: in large sets chance excludes much smaller ones."""
TOO_FEW = "too few questions to tell"
"""The verdict on a set that is too small for one."""


@dataclass(frozen=True, slots=True)
class KeyPositions:
    """Where the right option stands, among the questions with one right option and as many options."""

    options: int
    counts: tuple[int, ...]
    """How often the first option is right, the second …"""
    chi_squared: float
    p: float
    """How likely counts at least as uneven are, if all positions are equally likely."""
    is_lopsided: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Lengths:
    """Lengths of texts, in letters; of none, all are 0."""

    texts: int
    median: float
    ninety_percent: int
    """Nine of ten texts are not longer."""
    longest: int


@dataclass(frozen=True, slots=True)
class LongestRight:
    """How often the right option is the longest, among the questions with one right option of which one
    option is longer than all others."""

    questions: int
    right: int
    expected: float
    """By chance."""
    p: float
    is_lopsided: bool
    verdict: str


@dataclass(frozen=True, slots=True)
class Statistics:
    """One set in numbers, or several together."""

    files: int
    questions: int
    topics: Mapping[str, int]
    """The most frequent first, as in all counts by name."""
    without_topic: int
    types: Mapping[str, int]
    options: Mapping[str, int]
    """How many questions have 2, 3 … options."""
    key_positions: tuple[KeyPositions, ...]
    lengths: Mapping[str, Lengths]
    """Of ``stem``, ``option`` and ``explanation``."""
    longest_right: LongestRight
    hosts: Mapping[str, int]
    """References by the host of their address; one address counts once a question."""
    without_reference: int
    findings: Mapping[str, int]
    """By code, of every severity."""


def count(sets: Sequence[tuple[Sequence[Question], Sequence[Diagnostic]]]) -> Statistics:
    """The numbers of several sets together, each with its findings."""
    questions = [question for listed, _ in sets for question in listed]
    return Statistics(
        files=len(sets),
        questions=len(questions),
        topics=_ranked(question.topic for question in questions if question.topic),
        without_topic=sum(not question.topic for question in questions),
        types=_ranked(question.type for question in questions),
        options=_by_number(len(question.options) for question in questions),
        key_positions=tuple(_key_positions(questions)),
        lengths=_lengths(questions),
        longest_right=_longest_right(questions),
        hosts=_ranked(host for question in questions for host in _hosts(question)),
        without_reference=sum(not question.references for question in questions),
        findings=_ranked(each.code for _, diagnostics in sets for each in diagnostics),
    )


def _ranked(names: Iterable[str]) -> dict[str, int]:
    counts = Counter(names)
    return {name: counts[name] for name in sorted(counts, key=lambda name: (-counts[name], name))}


def _by_number(numbers: Iterable[int]) -> dict[str, int]:
    counts = Counter(numbers)
    return {str(number): counts[number] for number in sorted(counts)}


def _with_one_right(questions: Iterable[Question]) -> Iterable[tuple[Question, int]]:
    """The questions with at least two options of which one is right, and its place."""
    for question in questions:
        right = [place for place, option in enumerate(question.options) if option.correct]
        if question.type == "single_select" and len(right) == 1 and len(question.options) > 1:
            yield question, right[0]


def _key_positions(questions: Iterable[Question]) -> Iterable[KeyPositions]:
    by_options: dict[int, list[int]] = {}
    for question, place in _with_one_right(questions):
        size = len(question.options)
        by_options.setdefault(size, [0] * size)[place] += 1
    for size, counts in sorted(by_options.items()):
        statistic = chi_squared(counts)
        p = chi_squared_p(statistic, size - 1)
        is_lopsided, verdict = _judge_positions(counts, p)
        yield KeyPositions(size, tuple(counts), statistic, p, is_lopsided, verdict)


def _judge_positions(counts: Sequence[int], p: float) -> tuple[bool, str]:
    expected = sum(counts) / len(counts)
    if expected < _LEAST_EXPECTED:
        return False, TOO_FEW
    if p >= _SURE:
        return False, "not lopsided: chance explains it"
    place = max(range(len(counts)), key=lambda place: abs(counts[place] - expected))
    if abs(counts[place] - expected) < _LEAST_DEVIATION * expected:
        return False, "slightly uneven, too little to be of use"
    usual = "often" if counts[place] > expected else "seldom"
    return True, (
        f"lopsided: {option_id(place)} is too {usual} right, {counts[place]} times, by chance {expected:.0f}"
    )


def _longest_right(questions: Iterable[Question]) -> LongestRight:
    total = right = 0
    expected = variance = 0.0
    for question, place in _with_one_right(questions):
        sizes = [len(option.text) for option in question.options]
        if sizes.count(max(sizes)) > 1:
            continue
        chance = 1 / len(sizes)
        total += 1
        right += sizes[place] == max(sizes)
        expected += chance
        variance += chance * (1 - chance)
    # The square of a normal variable has one degree of freedom.
    p = chi_squared_p((right - expected) ** 2 / variance, 1) if total else 1.0
    is_lopsided, verdict = _judge_longest(total, right, expected, p)
    return LongestRight(total, right, expected, p, is_lopsided, verdict)


def _judge_longest(total: int, right: int, expected: float, p: float) -> tuple[bool, str]:
    if expected < _LEAST_EXPECTED:
        return False, TOO_FEW
    if p >= _SURE:
        return False, "not lopsided: chance explains it"
    usual = "often" if right > expected else "seldom"
    verdict = f"the longest option is too {usual} right, {right} times of {total}, by chance {expected:.0f}"
    return True, f"lopsided: {verdict}"


def _lengths(questions: Sequence[Question]) -> dict[str, Lengths]:
    return {
        "stem": _measured(len(question.stem) for question in questions),
        "option": _measured(len(option.text) for question in questions for option in question.options),
        "explanation": _measured(len(question.explanation) for question in questions if question.explanation),
    }


def _measured(sizes: Iterable[int]) -> Lengths:
    ranked = sorted(sizes)
    if not ranked:
        return Lengths(0, 0.0, 0, 0)
    middle = len(ranked) // 2
    median = float(ranked[middle]) if len(ranked) % 2 else (ranked[middle - 1] + ranked[middle]) / 2
    ninth = -(-9 * len(ranked) // 10)  # rounded up
    return Lengths(len(ranked), median, ranked[ninth - 1], ranked[-1])


def _hosts(question: Question) -> Iterable[str]:
    for address in {reference.canonical for reference in question.references}:
        try:
            host = urlsplit(address).hostname
        except ValueError:
            host = None
        yield host or "no web address"
