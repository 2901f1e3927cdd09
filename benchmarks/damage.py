"""Damage planted at random in clean dumps, and what becomes of the damaged question.

    python benchmarks/damage.py [-n 500] [--show KIND] DUMP...

For each kind of damage: how often the record is still right, how often it is doubtful, in error or
rejected, and how often it is silently wrong. Every plant hurts one question; all others must stay as
they are. A record is right when stem, options, key, topic and explanation are those of the clean dump.
"""

from __future__ import annotations

import argparse
import itertools
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import ingest
from ingest.model.block import Reading

Plant = Callable[[str, Reading, random.Random], str | None]


@dataclass(frozen=True)
class Outcome:
    verdict: str
    """``right``, ``doubtful``, ``error`` or ``silent``."""
    seed: str
    number: int | None
    detail: str


def cut(text: str, start: int, end: int, new: str = "") -> str:
    return text[:start] + new + text[end:]


def split_at_word(text: str, start: int, end: int, chance: random.Random) -> str | None:
    spaces = [match.start() for match in re.finditer(" ", text[start:end])]
    if not spaces:
        return None
    at = start + chance.choice(spaces)
    return cut(text, at, at + 1, "\n\n")


def marked(reading: Reading) -> list[int]:
    return [place for place, each in enumerate(reading.options) if each.mark]


def split_option_after_mark(text: str, reading: Reading, chance: random.Random) -> str | None:
    first = marked(reading)[0]
    option = chance.choice(reading.options[first:])
    return split_at_word(text, option.start, option.end, chance)


def split_option_before_mark(text: str, reading: Reading, chance: random.Random) -> str | None:
    first = marked(reading)[0]
    if not first:
        return None
    option = chance.choice(reading.options[:first])
    return split_at_word(text, option.start, option.end, chance)


def glue_first_option_to_stem(text: str, reading: Reading, chance: random.Random) -> str | None:
    if reading.options[0].mark or not reading.stem:
        return None
    return cut(text, reading.stem[-1].end, reading.options[0].start, chance.choice([" ", "\n"]))


def glue_distractors(text: str, reading: Reading, chance: random.Random) -> str | None:
    options = reading.options
    pairs = [(a, b) for a, b in itertools.pairwise(options) if not a.mark and not b.mark]
    if not pairs:
        return None
    first, second = chance.choice(pairs)
    return cut(text, first.end, second.start, chance.choice([" ", "\n"]))


def lose_mark(text: str, reading: Reading, chance: random.Random) -> str | None:
    mark = chance.choice([mark for mark in reading.block.marks if mark.label.correct])
    return cut(text, mark.span.start, mark.span.end + 1)


def double_mark(text: str, reading: Reading, chance: random.Random) -> str | None:
    mark = chance.choice(reading.block.marks)
    line = text[mark.span.start : mark.span.end]
    others = [each for each in reading.options if not each.mark]
    target = chance.choice([reading.options[marked(reading)[0]], *others])
    return cut(text, target.start, target.start, f"{line}\n")


def lose_line(text: str, start: int, end: int) -> str:
    return cut(text, start, end + 1)


def lose_header(text: str, reading: Reading, chance: random.Random) -> str | None:
    header = reading.block.header
    return lose_line(text, header.span.start, header.span.end) if header else None


def lose_explanation_label(text: str, reading: Reading, chance: random.Random) -> str | None:
    if not reading.block.explanation:
        return None
    labels = [span for span in reading.block.labels if span.end <= reading.block.explanation.start]
    label = max(labels, key=lambda span: span.start)
    return lose_line(text, label.start, label.end)


def lose_topic_label(text: str, reading: Reading, chance: random.Random) -> str | None:
    topic = reading.block.topic
    if not topic:
        return None
    label = max((span for span in reading.block.labels if span.end <= topic.start), key=lambda s: s.start)
    return lose_line(text, label.start, label.end)


def swap_paragraphs(text: str, reading: Reading, chance: random.Random) -> str | None:
    """Two neighbours of the body, of which at least one is an option, change places; marks stay."""
    last_stem = len(reading.stem) - 1
    places = range(max(last_stem, 0), len(reading.paragraphs) - 1)
    at = chance.choice(places)
    first, second = reading.paragraphs[at : at + 2]
    between = text[first.end : second.start]
    return cut(text, first.start, second.end, second.text + between + first.text)


