"""Marks to blocks: one block for each question, and what stands outside them.

Grammar of a page::

    page     = preamble? block*
    block    = header status? body [answer-line] [explanation-label text] [topic-label topic-line] trailer?
    body     = (text | answer-mark | reason-label text | options-heading | rule)*
    trailer  = (rule | badge)*

A label counts only where the grammar has a place for it: a status word directly under its header, a
topic label before the topic line that ends the question. Where no question has a header, they are
divided by rules. A lost header is seen by what follows a topic: answer marks, hence another question.
"""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

from ingest.model.block import Block, Mark, Part
from ingest.model.diagnostic import Finding
from ingest.model.source import Span
from ingest.parts.paragraphs import LETTER

_LINE = re.compile(r"[^\n]*\S[^\n]*")
_LETTERED = re.compile(rf"^(?:{LETTER.pattern})", re.MULTILINE)


class Outside(NamedTuple):
    """Text that belongs to no question."""

    span: Span
    kind: Literal["preamble", "page", "unknown"]
    """``page``: rules, badges and buttons."""


class Segments(NamedTuple):
    """A text cut into questions; blocks and outside text cover every line that is not blank."""

    blocks: tuple[Block, ...]
    outside: tuple[Outside, ...]


# The right option comes last in one of four questions: four in a row happen by chance in one of 256.
_LEAST_REASONS = 4
# A page has its title there, how each topic was answered, and the menus of the site; more may be questions
# with unknown labels.
_MOST_LINES_ABOVE = 200
# Looked up once, since reaching a member of an enumeration takes longer than comparing it.
_ANSWER = Part.ANSWER
_EXPLANATION = Part.EXPLANATION
_FILL_IN = Part.FILL_IN
_FURNITURE = Part.FURNITURE
_HEADER = Part.HEADER
_MARK = Part.MARK
_OPTIONS = Part.OPTIONS
_REASON = Part.REASON
_RESOURCES = Part.RESOURCES
_RULE = Part.RULE
_TOPIC = Part.TOPIC
_KEYS = (_MARK, _ANSWER)
_EXPLANATIONS = (_EXPLANATION, _REASON)


def segment(text: str, marks: tuple[Mark, ...]) -> tuple[Segments, list[Finding]]:
    """The blocks of a text, in order, and the furniture around them.

    Codes: P001 for labels of which none begins or ends a question, P002 for text after a question that is of
    no known kind, P003 for a question without its header, P115 for a line of which it is not sure whether it
    is a header, T003 for a label with a damaged letter.
    """
    cutter = _Cutter(text, own_reasons=_has_own_reasons(text, marks))
    if all(mark.label.part in (_RULE, _FURNITURE) for mark in marks):
        return _without_question(text, marks)
    headers, doubts = _headers(marks)
    regions = _regions(text, marks, headers)
    # Where rules divide the questions, headers are not expected.
    headless = sum(region.header is None and region.is_divided for region in regions)
    cutter.expects_headers = headless * 2 < len(regions)
    for place, region in enumerate(regions):
        if region.header or any(mark.label.part in _KEYS + _EXPLANATIONS for mark in region.marks):
            cutter.cut(region.span, region.header, region.marks)
        else:
            is_unknown = place or text.count("\n", *region.span) > _MOST_LINES_ABOVE
            cutter.set_aside(region.span, region.marks, "unknown" if is_unknown else "preamble")
    if not cutter.blocks:
        return _without_question(text, marks)
    doubts += _cutting_headers(text, regions, cutter)
    cutter.report_doubts(doubts)
    return Segments(tuple(cutter.blocks), tuple(cutter.outside)), cutter.findings


def _without_question(text: str, marks: tuple[Mark, ...]) -> tuple[Segments, list[Finding]]:
    """A text of no question, kept whole. That it has no label at all is told where these are looked for."""
    whole = _trim(text, Span(0, len(text)))
    if not whole or not marks:
        return Segments((), (Outside(whole, "unknown"),) if whole else ()), []
    line = text[marks[0].span.start : marks[0].span.end].strip()[:60]
    message = f"no question: labels such as “{line}” begin or end none"
    hint = "copy the whole page, with its headings, each on a line of its own"
    return Segments((), (Outside(whole, "unknown"),)), [Finding("P001", message, marks[0].span, hint)]


