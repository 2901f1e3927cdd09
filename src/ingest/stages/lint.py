"""Finished records to findings: runs every rule, and gives each problem its place in the text."""

from __future__ import annotations

from ingest.locales import CourseWords
from ingest.model.diagnostic import Finding
from ingest.rules import QuestionSet, rules
from ingest.stages.build import Built


def lint(built: Built, words: CourseWords) -> list[Finding]:
    """The findings of all rules that look at records; their codes are the names of the files in
    ``rules/``."""
    questions = QuestionSet(built.questions, built.readings, words)
    findings = []
    for rule in rules():
        if rule.check is None:
            continue
        for problem in rule.check(questions):
            place = built.readings[problem.index].place(problem.field)
            findings.append(Finding(rule.code, problem.message, place, problem.hint, problem.index))
    return findings
