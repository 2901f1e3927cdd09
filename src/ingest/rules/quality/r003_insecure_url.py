"""A reference begins with `http`, while others of the set open the same host with `https`.

Why it matters: browsers warn of such links or block them, and the host is known to have the secure one.
Example: `http://example.org/tea` where another question has `https://example.org/pots`.
How to mend it: write `https`, after trying it.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Fix, Severity
from ingest.parts.fields import shorten
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.INFO
_INSECURE = "http://"


def check(questions: QuestionSet) -> Iterator[Problem]:
    insecure = [
        (index, place)
        for index, question in enumerate(questions.questions)
        for place, reference in enumerate(question.references)
        if reference.canonical.startswith(_INSECURE)
    ]
    secure = _secure_hosts(questions) if insecure else frozenset()
    seen: set[tuple[int, str]] = set()
    for index, place in insecure:
        reference = questions.questions[index].references[place]
        host = _host(reference.canonical)
        if host in secure and (index, reference.canonical) not in seen:
            seen.add((index, reference.canonical))
            message = f"“{shorten(reference.url)}” is http, and {host} is https elsewhere"
            hint = "write https, after trying it"
            fix = Fix(f"{_INSECURE}{host}", f"https://{host}")
            yield Problem(index, message, f"references.{place}", hint, reference.url, fix)


def _secure_hosts(questions: QuestionSet) -> frozenset[str]:
    return frozenset(
        _host(reference.canonical)
        for question in questions.questions
        for reference in question.references
        if reference.canonical.startswith("https://")
    )


def _host(address: str) -> str:
    """The host with its port: another port is another server."""
    authority = address.partition("://")[2].partition("/")[0].partition("?")[0].partition("#")[0]
    return authority.rpartition("@")[2]
