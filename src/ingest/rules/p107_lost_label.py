"""A label of the question seems to have been lost.

Looked at: a question without topic whose explanation ends in the topic of another question, or where
nine in ten of at least 5 others have a topic; a question without explanation
that has an explanation's heading among its paragraphs, or more options than any other question, where
nine in ten others have an explanation.

Why it matters: what stood under the label now counts as something else: a topic as the end of the
explanation, an explanation as options.
Example: `Temática` is missing, and the explanation ends in the line "Navigation"; or the copy ends
inside the last question.
How to mend it: put the label's line back.
"""

from collections.abc import Iterator, Sequence

from ingest.locales import CourseWords
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.restatements import has_heading
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_SHARE = 0.9
_LEAST_QUESTIONS = 5


def check(questions: QuestionSet) -> Iterator[Problem]:
    if not questions.readings:
        return
    all_questions = questions.questions
    topics = {question.topic for question in all_questions if question.topic}
    most_have_topic = _most([question.topic for question in all_questions])
    most_have_explanation = _most([question.explanation for question in all_questions])
    for index, question in enumerate(all_questions):
        if question.topic is None:
            tail = (question.explanation or question.stem).rsplit("\n", 1)[-1].strip()
            if tail in topics or most_have_topic:
                yield Problem(
                    index,
                    "no topic, where the other questions have one: its label may be lost",
                    "explanation",
                    "put the label of the topic back, or copy the question to its end",
                )
        if question.explanation is None and most_have_explanation:
            largest = max((len(each.options) for each in all_questions if each is not question), default=0)
            if len(question.options) > largest or _shows_explanation(question, questions.words):
                yield Problem(
                    index,
                    "an explanation seems to stand among the options: its label may be lost",
                    "options.0",
                    "put the label of the explanation back",
                )


def _most(values: Sequence[str | None]) -> bool:
    """Whether nearly all of the others have a value, seen from one that has none."""
    have = sum(value is not None for value in values)
    return have >= _LEAST_QUESTIONS and have >= _SHARE * (len(values) - 1)


def _shows_explanation(question: Question, words: CourseWords) -> bool:
    return any(has_heading(text, words) for text in (question.stem, *(o.text for o in question.options)))
