"""The explanation explains an option that the question does not have.

Looked at: lines that begin with a letter beyond the last option's ("Option E: …" where there are four; "E) …"
where the explanation has "A) …" and "B) …" as well); and text in quotes after a word such as `INCORRECT:`
that is no option. One that differs from an option in a few words is not reported.

Why it matters: an option was lost, or the explanation belongs to another question.
Example: the question has the options A to D, and its explanation says "Option E: too far from the Sun".
How to mend it: compare with the page; add the option, or take its explanation out.
"""

import re
from collections.abc import Iterator
from difflib import SequenceMatcher
from itertools import islice

from ingest.model.diagnostic import Severity
from ingest.model.question import Question, option_id
from ingest.parts.fields import shorten
from ingest.parts.folding import fold
from ingest.parts.letters import NOUNS
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_OPENING = r"^[ \t]*(?:[-•*–▪◦·‣][ \t]+)?[*_]{0,3}"
_NAMED = re.compile(
    rf"{_OPENING}(?i:{NOUNS})[ \t]+\(?([A-Z])(?=[).:*_]|[ \t]+[-–—:(\w]|[–—]|$)", re.MULTILINE
)
_LETTERED = re.compile(rf"{_OPENING}\(?([A-Z])(?:\)|[.:](?=[*_ \t]))", re.MULTILINE)
_QUOTES = {'"': '"', "“": "”", "«": "»"}
_LEAST_OPTIONS = 3
_HINT = "compare with the page: an option was lost, or this belongs to another question"
# Below this, by difflib's measure, two texts are no two copies of one.
_ALIKE = 0.75
_LONGEST_COMPARED = 400
_MOST_LOST = 3
# More than any question has; a hostile one has thousands.
_MOST_QUOTED = 26


def check(questions: QuestionSet) -> Iterator[Problem]:
    leads = frozenset((*questions.words.correct_lead, *questions.words.incorrect_lead))
    for index, question in enumerate(questions.questions):
        text = question.explanation
        if not text or not question.options:
            continue
        may_go_beyond = index in questions.lettered and _may_go_beyond(text, len(question.options))
        if may_go_beyond and (found := _beyond(text, question)):
            line, letter = found
            last = question.options[-1].id
            message = f"explains option {letter}, and {last} is the last one: “{shorten(line)}”"
            yield Problem(index, message, "explanation", _HINT, line)
        if any(f": {quote}" in text for quote in _QUOTES):
            for quoted in islice(_quoted(text, leads), _MOST_QUOTED):
                if not _is_option(quoted, question):
                    message = f"explains “{shorten(quoted)}”, which is no option"
                    yield Problem(index, message, "explanation", _HINT, quoted)


def _may_go_beyond(text: str, count: int) -> bool:
    """Whether the letter that would follow the last option's stands where letters of options stand."""
    # The letter first, since looking for it is quick.
    alone = (re.search(rf"{letter}(?<!\w.)(?!\w)", text) for letter in _letters_beyond(count))
    return any(alone)


def _letters_beyond(count: int) -> list[str]:
    """The letters that may be those of lost options: not any, since "Option X" is none of a list."""
    return [option_id(place) for place in range(count, count + _MOST_LOST)]


def _beyond(text: str, question: Question) -> tuple[str, str] | None:
    """The first line that begins with a letter beyond the last option's, and the letter."""
    count = len(question.options)
    known = {option_id(place) for place in range(count)}
    beyond = _letters_beyond(count)
    named = [match for match in _NAMED.finditer(text) if match[1] in beyond]
    if not named and count >= _LEAST_OPTIONS:
        lettered = list(_LETTERED.finditer(text))
        letters = [match[1] for match in lettered]
        if beyond[0] in letters and known <= set(letters) and len(letters) == len(set(letters)):
            named = [match for match in lettered if match[1] in beyond]
    if not named:
        return None
    return text[named[0].start() :].lstrip().split("\n", 1)[0], named[0][1]


def _quoted(text: str, leads: frozenset[str]) -> Iterator[str]:
    """What stands in quotes after a lead word at the start of a line."""
    for line in text.split("\n"):
        lead, _, rest = line.partition(": ")
        closing = _QUOTES.get(rest[:1])
        if closing and lead.strip(" \t*_#") in leads and (end := rest.find(closing, 1)) > 0:
            yield rest[1:end]


def _is_option(quoted: str, question: Question) -> bool:
    """Whether an option reads so, but for a few words; options may hold quotes, and be cut."""
    if any(option.text.startswith(quoted) for option in question.options):
        return True
    text = fold(quoted).strip(" .*_")
    options = [fold(option.text).strip(" .*_") for option in question.options]
    if not text or any(text in option or (option and option in text) for option in options):
        return True
    return any(_are_alike(text, option) for option in options[:_MOST_QUOTED])


def _are_alike(text: str, option: str) -> bool:
    matcher = SequenceMatcher(None, text[:_LONGEST_COMPARED], option[:_LONGEST_COMPARED], autojunk=False)
    return matcher.quick_ratio() >= _ALIKE and matcher.ratio() >= _ALIKE
