"""A URL cannot be one.

Why it matters: a link that opens nothing; often a slip of the author or a line that was cut.
Found by the references stage in dumps. Example: `https:/docs.example.org`, `https://https://docs.example.org`.
How to mend it: correct the address in the source.
"""

import re
from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.parts.fields import shorten
from ingest.parts.urls import canonical
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.WARNING
_OTHER_SCHEME = re.compile(r"(?!https?:)[a-z][a-z0-9+.-]*:\S+\Z", re.IGNORECASE)
_SPACE = re.compile(r"\s")


def check(questions: QuestionSet) -> Iterator[Problem]:
    for index, question in enumerate(() if questions.readings else questions.questions):
        for place, reference in enumerate(question.references):
            if not _is_address(reference.url):
                message = f"malformed URL: {shorten(reference.url)}"
                yield Problem(
                    index, message, f"references.{place}", "correct it in the source", reference.url
                )


def _is_address(url: str) -> bool:
    if _OTHER_SCHEME.match(url):
        return True  # such as mailto: and ftp:
    if _SPACE.search(url):
        return False
    try:
        canonical(url)
    except ValueError:
        return False
    return True
