"""A question set out of a file's bytes, whatever its form: a dump, or a converted file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.converted import Form, form_named, form_of
from ingest.converted.text import FileText
from ingest.errors import IngestError
from ingest.model.correction import Correction
from ingest.model.diagnostic import Diagnostic
from ingest.model.limits import Limits
from ingest.model.question import Question
from ingest.parts.bounds import Bounds
from ingest.pipeline import read_bytes
from ingest.readers import is_known
from ingest.reading import ReadSettings
from ingest.stages.assemble import diagnose

_HEAD = 65_536


@dataclass(frozen=True, slots=True)
class QuestionFile:
    """The questions of one file."""

    file: str
    questions: tuple[Question, ...]
    diagnostics: tuple[Diagnostic, ...]
    """For a converted file, what is wrong with its form, and what it carries from its dump."""


def form_of_file(data: bytes, file: str) -> Form | None:
    """The form of a converted file, by its content or its name; null for a dump."""
    if form := form_of(data):
        return form
    named = form_named(file)
    if named and is_known(FileText(data[:_HEAD]).text):
        return None  # a table or assessments as the site has them
    return named


def read_set(
    data: bytes, file: str, settings: ReadSettings | None = None, corrections: Sequence[Correction] = ()
) -> QuestionFile:
    """The questions of a file. Raises ``IngestError`` when a converted file, or a part of it, cannot be read:
    what is not seen cannot be compared or kept."""
    form = form_of_file(data, file)
    if form is None:
        document = read_bytes(data, file, settings, corrections).document
        return QuestionFile(file, document.questions, document.diagnostics)
    bounds = Bounds(file, settings.limits if settings else Limits())
    bounds.check("converted_size", len(data), "{} bytes")
    source = FileText(data, bounds)
    loaded = form.load(source)
    findings = (*source.findings(), *loaded.findings)
    found = tuple(diagnose(each, file, loaded.position, loaded.questions) for each in findings)
    for each in found:
        if each.code in ("S001", "T001"):
            raise IngestError(f"{file}:{each.line}:{each.column}: {each.message}; see ingest validate {file}")
    return QuestionFile(file, loaded.questions, found)
