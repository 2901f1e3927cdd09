"""The question has another number of options than the file's other questions of its kind.

Counted for each number of right answers; reported where one count holds for at least 90 % of at
least 5 other questions. "True" and "False", "Yes" and "No" are complete as two; and where the copy has an
explanation below each option, that shows how many there are.

Why it matters: an option may have been split in two, two may have been glued together, or the first
one may have been glued to the stem.
Example: 56 questions with four options and one with five.
How to mend it: compare the options with the page.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.pairs import is_pair
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_LEAST_QUESTIONS = 5
_SHARE = 0.9


def check(questions: QuestionSet) -> Iterator[Problem]:
    if not questions.readings:
        return
    seen: defaultdict[int, Counter[int]] = defaultdict(Counter)
    unlike_pairs = [
        (index, question)
        for index, question in enumerate(questions.questions)
        if not is_pair([each.text for each in question.options], questions.words)
    ]
    for _, question in unlike_pairs:
        seen[len(question.answer)][len(question.options)] += 1
    commonest = {right: (*counts.most_common(1)[0], counts.total() - 1) for right, counts in seen.items()}
    for index, question in unlike_pairs:
        usual, number, others = commonest[len(question.answer)]
        if not question.answer or len(question.options) == usual:
            continue
        is_rule = others >= _LEAST_QUESTIONS and number >= _SHARE * others
        if is_rule and not all(each.reason for each in questions.readings[index].options):
            yield Problem(
                index,
                f"{len(question.options)} options, where {number} of {others} other such questions"
                f" have {usual}",
                "options.0",
                "look for an option that was split, or two that were glued",
            )
