"""The text names an option by its letter.

Looked at in stem and explanations: "option B", "la respuesta C", "A and C are correct", where the question
has such an option. Not reported where the stem or the options have things with such names: "plan B",
"vitamin C", "Option A: rent a boat".

Why it matters: when the options are shuffled, the letter points to another one.
Example: "Option B is right, since Mercury is nearest to the Sun".
How to mend it: name the option by its text.
"""

import re
from collections.abc import Iterator, Sequence

from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.fields import fields, own_reasons, shorten
from ingest.parts.letters import NOUNS, has_lone_letter
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO
_OPEN = r"[*_(\[\"“'‘]{0,3}"
_BE = r"(?:is|are|was|were|es|son|est|sont|é|são|está|están|estão|ist|sind|è|sono)"
_ADJECTIVE = r"(?:correct[aeo]?s?|corret[ao]s?|exactes?|right)"
_AND = r"(?:,? (?:and|or|y|o|e|et|ou|und|oder)|,|/| &)"
_MORE = rf"(?:{_AND} ?[A-Z]\b)*"
# Behind a colon or a verb, "A" may well be the article of what follows.
_END = rf"(?=[*_\"”’')\]]{{0,3}}[ \t]*(?:\Z|[.,;:)\]/–—-]|{_AND} [A-Z]\b))"
_NAMED = re.compile(
    rf"\b(?i:{NOUNS})(?:(?: {_ADJECTIVE})?(?: ?:| {_BE}(?: the| la| a)?:?) ?{_OPEN}(?P<listed>[A-Z]){_END}"
    rf"| {_OPEN}(?P<letter>[A-Z])\b(?![-+#&'’][\w+#]|[.]\w| records?\b| [A-ZÀ-Þ]\w)){_MORE}(?:[)\]](?= |\Z))?"
)
_JUDGED = (
    r"(?i:correct|right|wrong|incorrect|true|false|(?:in)?valid|bonne|mauvaise|fausse|errad|falsa|verdadera"
    r"|corret|incorret|respuesta correcta)"
)
_SAID = re.compile(
    rf"(?:\A|[.!?;:(] ?|\b(?i:both|because|since|so|that|only|que|porque|ambas) ){_OPEN}"
    rf"(?P<letter>[A-Z]){_MORE}[*_)\"”]{{0,3}} {_BE} (?:the |both |also |la |las |a |as |une |)?{_JUDGED}"
)
_LETTER = re.compile(r"[B-HJ-Z](?<![\w.'’].)(?![\w+#'’-]|\.\w)")
# A letter that may be an option's: A not where it begins a sentence. The letter comes first, since looking
# for it is quick.
_LONE = re.compile(r"[A-HJ-Z](?<![\w.'’/-].)(?<!\AA)(?<![.!?] A)(?![\w+#'’])")
_HINT = "name the option by its text, since options may be shuffled"


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        text = "\n".join([question.stem, *own_reasons(question), question.explanation or ""])
        if has_lone_letter(text):
            yield from _problems(index, question)


def _problems(index: int, question: Question) -> Iterator[Problem]:
    """One problem for each field, with its first words of that kind."""
    lettered = [option.text for option in question.options if _LONE.search(option.text)]
    if _has_names(question.stem) or any(map(_NAMED.search, lettered)):
        return
    letters = {option.id for option in question.options}
    patterns = (_NAMED,) if lettered else (_NAMED, _SAID)
    seen: set[str] = set()
    for field, text in fields(question):
        if field == "topic":
            continue
        found = [words for line in text.split("\n") for words in _named(line, patterns, letters)]
        if found and found[0] not in seen:
            seen.add(found[0])
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            yield Problem(
                index, f"names options by letter: “{shorten(found[0])}”{more}", field, _HINT, found[0]
            )


def _named(line: str, patterns: Sequence[re.Pattern[str]], letters: set[str]) -> Iterator[str]:
    """The words of a line that name one of the letters."""
    if not _LONE.search(line):
        return
    for pattern in patterns:
        for match in pattern.finditer(line):
            if (match.groupdict().get("listed") or match["letter"]) in letters:
                yield match[0].lstrip(".!?;:( ").rstrip()


def _has_names(stem: str) -> bool:
    """Whether the stem has things with such names itself: "option A: …", "plan B"."""
    if not _LONE.search(stem):
        return False
    named = list(_NAMED.finditer(stem))
    if any(stem[: match.end() + 1].endswith((":", ")", ") ")) for match in named):
        return True
    spans = [match.span() for match in named]
    return any(
        not any(start <= letter.start() < end for start, end in spans) for letter in _LETTER.finditer(stem)
    )
