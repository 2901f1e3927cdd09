"""Finished records to findings: runs the rules, and gives each problem its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from ingest.model.block import Reading
from ingest.model.diagnostic import Finding
from ingest.model.source import Span
from ingest.rules import Problem, QuestionSet, Rule

Place = Callable[[Problem], Span]
"""Where a problem stands in the text of its file."""


def lint(
    questions: QuestionSet, place: Place, chosen: Iterable[Rule], unfit: Collection[int] = ()
) -> list[Finding]:
    """The findings of those rules that look at records; their codes are the names of the files in
    ``rules/``. ``unfit`` are the questions whose text or key could not be read: of these nothing is said."""
    return [
        finding_of(rule, problem, place)
        for rule in chosen
        if rule.check is not None
        for problem in rule.check(questions)
        if problem.index not in unfit
    ]


def finding_of(rule: Rule, problem: Problem, place: Place) -> Finding:
    """The finding for one problem of one rule."""
    return Finding(rule.code, problem.message, place(problem), problem.hint, problem.index, problem.fix)


def place_in_dump(text: str, readings: Sequence[Reading]) -> Place:
    """The places of problems in the text that the questions were read from."""
    known: dict[int, dict[str, Span]] = {}

    def place(problem: Problem) -> Span:
        reading = readings[problem.index]
        if problem.index not in known:
            known[problem.index] = reading.places()
        fields = known[problem.index]
        field = fields.get(problem.field)
        if problem.text:
            # What has no place of its own stands in the explanation, or among what the page links to.
            within = field or reading.block.explanation or reading.block.span
            end = fields["stem.last"].end if problem.field == "stem" and field else within.end
            at = text.find(problem.text, within.start, end)
            if at >= 0:
                return Span(at, at + len(problem.text))
        return field or fields["header"]

    return place
