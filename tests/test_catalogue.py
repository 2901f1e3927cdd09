"""Leaves: each has what its folder asks for, its manual and a case."""

from __future__ import annotations

import re
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

from case_files import CASES, Case, all_cases
from ingest import evidence, locales, writers
from ingest.model.diagnostic import Diagnostic, Severity
from ingest.parts.docstrings import docstring
from ingest.rules import catalogue, rule

CODES = list(catalogue())


def _diagnostics(case: Case) -> tuple[Diagnostic, ...]:
    return case.checked().diagnostics


@pytest.mark.parametrize("code", CODES)
def test_rule_has_manual_severity_and_name(code: str) -> None:
    entry = rule(code)
    assert re.fullmatch(r"[TPQRSW][0-9]{3}", code)
    assert isinstance(entry.severity, Severity)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)+", entry.name)
    for heading in ("Why it matters:", "Example:", "How to mend it:"):
        assert heading in entry.manual, f"the manual of {code} says nothing under {heading}"


# A rule over several files shows in none alone (tests/test_set_rules.py), nor does what a format cannot hold
# (tests/test_writers.py).
ALONE = [code for code in CODES if rule(code).check or not (rule(code).check_sets or code[0] == "W")]


@pytest.mark.parametrize("code", ALONE)
def test_rule_has_a_case_that_shows_it_and_one_that_must_not(code: str) -> None:
    own = [case for case in all_cases() if case.path == CASES / "rules" / f"{code.lower()}.md"]
    found = [any(each.code == code for each in _diagnostics(case)) for case in own]
    assert True in found, f"no case in rules/{code.lower()}.md shows {code}"
    assert False in found, f"no case in rules/{code.lower()}.md is free of {code}"


@pytest.mark.parametrize("code", CODES)
def test_rules_without_a_check_are_loaded_only_for_their_findings(code: str) -> None:
    entry = rule(code)
    assert catalogue()[code].startswith("elsewhere.") == (entry.check is entry.check_sets is None)


def test_every_code_that_is_emitted_is_declared() -> None:
    emitted = {each.code for case in all_cases() for each in _diagnostics(case)}
    assert emitted == set(ALONE)


def test_a_code_is_used_once() -> None:
    import pkgutil

    from ingest import rules

    here = rules.__path__[0]
    folders = [here, f"{here}/quality", f"{here}/elsewhere"]
    modules = [entry.name.split("_", 1)[0] for entry in pkgutil.iter_modules(folders) if not entry.ispkg]
    assert len(modules) == len(set(modules))


@pytest.mark.parametrize("name", writers.formats())
def test_writer_says_what_it_keeps(name: str) -> None:
    module = import_module(f"ingest.writers.as_{name.replace('-', '_')}")
    assert hasattr(module, "HOLDS"), f"{name} does not say what it holds"
    assert {"stem", "options", "key"} <= set(module.HOLDS) <= writers.FIELDS.keys()
    writer = writers.writer(name)
    assert writer.suffix.startswith(".")
    assert len(writer.summary) > 20


def test_evidence_has_a_reason() -> None:
    for name, _, _ in evidence.leaves():
        assert docstring(f"ingest.evidence.{name}")


@pytest.mark.parametrize("code", locales.names())
def test_locale_is_whole_and_its_inferred_words_are_its_own(code: str) -> None:
    locale = locales.load(code)
    words = {word for word, _ in locale.labels}
    headings = ("correct_heading", "incorrect_heading", "references_heading")
    words |= {word for name in headings for word in getattr(locale.course, name)}
    assert set(locale.inferred) <= words


@pytest.mark.parametrize("code", locales.names())
def test_locale_files_are_read_as_toml(code: str) -> None:
    text = Path(locales.__path__[0], f"{code}.toml").read_text(encoding="utf-8")
    assert locales.read_words(text) == tomllib.loads(text)


def test_a_malformed_locale_is_named() -> None:
    with pytest.raises(ValueError, match=r"locale xx: missing or unknown: .*mark\.right.*surprise"):
        locales.parse("xx", 'name = "X"\nsurprise = 1\n[mark]\n')