class _Region(NamedTuple):
    """Text from one header or dividing rule to the next."""

    span: Span
    header: Mark | None
    marks: tuple[Mark, ...]
    is_divided: bool = False
    """Whether a rule stands before it."""


class _Doubt(NamedTuple):
    """A line that reads like a header."""

    mark: Mark
    is_text: bool
    """Whether it was read as text."""
    following: Mark | None
    """The header of the question that is concerned as well."""


def _regions(text: str, marks: tuple[Mark, ...], starts: list[int]) -> list[_Region]:
    """The text cut at its headers, and what has no header at its rules."""
    first = marks[starts[0]].span.start if starts else len(text)
    regions = _divide(Span(0, first), marks[: starts[0]] if starts else marks, is_divided=not starts)
    for start, stop in itertools.pairwise([*starts, len(marks)]):
        end = marks[stop].span.start if stop < len(marks) else len(text)
        header = marks[start]
        own = marks[start + 1 : stop]
        own_end, rest = _split_off(own)
        cut = own[own_end].span.start if rest else end
        regions.append(_Region(Span(header.span.start, cut), header, own[:own_end] if rest else own))
        if rest:
            regions += _divide(Span(cut, end), rest, is_divided=True)
    return regions


def _split_off(marks: tuple[Mark, ...]) -> tuple[int, tuple[Mark, ...]]:
    """Where in the marks of one header a rule begins questions without header: behind the topic, and
    before further answer marks."""
    has_topic = False
    for place, mark in enumerate(marks):
        has_topic = has_topic or mark.label.part is _TOPIC
        if mark.label.part is _RULE and has_topic:
            rest = marks[place:]
            return (place, rest) if any(each.label.part in _KEYS for each in rest) else (len(marks), ())
    return len(marks), ()


def _divide(span: Span, marks: tuple[Mark, ...], *, is_divided: bool) -> list[_Region]:
    """Text without headers, cut at the rules after which another question comes: one with answer marks,
    where those before it have their own."""
    regions: list[_Region] = []
    start = span.start
    first = 0
    rules = [place for place, mark in enumerate(marks) if mark.label.part is _RULE]
    for place, following in itertools.pairwise([*rules, len(marks)]):
        before, after = marks[first:place], marks[place + 1 : following]
        is_next = any(mark.label.part in _KEYS for mark in after)
        if is_next and (not before or any(mark.label.part in _KEYS for mark in before) or not regions):
            regions.append(_Region(Span(start, marks[place].span.start), None, before, is_divided))
            start, first = marks[place].span.start, place
    regions.append(_Region(Span(start, span.end), None, marks[first:], is_divided and bool(rules)))
    return [region for region in regions if region.span]


def _headers(marks: tuple[Mark, ...]) -> tuple[list[int], list[_Doubt]]:
    """Which marks are headers of questions, and of which others that is not sure.

    A line such as ``Question 2`` also occurs inside explanations. There it is out of sequence, or
    the true header with the same number follows, and no answer mark stands before that. It is sure to be one
    where the topic follows; and where the header that follows runs on from the one before.
    """
    candidates = [index for index, mark in enumerate(marks) if mark.label.part is _HEADER]
    headers: list[int] = []
    doubts: list[_Doubt] = []
    passed: list[Mark] = []
    is_explaining = False
    for place, index in enumerate(candidates):
        following = candidates[place + 1] if place + 1 < len(candidates) else len(marks)
        parts = [mark.label.part for mark in marks[index + 1 : following]]
        if headers and is_explaining and not any(part in _KEYS for part in parts):
            next_number = marks[following].number if following < len(marks) else None
            in_sequence = marks[index].number == (marks[headers[-1]].number or 0) + 1
            if not in_sequence or next_number == marks[index].number:
                is_explaining = _TOPIC not in parts
                if any(part in _EXPLANATIONS for part in parts):
                    doubts.append(_Doubt(marks[index], is_text=True, following=None))
                passed = [*passed, marks[index]] if is_explaining else []
                continue
        doubts += _passed_by(passed, marks[headers[-1]] if headers else None, marks[index])
        passed = []
        headers.append(index)
        is_explaining = any(part in _EXPLANATIONS for part in parts) and _TOPIC not in parts
    doubts += _passed_by(passed, marks[headers[-1]] if headers else None, None)
    return headers, doubts


