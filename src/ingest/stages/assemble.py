"""Questions and findings to the document: findings on their records, unusable blocks set apart.

A block becomes a record when it has a stem, at least two options and a key (the rules say so, with
``REJECTS``); every other block is kept whole, and so is text of no known kind.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from ingest.model.block import Reading
from ingest.model.diagnostic import Diagnostic, Finding, Severity
from ingest.model.document import SCHEMA_VERSION, Document, Furniture, FurnitureKind, Provenance, Rejected
from ingest.model.question import Question
from ingest.model.result import Result
from ingest.model.source import LineIndex, Repair, SourceText, Span
from ingest.parts.attempt_lines import without_attempt
from ingest.rules import rule
from ingest.stages.decode import replay
from ingest.stages.interpret import Interpreted
from ingest.stages.segment import Segments

_PIECE = 200
"""Letters of a line whose columns are worked out together; at most twice as many."""
_QUOTES = 10
"""Letters that the signs of quotes at the beginning of a line take, at most."""
_PLAIN = 3
"""Behind so many letters of ASCII no repair changes the next one."""
_LONG_LINE = 1000
"""In letters. Where pieces read otherwise than their whole line, only shorter lines are worked out as one."""
# Before a sign of ASCII, and behind a space, nothing is repaired that reaches over both sides.
_CUT = re.compile("(?=[!-~])|(?<= )")


def assemble(  # noqa: PLR0913 - what all stages before it found
    source: SourceText,
    lines: LineIndex,
    locale: str | None,
    segments: Segments,
    interpreted: Interpreted,
    questions: Sequence[Question],
    findings: Sequence[Finding],
    placed: Sequence[Diagnostic] = (),
    *,
    keep_attempt: bool = False,
) -> Result:
    """The document of one input, its diagnostics in the order of the text. ``placed`` are those that already
    have their place in the file. Without ``keep_attempt`` rejected blocks do not tell what the sitter did.

    Of a question that a correction settles, only notes remain, and what makes it no usable record.
    """
    readings, settled_indices = interpreted
    findings = [each for each in findings if not _is_settled(each, settled_indices)]
    findings.sort(key=lambda each: (each.span.start, each.code))
    codes: dict[int, set[str]] = {}
    for finding in findings:
        if finding.question is not None:
            codes.setdefault(finding.question, set()).add(finding.code)
    kept: list[Question] = []
    kept_indices: list[int] = []
    rejected: list[tuple[Span, int | None, tuple[str, ...], Reading | None]] = []
    occurrences: dict[str, int] = {}
    for index, question in enumerate(questions):
        found = tuple(sorted(codes.get(index, ())))
        if any(rule(code).rejects for code in found):
            reading = readings[index]
            rejected.append((reading.block.span, question.number, found, None if keep_attempt else reading))
            continue
        occurrence = occurrences[question.id] = occurrences.get(question.id, 0) + 1
        kept_indices.append(index)
        is_plain = not found and occurrence == 1
        kept.append(question if is_plain else replace(question, findings=found, occurrence=occurrence))
    rejected += [
        (each.span, None, ("P002" if segments.blocks else "P001",), None)
        for each in segments.outside
        if each.kind == "unknown"
    ]
    rejected.sort(key=lambda entry: entry[0].start)
    places = Places(source, lines)
    document = Document(
        schema_version=SCHEMA_VERSION,
        source=Provenance(source.file, source.sha256, source.encoding, locale),
        questions=tuple(kept),
        rejected=tuple(_rejected(source.text, lines, *entry) for entry in rejected),
        furniture=_furniture(segments, readings, lines),
        diagnostics=(
            *placed,
            *(diagnose(each, source.file, places.position, questions) for each in findings),
        ),
    )
    outside = tuple((each.kind, each.span) for each in segments.outside)
    settled = frozenset(questions[index].number for index in settled_indices)
    return Result(document, source, readings, outside, settled, tuple(kept_indices))


def _is_settled(finding: Finding, settled: frozenset[int]) -> bool:
    if finding.question not in settled:
        return False
    entry = rule(finding.code)
    return entry.severity is not Severity.INFO and not entry.rejects


def _furniture(segments: Segments, readings: Sequence[Reading], lines: LineIndex) -> tuple[Furniture, ...]:
    spans: list[tuple[Span, FurnitureKind]] = [
        (each.span, each.kind) for each in segments.outside if each.kind != "unknown"
    ]
    spans += [(span, "page") for reading in readings for span in reading.block.furniture]
    spans += [(span, "dropped") for reading in readings for span in reading.dropped]
    return tuple(
        Furniture(lines.lines(span), kind) for span, kind in sorted(spans, key=lambda entry: entry[0].start)
    )


def _rejected(
    text: str,
    lines: LineIndex,
    span: Span,
    number: int | None,
    codes: tuple[str, ...],
    hidden: Reading | None,
) -> Rejected:
    """``hidden`` is the reading whose attempt is left out."""
    whole = text[span.start : span.end]
    end = span.start + len(whole.rstrip())
    kept = without_attempt(text, Span(span.start, end), hidden) if hidden else text[span.start : end]
    return Rejected(number, lines.lines(Span(span.start, end)), kept, codes)


class Places:
    """Lines and columns in the file as given, also where repairs made its lines shorter."""

    def __init__(self, source: SourceText, lines: LineIndex) -> None:
        self.source = source
        self.lines = lines
        self.given = None if source.given is None else source.given.split("\n")
        self.repaired = [] if source.given is None else source.text.split("\n")
        self.columns: dict[int, _Columns] = {}

    def position(self, offset: int) -> tuple[int, int]:
        line, column = self.lines.position(offset)
        if self.given is None or self.given[line - 1] == self.repaired[line - 1]:
            return line, column
        if line not in self.columns:
            self.columns[line] = _Columns(self.given[line - 1], self.repaired[line - 1], self.source.repairs)
        return line, self.columns[line].column(column)


class _Columns:
    """The columns of one line as given, by those of the repaired line; worked out piece by piece, since a
    long line may have many findings."""

    def __init__(self, given: str, repaired: str, repairs: Sequence[Repair]) -> None:
        self._repairs = [repair for repair in repairs if repair.kind != "byte-order-mark"]
        cuts = [0]
        while (least := cuts[-1] + _PIECE) < len(given):
            cut = _CUT.search(given, least, least + _PIECE)
            cuts.append(cut.start() if cut else least + _PIECE)
        pieces = [given[start:end] for start, end in pairwise([*cuts, len(given)])]
        parts = [replay(piece, self._repairs) for piece in pieces]
        if len(given) <= _LONG_LINE and "".join(parts) != repaired:
            # What is encoded twice is repaired by the look of its line, and a piece may look otherwise.
            cuts, pieces, parts = [0], [given], [repaired]
        self._cuts, self._pieces, self._parts = cuts, pieces, parts
        self._starts = list(accumulate(map(len, parts), initial=0))[:-1]
        self._ends: dict[int, list[int]] = {}

    def column(self, repaired: int) -> int:
        """The 1-based column of what has a 1-based column in the repaired line."""
        at = bisect_right(self._starts, repaired - 1) - 1
        if at not in self._ends:
            self._ends[at] = self._ends_of(self._pieces[at], self._parts[at])
        ends = self._ends[at]
        return self._cuts[at] + ends[min(repaired - 1 - self._starts[at], len(ends) - 1)] + 1

    def _ends_of(self, piece: str, whole: str) -> list[int]:
        """For each beginning of a repaired piece, its ``whole``, how many letters as given it takes."""
        lengths: list[int] = []
        exact: dict[int, int] = {}
        beginning = ""
        for end in range(len(piece) + 1):
            if end > _QUOTES and piece[end - _PLAIN : end].isascii():
                beginning += piece[end - 1]
            else:
                beginning = replay(piece[:end], self._repairs)
            lengths.append(len(beginning))
            # A letter that is cut in its middle cannot be repaired, so lengths need not rise.
            if whole.startswith(beginning):
                exact.setdefault(len(beginning), end)
        return [
            exact[length] if length in exact else min(bisect_left(lengths, length), len(piece))
            for length in range(len(whole) + 1)
        ]


def diagnose(
    finding: Finding, file: str, position: Callable[[int], tuple[int, int]], questions: Sequence[Question]
) -> Diagnostic:
    """A finding with its place in a file. ``position`` tells line and column of an offset."""
    line, column = position(finding.span.start)
    end_line, end_column = position(finding.span.end)
    question = None if finding.question is None else questions[finding.question]
    entry = rule(finding.code)
    return Diagnostic(
        code=finding.code,
        name=entry.name,
        severity=entry.severity,
        message=finding.message,
        hint=finding.hint,
        file=file,
        line=line,
        column=column,
        end_line=end_line,
        end_column=end_column,
        number=question.number if question else None,
        id=(question.id or None) if question else None,
    )
