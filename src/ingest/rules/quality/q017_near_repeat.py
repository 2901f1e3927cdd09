"""Two questions are nearly the same: one is the other with a few words changed.

Looked at within a file and across the files of a run; each question is told once for each. Reported are

- slips, whatever the keys: a letter more, less, exchanged or in another place, punctuation and spaces; not
  the first letter of a word ("typical", "atypical"), nor a word under 4 letters or with other signs;
- with the same key: stems with at least 85 % of their words in common and the same numbers (one word of seven
  may differ), or of which one is the other with words added (66 % in common); and options of which at most
  one differs in more than slips. The options in common must then have 60 letters, or the stem 25 words, and
  there must be three options: among short questions about the planets, or with "True" and "False", one word
  makes another question.

Not reported: one scenario with other options or other numbers; one stem with other options; "is" and
"is not", which have other keys. Wholly equal questions are Q008 and Q016.

Measured on six dumps with 295 questions, changed by a program: with a typo in the stem or an option at least
99 % are found, with a word replaced 95 %, with a sentence added 96 %, with an option reworded 94 %; those
missed are short. In the dumps themselves it reports two pairs, which are repeats to a person's eye. A
question is compared with two others, those that share most sentences and options with it.

Why it matters: it counts double in a practice exam; and where the keys differ, one of them is wrong.
Example: question 30 is question 4 with a typo mended, and with another key.
How to mend it: delete one of the two, or make clear what each asks for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.fields import shorten
from ingest.parts.near_repeats import near_repeats
from ingest.rules import Problem, QuestionSet

if TYPE_CHECKING:
    from ingest.parts.likeness import Difference

SEVERITY = Severity.WARNING


def check(questions: QuestionSet) -> Iterator[Problem]:
    listed = questions.questions
    for each in near_repeats([(question,) for question in listed]):
        index, earlier = each.place[0], each.earlier[0]
        yield _problem(index, listed[index], listed[earlier], "", each.difference)


def check_sets(sets: Sequence[QuestionSet]) -> Iterator[tuple[int, Problem]]:
    if len(sets) < 2:
        return
    for each in near_repeats([questions.questions for questions in sets]):
        place, index = each.place
        earlier_place, earlier_index = each.earlier
        question, earlier = sets[place].questions[index], sets[earlier_place].questions[earlier_index]
        of_file = f" of {sets[earlier_place].file}"
        yield place, _problem(index, question, earlier, of_file, each.difference)


def _problem(
    index: int, question: Question, earlier: Question, of_file: str, difference: Difference
) -> Problem:
    where = f"question {earlier.number}" if earlier.number is not None else "an earlier question"
    how = _how(difference) + ("" if difference.same_key else ", with another key")
    stands_once = difference.field == "stem" and question.stem.count(difference.text) == 1
    return Problem(
        index,
        f"nearly repeats {where}{of_file}{how}",
        difference.field,
        "delete one of the two" if difference.same_key else "find out which key is right",
        difference.text if stands_once else None,
    )


def _how(difference: Difference) -> str:
    text, earlier = shorten(difference.text), shorten(difference.earlier_text)
    if text and earlier:
        return f": “{text}” for “{earlier}”"
    if text:
        return f": “{text}” is added"
    return f": “{earlier}” is missing" if earlier else ""
