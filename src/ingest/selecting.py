"""Some questions of a set, and their options in another order.

A choice depends on nothing but the questions and the seed, so that the same set gives the same one again. It
goes by each question's id: a larger sample has the questions of the smaller one with the same seed, and a
question is shuffled alike in every set and sample.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.errors import IngestError
from ingest.model.diagnostic import Severity
from ingest.model.document import Document
from ingest.model.question import Question, QuestionType, option_id
from ingest.model.result import Result
from ingest.parts.folding import fold
from ingest.parts.identity import fingerprint
from ingest.parts.option_order import ordered_words
from ingest.rules import catalogue, rule

_RANGE = re.compile(r"(?P<first>\d{1,9})?(?P<dash>\s*[-–]\s*(?P<last>\d{1,9})?)?")

NumberRange = tuple[int, int | None]
"""First and last number; null where the range has no end."""


@dataclass(frozen=True, slots=True)
class Selection:
    """Which questions are chosen: those for which all of this holds."""

    topics: tuple[str, ...] = ()
    """Any of these topics, without regard to capitals and white space; an empty one stands for none."""
    numbers: tuple[NumberRange, ...] = ()
    """In any of these ranges of printed numbers."""
    types: tuple[QuestionType, ...] = ()
    sure: bool = False
    """Without a finding of severity warning or error."""
    sample: int | None = None
    """So many of those, chosen by ``seed``; all where there are no more."""
    shuffle_options: bool = False
    """Bring the options of each question into another order, chosen by ``seed``."""
    seed: int = 0

    @property
    def is_everything(self) -> bool:
        """Whether nothing is left out or changed."""
        return self == Selection(seed=self.seed)


@dataclass(frozen=True, slots=True)
class Selected:
    """What was chosen."""

    document: Document
    """The questions chosen, in their order, and the findings about them and about the file. Rejected blocks
    and furniture are left out."""
    kept_order: tuple[tuple[Question, str], ...] = ()
    """Questions whose options were not shuffled, each with the words that name options by their place, or the
    codes of its doubts."""
    unknown_topics: tuple[str, ...] = ()
    """Topics asked for that no question has."""


def select(source: Result | Document, selection: Selection) -> Selected:
    r"""The chosen questions of a document. Ids, occurrences and numbers stay.

    Where options are shuffled, their ids are given anew in the new order, and the key, what is said of each
    and the attempt go with them. A question whose texts name options by letter or place ("All of the above",
    "Option B is wrong") keeps its order, and so does a doubtful one, which may have a wrong option.

    >>> import ingest
    >>> text = "Pregunta 1\n\nWhich is red?\n\nGrass\n\nRespuesta correcta\nRust\n\nTemática\nColours"
    >>> result = ingest.read_text(text)
    >>> chosen = select(result, Selection(topics=("colours",), shuffle_options=True, seed=2))
    >>> [[option.text for option in each.options] for each in chosen.document.questions]
    [['Rust', 'Grass']]
    >>> [each.answer for each in chosen.document.questions]
    [('A',)]
    """
    document = source.document if isinstance(source, Result) else source
    if selection.is_everything:
        return Selected(document)
    questions = [each for each in document.questions if _is_meant(each, selection)]
    if selection.sample is not None:
        questions = _sample(questions, selection.sample, selection.seed)
    kept_order: list[tuple[Question, str]] = []
    if selection.shuffle_options:
        questions = [_shuffled(each, selection.seed, kept_order) for each in questions]
    chosen_ids = {(each.id, each.number) for each in questions}
    chosen = replace(
        document,
        questions=tuple(questions),
        rejected=(),
        furniture=(),
        diagnostics=tuple(
            each
            for each in document.diagnostics
            if (each.id, each.number) in chosen_ids
            or (each.id is None and each.number is None and not _rejects(each.code))
        ),
    )
    return Selected(chosen, tuple(kept_order), _unknown(document, selection))


def number_ranges(text: str) -> tuple[NumberRange, ...]:
    """Numbers and ranges as people write them. Raises ``IngestError``.

    >>> number_ranges("3, 5-9, 60-")
    ((3, 3), (5, 9), (60, None))
    """
    return tuple(_range(part.strip()) for part in text.split(","))


def _range(part: str) -> NumberRange:
    match = _RANGE.fullmatch(part)
    if match and (match["first"] or match["last"]):
        first = int(match["first"] or 0)
        last = int(match["last"]) if match["last"] else None if match["dash"] else first
        if last is None or first <= last:
            return first, last
    raise IngestError(f"no numbers of questions: {part!r}; write them as 3, 5-9 or 60-")


def _is_meant(question: Question, selection: Selection) -> bool:
    return (
        (not selection.topics or fold(question.topic or "") in map(fold, selection.topics))
        and (not selection.numbers or _is_within(question.number, selection.numbers))
        and (not selection.types or question.type in selection.types)
        and not (selection.sure and _doubts(question))
    )


def _unknown(document: Document, selection: Selection) -> tuple[str, ...]:
    known = {fold(each.topic or "") for each in document.questions} if selection.topics else set()
    return tuple(each for each in selection.topics if fold(each) not in known)


def _is_within(number: int | None, ranges: Sequence[NumberRange]) -> bool:
    return number is not None and any(
        first <= number and (last is None or number <= last) for first, last in ranges
    )


def _doubts(question: Question) -> list[str]:
    """The codes of its findings that are more than notes."""
    known = catalogue()
    return [
        code for code in question.findings if code not in known or rule(code).severity is not Severity.INFO
    ]


def _rejects(code: str) -> bool:
    return code in catalogue() and rule(code).rejects


def _sample(questions: Sequence[Question], count: int, seed: int) -> list[Question]:
    """So many questions, in their order."""

    def draw(place: int) -> bytes:
        return hashlib.sha256(_name(questions[place], seed).encode()).digest()

    return [questions[place] for place in sorted(sorted(range(len(questions)), key=draw)[:count])]


def _name(question: Question, seed: int) -> str:
    """What chance goes by."""
    return f"{seed} {question.id} {question.occurrence}"


def _shuffled(question: Question, seed: int, kept_order: list[tuple[Question, str]]) -> Question:
    if len(question.options) < 2:
        return question
    if words := " ".join(_doubts(question)) or ordered_words(question):
        kept_order.append((question, words))
        return question
    from random import Random  # takes time to load

    order = list(range(len(question.options)))
    Random(_name(question, seed)).shuffle(order)  # noqa: S311 - no secret
    options = tuple(replace(question.options[old], id=option_id(new)) for new, old in enumerate(order))
    letters = {question.options[old].id: option_id(new) for new, old in enumerate(order)}
    if attempt := question.attempt:
        selected = (letters.get(each, each) for each in attempt.selected)
        attempt = replace(attempt, selected=tuple(sorted(selected, key=lambda each: (len(each), each))))
    answer = tuple(option.id for option in options if option.correct)
    shuffled = replace(question, options=options, answer=answer, attempt=attempt)
    return replace(shuffled, fingerprint=fingerprint(shuffled))