def _passed_by(passed: list[Mark], before: Mark | None, following: Mark | None) -> Iterator[_Doubt]:
    """The first of the lines between two headers that may be the header of the second question, or of one
    between them."""
    numbers = [mark.number for mark in passed]
    runs_on = before and following and following.number == (before.number or 0) + 1
    if passed and following and following.number in numbers:
        yield _Doubt(passed[numbers.index(following.number)], is_text=True, following=following)
    elif passed and not runs_on:
        yield _Doubt(passed[0], is_text=True, following=following)


def _cutting_headers(text: str, regions: Sequence[_Region], cutter: _Cutter) -> Iterator[_Doubt]:
    """Headers that may be a line of the question before them: it lacks the label with which the others end,
    and either it or what follows the header has no right answer, or the numbers do not rise. Below questions
    without header, also one with text before it that belongs to no question, or no rule."""
    last = _last_part(regions)
    stray = {each.span.end for each in cutter.outside}
    headless = sum(region.header is None and _has_key(region) for region in regions)
    for place, (above, below) in enumerate(itertools.pairwise(regions)):
        is_preamble = not place and not above.header and not _has_key(above) and cutter.expects_headers
        if below.header is None or is_preamble:
            continue
        is_whole = last is None or not _lacks(text, above, last)
        runs_on = _has_key(above) and _has_key(below) and _run_on(regions[place : place + 3])
        is_cut = not is_whole and not runs_on
        if not above.header and not is_cut:
            end = _trim(text, above.span) or above.span
            is_below_text = headless > 1 and not any(
                mark.label.part is _RULE and mark.span.end >= end.end for mark in above.marks
            )
            is_cut = end.end in stray or is_below_text
        if is_cut:
            yield _Doubt(below.header, is_text=False, following=below.header)


def _last_part(regions: Sequence[_Region]) -> Part | None:
    """The label with which most questions end."""
    keyed = [{mark.label.part for mark in region.marks} for region in regions]
    for part in (_TOPIC, _EXPLANATION, _REASON):
        if 2 * sum(part in parts for parts in keyed) > len(keyed):
            return part
    return None


def _has_key(region: _Region) -> bool:
    """Whether something in a region says what is right."""
    labels = [mark.label for mark in region.marks]
    return any(each.part is _ANSWER or (each.part is _MARK and each.correct) for each in labels)


def _lacks(text: str, region: _Region, part: Part) -> bool:
    """Whether a region has no such label, or nothing below it."""
    ends = [mark.span.end for mark in region.marks if mark.label.part is part]
    return not ends or not text[ends[-1] : region.span.end].strip()


def _run_on(regions: Sequence[_Region]) -> bool:
    """Whether the numbers of some headers rise."""
    numbers = [region.header.number or 0 if region.header else None for region in regions]
    return all(
        one is not None and (other is None or one < other) for one, other in itertools.pairwise(numbers)
    )


