"""A block's body as paragraphs, each with the mark that stands above it and the reason below it.

White space is evidence (measured on copies of pages full of code):

- An empty line ends a paragraph, a line of spaces only does not: it lies inside code.
- Three empty lines open code, and what follows the code is glued to its last line. Code that is followed
  by a label ends there.
- A mark belongs to the next text line, on old pages to the one before. A body without an empty line
  around its marks is a compact copy, where each line is a paragraph.
- Where reasons stand below the options, the option above such a label is the last line before it; or,
  without an empty line between, the code before it.
- Lettered options go from letter to letter.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import NamedTuple

from ingest.model.block import Block, Mark, Paragraph, Part
from ingest.model.source import Span
from ingest.parts.code import ends_in_prose, is_code_line
from ingest.parts.code import is_code as looks_like_code

_CHUNK = re.compile(r"[^\n]+(?:\n[^\n]+)*")
_LINE = re.compile(r"[^\n]*\S[^\n]*")
LETTER = re.compile(
    r"[ \t]*(?:[-*•][ \t]+)?[*_]{0,3}\(?([A-Za-z])[*_]{0,3}"
    r"(?:\\?[.)]|:(?=[ \t]))[*_]{0,3}(?:[ \t]+|(?=\n|\Z))"
)
_BULLET = re.compile(r"[ \t]*(?:[-•*–▪◦·‣○●]|\\-)[ \t]+")
# A closing bracket at the start of a line, directly followed by a line that opens one.
_GLUED_BLOCKS = re.compile(r"^[\])}]+[;)]*(?=\n(?:[^\s\n][^\n]*)?[{(\[]\n)", re.MULTILINE)
_FIRST_LETTER = re.compile(r"[Aa](?:\\?[.)]|[:*_])")
_OPENS_BLOCK = re.compile(r"(?:for|while|if|def|class|try|with|async|match)\b[^\n]*:[ \t]*\Z")
_QUERY = re.compile(r"(?:SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|ALTER)\b")
_QUERY_GOES_ON = re.compile(
    r"[ \t]*(?:FROM|WHERE|GROUP BY|ORDER BY|HAVING|(?:LEFT |RIGHT |INNER |OUTER |CROSS )?JOIN|ON|AND|OR"
    r"|VALUES|SET|LIMIT|UNION)\b|[ \t]+\S"
)
_FIELD = re.compile(r"[\w-]+:(?:[ \t]|\Z)")
_LEAST_REASONS = 5
_LONG_SHARE = 0.1
_GAP_BEFORE_CODE = 3
_INDENTATION = (" ", "\t")
_LONGEST_CODE = 80
_CAPITALS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Whatever needs a closer look: a gap before code, indentation, a bullet, a letter, brackets of code (looked
# for backwards from the line end, so that no line is walked).
_SPECIAL = re.compile(
    r"\n(?:\n\n\n|[ \t]|[-•*–▪◦·‣○●\\][ \t\-]|[*_(]{0,4}[Aa][*_]*\\?[.):]|[\])}]|(?<=[{(\[]\n))"
)


class _Region(NamedTuple):
    """Text between two labels of a body."""

    start: int
    end: int
    mark: Mark | None
    """The mark above it."""
    is_reason: bool
    """Whether a reason's label stands above it."""
    ends_in_reason: bool
    """Whether a reason's label stands below it."""
    below: Mark | None = None
    """The mark below it, where that belongs to what stands above."""


def has_short_reasons(text: str, blocks: Sequence[Block]) -> bool:
    """Whether what stands below single options is one paragraph, wherever a mark shows its end; or whether
    only the right options have an explanation, so that options without one must follow it."""
    seen = 0
    long = 0
    explained = [block for block in blocks if block.reasons]
    if len(explained) >= _LEAST_REASONS and all(_explains_right_only(text, block) for block in explained):
        return True
    for block in explained:
        separator = "\n" if block.reasons and _is_compact(text, block) else "\n\n"
        for label, following in pairwise(sorted((*block.marks, *block.reasons), key=_start)):
            if label.label.part is Part.REASON and following.label.part is Part.MARK:
                seen += 1
                long += separator in text[label.span.end : following.span.start].strip()
    return seen >= _LEAST_REASONS and long <= _LONG_SHARE * seen


