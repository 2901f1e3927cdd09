"""Two versions of a question set compared: which questions were added, removed and changed, and how.

Order is no difference, neither of questions nor of options, and no number is; nor is what a record says of
its dump: findings, place, fingerprint, attempt. Options are compared by their texts, the key by the texts of
the right options. The numbered items are a part of the stem.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from ingest.model.difference import KINDS, Change, Difference, Entry, Field, Kind, Placed, Text
from ingest.model.question import Option, Question
from ingest.parts.counterparts import pair_questions
from ingest.parts.folding import fold
from ingest.parts.likely_pairs import Pair
from ingest.parts.option_pairs import OptionPair, is_same_answer, pair_options
from ingest.parts.word_changes import have_same_words, word_changes, words_of


def compare_sets(old: Sequence[Question], new: Sequence[Question]) -> Difference:
    """What changed from the old set to the new one."""
    pairs = pair_questions(old, new)
    changed = [(pair, compare_questions(old[pair[0]], new[pair[1]])) for pair in pairs]
    entries = {
        j: Entry(Placed(i, old[i]), Placed(j, new[j]), changes) for (i, j), changes in changed if changes
    }
    paired = {j for _, j in pairs}
    entries |= {j: Entry(None, Placed(j, question)) for j, question in enumerate(new) if j not in paired}
    return Difference(
        entries=tuple(_in_order(entries, _removed(old, pairs), len(new))),
        moved=tuple((Placed(i, old[i]), Placed(j, new[j])) for i, j in _moved(pairs)),
        same=sum(not changes for _, changes in changed),
        old_questions=len(old),
        new_questions=len(new),
    )


def compare_questions(old: Question, new: Question) -> tuple[Change, ...]:
    """What changed from one version of a question to the other; empty where they say the same."""
    pairs = pair_options(old.options, new.options)
    changes = [*_key(old, new, pairs), *_text("stem", "stem", old.stem, new.stem)]
    changes += _options(old, new, pairs)
    changes += _explanations(old, new, pairs, is_other=bool(changes))
    changes += _text("topic", "topic", old.topic, new.topic)
    changes += _references(old, new)
    changes += _text("type", "type", old.type, new.type)
    changes += _text("type", "select_count", _shown(old.select_count), _shown(new.select_count))
    return tuple(sorted(changes, key=lambda change: KINDS.index(change.kind)))


def _removed(old: Sequence[Question], pairs: Iterable[Pair]) -> dict[int, list[Entry]]:
    """The removed questions, by the place in the new set of the question that they followed; -1 for those at
    the beginning."""
    places = dict(pairs)
    after: dict[int, list[Entry]] = {}
    place = -1
    for i, question in enumerate(old):
        if i in places:
            place = places[i]
        else:
            after.setdefault(place, []).append(Entry(Placed(i, question), None))
    return after


def _in_order(entries: dict[int, Entry], removed: dict[int, list[Entry]], questions: int) -> Iterator[Entry]:
    yield from removed.get(-1, ())
    for place in range(questions):
        if place in entries:
            yield entries[place]
        yield from removed.get(place, ())


def _moved(pairs: Sequence[Pair]) -> list[Pair]:
    """The fewest pairs without which the others stand in one order; the pairs come in the new order."""
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for place, (i, _) in enumerate(pairs):
        length = bisect_left(ends, i)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [i]
        last[length : length + 1] = [place]
    kept: set[int] = set()
    place = last[-1] if last else -1
    while place >= 0:
        kept.add(place)
        place = before[place]
    return [pair for place, pair in enumerate(pairs) if place not in kept]


def _text(
    kind: Kind, field: Field, old: str | None, new: str | None, letters: tuple[str, str] | None = None
) -> Iterator[Change]:
    """The change of one text, if it is one; an empty text is none."""
    if have_same_words(old or "", new or ""):
        return
    one, other = letters or (None, None)
    words = word_changes(old, new) if old and new else ()
    yield Change(kind, field, (Text(old, one),) if old else (), (Text(new, other),) if new else (), words)


def _key(old: Question, new: Question, pairs: Sequence[OptionPair]) -> Iterator[Change]:
    right = {place for place, option in enumerate(old.options) if option.correct}
    still_right = {
        pair.old
        for pair in pairs
        if new.options[pair.new].correct
        and is_same_answer(old.options[pair.old].text, new.options[pair.new].text)
    }
    if right != still_right or len(right) != len(new.answer):
        yield Change("key", "answer", _right(old), _right(new))
    if sorted(map(words_of, old.accepted)) != sorted(map(words_of, new.accepted)):
        yield Change("key", "accepted", tuple(map(Text, old.accepted)), tuple(map(Text, new.accepted)))


def _right(question: Question) -> tuple[Text, ...]:
    return tuple(_named(option) for option in question.options if option.correct)


def _named(option: Option) -> Text:
    return Text(option.text, option.id)


def _options(old: Question, new: Question, pairs: Sequence[OptionPair]) -> Iterator[Change]:
    """What was reworded and added, in the order of the new options, then what was removed."""
    counterparts = {pair.new: old.options[pair.old] for pair in pairs}
    for place, option in enumerate(new.options):
        before = counterparts.get(place)
        if before is None:
            yield Change("options", "options", (), (_named(option),))
        else:
            yield from _text("options", "options", before.text, option.text, (before.id, option.id))
    kept = {pair.old for pair in pairs}
    for place, option in enumerate(old.options):
        if place not in kept:
            yield Change("options", "options", (_named(option),), ())


def _explanations(
    old: Question, new: Question, pairs: Sequence[OptionPair], *, is_other: bool
) -> Iterator[Change]:
    """What changed in the overall explanation, and in what is said of the options.

    Most of what is said of an option, and why the key is right, is taken out of the overall explanation, by
    options and key. Where one of these changed (``is_other``, or the explanation), that explains the rest.
    """
    whole = list(_text("explanation", "explanation", old.explanation, new.explanation))
    yield from whole
    is_explained = is_other or bool(whole)
    for pair in sorted(pairs, key=lambda pair: pair.new):
        one, other = old.options[pair.old], new.options[pair.new]
        if not (is_explained and _are_parts(old, one.explanation, new, other.explanation)):
            field: Field = "options.explanation"
            yield from _text("explanation", field, one.explanation, other.explanation, (one.id, other.id))
    if not (is_explained and _are_parts(old, old.rationale, new, new.rationale)):
        yield from _text("explanation", "rationale", old.rationale, new.rationale)


def _are_parts(old: Question, one: str | None, new: Question, other: str | None) -> bool:
    """Whether two texts are nothing but parts of the explanations of their questions."""
    return one == other or (_is_part(one, old.explanation) and _is_part(other, new.explanation))


def _is_part(text: str | None, explanation: str | None) -> bool:
    whole = fold(explanation or "")
    paragraphs = set(map(fold, (explanation or "").split("\n\n")))  # most are one: the rest is searched for
    parts = map(fold, (text or "").split("\n\n"))
    return all(part in paragraphs or part in whole for part in parts)


def _references(old: Question, new: Question) -> Iterator[Change]:
    """By what is left of an address without trackers."""
    before = dict.fromkeys(each.canonical for each in old.references)
    after = dict.fromkeys(each.canonical for each in new.references)
    removed = tuple(Text(url) for url in before if url not in after)
    added = tuple(Text(url) for url in after if url not in before)
    if removed or added:
        yield Change("references", "references", removed, added)


def _shown(count: int | None) -> str | None:
    return None if count is None else str(count)
