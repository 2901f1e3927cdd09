"""The texts of one question, each with the name that rules give its field."""

from __future__ import annotations

from collections.abc import Iterator

from ingest.model.question import Question

_SHOWN = 60


def own_reasons(question: Question) -> list[str]:
    """What is said of the options, unless that is a part of the explanation: all of it then, judged by
    the first."""
    reasons = [option.explanation for option in question.options if option.explanation]
    return [] if reasons and question.explanation and reasons[0] in question.explanation else reasons


def odd_text(question: Question) -> str:
    """Those texts of the question that are not all ASCII, one below the other: to see quickly that
    something stands nowhere. What is said of an option may stand there twice."""
    texts = [] if question.stem.isascii() else [question.stem]
    for option in question.options:
        if not option.text.isascii():
            texts.append(option.text)
        if option.explanation and not option.explanation.isascii():
            texts.append(option.explanation)
    texts += [text for text in (question.explanation, question.topic) if text and not text.isascii()]
    return "\n".join(texts)


def fields(question: Question) -> Iterator[tuple[str, str]]:
    """Each text with its field, in the order of the page; what is said of an option only where the
    explanation does not hold it.

    Fields: ``stem``, ``options.0``, ``reasons.0``, ``options.1`` …, ``explanation``, ``topic``.
    """
    yield "stem", question.stem
    for place, option in enumerate(question.options):
        yield f"options.{place}", option.text
        if option.explanation and option.explanation not in (question.explanation or ""):
            yield f"reasons.{place}", option.explanation
    if question.explanation:
        yield "explanation", question.explanation
    if question.topic:
        yield "topic", question.topic


def shorten(text: str) -> str:
    """A text as messages show it: in one line, and not long.

    >>> shorten("a tea pot that is very old, very small and not really able to hold tea")
    'a tea pot that is very old, very small and not really able …'
    """
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[: _SHOWN - 2].rstrip()} …"