def _start(mark: Mark) -> int:
    return mark.span.start


def _explains_right_only(text: str, block: Block) -> bool:
    right = [mark.span.end for mark in block.marks if mark.label.correct]
    return len(block.reasons) == len(right) and all(
        "\n\n" not in text[end : reason.span.start].strip()
        for end, reason in zip(right, block.reasons, strict=True)
    )


def split_paragraphs(
    text: str, block: Block, dropped: tuple[Span, ...] = (), *, short_reasons: bool = False
) -> tuple[Paragraph, ...]:
    """The paragraphs of a block's body, in order, without the dropped lines. ``short_reasons`` is what
    ``has_short_reasons`` says of the file: then more below a reason are options without one."""
    is_compact = _is_compact(text, block)
    if not is_compact and not dropped and _is_simple(text, block):
        return tuple(_split_simple(text, block))
    regions = list(_regions(text, block, dropped))
    paragraphs: list[Paragraph] = []
    for region in regions:
        reason: Span | None = None
        spans: list[_Piece] | None = None
        if region.is_reason:
            option = paragraphs[-1].text if paragraphs else ""
            reason, spans = _split_reason(text, region, option, is_compact=is_compact)
            if reason and short_reasons and not spans:
                reason, spans = _split_short_reason(text, reason, is_compact=is_compact)
        if reason and paragraphs and paragraphs[-1].reason is None:
            paragraphs[-1] = replace(paragraphs[-1], reason=reason)
        elif reason:
            # A label without an option above it, or further text below a dropped line.
            spans = [_Piece(reason), *(spans or [])]
        if spans is None:
            spans = _divided(text, region, is_compact=is_compact)
        found = [each for piece in spans if (each := _paragraph(text, piece)).text]
        if region.mark and found:
            found[0] = replace(found[0], mark=region.mark)
        paragraphs += found
        if region.below and paragraphs:
            paragraphs[-1] = replace(paragraphs[-1], mark=region.below)
    return _set_off(text, _join_letters(text, paragraphs, block, dropped), block)


def _is_simple(text: str, block: Block) -> bool:
    """Whether nothing but empty lines and marks above the options divides the body: most are so."""
    if block.reasons or block.inserts or block.is_markdown:
        return False
    for place, mark in enumerate(block.marks, 1):
        below = block.marks[place].span.start if place < len(block.marks) else block.body.end
        line_end = text.find("\n", mark.span.end + 1, below)
        has_second_line = 0 < line_end < below - 1 and text[line_end + 1] != "\n"
        if mark.label.follows or has_second_line:
            return False
    return _SPECIAL.search(text, block.body.start, block.body.end) is None


def _divided(text: str, region: _Region, *, is_compact: bool) -> list[_Piece]:
    """A region without a reason, by the first way that finds divisions in it."""
    found = _split_lines(text, region) if is_compact else _split_commands(text, region)
    return list(_whole(text, region)) if found is None else found


def _split_simple(text: str, block: Block) -> Iterator[Paragraph]:
    """The paragraphs of a simple body, as the general way finds them, in a third of the time."""
    start = block.body.start
    mark: Mark | None = None
    for following in (*block.marks, None):
        end = following.span.start if following else block.body.end
        for chunk in text[start:end].split("\n\n"):
            value = chunk.strip()
            if value:
                at = start + chunk.index(value[0])
                yield Paragraph(at, at + len(value), value, mark)
                mark = None
            start += len(chunk) + 2
        if following:
            mark, start = following, following.span.end


class _Piece(NamedTuple):
    """The place of a paragraph."""

    span: Span
    code_at: int | None = None
    """Where code begins in it; an offset into the text."""


