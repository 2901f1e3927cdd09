"""The explanation names another option as right than the key does.

Looked at: sentences such as "The correct answer is C", in English, Spanish, French and Portuguese, where the
question has an option of that letter. Headings and restated options are looked at by Q007.

Why it matters: either the key or the explanation is wrong; or the options were shuffled, and the letters were
not.
Example: option B is marked right, and the explanation says that the correct answer is C.
How to mend it: correct the key or the explanation; options are better named by their text (Q020).
"""

import re
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
# The letter after words that name the key: "The correct answer is C", "Respuestas correctas: B y D".
_NAMED = re.compile(
    r"\b(?:(?:correct|right) (?:answers?|options?|choices?)|(?:respuestas?|opci[oó]n(?:es)?) correctas?"
    r"|(?:bonnes? )?réponses? correctes?|bonnes? réponses?|(?:respostas?|opções|opção) corretas?)"
    r"(?: (?:is|are|es|son|est|sont|é|são))?:? (?:(?:option|opci[oó]n|opção) )?"
    r"([A-H](?:(?:, ?| and | y | et | e )[A-H])*)(?![\w'’-]|\. ?[A-Z]\w*[:-])",
)

_WORD_AFTER = re.compile(r" \w")


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        text = question.explanation or ""
        if not question.answer or index not in questions.lettered:
            continue
        ids = {option.id for option in question.options}
        for match in _NAMED.finditer(text):
            if match[1] == "A" and _WORD_AFTER.match(text, match.end()):
                continue  # an article
            letters = set(re.findall(r"\b[A-H]\b", match[1]))
            if letters <= ids and not letters <= set(question.answer):
                said = " and ".join(sorted(letters))
                key = " ".join(question.answer)
                message = f"the explanation says that {said} is right, and the key is {key}"
                yield Problem(index, message, "explanation", "correct the key or the explanation", match[0])
                break
