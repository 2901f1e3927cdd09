"""Finished records to findings: runs every rule, and gives each problem its place in the text."""

from __future__ import annotations

from ingest.locales import CourseWords
from ingest.model.diagnostic import Finding
from ingest.model.source import Span
from ingest.rules import QuestionSet, rules
from ingest.stages.build import Built


def lint(built: Built, words: CourseWords) -> list[Finding]:
    """The findings of all rules that look at records; their codes are the names of the files in
    ``rules/``."""
    questions = QuestionSet(built.questions, built.readings, words)
    findings = []
    places: dict[int, dict[str, Span]] = {}
    for rule in rules():
        if rule.check is None:
            continue
        for problem in rule.check(questions):
            if problem.index not in places:
                places[problem.index] = built.readings[problem.index].places()
            fields = places[problem.index]
            place = fields.get(problem.field, fields["header"])
            findings.append(Finding(rule.code, problem.message, place, problem.hint, problem.index))
    return findings