def _regions(text: str, block: Block, dropped: tuple[Span, ...]) -> Iterator[_Region]:
    cuts: list[tuple[Span, Mark | None, bool]] = [(mark.span, mark, False) for mark in block.marks]
    cuts += [(mark.span, None, True) for mark in block.reasons]
    cuts += [(span, None, False) for span in (*block.inserts, *dropped)]
    cuts.sort(key=lambda cut: cut[0].start)
    start = block.body.start
    above: Mark | None = None
    is_reason = False
    for span, mark, is_reason_label in cuts:
        below = mark if mark and mark.label.follows else None
        yield _Region(start, span.start, above, is_reason, is_reason_label, below)
        if mark or is_reason_label:
            above = None if below else mark
            is_reason = is_reason_label
        elif text[start : span.start].strip():
            above = None
        start = span.end
    # The explanation, the topic or another question comes next.
    yield _Region(start, block.body.end, above, is_reason, ends_in_reason=False)


def _split_chunks(text: str, region: _Region) -> Iterator[_Piece]:
    """Paragraphs divided by empty lines; code joins the prose before it."""
    waiting: _Piece | None = None
    end = region.start
    is_in_code = False
    for match in _CHUNK.finditer(text, region.start, region.end):
        if not match[0].strip():
            continue
        start = match.start()
        gap = text.count("\n", end, start) - 1
        end = match.end()
        stop = _end_of_code(text, match, region, gap, is_in_code=is_in_code)
        is_in_code = stop == end
        if stop is None and waiting and _goes_on(text, waiting.span, match[0]):
            stop = end
        if stop is None:
            stop = end
            if waiting:
                yield waiting
            waiting = _Piece(Span(start, stop))
        elif waiting:
            code_at = start if waiting.code_at is None else waiting.code_at
            waiting = _Piece(Span(waiting.span.start, stop), code_at)
        else:
            waiting = _Piece(Span(start, stop))
        if stop < end:
            yield waiting
            waiting = _Piece(Span(stop, end))
    if waiting:
        yield waiting


def _goes_on(text: str, above: Span, chunk: str) -> bool:
    """Whether a chunk is a further part of the code above it, which ended inside an indented block: it is
    indented, and code without that."""
    block = text[slice(*above)]
    is_open = block[:1] not in _INDENTATION and block.rsplit("\n", 1)[-1][:1] in _INDENTATION
    if chunk[:2] not in ("  ", "\t") or not is_open or not looks_like_code(block):
        return False
    bare = "\n".join(line.lstrip() for line in chunk.split("\n"))
    return (looks_like_code(bare) or is_code_line(bare)) and not ends_in_prose(bare)


def _end_of_code(
    text: str, chunk: re.Match[str], region: _Region, gap: int, *, is_in_code: bool
) -> int | None:
    """Where the code ends with which a chunk begins; null where it does not begin with code. ``gap`` is
    the number of empty lines before it."""
    if not is_in_code and gap < _GAP_BEFORE_CODE:
        return None
    start, end = chunk.span()
    lines = [line for line in chunk[0].split("\n") if line.strip()]
    if is_in_code and all(map(is_code_line, lines)):
        return end
    # A larger gap is one where an image was.
    if gap < _GAP_BEFORE_CODE or (gap > _GAP_BEFORE_CODE and not looks_like_code(chunk[0])):
        return None
    touches_label = not text.startswith("\n\n", end) and not text[end : region.end].strip()
    if touches_label or is_code_line(lines[-1]):
        return end
    return text.rindex(lines[-1], start, end) if len(lines) > 1 else None


