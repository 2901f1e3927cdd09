"""The copies of one question to one question of a bank: whose key counts, and which copy is the fullest."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ingest.model.bank import BankEntry, Conflict, Key, KeyPolicy
from ingest.model.question import Question, Reference
from ingest.parts.copies import Copy, distinct, source_of
from ingest.parts.fields import own_reasons
from ingest.parts.folding import fold
from ingest.parts.keys import FoldedKey, Turn, answer_of, chosen_key, key_of


def entry_of(copies: Sequence[Copy], policy: KeyPolicy, names: Mapping[str, str]) -> BankEntry:
    """The copies of one question as a bank's question. ``names`` has the topic of each folded name."""
    copies = distinct(copies)
    keys = [key_of(copy.question) for copy in copies]
    contrary = len({key for key in keys if key}) > 1
    chosen = _chosen(policy, copies, keys) if contrary else None
    fitting = [
        copy.question
        for copy, key in zip(copies, keys, strict=True)
        if not key or chosen is None or key == chosen
    ]
    question = _fullest(fitting, names)
    conflict = _conflict(policy if chosen is not None else "none", copies, keys) if contrary else None
    return BankEntry(question, tuple(source_of(copy, question) for copy in copies), conflict)


def _chosen(policy: KeyPolicy, copies: Sequence[Copy], keys: Sequence[FoldedKey]) -> FoldedKey | None:
    holders: dict[FoldedKey, list[tuple[Turn, ...]]] = {}
    for copy, key in zip(copies, keys, strict=True):
        if key:
            holders.setdefault(key, []).append(copy.turns)
    return chosen_key(policy, holders)


def _conflict(policy: KeyPolicy, copies: Sequence[Copy], keys: Sequence[FoldedKey]) -> Conflict:
    places: dict[FoldedKey, list[int]] = {}
    for place, key in enumerate(keys):
        if key:
            places.setdefault(key, []).append(place)
    ranked = sorted(places, key=lambda key: (-len(places[key]), sorted(key)))
    return Conflict(
        policy, tuple(Key(answer_of(copies[places[key][0]].question), tuple(places[key])) for key in ranked)
    )


def _fullest(questions: Sequence[Question], names: Mapping[str, str]) -> Question:
    """The fullest of several copies, with the topic that most have and the most references.

    Stem, options, key and explanation are of one copy: an explanation that names letters fits its own order
    of the options only.
    """
    best = min(questions, key=_fullness)
    topic, references = best.topic, best.references
    if len(questions) > 1 or names:
        topic = _topic([each.topic for each in questions], names)
    for each in questions:
        if len(each.references) > len(references):
            references = tuple(_elsewhere(reference) for reference in each.references)
    if topic == best.topic and references is best.references:
        return best
    return replace(best, topic=topic, references=references)


def _fullness(question: Question) -> tuple[bool, int, int, int, bool]:
    """The less, the fuller. Of equally full copies the first is taken, so their order is that of places."""
    explained = len(question.explanation or "") + sum(map(len, own_reasons(question)))
    return (
        not key_of(question),
        -explained,
        len(question.findings),
        -len(question.references),
        question.topic is None,
    )


def _topic(topics: Iterable[str | None], names: Mapping[str, str]) -> str | None:
    """The topic that most copies have, the longest of those."""
    counts = Counter(names.get(fold(topic), topic) for topic in topics if topic)
    return min(counts, key=lambda topic: (-counts[topic], -len(topic), topic), default=None)


def _elsewhere(reference: Reference) -> Reference:
    return replace(reference, lines=())
