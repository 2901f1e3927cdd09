"""Every case file: what a dump gives is what the file says."""

from __future__ import annotations

import os

import pytest

from case_files import Case, all_cases, rewrite, view

CASES = list(all_cases())


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Case) -> None:
    if os.environ.get("UPDATE_CASES"):
        rewrite(case.path)
        return
    for name, expected in case.views:
        assert view(name, case) == expected


def test_titles_are_unique() -> None:
    names = [case.name for case in CASES]
    assert len(names) == len(set(names))