def _whole(text: str, region: _Region) -> Iterator[_Piece]:
    """The paragraphs of a region; those whose brackets are open go on to where they close."""
    pieces = _unglued(text, _split_chunks(text, region))
    place = 0
    while place < len(pieces):
        piece = pieces[place]
        place += 1
        missing = _open_brackets(text, piece.span)
        if missing > 0:
            ahead = pieces[place : place + _LONGEST_CODE]
            depths = accumulate((_open_brackets(text, each.span) for each in ahead), initial=missing)
            closing = next((count for count, depth in enumerate(depths) if depth <= 0), 0)
            if closing:
                piece = _Piece(Span(piece.span.start, ahead[closing - 1].span.end), piece.code_at)
                place += closing
                yield from _without_glued_line(text, piece)
                continue
        yield piece


def _without_glued_line(text: str, piece: _Piece) -> Iterator[_Piece]:
    """A piece of code, and the line of prose that is glued to its end, if the copy glues lines to code."""
    (start, end), code_at = piece
    last = text.rfind("\n", start, end)
    if code_at is None or last < 0 or is_code_line(text[last + 1 : end]):
        yield piece
    else:
        yield _Piece(Span(start, last), code_at)
        yield _Piece(Span(last + 1, end))


def _open_brackets(text: str, span: Span) -> int:
    """How many square and curly brackets a piece opens more than it closes."""
    if text.find("\n", *span) < 0 and text.find("{", *span) < 0 and text.find("}", *span) < 0:
        return 0  # one line of prose
    opening = text.count("{", *span) + text.count("[", *span)
    return opening - text.count("}", *span) - text.count("]", *span)


def _unglued(text: str, pieces: Iterable[_Piece]) -> list[_Piece]:
    """Code options without an empty line between them: where one block closes and the next one opens."""
    result = []
    for piece in pieces:
        (start, end), code_at = piece
        if text.find("\n", start, end) < 0:
            result.append(piece)
            continue
        lines = [Span(*match.span()) for match in _LINE.finditer(text, start, end)]
        if all(_BULLET.match(text, *line) for line in lines):
            result += map(_Piece, lines)
            continue
        if code_at is None and (starts := _alike(text, lines)):
            ends = [lines[place - 1].end for place in starts[1:]]
            for place, stop in zip(starts, [*ends, end], strict=True):
                result.append(_Piece(Span(lines[place].start, stop)))
            continue
        for match in _GLUED_BLOCKS.finditer(text, start if code_at is None else code_at, end):
            result.append(_Piece(Span(start, match.end()), code_at))
            start, code_at = match.end() + 1, None
        result.append(_Piece(Span(start, end), code_at))
    return result


def _alike(text: str, lines: Sequence[Span]) -> list[int]:
    """Where code options begin that are glued together: each with the same word, and as many lines below it
    as belong to it; none where fewer than two do, or where one is prose."""
    texts = [text[span.start : span.end] for span in lines]
    words = [line.split(None, 1)[0] for line in texts]
    starts = [place for place, line in enumerate(texts) if words[place] == words[0] and line[0] not in " \t"]
    if len(starts) < 2 or (words[0][0].isupper() and not words[0].isupper()):
        return []
    if len(starts) == len(texts):
        return starts if all(" " in line for line in texts) and not any(map(is_code_line, texts)) else []
    # Blocks have a shape: the lines between two starts are as many, or indented.
    lengths = {b - a for a, b in pairwise([*starts, len(texts)])}
    return starts if len(lengths) < 3 and min(lengths) > 1 else []


def _split_commands(text: str, region: _Region) -> list[_Piece] | None:
    """Code options of one line each below a mark, which the copy glues together up to the next label; null
    where an empty line, an indentation or a bracket shows something else."""
    body = text[region.start : region.end]
    lines = [Span(*match.span()) for match in _LINE.finditer(text, region.start, region.end)]
    if region.mark is None or len(lines) < 2 or "\n\n" in body:
        return None
    texts = [text[span.start : span.end] for span in lines]
    if any(line[0] in " \t" or is_code_line(line) or line.rstrip()[-1] in ".:\\|" for line in texts):
        return None
    if any(_opens_prose(line) for line in texts):
        return None
    if _QUERY.match(texts[0]) and all(map(_QUERY_GOES_ON.match, texts[1:])):
        return None  # one option: a query over several lines
    return [_Piece(span) for span in lines]


