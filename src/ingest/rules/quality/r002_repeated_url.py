"""A question has one address twice among its references.

Addresses count as one when they differ only in `http` and `https`, `www.` and a slash at the end. Credits
("via -") are not compared with references. A dump gives wholly equal ones once, so these come from converted
files that were edited.

Why it matters: learners open one page twice, and counts of references are too high.
Example: `https://example.org/tea` and `http://www.example.org/tea/`.
How to mend it: delete one of the two.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Fix, Severity
from ingest.parts.fields import shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(questions.questions):
        references = question.references
        if len(references) < 2:
            continue
        pages = [(_page(each.canonical), each.role == "credit") for each in references]
        if len(set(pages)) == len(pages):
            continue
        for place, page in enumerate(pages):
            first = pages.index(page)
            if first < place:
                url = references[place].url
                field = f"references.{place}"
                is_same = references[first].canonical == references[place].canonical
                yield Problem(
                    index,
                    f"“{shorten(url)}” repeats “{shorten(references[first].url)}”",
                    field,
                    "delete one of the two",
                    url,
                    Fix(url, None, field) if is_same else None,
                )


def _page(address: str) -> str:
    """The address without what seldom makes it another page."""
    return address.partition("://")[2].removeprefix("www.").rstrip("/") or address
