"""A question stands in an earlier file of the run as well.

Two questions are the same when their ids are: stems and options are equal, but for capitals, spaces, quotes
and the order of the options. Repeats within one file are Q008; a dump and the files that were converted from
it are one.

Why it matters: who sits both exams knows the answer from the first one, and the copies may have contrary
keys.
Example: question 12 of `second.txt` is question 40 of `first.txt`.
How to mend it: take it out of one of the files, after comparing their keys.
"""

from collections.abc import Iterator, Sequence

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.folding import fold
from ingest.parts.identity import is_same_text
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check_sets(sets: Sequence[QuestionSet]) -> Iterator[tuple[int, Problem]]:
    if len(sets) < 2:
        return
    known: dict[str, tuple[QuestionSet, Question]] = {}
    for place, questions in enumerate(sets):
        fresh: dict[str, tuple[QuestionSet, Question]] = {}
        for index, question in enumerate(questions.questions):
            if not question.id or question.id in fresh or not (question.answer or question.accepted):
                continue
            fresh[question.id] = (questions, question)
            if question.id in known and _is_repeat(known[question.id][1], question):
                yield place, _problem(index, question, *known[question.id])
        for each, entry in fresh.items():
            known.setdefault(each, entry)


def _is_repeat(earlier: Question, question: Question) -> bool:
    """Whether the texts are the same too, and the two are not one: a dump beside the files that were
    converted from it, or these beside each other."""
    is_one = (
        bool(question.source.file)
        and earlier.source.lines == question.source.lines
        and _file_name(earlier) == _file_name(question)
        and earlier.number == question.number
    )
    return not is_one and is_same_text(earlier, question)


def _file_name(question: Question) -> str:
    return question.source.file.rpartition("/")[2]


def _problem(index: int, question: Question, questions: QuestionSet, earlier: Question) -> Problem:
    where = f"question {earlier.number}" if earlier.number is not None else "a question"
    same_key = _key(earlier) == _key(question)
    return Problem(
        index,
        f"repeats {where} of {questions.file}" + ("" if same_key else ", with another key"),
        "stem",
        "take it out of one of the files" if same_key else "find out which key is right",
    )


def _key(question: Question) -> set[str]:
    right = {fold(option.text) for option in question.options if option.correct}
    return right or set(map(fold, question.accepted))