def _opens_prose(line: str) -> bool:
    """Whether a line begins as a sentence does and a command does not."""
    word = line.split(None, 1)[0]
    return word[0].isupper() and not word.isupper() and "-" not in word


def _split_lines(text: str, region: _Region) -> list[_Piece]:
    """Each line a paragraph; lines whose brackets are open go on in the next ones."""
    spans = [Span(*match.span()) for match in _LINE.finditer(text, region.start, region.end)]
    pieces: list[_Piece] = []
    place = 0
    while place < len(spans):
        last = _last_of_code([text[span.start : span.end] for span in spans[place : place + _LONGEST_CODE]])
        pieces.append(_Piece(Span(spans[place].start, spans[place + last].end)))
        place += last + 1
    return pieces


def _last_of_code(lines: Sequence[str]) -> int:
    """How many lines after the first belong to it because its brackets are open, or because it opens a
    block of indented lines."""
    if _QUERY.match(lines[0]):
        further = (place for place, line in enumerate(lines[1:]) if not _QUERY_GOES_ON.match(line))
        return next(further, len(lines) - 1)
    if _FIELD.match(lines[0]) and (last := _last_of_fields(lines)):
        return last
    if _OPENS_BLOCK.match(lines[0]):
        indented = (place for place, line in enumerate(lines[1:]) if line[:1] not in _INDENTATION)
        return next(indented, len(lines) - 1)
    if not lines[0].rstrip().endswith(("{", "[", "(")):
        return 0
    depth = 0
    for place, line in enumerate(lines):
        depth += sum(line.count(each) for each in "{[(") - sum(line.count(each) for each in "}])")
        if depth <= 0:
            return place
    return 0


def _last_of_fields(lines: Sequence[str]) -> int:
    """How many lines after the first belong to one list of fields, of which some are indented; 0 where none
    is. The first field again begins the next list."""
    first = lines[0].split(":", 1)[0]
    last = 0
    for place, line in enumerate(lines[1:], 1):
        is_indented = line[:1] in _INDENTATION
        if not is_indented and (line.split(":", 1)[0] == first or not _FIELD.match(line)):
            break
        last = place
    return last if any(line[:1] in _INDENTATION for line in lines[1 : last + 1]) else 0


def _split_reason(
    text: str, region: _Region, option: str, *, is_compact: bool
) -> tuple[Span | None, list[_Piece]]:
    """The reason with which a region begins, and the option after it where another reason's label
    follows; a mark below it leaves no doubt that all of it is the reason. ``option`` is the option above:
    code options mostly begin alike."""
    spans = [Span(*match.span()) for match in _LINE.finditer(text, region.start, region.end)]
    if not spans:
        return None, []
    whole = Span(spans[0].start, spans[-1].end)
    if not region.ends_in_reason:
        return whole, []
    if len(spans) == 1:
        return None, [_Piece(whole)]  # the label above it is empty: this is the next option
    lines = [text[span.start : span.end] for span in spans]
    first, code = len(spans) - 1, None
    gap = _gap(text, spans, len(spans) - 1)
    touches_label = not text.startswith("\n\n", spans[-1].end)
    if touches_label and not is_compact:
        # The option ended in code: its last chunk.
        while first > 1 and not gap:
            first -= 1
            gap = _gap(text, spans, first)
        if gap >= _GAP_BEFORE_CODE and first > 1:
            code = spans[first].start
            first -= 1
        elif not gap:
            first = _like(lines, option) or _first_of_code(lines)
    elif touches_label:
        first = _like(lines, option) or _first_of_code(lines)
    return Span(whole.start, spans[first - 1].end), [_Piece(Span(spans[first].start, whole.end), code)]


