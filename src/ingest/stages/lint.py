"""Finished records to findings: runs every rule, and gives each problem its place in the text."""

from __future__ import annotations

from collections.abc import Sequence

from ingest.locales import CourseWords
from ingest.model.block import Reading
from ingest.model.diagnostic import Finding
from ingest.model.question import Question
from ingest.rules import QuestionSet, rules


def lint(questions: Sequence[Question], readings: Sequence[Reading], words: CourseWords) -> list[Finding]:
    """The findings of all rules that look at records; their codes are the names of the files in
    ``rules/``."""
    questions_read = QuestionSet(tuple(questions), tuple(readings), words)
    findings = []
    for rule in rules():
        if rule.check is None:
            continue
        for problem in rule.check(questions_read):
            place = readings[problem.index].place(problem.field)
            findings.append(Finding(rule.code, problem.message, place, problem.hint, problem.index))
    return findings
