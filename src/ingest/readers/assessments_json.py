"""The assessments of a practice test as the site's own programs read them.

An object with ``results``, or the list itself; each has ``prompt`` with ``question``, ``answers``,
``feedbacks`` and ``explanation`` as HTML, ``correct_response`` (a list, a JSON string or a bare letter),
``section`` and ``assessment_type``. Source: answers of the site's interface for course assessments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from ingest.locales import Locale
from ingest.model.block import Label, Part
from ingest.model.entry import Choice, Entry, Rich
from ingest.model.question import option_id
from ingest.parts.bounds import Bounds
from ingest.parts.nesting import json_depth
from ingest.parts.rich_text import check_html, render, trimmed

_PROMPT = re.compile(r'"prompt"\s*:')
# Tags of rich text and entities; "a<b" and "List<String>" are neither.
_HTML = re.compile(
    r"</?(?:p|br|strong|b|em|i|u|code|pre|ul|ol|li|div|span|a|img|h[1-6]|table|t[rdh]|su[bp]|blockquote)\b[^<>]*>"
    r"|&(?:[a-z]{2,8}|#[0-9]{1,6});",
    re.IGNORECASE,
)
# JSON can escape it, and no encoding can hold it.
_HALF_LETTER = re.compile("[\ud800-\udfff]")
_SIGN = re.compile(r'"correct_response"\s*:')


def recognises(text: str) -> bool:
    """Whether the text is JSON with prompts and correct responses."""
    return text.lstrip("\ufeff \t\n")[:1] in ("{", "[") and bool(_PROMPT.search(text) and _SIGN.search(text))


def read(text: str, locales: tuple[Locale, ...], bounds: Bounds) -> list[Entry]:
    """One entry for each result; nothing when the text is no JSON."""
    bounds.check("nesting", json_depth(text), "arrays and objects stand {} deep in each other")
    try:
        # Numbers as they are written: 1.50 may be an answer, 5,000 digits an id that nobody asks for.
        value = json.loads(text.lstrip("\ufeff"), parse_int=str, parse_float=str, parse_constant=str)
    except (ValueError, RecursionError):
        return []
    starts = (match.start() for match in _PROMPT.finditer(text))
    entries: list[Entry] = []
    at = 0
    for number, result in enumerate(_results(value), 1):
        at = next(starts, 0) if "prompt" in result else at
        entries.append(_entry(result, at, number, bounds))
    return entries


def _results(value: Any) -> Iterator[dict[str, Any]]:
    """Every object with a prompt, in order, however deep; also one that has lost it, which is to be told."""
    stack = [value]
    while stack:
        current = stack.pop()
        if isinstance(current, dict):
            if isinstance(current.get("prompt"), dict) or "correct_response" in current:
                yield current
            else:
                stack += reversed(list(current.values()))
        elif isinstance(current, list):
            stack += reversed(current)


def _entry(result: dict[str, Any], at: int, number: int, bounds: Bounds) -> Entry:
    def rich(value: Any) -> Rich:
        return _rich(value, at, bounds)

    prompt = result.get("prompt")
    prompt = prompt if isinstance(prompt, dict) else {"question": prompt if isinstance(prompt, str) else None}
    answers = prompt.get("answers")
    answers = answers if isinstance(answers, list) else []
    feedbacks = prompt.get("feedbacks")
    feedbacks = feedbacks if isinstance(feedbacks, list) else []
    right = [each.lower() for each in _responses(result.get("correct_response"))]
    kind = str(result.get("assessment_type", "")).lower()
    several = "multi-select" in kind or "multi_select" in kind
    is_fill_in = "fill" in kind
    choices = []
    letters = [option_id(place).lower() for place in range(len(answers))]
    # A key that names what is not there is no key: the question is rejected for want of one.
    is_key = set(right) <= set(letters)
    for place, answer in enumerate(answers):
        is_right = is_key and letters[place] in right
        label = Label(Part.MARK, "", correct=True, several=several) if is_right else None
        feedback = feedbacks[place] if place < len(feedbacks) else ""
        choices.append(Choice(rich(answer), label, reason=rich(feedback)))
    # What is said of an answer that is not there is kept: the option without text is told (Q012).
    surplus = map(rich, feedbacks[len(answers) :] if answers else [])
    choices += [Choice(Rich(), None, reason=each) for each in surplus if each.text]
    if is_fill_in and not choices:
        label = Label(Part.MARK, "", correct=True)
        given = result.get("correct_response")
        accepted = given if isinstance(given, list) else _listed(given)
        choices = [Choice(rich(str(each)), label) for each in accepted if each is not None]
    section = result.get("section")
    section = section.get("title", "") if isinstance(section, dict) else section
    return Entry(
        at=at,
        number=number,
        stem=rich(prompt.get("question") or result.get("question_plain")),
        choices=tuple(choices),
        explanation=rich(prompt.get("explanation")),
        topic=rich(section),
        is_fill_in=is_fill_in,
    )


def _listed(answer: Any) -> list[Any]:
    """What a typed answer holds where it is a list in JSON; else the answer itself.

    >>> _listed('["jib", "main"]'), _listed("[jib]"), _listed(7)
    (['jib', 'main'], ['[jib]'], [7])
    """
    if isinstance(answer, str) and answer.lstrip().startswith("["):
        try:
            return list(json.loads(answer, parse_int=str, parse_float=str, parse_constant=str))
        except (ValueError, RecursionError):
            pass
    return [answer]


def _responses(response: Any) -> list[str]:
    """The responses as a list of texts, however they are written.

    >>> _responses('["a", "c"]'), _responses("B"), _responses(["d"])
    (['a', 'c'], ['B'], ['d'])
    """
    if isinstance(response, str):
        try:
            response = json.loads(response, parse_int=str, parse_float=str, parse_constant=str)
        except (ValueError, RecursionError):
            response = [part for part in re.split(r"[\s,;]+", response) if part]
    if not isinstance(response, list):
        response = [response]
    return [str(each).strip() for each in response if each is not None]


def _rich(value: Any, at: int, bounds: Bounds) -> Rich:
    """A field that holds HTML, or plain text."""
    if not isinstance(value, str) or not value.strip():
        return Rich()
    if not value.isascii():
        value = _HALF_LETTER.sub("\ufffd", value)
    if not _HTML.search(value):
        return Rich(value.strip(), ((0, at),))
    from selectolax.lexbor import LexborHTMLParser

    check_html(value, bounds)
    body = LexborHTMLParser(f"<body>{value}</body>").body
    if body is None:
        return Rich(value.strip(), ((0, at),))
    text, _, addresses = trimmed(render(body, lambda _: None))
    return Rich(text, ((0, at),), addresses)