class _Cutter:
    """Collects the blocks of one text."""

    def __init__(self, text: str, *, own_reasons: bool) -> None:
        self.text = text
        self.own_reasons = own_reasons
        self.blocks: list[Block] = []
        self.outside: list[Outside] = []
        self.findings: list[Finding] = []
        self.expects_headers = True

    def cut(self, span: Span, header: Mark | None, marks: tuple[Mark, ...]) -> None:
        """One block from a region, and further ones where a header was lost."""
        place = _trim(self.text, span) or span
        taker = _Taker(self.text, place.end, marks, own_reasons=self.own_reasons)
        has_header = header is not None
        while header or taker.has_question():
            block = taker.take(place, header)
            self.blocks.append(block)
            self.report_damaged((header, *taker.used) if header else taker.used)
            if header is None and (self.expects_headers or has_header):
                self.report_lost_header(block)
            header, has_header = None, True
            rest = _trim(self.text, Span(block.span.end, place.end))
            if rest is None:
                return
            place = rest
        self.set_aside(place, taker.rest(), "unknown")

    def report_lost_header(self, block: Block) -> None:
        hint = "the header line was lost in copying: put it back, or leave the question out"
        place = _first_line(self.text, block.span)
        index = len(self.blocks) - 1
        self.findings.append(Finding("P003", "a question without its header", place, hint, index))

    def report_doubts(self, doubts: Sequence[_Doubt]) -> None:
        """A finding for each question that a doubtful header concerns: the one in which it stands, or that
        ends above it, and the next one."""
        hint = "compare the questions above and below the line with the page"
        starts = [block.span.start for block in self.blocks]
        for mark, is_text, following in doubts:
            line = self.text[mark.span.start : mark.span.end].strip()[:60]
            read, other = ("text", "a header") if is_text else ("a header", "text")
            message = f"“{line}” was read as {read}, and may be {other}"
            indices = [bisect_left(starts, mark.span.start) - 1]
            if following:
                indices.append(bisect_left(starts, following.span.start))
            for index in indices:
                if 0 <= index < len(starts):
                    self.findings.append(Finding("P115", message, mark.span, hint, index))

    def report_damaged(self, marks: tuple[Mark, ...]) -> None:
        """A finding for each label of the last block that was read in spite of a damaged letter."""
        for mark in marks:
            if mark.is_damaged:
                line = self.text[mark.span.start : mark.span.end].strip()
                what = mark.label.part.replace("_", " ")
                message = f"“{line[:60]}” was read as a label ({what})"
                index = len(self.blocks) - 1
                self.findings.append(Finding("T003", message, mark.span, "correct the line", index))

    def set_aside(self, span: Span, marks: tuple[Mark, ...], kind: Literal["preamble", "unknown"]) -> None:
        """Text outside the blocks, without the lines that are known to belong to the page."""
        start = span.start
        for mark in marks:
            if kind == "unknown" and mark.label.part in (_RULE, _FURNITURE):
                self.add(Span(start, mark.span.start), kind)
                self.add(mark.span, "page")
                start = mark.span.end
        self.add(Span(start, span.end), kind)

    def add(self, span: Span, kind: Literal["preamble", "page", "unknown"]) -> None:
        place = _trim(self.text, span)
        if place is None:
            return
        self.outside.append(Outside(place, kind))
        if kind == "unknown":
            excerpt = self.text[place.start : place.end].split("\n", 1)[0][:60]
            hint = "if it belongs to a question, a label before it was lost"
            where = "after the end of a question" if self.blocks else "before the first question"
            message = f"text {where}: “{excerpt}”"
            self.findings.append(Finding("P002", message, place, hint))


class _Roles(NamedTuple):
    """What the labels of one block are."""

    fill_in: Mark | None
    answers: tuple[Mark, ...]
    stray: tuple[Mark, ...]
    reasons: tuple[Mark, ...]
    inserts: tuple[Mark, ...]
    heading: Mark | None
    answer: Mark | None
    """The line that names the right options."""
    explained: Mark | None
    """The label of the overall explanation."""
    resources: Mark | None


