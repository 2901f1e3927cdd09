"""Safe fixes for converted files: what cannot change the meaning of a question is mended in the file's text.

A dump is never rewritten; what is doubtful there is settled in its correction file.
"""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from ingest.converted.edits import Fixes
from ingest.converted.text import FileText
from ingest.corrections import entry
from ingest.model.diagnostic import Finding, Fix, Severity
from ingest.pipeline import read_bytes
from ingest.sets import form_of_file
from ingest.validation import CheckSettings, check_file


@dataclass(frozen=True, slots=True)
class Fixed:
    """A file with its fixes."""

    data: bytes
    count: int
    """How many findings were mended."""


def fix_file(data: bytes, file: str, settings: CheckSettings) -> Fixed | None:
    """The content of a converted file with the fixes of those findings that count; null for a dump.

    A fix that would leave a new finding is not made.
    """
    form = form_of_file(data, file)
    if form is None:
        return None
    before = check_file(data, file, settings).findings
    fixes = _by_question(before)
    while fixes:
        source = FileText(data)
        mended = source.encode(form.edit(source, fixes))
        after = check_file(mended, file, settings).findings
        fresh = _keys(after) - _keys(before)
        if not fresh:
            return Fixed(mended, sum(map(len, fixes.values())))
        spoilt = {each.question for each in after if _key(each) in fresh}
        fixes = (
            {index: each for index, each in fixes.items() if index not in spoilt}
            if None not in spoilt
            else {}
        )
    return Fixed(data, 0)


def new_entries(data: bytes, file: str, settings: CheckSettings, present: Collection[int]) -> tuple[str, int]:
    """For a dump: entries for its correction file, one for each question with a finding of severity warning
    or error; and how many they are. ``present`` are the numbers that have one."""
    result = read_bytes(data, file, settings.reading)
    blocks = {each.block.number: index for index, each in enumerate(result.readings)}
    grave = {
        each.number
        for each in result.diagnostics
        if each.severity is not Severity.INFO and each.code in settings.codes and each.number in blocks
    }
    wanted = sorted(number for number in grave if number is not None and number not in present)
    return "".join(entry(result, blocks[number]) for number in wanted), len(wanted)


def unified_diff(old: bytes, new: bytes, name: str) -> Iterator[str]:
    """What changes, as the lines of a patch."""
    before, after = (FileText(each).text.splitlines() for each in (old, new))
    return difflib.unified_diff(before, after, name, name, lineterm="")


def _by_question(findings: Iterable[Finding]) -> Fixes:
    fixes: dict[int, list[Fix]] = {}
    for each in findings:
        if each.fix and each.question is not None:
            fixes.setdefault(each.question, []).append(each.fix)
    return fixes


def _key(finding: Finding) -> tuple[str, int | None, str]:
    return finding.code, finding.question, finding.message


def _keys(findings: Iterable[Finding]) -> Counter[tuple[str, int | None, str]]:
    return Counter(map(_key, findings))
