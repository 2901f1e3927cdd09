"""Any file as a document: a dump, read; or a converted file or a bank, taken as it is. Opens no file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from ingest.model.diagnostic import Diagnostic
from ingest.model.document import SCHEMA_VERSION, Document, Provenance
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.parts.identity import renumbered
from ingest.pipeline import read_bytes
from ingest.reading import ReadSettings
from ingest.rules import rule

if TYPE_CHECKING:
    from ingest.converted.text import FileText
    from ingest.model.correction import Correction

_HEAD = 4096
_SUFFIXES = (".json", ".jsonl", ".ndjson", ".csv", ".tsv")


class Opened(NamedTuple):
    """What one file holds."""

    file: str
    document: Document
    sha256: str
    """Of the file's bytes; the document of a converted JSON file has that of its dump."""
    result: Result | None = None
    """For a dump what was read; null for a converted file."""
    apart: int = 0
    """How many questions a bank has set apart for their contrary keys: they are not in the document."""


def open_document(
    data: bytes, file: str, settings: ReadSettings | None = None, corrections: Sequence[Correction] = ()
) -> Opened:
    """The document that a file holds. Settings and corrections are for dumps.

    Of JSON it is the whole one; of JSON Lines, CSV and banks it has the questions, and their findings told by
    the rules' own words. Raises ``IngestError`` where a converted file does not fit its schema or contradicts
    itself: what is not understood would be lost.
    """
    if _may_be_converted(data, file):
        from ingest.sets import form_of_file

        if form := form_of_file(data, file):
            return _converted(data, file, form.name, settings)
    result = read_bytes(data, file, settings, corrections)
    return Opened(file, result.document, result.source.sha256, result)


def _may_be_converted(data: bytes, file: str) -> bool:
    """Quickly, since most files are dumps."""
    if file.lower().endswith(_SUFFIXES):
        return True
    head = data[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    return head.startswith((b"{", b"\xff\xfe{", b"\xfe\xff\0{")) or b"option_a" in head


def _converted(data: bytes, file: str, form: str, settings: ReadSettings | None) -> Opened:
    from ingest.banking import read_given
    from ingest.converted.text import FileText
    from ingest.model.bank import Bank

    text = FileText(data)
    sha256 = hashlib.sha256(data).hexdigest()
    content = read_given(data, file, settings).content
    if isinstance(content, Bank):
        questions = [entry.question for entry in content.questions]
        return Opened(file, _bare(questions, file, text, sha256), sha256, apart=len(content.conflicts))
    if form == "json":
        from ingest.schema import load_document

        document = load_document(text.text)
        return Opened(file, replace(document, questions=_distinct(document.questions)), sha256)
    return Opened(file, _bare(content, file, text, sha256), sha256)


def _bare(questions: Iterable[Question], file: str, text: FileText, sha256: str) -> Document:
    """A document with nothing but questions and what their codes say."""
    text.decode(text.data)
    distinct = _distinct(questions)
    told = tuple(each for question in distinct for each in _told_again(question))
    return Document(SCHEMA_VERSION, Provenance(file, sha256, text.encoding, None), distinct, (), (), told)


def _distinct(questions: Iterable[Question]) -> tuple[Question, ...]:
    """The questions as they are; where two have the same id and occurrence, as in files put together by hand,
    with the occurrences counted anew: tables know a question by the two."""
    given = tuple(questions)
    if len({(each.id, each.occurrence) for each in given}) == len(given):
        return given
    return renumbered(given)


def _told_again(question: Question) -> Iterator[Diagnostic]:
    """The findings that a question carries, by its codes alone."""
    from ingest.converted import said_by_conversion

    return (diagnostic_of(question, code, said_by_conversion(code)) for code in question.findings)


def diagnostic_of(question: Question, code: str, message: str) -> Diagnostic:
    """A finding about a whole question, at the line of the dump where it begins."""
    entry = rule(code)
    line = question.source.lines[0]
    return Diagnostic(
        code=code,
        name=entry.name,
        severity=entry.severity,
        message=message,
        hint=None,
        file=question.source.file,
        line=line,
        column=1,
        end_line=line,
        end_column=1,
        number=question.number,
        id=question.id,
    )
