"""What is measured on: dumps and converted sets of any size, out of the questions of one dump.

The first copy of a question is the question as it stands; in later ones the longer words are others, the
same word always by the same one, so that nothing is read twice and no cache can help. Labels, headings,
addresses and the words by which explanations are read stay.
"""

from __future__ import annotations

import dataclasses
import random
import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ingest

ROOT = Path(__file__).parent.parent
LABELS = ("Respuesta correcta", "Selección correcta", "Explicación general", "Temática")
_HEADER = re.compile(r"(?m)^Pregunta \d+:?\n\n")
_LONGER_WORD = re.compile(r"\b[a-z]{6,}\b")
_WORD = re.compile(r"[A-Za-zÀ-ÿ]{3,}")
# Far enough that neighbours in the alphabet do not stand in for each other.
_STEP = 997


def default_dump() -> Path:
    real = ROOT.parent / "shared" / "dumps" / "mla-c01_es.txt"
    return real if real.exists() else ROOT / "raw" / "skipper_es.txt"


def bodies(dump: Path) -> Iterator[str]:
    """Questions without their headers, without end, all different."""
    text = dump.read_text(encoding="utf-8") + "\n"
    originals = _HEADER.split(text)[1:]
    yield from originals
    kept = _words_that_matter()
    words = sorted(set(_LONGER_WORD.findall(text)) - kept)
    places = {word: place for place, word in enumerate(words)}
    number, shift = len(originals), 0
    while True:
        shift += _STEP
        others = {word: words[(place + shift) % len(words)] for word, place in places.items()}
        for original in originals:
            number += 1
            yield f"Case {number}. " + "\n".join(_changed(line, others) for line in original.split("\n"))


def _words_that_matter() -> set[str]:
    """The words by which sentences that ask, restatements and verdicts are known, in any language."""
    from ingest.locales import join_course_words, load_all

    return set(_LONGER_WORD.findall(repr(join_course_words(load_all()))))


def _changed(line: str, others: dict[str, str]) -> str:
    if line in LABELS or line.endswith(":") or "://" in line:
        return line
    return _LONGER_WORD.sub(lambda match: others.get(match[0], match[0]), line)


def as_dump(questions: Iterator[str]) -> str:
    return "".join(f"Pregunta {number}\n\n{body}" for number, body in enumerate(questions, 1))


def dump_of(dump: Path, count: int) -> str:
    """A dump of that many questions."""
    return as_dump(islice(bodies(dump), count))


def write_dump(dump: Path, count: int, path: Path) -> None:
    path.write_text(dump_of(dump, count), encoding="utf-8")


def write_small_dumps(dump: Path, folder: Path, files: int, questions: int = 5) -> None:
    """Many small dumps, each of a few questions that no other has, a hundred to a folder and ten of these to
    another: ``00/0/00001.txt``, ``00/0/00002.txt`` …"""
    endless = bodies(dump)
    for place in range(files):
        below = folder / f"{place // 1000:02}" / f"{place // 100 % 10}"
        below.mkdir(parents=True, exist_ok=True)
        text = as_dump(islice(endless, questions))
        (below / f"{place + 1:05}.txt").write_text(text, encoding="utf-8")


def distinct(dump: Path, count: int) -> ingest.Document:
    """A converted document of that many questions that have nothing in common but their lengths: even the
    short words are others."""
    import ingest
    from ingest.parts.identity import identify

    document = ingest.read(dump).document
    words = sorted({word for question in document.questions for word in _WORD.findall(question.stem)})

    def other(question: ingest.Question, number: int) -> ingest.Question:
        chance = random.Random(number)
        mapping: dict[str, str] = {}

        def change(text: str | None) -> str | None:
            if text is None:
                return None
            if "://" in text:
                return "\n".join(line if "://" in line else change(line) or "" for line in text.split("\n"))
            return _WORD.sub(lambda match: mapping.setdefault(match[0], chance.choice(words)), text)

        options = tuple(
            dataclasses.replace(each, text=change(each.text) or "", explanation=change(each.explanation))
            for each in question.options
        )
        stem = change(question.stem) or ""
        return dataclasses.replace(
            question,
            id=identify(stem, [each.text for each in options]),
            number=number,
            stem=stem,
            options=options,
            explanation=change(question.explanation),
            rationale=change(question.rationale),
            findings=(),
        )

    originals = document.questions
    questions = tuple(other(originals[n % len(originals)], n + 1) for n in range(count))
    return dataclasses.replace(document, questions=questions, diagnostics=())


def write_set(dump: Path, count: int, path: Path) -> None:
    """One converted file of that many questions."""
    path.write_bytes(_as_json(distinct(dump, count)))


def write_sets(dump: Path, count: int, folder: Path) -> None:
    """That many converted sets of 65 questions, of which every fourth is one of another set."""
    document = distinct(dump, 65 * count * 3 // 4)
    chance = random.Random(count)
    for number in range(count):
        own = document.questions[number * 48 : (number + 1) * 48]
        questions = (*own, *chance.sample(document.questions, 65 - len(own)))
        content = _as_json(dataclasses.replace(document, questions=questions))
        (folder / f"{number:04}.json").write_bytes(content)


def _as_json(document: ingest.Document) -> bytes:
    from ingest.writers import WriteSettings, writer

    return writer("json").render(document, WriteSettings())[0]
