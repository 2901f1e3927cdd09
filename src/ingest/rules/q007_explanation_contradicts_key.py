"""The explanation calls an option right that is not in the key, or a right one wrong.

Looked at: options restated under headings such as "Correct option:" and "Incorrect options:", or
after words such as `INCORRECT:`. An option that stands under both is not reported, and neither are options
that all stand under one heading.

Why it matters: either the key or the explanation is wrong, and a learner is taught the wrong thing.
Example: option B is marked right, and the explanation lists it under "Incorrect options:".
How to mend it: find out which of the two is right, and correct the other.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.explanation import restated_headings
from ingest.parts.restatements import find_spots
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        if not question.explanation or not question.answer:
            continue
        if questions.readings:
            headings = questions.readings[index].parts.headings
        else:
            texts = [option.text for option in question.options]
            spots = find_spots(question.explanation, texts, questions.words)
            headings = restated_headings(spots, len(texts))
        if len(set(headings)) == 1 and len(headings) > 2:
            continue  # all options under one heading: the other heading is one that is not known
        for place, (option, under) in enumerate(zip(question.options, headings, strict=True)):
            if under == {"incorrect" if option.correct else "correct"}:
                said, marked = ("wrong", "right") if option.correct else ("right", "wrong")
                yield Problem(
                    index,
                    f"option {option.id} is {marked} by the key and {said} by the explanation",
                    f"options.{place}",
                    "correct the key or the explanation",
                )