def _split_short_reason(text: str, reason: Span, *, is_compact: bool) -> tuple[Span, list[_Piece]]:
    """A reason of one paragraph, and the options without a reason below it."""
    pattern = _LINE if is_compact else _CHUNK
    first, *others = (Span(*match.span()) for match in pattern.finditer(text, *reason) if match[0].strip())
    if any(text.find("://", *span) >= 0 for span in others):
        return reason, []  # a list of sources
    return first, [_Piece(span) for span in others]


def _gap(text: str, spans: Sequence[Span], place: int) -> int:
    """The number of empty lines before a line."""
    between = text[spans[place - 1].end : spans[place].start].split("\n")
    return between[1:-1].count("")


def _like(lines: Sequence[str], option: str) -> int:
    """The first line, but for the very first, that begins with the same word as an option of several lines;
    0 without one."""
    if "\n" not in option:
        return 0
    word = option.split(None, 1)[0]
    return next((place for place, line in enumerate(lines) if place and line.split(None, 1)[0] == word), 0)


def _first_of_code(lines: Sequence[str]) -> int:
    """Where the code begins with which some lines end, after at least one line of prose; the last line
    where they do not end in code."""
    first = len(lines) - 1
    while first > 1 and is_code_line(lines[first]) and is_code_line(lines[first - 1]):
        first -= 1
    return first


def _paragraph(text: str, piece: _Piece) -> Paragraph:
    start, end = piece.span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if piece.code_at is None:
        return Paragraph(start, end, text[start:end])
    prose = text[start : piece.code_at].rstrip()
    return Paragraph(start, end, f"{prose}\n\n{text[piece.code_at : end]}", code_at=len(prose))


def _is_compact(text: str, block: Block) -> bool:
    """Whether no label in the body has an empty line before or after it, there is no gap as before code,
    and there are lines for several options."""
    labels = (*block.marks, *block.reasons)
    for mark in labels:
        start, end = mark.span
        if text.startswith("\n\n", end) or text.endswith("\n\n", 0, start):
            return False
    body = text[block.body.start : block.body.end].strip()
    has_options = bool(labels) and body.count("\n") - len(labels) >= 2
    return has_options and "\n" * (_GAP_BEFORE_CODE + 1) not in body


def _join_letters(
    text: str, paragraphs: list[Paragraph], block: Block, dropped: tuple[Span, ...]
) -> list[Paragraph]:
    """Where the options have letters, each goes from its letter to the next one."""
    if not _FIRST_LETTER.search(text, block.body.start, block.body.end):
        return paragraphs
    lines = [
        (match.start(), letter[1])
        for match in _LINE.finditer(text, block.body.start, block.body.end)
        if (letter := LETTER.match(match[0]))
    ]
    starts = _last_run(lines)
    if len(starts) < 2 or not _covers_marks(text, starts, block):
        return paragraphs
    before = [each for each in paragraphs if each.start < starts[0]]
    if before:
        before[-1] = _clipped(text, before[-1], starts[0])
    cuts = sorted([*(mark.span for mark in block.marks), *block.inserts, *dropped])
    reasons = sorted(mark.span for mark in block.reasons)
    joined: list[Paragraph] = []
    for start, end in zip(starts, [*starts[1:], block.body.end], strict=True):
        joined += _lettered(text, Span(start, end), cuts, reasons, block)
    return [*before, *joined]


def _clipped(text: str, paragraph: Paragraph, end: int) -> Paragraph:
    """A paragraph, and its reason, as far as they stand before an offset."""
    if paragraph.end > end:
        return replace(_paragraph(text, _Piece(Span(paragraph.start, end))), mark=paragraph.mark)
    if paragraph.reason and paragraph.reason.end > end:
        rest = _paragraph(text, _Piece(Span(paragraph.reason.start, end)))
        return replace(paragraph, reason=Span(rest.start, rest.end) if rest.text else None)
    return paragraph