class _Taker:
    """The text from one header to the next; blocks are taken from it one by one."""

    def __init__(self, text: str, end: int, marks: tuple[Mark, ...], *, own_reasons: bool) -> None:
        self.text = text
        self.own_reasons = own_reasons
        """Whether the page has explanations of single options."""
        self.end = end
        self.marks = marks
        self.next = 0
        """The first mark that no block has taken."""
        self.used: tuple[Mark, ...] = ()
        """The marks of the block taken last."""

    def has_question(self) -> bool:
        """Whether answer marks or an explanation follow."""
        return any(mark.label.part in _KEYS + _EXPLANATIONS for mark in self.rest())

    def rest(self) -> tuple[Mark, ...]:
        """The marks that no block has taken."""
        return self.marks[self.next :]

    def take(self, span: Span, header: Mark | None) -> Block:
        """The block that begins at the span's start."""
        begin = header.span.end if header else span.start
        labels = [header.span] if header else []
        status = self._take_status(begin, header)
        if status:
            begin = status.span.end
            labels.append(status.span)
        above = self._take_page_lines(begin)
        if above:
            labels += above
            begin = above[-1].end
        first = self.next
        topic_mark, topic, end = self._take_topic()
        taken = self.marks[first : self.next]
        stop = topic_mark.span.start if topic_mark else end
        inner = tuple([mark for mark in taken if mark.span.start < stop])
        roles = _assign(self.text, begin, stop, inner, own_reasons=self.own_reasons)
        furniture = self._take_page_lines(end)
        if furniture:
            end = furniture[-1].end
        last = self._end_of_text(inner, stop, roles)
        ends = _ends(self.text, begin, last, roles)
        furniture += tuple(
            [mark.span for mark in inner if mark.span.start >= last and mark is not roles.resources]
        )
        inserts = [mark for mark in roles.inserts if mark.span.start < last]
        own = (roles.fill_in, *roles.answers, *roles.reasons, *inserts, roles.answer, roles.explained)
        self.used = tuple([mark for mark in (*own, topic_mark) if mark])
        labels += [mark.span for mark in (*own, roles.resources, topic_mark) if mark]
        if topic_mark and topic:
            labels += [mark.span for mark in taken if topic_mark.span.end < mark.span.end <= topic.start]
        if ends.absorbs_label and roles.explained:
            labels.remove(roles.explained.span)
        decorated = (header, status, topic_mark, *roles.answers, roles.explained, roles.heading, roles.answer)
        return Block(
            span=Span(span.start, end),
            header=header,
            status=(header.status if header else None) or (status.status if status else None),
            body=Span(begin, ends.body),
            marks=roles.answers,
            stray_marks=roles.stray,
            labels=tuple(sorted(labels)),
            explanation=ends.explanation,
            topic=topic,
            reasons=roles.reasons,
            inserts=tuple(
                [mark.span for mark in (roles.fill_in, *inserts) if mark and mark.span.start < ends.body]
            ),
            options_heading=roles.heading.span if roles.heading else None,
            answer=roles.answer.letters if roles.answer else "",
            is_fill_in=roles.fill_in is not None,
            is_told_by_place=roles.explained is not None and roles.explained.label.part is _REASON,
            is_markdown=any(mark is not None and mark.is_decorated for mark in decorated),
            furniture=tuple(sorted(furniture)),
        )

    def _take_status(self, begin: int, header: Mark | None) -> Mark | None:
        """The status word under the header; a status word elsewhere is text."""
        first = self.marks[self.next] if self.next < len(self.marks) else None
        if first is None or first.status is None or header is None or header.status:
            return None
        if self.text[begin : first.span.start].strip():
            return None
        self.next += 1
        return first

    def _take_page_lines(self, end: int) -> tuple[Span, ...]:
        """Buttons, badges and rules directly below a place."""
        found = []
        while self.next < len(self.marks):
            mark = self.marks[self.next]
            is_page = mark.label.part in (_FURNITURE, _RULE)
            if not is_page or self.text[end : mark.span.start].strip():
                break
            found.append(mark.span)
            end = mark.span.end
            self.next += 1
        return tuple(found)

    def _end_of_text(self, marks: tuple[Mark, ...], stop: int, roles: _Roles) -> int:
        """Where the text of the question ends: before the rules and empty headings that stand last."""
        for mark in reversed(marks):
            is_last = mark.label.part in (_RULE, _FURNITURE) or mark is roles.resources
            if not is_last or self.text[mark.span.end : stop].strip():
                break
            stop = mark.span.start
        return stop

    def _take_topic(self) -> tuple[Mark | None, Span | None, int]:
        """The topic label that ends the question, the topic's line, and where the block ends; takes
        all marks up to there.

        Of several candidate labels the last one counts, unless answer marks follow an earlier one:
        then the earlier one ends this question, and the header of the next was lost.
        """
        index = self._find_topic(self.next)
        checked, is_explained = self.next, False
        while index is not None:
            mark = self.marks[index]
            before = self.marks[checked:index]
            is_explained = is_explained or any(each.label.part is _EXPLANATION for each in before)
            checked = index
            line = self._topic_line(index)
            end = line.end if line else mark.span.end
            # The topic's line may read like a label: here it is none.
            after = index + 1
            while after < len(self.marks) and self.marks[after].span.start <= end:
                after += 1
            later = self._find_topic(after)
            between = self.marks[after:later]
            is_option = not is_explained and self._is_option(index, between)
            has_key = any(each.label.part in _KEYS for each in between)
            if not is_option and (later is None or has_key):
                self.next = after
                return mark, _trim(self.text, line) if line else None, end
            index = later
        self.next = len(self.marks)
        return None, None, self.end

    def _topic_line(self, index: int) -> Span | None:
        """The line below a topic's label; what reads like the label in another language is the topic where
        nothing but a rule follows."""
        mark = self.marks[index]
        second = self._second_label(index)
        line = _LINE.search(self.text, second.span.end, self.end)
        rules = (each.span for each in self.marks[index + 1 : index + 3] if each.label.part is _RULE)
        if line and not any(span.start <= line.start() < span.end for span in rules):
            return Span(*line.span())
        return None if second is mark else second.span

    def _second_label(self, index: int) -> Mark:
        """The label again in another language directly below it, as translated pages have it."""
        mark, after = self.marks[index], self.marks[index + 1 : index + 2]
        for other in after:
            is_same = other.label.part is _TOPIC and other.label.locale != mark.label.locale
            if is_same and not self.text[mark.span.end : other.span.start].strip():
                return other
        return mark

    def _is_option(self, index: int, between: tuple[Mark, ...]) -> bool:
        """Whether a line that reads like the topic's label stands among the options, no explanation being
        before it: one comes after it, and it has an empty line after it, or no answer mark before the
        explanation."""
        parts = [each.label.part for each in between]
        explained = [place for place, part in enumerate(parts) if part in _EXPLANATIONS]
        if not explained:
            return False
        is_apart = self.text.startswith("\n\n", self.marks[index].span.end)
        return is_apart or not any(part in _KEYS for part in parts[: explained[0]])

    def _find_topic(self, start: int) -> int | None:
        for place in range(start, len(self.marks)):
            if self.marks[place].label.part is _TOPIC:
                return place
        return None


