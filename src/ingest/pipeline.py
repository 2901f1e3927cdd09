"""The stages, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ingest.locales import join_course_words, load_all
from ingest.model.diagnostic import Diagnostic, Finding
from ingest.model.result import Result
from ingest.model.source import LineIndex
from ingest.parts.bounds import Bounds, check_lines, check_questions
from ingest.readers import read_entries
from ingest.reading import ReadSettings
from ingest.rules import QuestionSet, rules
from ingest.stages.assemble import Places, assemble, diagnose
from ingest.stages.build import build
from ingest.stages.decode import decode
from ingest.stages.interpret import interpret
from ingest.stages.lex import lex
from ingest.stages.lint import lint, place_in_dump
from ingest.stages.references import find_references
from ingest.stages.segment import Segments, segment

if TYPE_CHECKING:
    from ingest.model.correction import Correction


def read_bytes(
    data: bytes,
    file: str = "text",
    settings: ReadSettings | None = None,
    corrections: Sequence[Correction] = (),
) -> Result:
    """One input, read: questions, rejected blocks, furniture and diagnostics. ``corrections`` are what a
    person has settled about it.

    Never raises for bad input; raises ``LimitError`` for one that holds more than the limits allow.
    """
    settings = settings or ReadSettings()
    bounds = Bounds(file, settings.limits)
    bounds.check("input_size", len(data), "{} bytes")
    known = (*load_all(), *settings.own_labels)
    words = join_course_words(known)
    locales = tuple(each for each in known if settings.labels in (None, each.code))
    page_words = tuple(word for locale in locales for word, _ in locale.labels)

    source, decoding = decode(data, file, page_words)
    del data  # the largest dump bounds the memory
    decoded: list[Diagnostic] = []
    lexing: list[Finding] = []
    cutting: list[Finding] = []
    if entries := read_entries(source.text, locales, bounds):
        from ingest.stages.compose import compose  # plain copies need none of it

        # What decoding found stands in the file, not in the text that is composed from it.
        position = Places(source, LineIndex(source.text)).position
        decoded = [diagnose(each, file, position, ()) for each in decoding]
        decoding = []
        page = compose(source.text, entries)
        source = source._replace(text=page.text, given=None, places=page.places)
        locale = page.locale
        segments = Segments(page.blocks, ())
    else:
        check_lines(source.text, bounds)
        lexed, lexing = lex(source, locales, bounds)
        locale = lexed.locale
        segments, cutting = segment(source.text, lexed.marks)
        del lexed  # its marks are many; blocks keep what they need
    check_questions(source.text, segments.blocks, bounds)
    lines = LineIndex(source.text, source.places)
    interpreted, interpreting = interpret(source.text, segments.blocks, words, corrections)
    readings = interpreted.readings
    references, addressing = find_references(source.text, lines, readings, words)
    questions = build(source, lines, readings, references, keep_attempt=settings.keep_attempt)
    found = QuestionSet(questions, readings, words, settings.topics, file, settings.limits)
    linting = lint(found, place_in_dump(source.text, readings), rules(every=settings.every_rule))
    findings = (*decoding, *lexing, *cutting, *interpreting, *addressing, *linting)
    return assemble(
        *(source, lines, locale, segments, interpreted, questions, findings, decoded),
        keep_attempt=settings.keep_attempt,
    )
