"""A grammar of question records, for Hypothesis: what authors write, and what only fits badly on a page.

``sets(is_hostile=False)`` gives records as authors write them: a stem that ends in what is asked, options
that differ. ``sets(is_hostile=True)`` gives anything: paragraphs that read like letters or bullets of
options, stems that ask nothing, code anywhere. ``planted`` puts a line of the page in the place of each text.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import replace

from hypothesis import assume
from hypothesis import strategies as st

from ingest.locales import join_course_words, load_all
from ingest.model.question import Option, Place, Question, option_id
from ingest.parts.asking import compile_asking
from ingest.parts.code import is_code, is_code_line
from ingest.parts.pairs import is_pair

WORDS = join_course_words(load_all())

SCRIPTS = (
    "abcdefghilmnoprstuvABCDEFGHILMNOPRST",
    "áéíñçüßøęłÁÉÑÇ",  # no letters that look double-encoded side by side: that is told of the whole file
    "абвгдежзиклмнопАБВГД",
    "αβγδεζηθλμΑΒΓΔ",
    "אבגדהוזחטילמנ",
    "ابتثجحخدذرزسش",
    "कखगघचजिीुूे",
    "あいうえおかきくけこ漢字問答正誤",
    "e\u0301n\u0303o\u0308a\u030a\u0327x\u0338",
    "🐝🚢⛵️👩\u200d🌾🏽",
    "0123456789",
)
CODE = (
    "for row in rows:\n    print(row)",
    "SELECT name\nFROM boats\nWHERE length > 9",
    '{\n  "name": "Ada",\n  "sails": ["main", "jib"]\n}',
    "apiVersion: v1\nkind: Boat\nspec:\n  sails: 2",
    "x = [1, 2]",
    "boat --list | sort -u",
)
# No lone brackets: that brackets close is how code is told from what follows it.
ODD = (
    *("A. first", "b) second", "- a bullet", "* starred *", "_under_", "1. one", "2,4,3", "True", "False"),
    *(
        "**bold**",
        "# head",
        "Correct option:",
        "Incorrect options:",
        "References:",
        "a | b",
        "`code`",
        "[x](y)",
    ),
    *(
        "Is it so?",
        "Which one is right?",
        "(Select two)",
        "=1+1",
        '"quoted"',
        "\\escaped\\",
        "<p>tag</p>",
        "&amp;",
    ),
    *(
        "lower case beginning",
        "no stop",
        "ends in a colon:",
        "…",
        "?",
        "!",
        ".",
        "N/A",
        "null",
        "A",
        "1",
    ),
)


def _made_up(count: int) -> tuple[str, ...]:
    chance = random.Random(1)
    return tuple(
        "".join(chance.choices(letters, k=chance.randrange(1, 9)))
        for letters in SCRIPTS
        for _ in range(count)
    )


# Made once, since drawing each letter takes longer than reading the record.
MADE_UP = _made_up(60)


def phrases(least: int = 2) -> st.SearchStrategy[str]:
    """Some words, each in letters of one script."""
    return st.lists(st.sampled_from(MADE_UP), min_size=least, max_size=7).map(" ".join).map(composed)


def composed(text: str) -> str:
    """As the decode stage has it."""
    return unicodedata.normalize("NFC", text).strip()


@st.composite
def sentences(draw: st.DrawFn, ends: Sequence[str] = (".",)) -> str:
    """A sentence: a capital first, so that it is no part of the one above it."""
    return f"{draw(st.sampled_from(('The', 'La', 'Один', '日本', 'A1', 'Über')))} {draw(phrases())}" + draw(
        st.sampled_from(ends)
    )


URLS = st.sampled_from(
    [f"https://{host}.example.org/{path}" for host in "abc" for path in ("a", "b/c-1", "d2/e/f")]
)


@st.composite
def stems(draw: st.DrawFn, asked: str) -> str:
    """Prose, then what is asked."""
    above = draw(st.lists(st.one_of(sentences(), sentences(), code_or_address()), max_size=2))
    return "\n\n".join(
        [*above, f"{draw(sentences(('',)))}{draw(st.sampled_from(('?', '?', ' which one?')))}{asked}"]
    )


@st.composite
def code_or_address(draw: st.DrawFn) -> str:
    """A sentence with an address in it."""
    return f"{draw(sentences(('',)))} {draw(URLS)} too."


@st.composite
def explanations(draw: st.DrawFn, options: Sequence[tuple[str, bool]]) -> str:
    """Prose; or each option again with its reason, under headings; and perhaps a list of references."""
    parts = draw(st.lists(sentences(), min_size=1, max_size=3))
    if options and draw(st.booleans()):
        for heading, kind in (("Correct option:", True), ("Incorrect options:", False)):
            own = [text for text, is_right in options if is_right is kind]
            if own:
                parts = [*parts, heading, *(f"{text} - {draw(sentences())}" for text in own)]
    if draw(st.booleans()):
        parts.append("\n".join(["References:", *draw(st.lists(URLS, min_size=1, max_size=2))]))
    return "\n\n".join(parts)


@st.composite
def plain(draw: st.DrawFn, kinds: Sequence[str] = ("one", "several", "true-false", "fill-in")) -> Question:
    """A question as authors write them."""
    kind = draw(st.sampled_from(kinds))
    if kind == "fill-in":
        stem = f"{draw(sentences(('',)))} is __"
        return record(stem, [], draw(explanations(())), draw(topics()), accepted=(draw(phrases()),))
    if kind == "true-false":
        texts = ["True", "False"]
    else:
        texts = draw(st.lists(sentences(), min_size=3, max_size=8, unique_by=lambda text: text.casefold()))
    count = draw(st.integers(2, len(texts) - 1)) if kind == "several" else 1
    right = set(draw(st.permutations(range(len(texts))))[:count])
    options = [(text, place in right) for place, text in enumerate(texts)]
    asked = f" (Select {_NUMBERS[count]})" if kind == "several" else ""
    reasons = draw(st.lists(sentences(), min_size=len(texts), max_size=len(texts)))
    explanation = draw(st.none() | explanations(options))
    return record(draw(stems(asked)), options, explanation, draw(topics()), reasons)


_NUMBERS = ("", "one", "two", "three", "four", "five", "six", "seven")


def topics() -> st.SearchStrategy[str | None]:
    """The domain of an exam; perhaps there is none."""
    return st.none() | phrases().map(lambda text: f"Topic {text}")


def paragraphs() -> st.SearchStrategy[str]:
    """Anything that may stand between empty lines."""
    return (
        st.one_of(
            sentences((".", "", ":", "?", "!", "。")),
            phrases(least=1),
            st.sampled_from(ODD),
            st.sampled_from(CODE),
            code_or_address(),
            st.lists(st.sampled_from(ODD) | phrases(), min_size=2, max_size=3).map("\n".join),
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30),
        )
        .map(cleaned)
        .filter(bool)
    )


def cleaned(text: str) -> str:
    """Without what decoding takes out, and white space at line ends."""
    text = "".join(each for each in text if each not in "\u200b\u2060\ufeff\u00ad\r")
    return composed(
        "\n".join(line.strip() if not line[:1].isspace() else line.rstrip() for line in text.split("\n"))
    )


@st.composite
def hostile(draw: st.DrawFn) -> Question:
    """A question of any paragraphs."""
    texts = draw(st.lists(paragraphs(), min_size=2, max_size=8))
    right = set(draw(st.permutations(range(len(texts))))[: draw(st.integers(1, len(texts)))])
    stem = draw(st.lists(paragraphs(), min_size=1, max_size=4))
    explanation = draw(st.none() | st.lists(paragraphs(), min_size=1, max_size=4).map("\n\n".join))
    topic = draw(st.none() | paragraphs().map(lambda text: text.split("\n")[0]))
    assume(not is_misleading(stem, texts))
    options = [(text, place in right) for place, text in enumerate(texts)]
    reasons = draw(st.lists(paragraphs(), min_size=len(texts), max_size=len(texts)))
    return record("\n\n".join(stem), options, explanation, topic, reasons)


def is_misleading(stem: Sequence[str], options: Sequence[str]) -> bool:
    """Whether a question is one of the few that evidence misleads: odds above 20 : 1 are believed.

    What asks, and code, stands at the end of a stem, and in no option; "True" and "False" are all options.
    Short lines without a stop are options of one line each, since copies glue commands together.
    """
    asking = compile_asking(WORDS)
    is_early = any(asking.asks(text) or is_code(text) or is_code_line(text) for text in stem[:-1])
    is_early = is_early or any(map(asking.asks, stem[-1].split("\n")[:-1]))  # compact copies divide lines
    is_late = any(map(asking.asks, options))
    glued = (text.split("\n") for text in options if "\n" in text and text not in CODE)
    if any(not any(line[-1:] in ".:" for line in lines) for lines in glued):
        return True
    return is_early or is_late or (len(options) > 2 and is_pair(options[-2:], WORDS))


PLACES = (
    *("top of the stem", "stem", "right option", "wrong option"),
    *("top of the explanation", "explanation", "end of the explanation", "topic"),
)


def planted(question: Question, line: str) -> Iterator[tuple[str, Question]]:
    """A question with a line of the page in the place of each of its texts, and the place's name."""
    stem, said = question.stem, question.explanation or ""
    yield "top of the stem", replace(question, stem=f"{line}\n\n{stem}")
    yield "stem", replace(question, stem=stem.replace("\n\n", f"\n\n{line}\n\n"))
    for place, option in enumerate(question.options):
        options = list(question.options)
        options[place] = replace(option, text=line)
        yield "right option" if option.correct else "wrong option", replace(question, options=tuple(options))
    yield "top of the explanation", replace(question, explanation=f"{line}\n\n{said}")
    yield "explanation", replace(question, explanation=said.replace("\n\n", f"\n\n{line}\n\n"))
    yield "end of the explanation", replace(question, explanation=f"{said}\n\n{line}")
    yield "topic", replace(question, topic=line)


def sets(*, is_hostile: bool, largest: int = 4) -> st.SearchStrategy[list[Question]]:
    """Some questions of one page."""
    one = st.one_of(plain(), hostile()) if is_hostile else plain()
    return st.lists(one, min_size=1, max_size=largest)


def record(
    stem: str,
    options: Sequence[tuple[str, bool]],
    explanation: str | None,
    topic: str | None,
    reasons: Sequence[str] = (),
    accepted: tuple[str, ...] = (),
) -> Question:
    """A record with nothing of a dump."""
    texts = tuple(
        Option(option_id(place), text, is_right, reasons[place] if reasons else None)
        for place, (text, is_right) in enumerate(options)
    )
    answer = tuple(each.id for each in texts if each.correct)
    return Question(
        id="q_0123456789abcdef",
        occurrence=1,
        fingerprint="0" * 16,
        number=None,
        type="fill_in" if accepted else "multi_select" if len(answer) > 1 else "single_select",
        stem=stem,
        select_count=None if accepted else len(answer),
        options=texts,
        answer=answer,
        accepted=accepted,
        items=(),
        explanation=explanation,
        rationale=None,
        references=(),
        topic=topic,
        attempt=None,
        findings=(),
        source=Place("x.txt", (1, 1)),
    )