def _assign(text: str, begin: int, stop: int, marks: tuple[Mark, ...], *, own_reasons: bool) -> _Roles:
    """What each label between the header and the topic is; those left out are text."""
    of: dict[Part, list[Mark]] = {}
    for mark in marks:
        of.setdefault(mark.label.part, []).append(mark)
    nothing: list[Mark] = []
    keys = of.get(_MARK, nothing)
    fill_in = of.get(_FILL_IN, [None])[0]
    overall = of.get(_EXPLANATION, [None])[0]
    limit = overall.span.start if overall else stop
    reasons = [mark for mark in of.get(_REASON, nothing) if mark.span.start < limit]
    if reasons and not overall and not _speak_of_options(keys, reasons, fill_in, own_reasons=own_reasons):
        overall, reasons = reasons[0], []
        limit = overall.span.start
    answers = tuple([mark for mark in keys if mark.span.start < limit])
    answer = _answer_line(text, begin, stop, of.get(_ANSWER, nothing))
    if answer and answers and answers[0].span.start < answer.span.start:
        answer = None
    elif answer:
        answers = ()  # below the line that names the key, such words are headings of the explanation
    if answer and answer.span.end > limit and (not overall or text[answer.span.end : stop].strip()):
        answer = None  # only at the end of the explanation it stands for the key
    end = min(limit, answer.span.start if answer else stop)
    reasons = [mark for mark in reasons if mark.span.start < end]
    key = answers[0].span.start if answers else end
    headings = [mark for mark in of.get(_OPTIONS, nothing) if mark.span.start < key]
    heading = headings[-1] if headings and (answers or answer) else None
    # A rule below the explanation of an option is a line of it.
    above = min(end, reasons[0].span.start if reasons else end)
    rules = [mark for mark in of.get(_RULE, nothing) if mark.span.start < above]
    if answer and not (overall and answer.span.start > overall.span.start):
        rules += _rules_below(text, answer, marks)
    resources = of.get(_RESOURCES, [None])[-1]
    return _Roles(
        fill_in=fill_in if fill_in and fill_in.span.start < end else None,
        answers=answers,
        stray=tuple(
            [mark for mark in keys if mark.span.start >= min(limit, end)]
            + [mark for mark in of.get(_EXPLANATION, nothing) if mark is not overall]
            + _further_answers(of.get(_ANSWER, nothing), answer, answers, end)
        ),
        reasons=tuple(reasons),
        inserts=(*rules, heading) if heading else tuple(rules),
        heading=heading,
        answer=answer,
        explained=overall,
        resources=resources if resources and not text[resources.span.end : stop].strip() else None,
    )


