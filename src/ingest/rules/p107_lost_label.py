"""A label of the question seems to have been lost.

Looked at: a question without topic whose explanation ends in the topic of another question, or where
nine in ten of at least 5 others have a topic; a question without explanation
that has an explanation's heading among its paragraphs, more options than any other question, or several
paragraphs below its last option, where nine in ten others have an explanation; a question without status that
begins with the word of one, where at least 5 and half of all have a status. Also at least three questions
without status of which nine in ten begin with a line that others begin with too; and without topic, of which
nine in ten have the same line above the last one of their explanation.

Why it matters: what stood under the label now counts as something else: a topic as the end of the
explanation, an explanation as options.
Example: `Temática` is missing, and the explanation ends in the line "Navigation"; the copy ends
inside the last question; all stems begin with the line "Nicht Beantwortet", or all explanations end in the
lines "Fachgebiet" and "Navigation", since a translated page has labels that are not known.
How to mend it: put the label's line back; name other labels with `--labels`.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import cache

from ingest.locales import CourseWords, load_all
from ingest.model.block import Part
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.restatements import has_heading
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_SHARE = 0.9
_LEAST_QUESTIONS = 5
_LEAST_ALIKE = 3
_LONGEST_LABEL = 40
_LONGEST_TOPIC = 100
_FINAL = tuple(".?!;,…。？！")


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
            is_below = bool(questions.readings[index].block.reasons) and _has_paragraphs(question)
            if len(question.options) > largest or is_below or _shows_explanation(question, questions.words):
                yield Problem(
                    index,
                    "an explanation seems to stand among the options: its label may be lost",
                    "options.0",
                    "put the label of the explanation back",
                )
    for index in _with_status_word(questions):
        yield Problem(
            index,
            "the question begins with the word of a status, which the other questions have above it",
            "stem",
            "write the word on a line of its own, as the page does",
        )
    for field, lines in (("stem", _first_lines(questions)), ("explanation", _lines_above_last(questions))):
        for index in lines:
            yield Problem(
                index,
                f"“{lines[index]}” stands in the same place of other questions: it may be a label",
                field,
                "if it is a label of the page, name it: --labels",
                text=lines[index],
            )


def _with_status_word(questions: QuestionSet) -> Iterator[int]:
    """The questions without status that begin with the word of one, in whatever case where it is a line."""
    stated = [reading.block.status for reading in questions.readings]
    have = sum(status is not None for status in stated)
    if have == len(stated) or have < max(_LEAST_QUESTIONS, len(stated) / 2):
        return
    words = _status_words()
    folded = {word.casefold() for word in words}
    openings = tuple(f"{word} " for word in words)
    for index, question in enumerate(questions.questions):
        is_given = questions.readings[index].block.given
        line = question.stem.partition("\n")[0]
        if (
            stated[index] is None
            and not is_given
            and (line.casefold() in folded or line.startswith(openings))
        ):
            yield index


@cache
def _status_words() -> tuple[str, ...]:
    labels = (entry for locale in load_all() for entry in locale.labels)
    return tuple({word for word, label in labels if label.part is Part.STATUS})


def _first_lines(questions: QuestionSet) -> dict[int, str]:
    """The lines with which stems begin that may be the status."""
    found: dict[int, str] = {}
    without = 0
    for index, reading in enumerate(questions.readings):
        block = reading.block
        if block.header and block.status is None and not block.given:
            without += 1
            line, _, rest = questions.questions[index].stem.partition("\n")
            if rest and _may_be_label(line):
                found[index] = line
    return _alike(found, without)


def _lines_above_last(questions: QuestionSet) -> dict[int, str]:
    """The lines above the last one of explanations that may be the topic's label, and that one the topic: few
    topics are of one question."""
    found: dict[int, str] = {}
    without = 0
    topics: dict[int, str] = {}
    for index, question in enumerate(questions.questions):
        if question.topic is None and question.explanation and not questions.readings[index].block.given:
            without += 1
            above, _, topic = question.explanation.rpartition("\n")
            line = above.rstrip().rpartition("\n")[2]
            if len(topic) <= _LONGEST_TOPIC and "://" not in topic and _may_be_label(line):
                found[index], topics[index] = line, topic
    headings = {word.casefold() for word in questions.words.references_heading}
    found = {index: line for index, line in found.items() if line.strip(" :：").casefold() not in headings}
    alike = _alike(found, without)
    return alike if 2 * len({topics[index] for index in alike}) <= len(alike) else {}


def _may_be_label(line: str) -> bool:
    return 0 < len(line) <= _LONGEST_LABEL and not line.endswith(_FINAL) and "://" not in line


def _alike(lines: Mapping[int, str], number: int) -> dict[int, str]:
    """Those of the lines that occur again; none where they are not nearly all of a number."""
    times = Counter(lines.values())
    alike = {index: line for index, line in lines.items() if times[line] > 1}
    return alike if len(alike) >= max(_LEAST_ALIKE, _SHARE * number) else {}


def _has_paragraphs(question: Question) -> bool:
    return "\n" in (question.options[-1].explanation or "")


def _most(values: Sequence[str | None]) -> bool:
    """Whether nearly all of the others have a value, seen from one that has none."""
    have = sum(value is not None for value in values)
    return have >= _LEAST_QUESTIONS and have >= _SHARE * (len(values) - 1)


def _shows_explanation(question: Question, words: CourseWords) -> bool:
    return any(has_heading(text, words) for text in (question.stem, *(o.text for o in question.options)))
