"""The stages, in order, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from ingest.locales import join_course_words, load_all
from ingest.model.result import Result
from ingest.model.source import LineIndex
from ingest.stages.assemble import assemble
from ingest.stages.build import build
from ingest.stages.decode import decode
from ingest.stages.lex import lex
from ingest.stages.lint import lint
from ingest.stages.references import find_references
from ingest.stages.segment import segment


@dataclass(frozen=True, slots=True)
class ReadSettings:
    """How inputs are read."""

    labels: str | None = None
    """The locale of the labels; null finds it by itself."""
    keep_attempt: bool = False
    """Keep what the sitter chose."""


def read_bytes(data: bytes, file: str = "text", settings: ReadSettings | None = None) -> Result:
    """One input, read: questions, rejected blocks, furniture and diagnostics. Never raises for bad
    input."""
    settings = settings or ReadSettings()
    known = load_all()
    words = join_course_words(known)
    locales = tuple(each for each in known if settings.labels in (None, each.code))
    page_words = tuple(word for locale in locales for word, _ in locale.labels)

    source, decoding = decode(data, file, page_words)
    lexed, lexing = lex(source, locales)
    segments, cutting = segment(source.text, lexed.marks)
    lines = LineIndex(source.text)
    built, readings = build(source, lines, segments.blocks, words, keep_attempt=settings.keep_attempt)
    questions, addresses = find_references(source.text, lines, built, readings, words)
    linting = lint(questions, readings, words)
    findings = (*decoding, *lexing, *cutting, *addresses, *linting)
    return assemble(source, lines, lexed.locale, segments, questions, readings, findings)
