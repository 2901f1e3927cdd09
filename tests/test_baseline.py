"""Known findings: what is new, what holds when lines move, what is stale."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.baseline import Known, baseline_of, compare, parse, render
from ingest.errors import IngestError
from ingest.validation import CheckSettings, check_file
from test_reports import RAW, run

DUMP = (RAW / "errores_es.txt").read_text(encoding="utf-8")
TEXT = st.text(max_size=20)
COUNTS = st.dictionaries(st.builds(Known, TEXT, TEXT, TEXT), st.integers(1, 3), max_size=6)


@given(COUNTS)
def test_a_baseline_reads_back(entries: dict[Known, int]) -> None:
    assert parse(render(Counter(entries)), "b.json") == Counter(entries)


def test_entries_hold_when_lines_move_and_files_are_renamed() -> None:
    before = check_file(DUMP.encode(), "a.txt", CheckSettings()).checked()
    moved = check_file(("A title\n\n\n" + DUMP).encode(), "b.txt", CheckSettings()).checked()
    compared = compare([moved], baseline_of([before]))
    assert compared.files[0].diagnostics == ()
    assert compared.known == len(before.diagnostics)
    assert compared.stale == ()


def test_new_and_stale_findings() -> None:
    before = check_file(DUMP.encode(), "a.txt", CheckSettings()).checked()
    # The repeated option is mended, and another one is repeated.
    changed = DUMP.replace("Fill it with ice\n", "Fill it with snow\n", 1).replace("Oolong\n", "Matcha\n", 1)
    after = check_file(changed.encode(), "a.txt", CheckSettings()).checked()
    compared = compare([after], baseline_of([before]))
    assert "Q003" in {each.code for each in compared.files[0].diagnostics}
    assert "Q003" in {each.code for each in compared.stale}


def test_equal_findings_are_counted() -> None:
    checked = check_file(DUMP.encode(), "a.txt", CheckSettings()).checked()
    compared = compare([checked, checked], baseline_of([checked]))
    assert len(compared.files[1].diagnostics) == len(checked.diagnostics)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        '{"version": "1.0"}',
        '{"version": "1.0", "findings": [1]}',
        '{"version": "1.0", "findings": [{"code": 1, "id": null, "message": "", "count": 1}]}',
        '{"version": "9", "findings": []}',
    ],
)
def test_what_is_no_baseline_is_refused(text: str) -> None:
    with pytest.raises(IngestError, match=r"b\.json"):
        parse(text, "b.json")


def test_the_command_writes_and_uses_one(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    dump = tmp_path / "raw" / "x.txt"
    dump.write_text(DUMP, encoding="utf-8")
    written = run("--write-baseline", cwd=tmp_path)
    assert written.returncode == 0
    assert (tmp_path / "ingest-baseline.json").is_file()
    again = run("--baseline", "ingest-baseline.json", cwd=tmp_path)
    assert again.returncode == 0
    assert again.stdout == ""
    assert re.search(r"\d+ known findings not shown", again.stderr)
    dump.write_text(DUMP.replace("Oolong\n", "Matcha\n"), encoding="utf-8")
    fresh = run("--baseline", "ingest-baseline.json", cwd=tmp_path)
    assert fresh.returncode == 1
    assert "Q003 question 4" in fresh.stdout
    assert "Q003 question 3" not in fresh.stdout
    assert "stale, no longer found: Q007" in fresh.stderr
    assert run("--baseline", "none.json", cwd=tmp_path).returncode == 2