def _lettered(
    text: str, segment: Span, cuts: Sequence[Span], reasons: Sequence[Span], block: Block
) -> Iterator[Paragraph]:
    """The option of one letter, with its mark and reason; what stands below a mark or a rule inside it comes
    after it."""
    inside = cuts[bisect_left(cuts, segment) : bisect_left(cuts, Span(segment.end, 0))]
    labels = reasons[bisect_left(reasons, segment) : bisect_left(reasons, Span(segment.end, 0))]
    stop = labels[0].start if labels else segment.end
    edges = [segment.start, *(edge for cut in inside if cut.start < stop for edge in cut), stop]
    parts = [_paragraph(text, _Piece(Span(*pair))) for pair in zip(edges[::2], edges[1::2], strict=True)]
    own, *others = parts
    letter = LETTER.match(own.text)
    value = own.text[letter.end() if letter else 0 :].strip()
    reason = None
    if labels:
        after = [cut.start for cut in inside if cut.start > labels[0].end]
        rest = _paragraph(text, _Piece(Span(labels[0].end, after[0] if after else segment.end)))
        reason = Span(rest.start, rest.end) if rest.text else None
    mark = _mark_above(text, own.start, block)
    below = (
        each for each in block.marks if each.label.follows and segment.start < each.span.start < segment.end
    )
    mark = mark or next(below, None)
    yield replace(own, text=value, mark=mark, reason=reason, is_set_off=True)
    yield from (each for each in others if each.text)


def _last_run(lines: Sequence[tuple[int, str]]) -> list[int]:
    """Where the lines with the letters A, B, C … begin: the last such run, up to the last letter."""
    for first in range(len(lines) - 1, -1, -1):
        if lines[first][1] in "Aa":
            run = lines[first:]
            letters = "".join(letter for _, letter in run)
            alphabet = _CAPITALS if letters[0] == "A" else _CAPITALS.lower()
            return [at for at, _ in run] if letters == alphabet[: len(letters)] else []
    return []


def _covers_marks(text: str, starts: Sequence[int], block: Block) -> bool:
    """Whether every mark stands above one of the letters, or on old pages below one, or none is needed."""
    for mark in block.marks:
        if mark.label.follows:
            place = bisect_left(starts, mark.span.start)
            if not place or "\n\n" in text[starts[place - 1] : mark.span.start]:
                return False
            continue
        following = _LINE.search(text, mark.span.end, block.body.end)
        place = bisect_left(starts, following.start()) if following else len(starts)
        if following is None or starts[place : place + 1] != [following.start()]:
            return False
    return bool(block.marks or block.answer)


def _mark_above(text: str, start: int, block: Block) -> Mark | None:
    place = bisect_left(block.marks, start, key=_start) - 1
    mark = block.marks[place] if place >= 0 else None
    if mark is None or mark.label.follows or text[mark.span.end : start].strip(" \t\n*_"):
        return None
    return mark


def _set_off(text: str, paragraphs: list[Paragraph], block: Block) -> tuple[Paragraph, ...]:
    """Notes which paragraphs have a bullet, are bold or indented; takes the bullets off the last ones that
    have one, since those are options, and Markdown off all."""
    first = len(paragraphs)
    while first and _BULLET.match(paragraphs[first - 1].text):
        first -= 1
    has_bullets = first < len(paragraphs) - 1 and any(each.mark for each in paragraphs[first:])
    for place, each in enumerate(paragraphs):
        is_bold = block.is_markdown and _is_bold(each.text)
        if has_bullets and place >= first:
            value = _BULLET.sub("", each.text, count=1)
            paragraphs[place] = replace(each, text=value, code_at=None, is_set_off=True)
        elif is_bold or text[each.start - 1 : each.start] in _INDENTATION:
            paragraphs[place] = replace(each, is_set_off=True)
    if block.is_markdown:
        from ingest.parts.markdown import to_plain  # few copies have any

        # What is set off is no heading: "# " begins a comment.
        return tuple(
            replace(each, text=to_plain(each.text, has_headings=not each.is_set_off)) for each in paragraphs
        )
    return tuple(paragraphs)


def _is_bold(text: str) -> bool:
    return text.startswith("**") and text.endswith("**") and text.count("**") == 2