def _speak_of_options(
    keys: Sequence[Mark], reasons: Sequence[Mark], fill_in: Mark | None, *, own_reasons: bool
) -> bool:
    """Whether labels that read ``Explanation`` stand below single options, and not over the overall
    explanation as on old pages: the page has such elsewhere, answer marks follow the first one, or there
    are several."""
    if fill_in or not keys or any(mark.label.follows for mark in keys):
        return False
    return own_reasons or keys[-1].span.start > reasons[0].span.start or len(reasons) > 1


def _has_own_reasons(text: str, marks: tuple[Mark, ...]) -> bool:
    """Whether labels that read ``Explanation`` belong to single options throughout the file: it also has
    labels of overall explanations, or they always stand directly below the right option."""
    parts = {mark.label.part for mark in marks}
    if _REASON not in parts:
        return False
    if _EXPLANATION in parts:
        return True
    below = 0
    for before, mark in itertools.pairwise(marks):
        if mark.label.part is _REASON:
            between = text[before.span.end : mark.span.start].strip()
            if before.label.part is not _MARK or not before.label.correct or "\n\n" in between:
                return False
            below += 1
    return below >= _LEAST_REASONS


def _answer_line(text: str, begin: int, stop: int, lines: Sequence[Mark]) -> Mark | None:
    """The first line that names right options, if the text before it has options with those letters, and
    the text below it does not go on with the next one."""
    if not lines:
        return None
    line = lines[0]
    found = [match[1].upper() for match in _LETTERED.finditer(text, begin, line.span.start)]
    below = _LINE.search(text, line.span.end, stop)
    following = LETTER.match(below[0]) if below else None
    if following and found and ord(following[1].upper()) == ord(found[-1]) + 1:
        return None
    return line if set(found).issuperset(line.letters) else None


def _further_answers(
    lines: Sequence[Mark], answer: Mark | None, answers: Sequence[Mark], end: int
) -> list[Mark]:
    """The lines that name other letters than the one that counts, or stand in the body, where marks count."""
    if answer:
        return [mark for mark in lines if set(mark.letters) != set(answer.letters)]
    return [mark for mark in lines if answers and mark.span.start < end]


class _Ends(NamedTuple):
    body: int
    explanation: Span | None
    absorbs_label: bool = False
    """Whether the label of the explanation is a line of it, since text stands before it."""


def _ends(text: str, begin: int, stop: int, roles: _Roles) -> _Ends:
    """Where the body ends, and the explanation. Behind an answer line, text without a label is an
    explanation as well."""
    explained, answer = roles.explained, roles.answer
    if answer is None or (explained and answer.span.start > explained.span.start):
        end = answer.span.start if answer else stop
        if explained is None:
            return _Ends(stop, None)
        return _Ends(explained.span.start, _trim(text, Span(explained.span.end, end)))
    below = [mark for mark in roles.inserts if mark.span.start > answer.span.start]
    start = (below or [answer])[-1].span.end
    if explained and not text[start : explained.span.start].strip():
        return _Ends(answer.span.start, _trim(text, Span(explained.span.end, stop)))
    return _Ends(answer.span.start, _trim(text, Span(start, stop)), absorbs_label=True)


def _rules_below(text: str, answer: Mark, marks: tuple[Mark, ...]) -> list[Mark]:
    """The rules directly below the answer line."""
    found: list[Mark] = []
    end = answer.span.end
    for mark in marks:
        if mark.span.start >= end and mark.label.part is _RULE and not text[end : mark.span.start].strip():
            found.append(mark)
            end = mark.span.end
    return found


def _trim(text: str, span: Span) -> Span | None:
    """The span without white space at its ends; null where nothing is left."""
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end) if end > start else None


def _first_line(text: str, span: Span) -> Span:
    line = _LINE.search(text, span.start, span.end)
    return Span(*line.span()) if line else span
