"""A page's label, or markup of the page or of an editor, was left in the text.

Looked at in stem, options and explanations: tags that editors write (`<br>`, `</p>`, `<span style="…">`),
entities (`&nbsp;`), Markdown (`**bold**`, `[text](https://…)`), and lines that are a label of the page, such
as "Overall explanation". Not reported: code, text between backticks, and questions that speak of HTML, XML,
Markdown or escaping.

Why it matters: learners see the marks instead of what they stand for.
Example: an option reads `<p>Venus</p>`; a stem ends with the line "Correct answer".
How to mend it: take the mark or the line out, or write what it stands for.
"""

import re
from collections.abc import Iterator
from functools import cache
from itertools import islice

from ingest.locales import load_all
from ingest.model.block import Part
from ingest.model.diagnostic import Severity
from ingest.model.question import Question
from ingest.parts.code import is_code, is_code_line
from ingest.parts.fields import fields, own_reasons, shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_NAME = r"(?:p|strong|em|b|i|u|span|div|li|ul|ol|h[1-6]|font|a|sub|sup|code|pre|blockquote)"
# What closes, stands alone or has attributes; `<p>` alone may be a placeholder.
_TAG = re.compile(
    rf"<(?:/{_NAME}>|br ?/?>|img [^<>\n]{{0,500}}>"
    rf"|{_NAME} (?:style|class|href|dir|align|color|id|lang|face|size)=[^<>\n]{{0,500}}>)",
    re.IGNORECASE,
)
# Tags that an editor writes around prose, which must not make it look like code.
_AROUND_PROSE = re.compile(rf"</?{_NAME}(?: [^<>\n]{{0,500}})?>|<br ?/?>", re.IGNORECASE)
_ENTITY = re.compile(
    r"&(?:nbsp|amp|lt|gt|quot|apos|[lr][sd]quo|hellip|[mn]dash|bull|middot|deg|times|euro|copy|iquest|iexcl"
    r"|ccedil|szlig|[a-z](?:acute|grave|circ|uml|tilde)|#[0-9]{2,5}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)
# The signs first, what must not stand before them behind: so the search is one for the signs.
_STRONG = re.compile(r"\*\*(?<![\w*/\\]\*\*)(?=[^\s*/.])[^*\n]{0,300}[^\s*/,]\*\*(?![\w*/])")
_LINK = re.compile(r"\[[^\[\]\n]{0,300}\]\(https?://[^()\s]{1,1000}\)")
# Words of questions about markup, and tags that no editor leaves: there, tags are what is spoken of.
_ABOUT_TAGS = re.compile(
    r"\b(?:X?HTML5?|XML|XSLT?|XSS|DOM|JSX|CSS|SVG|SSML|markup|escap\w*|sanitiz\w*|encod\w*|entit(?:y|ies)"
    r"|React|Angular|Vue|etiquetas?|balises?"
    r"|código|code)\b"
    r"|</?(?:html|head|body|script|style|input|form|button|select|title|meta|link|iframe|svg|nav|section"
    r"|article|header|footer|main|label|table|t[rdh])\b",
    re.IGNORECASE,
)
_ABOUT_MARKDOWN = re.compile(
    r"\b(?:Markdown|README|wiki|Jupyter|Python|globs?|globbing|gitignore|patterns?)\b", re.IGNORECASE
)
_HINT = "take it out, or write what it stands for"
_SIGNS = ("<", "&", "*", "]")
_MARKS = (_TAG, _ENTITY, _STRONG, _LINK)
_ABOUT = {_TAG: _ABOUT_TAGS, _ENTITY: _ABOUT_TAGS, _STRONG: _ABOUT_MARKDOWN, _LINK: _ABOUT_MARKDOWN}
# One is reported; a hostile text has thousands, all of them in one line of code.
_MOST_MARKS = 20
_LABELS = (Part.EXPLANATION, Part.MARK, Part.OPTIONS, Part.FURNITURE)


def check(questions: QuestionSet) -> Iterator[Problem]:
    labels, headings = _labels(), _headings(questions)
    for index, question in enumerate(questions.questions):
        options = [option.text for option in question.options]
        text = "\n".join([question.stem, *options, *own_reasons(question), question.explanation or ""])
        if any(pattern.search(text) for sign, pattern in zip(_SIGNS, _MARKS, strict=True) if sign in text):
            yield from _markup(index, question)
        if not labels.isdisjoint(text.split("\n")):
            yield from _leftover_labels(index, question, labels, headings)


@cache
def _labels() -> frozenset[str]:
    """The labels that cannot be an answer or a heading of prose: those of several words, and long ones
    where words are written without spaces."""
    words = {word for locale in load_all() for word, label in locale.labels if label.part in _LABELS}
    return frozenset(word for word in words if " " in word or (len(word) > 5 and not word[0].isascii()))


def _headings(questions: QuestionSet) -> frozenset[str]:
    """What explanations may have as lines of their own."""
    words = questions.words
    return frozenset(word.lower() for word in (*words.correct_heading, *words.incorrect_heading))


def _leftover_labels(
    index: int, question: Question, labels: frozenset[str], headings: frozenset[str]
) -> Iterator[Problem]:
    """One problem for each field, with its first label."""
    for field, text in fields(question):
        is_explaining = field.startswith(("reasons", "explanation"))
        for line in text.split("\n"):
            if line in labels and not (is_explaining and line.lower() in headings):
                message = f"a label of the page was left in the text: “{shorten(line)}”"
                yield Problem(index, message, field, "take the line out", line)
                break


def _markup(index: int, question: Question) -> Iterator[Problem]:
    """One problem for each field, with its first mark."""
    found = [(field, text, marks) for field, text in fields(question) if (marks := _marks(text))]
    with_tags = [option for option in question.options if _AROUND_PROSE.search(option.text)]
    if not found or len(with_tags) > 1 or any(_TAG.fullmatch(option.text) for option in with_tags):
        return  # the question is about tags
    whole = "\n".join([question.stem, *(option.text for option in question.options), question.topic or ""])
    for field, text, marks in found:
        # What a mark is a sign of stands with its pattern.
        prose = [mark for mark in marks if not any(map(_ABOUT[mark.re].search, (text, whole)))]
        if prose:
            mark = min(prose, key=re.Match.start)[0]
            yield Problem(index, f"markup was left in the text: “{shorten(mark)}”", field, _HINT, mark)


def _marks(text: str) -> list[re.Match[str]]:
    """The marks in a text that is not code."""
    if not any(sign in text for sign in _SIGNS):
        return []
    found = [match for pattern in _MARKS for match in islice(pattern.finditer(text), _MOST_MARKS)]
    if not found or is_code(_prose(text)):
        return []
    return [match for match in found if not _is_in_code(text, match.start())]


def _is_in_code(text: str, at: int) -> bool:
    """Whether a place is between backticks or in a line of code."""
    if text.count("`", 0, at) % 2:
        return True
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    return is_code_line(_prose(text[start : len(text) if end < 0 else end]))


def _prose(text: str) -> str:
    """The text without what makes prose look like code: tags, and the semicolons of entities."""
    return _AROUND_PROSE.sub("", _ENTITY.sub("-", text))
