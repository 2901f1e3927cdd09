"""One question set into several documents: by topic, type or source file."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.file_names import safe_names
from ingest.parts.folding import fold
from ingest.parts.identity import renumbered
from ingest.parts.topic_names import listed_names

By = Literal["topic", "type", "file"]

_NONE = "no-{}"
_SUFFIX = re.compile(r"\.[A-Za-z0-9]{1,8}$")


def split(
    document: Document, by: By, topics: Mapping[str, Sequence[str]] | None = None
) -> dict[str, Document]:
    """A document for each topic, type or source file, by the name of its file, without suffix.

    The names are safe, and unique where capitals do not count; what has no topic is in ``no-topic``.
    ``topics`` gives each topic its other names; capitals, spaces and quotes make no other topic.
    """
    names = listed_names(topics or {})
    groups: dict[str, list[Question]] = {}
    titles: dict[str, str] = {}
    for question in document.questions:
        key, title = _group(question, by, names)
        titles.setdefault(key, title if key else _NONE.format(by))
        groups.setdefault(key, []).append(question)
    keys = sorted(groups)  # the one without a topic first, so that no topic takes its name
    files = safe_names([titles[key] for key in keys])
    return {
        file: replace(document, questions=renumbered(groups[key]))
        for file, key in sorted(zip(files, keys, strict=True))
    }


def _group(question: Question, by: By, names: Mapping[str, str]) -> tuple[str, str]:
    """What questions of one document have in common, and its title."""
    if by == "type":
        return question.type, question.type
    if by == "file":
        return question.source.file, _SUFFIX.sub("", question.source.file)
    topic = names.get(fold(question.topic or ""), question.topic or "")
    return fold(topic), topic
