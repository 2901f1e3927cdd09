"""A grammar of question records, for Hypothesis: what authors write, and what only fits badly on a page.

``sets(hostile=False)`` gives records as authors write them: a stem that ends in what is asked, options that
differ. ``sets(hostile=True)`` gives anything: paragraphs that read like labels, letters or bullets of options,
stems that ask nothing, code anywhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from hypothesis import strategies as st

from ingest.locales import load_all
from ingest.model.question import Option, Place, Question, option_id

SCRIPTS = (
    "abcdefghilmnoprstuvABCDEFGHILMNOPRST",
    "áéíñçüßøęłœÁÉÑÇ",
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
LABELS = tuple(dict.fromkeys(word for locale in load_all() for word, _ in locale.labels))
CODE = (
    "for row in rows:\n    print(row)",
    "SELECT name\nFROM boats\nWHERE length > 9",
    '{\n  "name": "Ada",\n  "sails": ["main", "jib"]\n}',
    "apiVersion: v1\nkind: Boat\nspec:\n  sails: 2",
    "x = [1, 2]",
    "boat --list | sort -u",
)
ODD = (
    *("A. first", "b) second", "- a bullet", "* starred *", "_under_", "1. one", "2,4,3", "True", "False"),
    *("---", "(Correct)", "(Incorrecto)", "Question 7", "Pregunta 2:", "Answer: B", "Respuesta correcta: A"),
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
        "{",
        "}",
    ),
    *(() if __import__("os").environ.get("NOLABELS") else LABELS),
)


def words(scripts: Sequence[str] = SCRIPTS) -> st.SearchStrategy[str]:
    """One word, in letters of one script."""
    return st.sampled_from(scripts).flatmap(lambda letters: st.text(letters, min_size=1, max_size=8))


def phrases(scripts: Sequence[str] = SCRIPTS, least: int = 2) -> st.SearchStrategy[str]:
    """Some words."""
    return st.lists(words(scripts), min_size=least, max_size=7).map(" ".join).map(composed)


def composed(text: str) -> str:
    """As the decode stage has it."""
    return unicodedata.normalize("NFC", text).strip()


@st.composite
def sentences(draw: st.DrawFn, ends: Sequence[str] = (".",)) -> str:
    """A sentence: a capital first, so that it is no part of the one above it."""
    return f"{draw(st.sampled_from(('The', 'La', 'Один', '日本', 'A1', 'Über')))} {draw(phrases())}" + draw(
        st.sampled_from(ends)
    )


URLS = st.from_regex(r"https://[a-z]{3,8}\.example\.org/[a-z]{1,6}(?:/[a-z0-9-]{1,6}){0,2}", fullmatch=True)


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
    stem = "\n\n".join(draw(st.lists(paragraphs(), min_size=1, max_size=4)))
    explanation = draw(st.none() | st.lists(paragraphs(), min_size=1, max_size=4).map("\n\n".join))
    topic = draw(st.none() | paragraphs().map(lambda text: text.split("\n")[0]))
    options = [(text, place in right) for place, text in enumerate(texts)]
    reasons = draw(st.lists(paragraphs(), min_size=len(texts), max_size=len(texts)))
    return record(stem, options, explanation, topic, reasons)


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
