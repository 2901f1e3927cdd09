"""The parts of one record contradict each other.

The key stands twice in a record, as the list `answer` and as `correct` of each option (in a table as letters
and as numbers), so that programs may use either; two options may not have one id, and finding codes are those
of known rules.

Why it matters: two programs that read the same file give different keys.
Found by reading converted files. Example: `answer` is B, and option C is marked correct.
How to mend it: compare the question with its source, and correct one of the two.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(() if questions.readings else questions.questions):
        ids = [option.id for option in question.options]
        if len(set(ids)) == len(ids):
            continue
        for place, each in enumerate(ids):
            if each in ids[:place]:
                message = f"two options have the id {each}"
                yield Problem(index, message, f"options.{place}", "give each option an id of its own")