KINDS: dict[str, Plant] = {
    "option split after the mark": split_option_after_mark,
    "option split before the mark": split_option_before_mark,
    "first option glued to the stem": glue_first_option_to_stem,
    "two distractors glued": glue_distractors,
    "lost mark": lose_mark,
    "doubled mark": double_mark,
    "lost header": lose_header,
    "lost explanation label": lose_explanation_label,
    "lost topic label": lose_topic_label,
    "swapped paragraphs": swap_paragraphs,
}


def content(question: ingest.Question) -> tuple[object, ...]:
    options = tuple((option.text, option.correct) for option in question.options)
    return question.stem, frozenset(options), question.topic, question.explanation


def plant(path: Path, kind: str, count: int, seed: str) -> Iterator[Outcome]:
    """Outcomes of one kind of damage in one dump."""
    clean = ingest.read(path)
    text = clean.source.text
    numbers = [each.number for each in clean.questions]
    readings = [each for each in clean.readings if each.block.number in numbers and marked(each)]
    originals = {each.number: content(each) for each in clean.questions}
    doubted = {each.number for each in clean.doubtful}
    done = tries = 0
    while done < count and tries < count * 20:
        tries += 1
        name = f"{seed} {path.name} {kind} {tries}"
        chance = random.Random(name)
        reading = chance.choice(readings)
        damaged = KINDS[kind](text, reading, chance)
        if damaged is None or damaged == text:
            continue
        done += 1
        yield judge(damaged, reading.block.number, originals, doubted, name)


def judge(
    damaged: str,
    hurt: int | None,
    originals: dict[int | None, tuple[object, ...]],
    doubted: set[int | None],
    seed: str,
) -> Outcome:
    result = ingest.read_text(damaged)
    severe = {each.code for each in result.diagnostics if each.severity == "error"}
    doubtful = {each.number: each.findings for each in result.doubtful}
    loose = [each for each in result.diagnostics if each.number is None and each.severity != "info"]
    verdict, detail = "right", ""
    seen = {each.number: content(each) for each in result.questions}
    for number, original in originals.items():
        if seen.get(number) == original:
            if number in doubtful and number not in doubted:
                verdict, detail = max(
                    (verdict, detail), ("doubtful", f"{number} {doubtful[number]}"), key=rank
                )
            continue
        missing = number not in seen
        codes = doubtful.get(number, ())
        if any(code in severe for code in codes) or (missing and (result.rejected or loose)):
            found = ("error", f"{number} {codes}")
        elif codes:
            found = ("doubtful", f"{number} {codes}")
        else:
            found = ("silent", f"{number} {'missing' if missing else difference(seen[number], original)}")
        verdict, detail = max((verdict, detail), found, key=rank)
    return Outcome(verdict, seed, hurt, detail)


def difference(new: tuple[object, ...], old: tuple[object, ...]) -> str:
    names = ("stem", "options", "topic", "explanation")
    return ", ".join(name for name, a, b in zip(names, new, old, strict=True) if a != b)


def rank(entry: tuple[str, str]) -> int:
    return ("right", "doubtful", "error", "silent").index(entry[0])


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("dumps", nargs="+", type=Path)
    parser.add_argument("-n", type=int, default=500, help="plants of each kind, over all dumps")
    parser.add_argument("--seed", default="1")
    parser.add_argument("--show", action="store_true", help="list the silently wrong ones")
    options = parser.parse_args()
    print("| damage | planted | still right | doubtful | error | silently wrong |")
    print("| --- | --- | --- | --- | --- | --- |")
    for kind in KINDS:
        each = -(-options.n // len(options.dumps))
        outcomes = [outcome for path in options.dumps for outcome in plant(path, kind, each, options.seed)]
        counts = Counter(outcome.verdict for outcome in outcomes)
        total = len(outcomes)
        silent = f"{counts['silent']} ({counts['silent'] / max(total, 1):.1%})"
        print(
            f"| {kind} | {total} | {counts['right']} | {counts['doubtful']} | {counts['error']} | {silent} |"
        )
        sys.stdout.flush()
        for outcome in outcomes if options.show else ():
            if outcome.verdict == "silent":
                print(f"    {outcome.seed}: question {outcome.number}: {outcome.detail}")


if __name__ == "__main__":
    main()
