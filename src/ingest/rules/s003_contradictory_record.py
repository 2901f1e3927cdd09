"""The parts of one record contradict each other.

The key stands twice in a record, as the list `answer` and as `correct` of each option (in a table as letters
and as numbers), so that programs may use either; the type says how many options are right; two options or
numbered items may not have one id, nor two different questions; no key of an object stands twice; and finding
codes are those of known rules.

Why it matters: two programs that read the same file give different keys.
Found in converted files. Example: `answer` is B, and option C is marked correct.
How to mend it: compare the question with its source, and correct one of the two.
"""

from collections.abc import Iterator, Sequence

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.counted import counted
from ingest.parts.identity import is_same_text
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
_HINT = "compare it with the source, and correct one of the two"


def check(questions: QuestionSet) -> Iterator[Problem]:
    if questions.readings:
        return  # a dump gives no such records
    first: dict[str, Question] = {}
    for index, question in enumerate(questions.questions):
        for place in _repeated([option.id for option in question.options]):
            message = f"two options have the id {question.options[place].id}"
            yield Problem(index, message, f"ids.{place}", "give each option an id of its own")
        for place in _repeated([item.id for item in question.items]):
            message = f"two items have the id {question.items[place].id}"
            yield Problem(index, message, "items", "give each item an id of its own")
        if said := _contradiction(question):
            yield Problem(index, said, "type", _HINT)
        earlier = first.setdefault(question.id, question)
        if question.id and earlier is not question and not is_same_text(earlier, question):
            where = "an earlier question" if earlier.number is None else f"question {earlier.number}"
            message = f"the id {question.id} is that of {where}, which is another one"
            yield Problem(index, message, "id", "give each question an id of its own")


def _repeated(ids: Sequence[str]) -> list[int]:
    if len(set(ids)) == len(ids):
        return []
    return [place for place, each in enumerate(ids) if each in ids[:place]]


def _contradiction(question: Question) -> str | None:
    """How the type and the rest of a question do not agree."""
    right = len(question.answer)
    if question.type == "fill_in":
        there = f"{'is' if len(question.options) == 1 else 'are'} {counted(len(question.options), 'option')}"
        return f"type is fill_in, and there {there}" if question.options else None
    if question.accepted:
        return f"type is {question.type}, and there are accepted answers"
    if question.type == "single_select" and right > 1:
        return f"type is single_select, and {right} options are right"
    if question.type == "multi_select" and right == 1:
        return "type is multi_select, and one option is right"
    return None
