"""Packages: what Anki and QTI readers make of them is what the record has."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import re
import sqlite3
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

import ingest
from conftest import ROOT
from ingest.model.document import Document, Provenance
from ingest.model.question import Option, Place, Question, Reference, option_id
from ingest.writers import Note, WriteSettings, writer

RAW = sorted((ROOT / "raw").glob("*.txt"))
REAL = ["mla-c01_es.txt", "saa-c03_en_firefox.txt", "terraform_en_chrome.md", "saa-c03_en_page.html"]
HOSTILE = [
    *("]]>", "<![CDATA[", "<script>alert(1)</script>", '<img src=x onerror="alert(1)">', "&amp; &lt;", "-->"),
    *("{{Stem}}", "{{c1::x}}", "{{#Topic}}", "{{type:Stem}}", "[[type:Stem]]", "[sound:x.mp3]", "[$]x[/$]"),
    *("[latex]x[/latex]", "[anki:tts lang=en_US]x[/anki:tts]", "a[0]", r"\(x\)", '"quoted"', "it's", "=1+1"),
    *(
        "one\ntwo",
        "one\n\ntwo",
        "one\n\n\n\ntwo",
        "\n  led",
        '{\n  "a": [1]\n}',
        "\tif x:\n\t\tpass",
        " two  ",
    ),
    *("שלום \u202eabc\u202c", "a\x00b\x07c\x1fd\x0c", "\ufffe", "\r", "a\r\nb", "\u2028", "é", "😀"),
]
TEXT = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8)), min_size=1, max_size=3).map("".join)
TEXTS = TEXT.filter(bool)
MAYBE = st.none() | TEXTS


def reference(url: str) -> Reference:
    return Reference(url=url, canonical=url, role="reference", lines=(1,))


@st.composite
def questions(draw: Callable[..., Any], index: int) -> Question:
    is_fill_in = draw(st.booleans())
    rights = [] if is_fill_in else draw(st.lists(st.booleans(), min_size=1, max_size=5))
    options = tuple(
        Option(option_id(place), draw(TEXTS), is_right, draw(MAYBE)) for place, is_right in enumerate(rights)
    )
    answer = tuple(option.id for option in options if option.correct)
    return Question(
        id=f"q_{index // 2:016x}",
        occurrence=index % 2 + 1,
        fingerprint="0" * 16,
        number=draw(st.none() | st.integers(1, 99)),
        type="fill_in" if is_fill_in else "single_select" if sum(rights) < 2 else "multi_select",
        stem=draw(TEXTS),
        select_count=None if is_fill_in else len(answer) or None,
        options=options,
        answer=answer,
        accepted=tuple(draw(st.lists(TEXTS, max_size=3, unique=True))) if is_fill_in else (),
        items=(),
        explanation=draw(MAYBE),
        rationale=draw(MAYBE),
        references=tuple(
            reference(draw(st.sampled_from(["https://", "javascript:"])) + draw(TEXTS))
            for _ in range(draw(st.integers(0, 2)))
        ),
        topic=draw(MAYBE),
        attempt=None,
        findings=(),
        source=Place("folder/set one.txt", (index + 1, index + 1)),
    )


@st.composite
def documents(draw: Callable[..., Any]) -> Document:
    return document_of(*(draw(questions(index)) for index in range(draw(st.integers(0, 4)))))


def document_of(*entries: Question, file: str = "folder/set one.txt") -> Document:
    source = Provenance(file=file, sha256="0" * 64, encoding="utf-8", labels=None)
    return Document("1.0", source, entries, (), (), ())


def question_of(index: int, text: str, **changes: Any) -> Question:
    """One that has the text in every field."""
    options = tuple(Option(option_id(place), text, place == 1, text) for place in range(3))
    question = Question(
        id=f"q_{index:016x}",
        occurrence=1,
        fingerprint="0" * 16,
        number=index + 1,
        type="single_select",
        stem=text,
        select_count=1,
        options=options,
        answer=("B",),
        accepted=(),
        items=(),
        explanation=text,
        rationale=text,
        references=(reference("https://example.org/?a=1&b=%22#c"), reference(f"javascript:{text}")),
        topic=text,
        attempt=None,
        findings=(),
        source=Place("folder/set one.txt", (index + 1, index + 1)),
    )
    return dataclasses.replace(question, **changes)


def fill_in_of(index: int, *accepted: str) -> Question:
    empty: dict[str, Any] = {"options": (), "answer": (), "select_count": None}
    return question_of(index, "fill in", type="fill_in", accepted=accepted, **empty)


HOSTILE_DOCUMENT = document_of(
    *(question_of(index, text) for index, text in enumerate(HOSTILE)),
    *(fill_in_of(100 + index, text, text + "x") for index, text in enumerate(HOSTILE)),
)


def render(document: Document, name: str) -> bytes:
    if name == "anki":
        pytest.importorskip("genanki", reason="genanki is not installed: the Anki format is not tested")
    return writer(name).render(document, WriteSettings())[0]


def notes(document: Document, name: str) -> list[Note]:
    return writer(name).notes(document, WriteSettings())


def shown(text: str) -> str:
    """What XML 1.0, section 2.2, and HTML let through."""
    return "".join(each if each in "\t\n\r" or _is_character(ord(each)) else "\ufffd" for each in text)


def _is_character(code: int) -> bool:
    return 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000


def expect_notes(document: Document, name: str, texts: Callable[[Question], list[str]]) -> None:
    lossy = {note.index for note in notes(document, name) if "U+FFFD" in note.message}
    changed = {
        index
        for index, question in enumerate(document.questions)
        if any(text != shown(text) for text in texts(question))
    }
    assert lossy == changed


def all_texts(question: Question) -> list[str]:
    of_options = [text for each in question.options for text in (each.text, each.explanation or "")]
    urls = [each.url for each in question.references]
    texts = [question.stem, *question.accepted, question.explanation or "", question.topic or ""]
    return [*texts, *of_options, *urls]


@pytest.fixture(params=[*RAW, *REAL, None], ids=lambda each: getattr(each, "stem", each) or "hostile")
def document(request: pytest.FixtureRequest) -> Document:
    if request.param is None:
        return HOSTILE_DOCUMENT
    if isinstance(request.param, Path):
        return ingest.read(request.param).document
    return ingest.read(request.getfixturevalue("real_dumps") / request.param).document


# Anki: the tables of the package and the fields as an HTML parser reads them.


def anki_rows(data: bytes) -> list[tuple[str, str, str, list[str]]]:
    """Identity, tags, deck and fields of each note."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert package.namelist() == ["collection.anki2", "media"]
        assert package.read("media") == b"{}"
        content = package.read("collection.anki2")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(content)
    rows = connection.execute(
        "SELECT guid, tags, did, flds FROM notes JOIN cards ON cards.nid = notes.id ORDER BY cards.due"
    ).fetchall()
    connection.close()
    return [(guid, tags, str(deck), fields.split("\x1f")) for guid, tags, deck, fields in rows]


def html_text(node: Any) -> str:
    for line_end in node.css("br"):
        line_end.replace_with("\n")
    text: str = node.text(deep=True)
    return text


def blocks_text(node: Any) -> str:
    return "\n\n".join(html_text(each) for each in node.css("p, pre"))


def html(field: str) -> Any:
    return LexborHTMLParser(f"<!doctype html><body><main>{field}</main>").css_first("main")


def expected_fields(question: Question) -> dict[str, Any]:
    return {
        "Stem": shown(question.stem),
        "Options": [shown(each.text) for each in question.options],
        "Answers": [
            (each.id, each.correct, shown(each.text), shown(each.explanation or ""))
            for each in question.options
        ],
        "Accepted": [shown(each) for each in question.accepted],
        "Rationale": shown(question.rationale or ""),
        "Explanation": shown(question.explanation or ""),
        "References": [shown(each.url) for each in question.references],
        "Links": [shown(each.canonical) for each in question.references if each.url.startswith("http")],
        "Topic": shown(question.topic or ""),
        "Id": f"{question.id}.{question.occurrence}",
    }


def read_fields(fields: list[str]) -> dict[str, Any]:
    named = dict(zip(FIELDS, map(html, fields), strict=True))
    accepted = [html_text(named["Accepted"]), *map(html_text, named["Also accepted"].css("li"))]
    return {
        "Stem": blocks_text(named["Stem"]),
        "Options": [blocks_text(each) for each in named["Options"].css(".text")],
        "Answers": [_read_answer(each) for each in named["Answers"].css("li")],
        "Accepted": [] if accepted == [""] else accepted,
        "Rationale": blocks_text(named["Rationale"]),
        "Explanation": blocks_text(named["Explanation"]),
        "References": [html_text(each) for each in named["References"].css("li")],
        "Links": [each.attributes["href"] for each in named["References"].css("a")],
        "Topic": html_text(named["Topic"]),
        "Id": html_text(named["Id"]),
    }


def _read_answer(node: Any) -> tuple[str, bool, str, str]:
    why = node.css_first(".why")
    is_right = node.attributes.get("class") == "right"
    text = blocks_text(node.css_first(".text"))
    assert html_text(node.css_first(".letter")) == node.attributes["data-option"]
    return node.attributes["data-option"], is_right, text, blocks_text(why) if why else ""


FIELDS = (
    *("Stem", "Choose", "Options", "Answers", "Accepted", "Also accepted", "Rationale", "Explanation"),
    *("References", "Topic", "Place", "Id"),
)


def check_anki(document: Document) -> None:
    rows = anki_rows(render(document, "anki"))
    assert len(rows) == len(document.questions)
    for question, (guid, tags, _, fields) in zip(document.questions, rows, strict=True):
        assert guid == f"{question.id}.{question.occurrence}"
        assert read_fields(fields) == expected_fields(question)
        assert len(tags.split()) <= 1
        assert "::" not in tags
        lines = f"lines {question.source.lines[0]}–{question.source.lines[1]}"
        assert html_text(html(fields[FIELDS.index("Place")])).endswith(lines)


@pytest.fixture(scope="module")
def genanki() -> None:
    pytest.importorskip("genanki", reason="genanki is not installed: the Anki format is not tested")


@pytest.mark.usefixtures("genanki")
@given(documents())
@example(HOSTILE_DOCUMENT)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_anki_fields_are_the_record(document: Document) -> None:
    check_anki(document)
    expect_notes(document, "anki", lambda question: [*all_texts(question), question.rationale or ""])


def test_anki_fields_of_dumps_are_the_record(document: Document) -> None:
    check_anki(document)


def test_anki_code_stands_in_pre() -> None:
    fields = anki_rows(render(document_of(question_of(1, 'Look:\n\n{\n  "a": 1\n}')), "anki"))[0][3]
    assert [node.tag for node in html(fields[0]).css("p, pre")] == ["p", "pre"]


def test_anki_images_are_noted() -> None:
    image = dataclasses.replace(reference("https://example.org/a.png"), role="image")
    document = document_of(question_of(0, "a"), question_of(1, "b", references=(image,)))
    assert notes(document, "anki") == [Note("images are links", 1)]


# Anki itself.


class Anki:
    """A collection of the official library."""

    def __init__(self, folder: Path) -> None:
        self.library = pytest.importorskip(
            "anki.collection", reason="anki is not installed: the package is read as tables only"
        )
        self.path = folder / "x.apkg"
        self.collection = self.library.Collection(str(folder / "collection.anki2"))

    def take(self, document: Document, *, always: bool = True) -> tuple[int, int, int, int]:
        """Imports a package; how many notes are new, updated, known and in conflict."""
        self.path.write_bytes(render(document, "anki"))
        options = self.library.ImportAnkiPackageOptions(update_notes=int(always))
        request = self.library.ImportAnkiPackageRequest(package_path=str(self.path), options=options)
        log = self.collection.import_anki_package(request).log
        return len(log.new), len(log.updated), len(log.duplicate), len(log.conflicting)

    def cards(self) -> list[Any]:
        return [self.collection.get_card(each) for each in self.collection.find_cards("", order="c.due")]


@pytest.fixture
def anki(tmp_path: Path) -> Iterator[Anki]:
    opened = Anki(tmp_path)
    yield opened
    opened.collection.close()


def composed(value: Any) -> Any:
    """Anki composes letters (NFC)."""
    if isinstance(value, str):
        return unicodedata.normalize("NFC", value)
    if isinstance(value, list | tuple):
        return type(value)(map(composed, value))
    return value


def test_anki_imports_every_field_and_adds_nothing_the_second_time(anki: Anki, document: Document) -> None:
    total = len(document.questions)
    assert anki.take(document) == (total, 0, 0, 0)
    assert anki.take(document) == (0, 0, total, 0)
    assert anki.take(document, always=False) == (0, 0, total, 0)
    for question, card in zip(document.questions, anki.cards(), strict=True):
        expected = {name: composed(value) for name, value in expected_fields(question).items()}
        assert read_fields(list(card.note().fields)) == expected
        assert card.note().guid == expected["Id"]
    names = {each.name for each in anki.collection.decks.all_names_and_ids()} - {"Default"}
    assert names == {Path(document.questions[0].source.file).stem}


def test_anki_updates_a_corrected_note_and_keeps_its_schedule(anki: Anki) -> None:
    document = ingest.read(RAW[0]).document
    anki.take(document)
    card = anki.cards()[0]
    anki.collection.sched.set_due_date([card.id], "5")
    due = anki.collection.get_card(card.id).due
    first = document.questions[0]
    options = (dataclasses.replace(first.options[0], explanation="Corrected."), *first.options[1:])
    corrected = dataclasses.replace(first, options=options)
    changed = dataclasses.replace(document, questions=(corrected, *document.questions[1:]))
    assert anki.take(changed) == (0, 1, len(document.questions) - 1, 0)
    found = anki.collection.get_card(card.id)
    assert (found.due, found.type, found.ivl) == (due, 2, 5)
    assert read_fields(list(found.note().fields))["Answers"][0][3] == "Corrected."
    assert len(anki.cards()) == len(document.questions)


def test_anki_prefers_what_its_user_has_written_since(anki: Anki) -> None:
    anki.take(document_of(question_of(0, "first")))
    note = anki.cards()[0].note()
    note["Explanation"] = "my own"
    anki.collection.update_note(note)
    assert anki.take(document_of(question_of(0, "second")), always=False) == (0, 0, 1, 0)
    assert anki.cards()[0].note()["Explanation"] == "my own"


def test_anki_shows_hostile_text_as_it_stands(anki: Anki) -> None:
    anki.take(HOSTILE_DOCUMENT)
    for question, card in zip(HOSTILE_DOCUMENT.questions, anki.cards(), strict=True):
        is_fill_in = question.type == "fill_in"
        sides = {"front": card.question(), "back": card.answer()}
        assert not card.question_av_tags()
        assert not card.answer_av_tags()
        for content in sides.values():
            page = html(content)
            assert len(page.css("script")) == (not is_fill_in)
            assert not page.css("img, [onerror], iframe, [href^='javascript']")
            assert content.count("[[type:") == is_fill_in
            text = " ".join(node.text() for node in page.css("main"))
            assert composed(shown(question.stem)).split() == _words_of(
                page, ".exam > p, .exam > pre", question
            )
            assert "unknown field" not in text.lower()
        assert not html(sides["front"]).css(".right, .why")
        assert len(html(sides["back"]).css(".right")) == len(question.answer)


def _words_of(page: Any, selector: str, question: Question) -> list[str]:
    """The words of the stem, whose paragraphs are the first ones of the page."""
    count = len(question.stem.split("\n\n"))
    return " ".join(html_text(node) for node in page.css(selector)[:count]).split()


def test_anki_says_how_many_to_choose(anki: Anki) -> None:
    options = tuple(Option(option_id(place), "x", place < 2, None) for place in range(4))
    several = {"type": "multi_select", "select_count": 2, "options": options, "answer": ("A", "B")}
    anki.take(document_of(question_of(0, "one"), question_of(1, "two", **several)))
    first, second = (html(card.question()) for card in anki.cards())
    assert [len(page.css(".choose")) for page in (first, second)] == [0, 1]
    assert second.css_first(".choose").text() == "Choose 2"
    assert [len(page.css(".options > li[data-option]")) for page in (first, second)] == [3, 4]


def test_anki_compares_what_is_typed_with_the_first_accepted_answer(anki: Anki) -> None:
    anki.take(document_of(fill_in_of(0, '<b>"for_each"</b>', "count")))
    card = anki.cards()[0]
    expected = card.note()["Accepted"]
    same = anki.collection.compare_answer(expected, '<b>"for_each"</b>')
    assert "typeBad" not in same
    assert "typeBad" in anki.collection.compare_answer(expected, "other")
    assert [node.text() for node in html(card.answer()).css("li")[:1]] == ["count"]


@pytest.mark.parametrize(
    ("file", "deck"),
    [
        ("exam::a/b::c.txt", "b:c"),
        ("a.b.md", "a.b"),
        ('"x"  y.txt', '"x" y'),
        ("::.txt", "exam"),
        (" .txt", "exam"),
    ],
)
def test_anki_names_one_deck_after_the_file(anki: Anki, file: str, deck: str) -> None:
    question = question_of(0, "a", source=Place(file, (1, 2)), topic='1: a::b\u3000"c" d')
    anki.take(document_of(question, file=file))
    names = {each.name for each in anki.collection.decks.all_names_and_ids()} - {"Default"}
    assert names == {deck}
    assert anki.cards()[0].note().tags == ["1:_a:b_c_d"]


def test_anki_has_a_deck_for_each_file(anki: Anki) -> None:
    first, second = (question_of(index, "a", source=Place(f"{index}.txt", (1, 2))) for index in range(2))
    anki.take(document_of(first, second))
    decks = [anki.collection.decks.name(card.did) for card in anki.cards()]
    assert decks == ["0", "1"]


def test_anki_tells_files_of_one_name_apart(anki: Anki) -> None:
    files = ("a/x.txt", "b/x.txt", "y.txt")
    anki.take(document_of(*(question_of(i, "a", source=Place(file, (1, 2))) for i, file in enumerate(files))))
    decks = {anki.collection.decks.name(card.did) for card in anki.cards()}
    assert decks == {"a/x.txt", "b/x.txt", "y"}


def test_anki_takes_an_empty_package(anki: Anki) -> None:
    assert anki.take(document_of()) == (0, 0, 0, 0)


# QTI: the files as an XML parser reads them.

QTI = "{http://www.imsglobal.org/xsd/imsqti_v2p1}"
CP = "{http://www.imsglobal.org/xsd/imscp_v1p1}"
LOM = "{http://ltsc.ieee.org/xsd/LOM}"
INLINE = {"a", "br"}
FLOW = INLINE | {"p", "pre", "div", "ul"}
CHILDREN: dict[str, set[str]] = {
    "assessmentItem": {"responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"}
    | {"modalFeedback"},
    "responseDeclaration": {"correctResponse", "mapping"},
    "correctResponse": {"value"},
    "mapping": {"mapEntry"},
    "outcomeDeclaration": {"defaultValue"},
    "defaultValue": {"value"},
    "itemBody": {"div", "p", "choiceInteraction"},
    "choiceInteraction": {"simpleChoice"},
    "simpleChoice": FLOW,
    "modalFeedback": FLOW,
    "div": FLOW,
    "p": INLINE | {"textEntryInteraction"},
    "pre": INLINE,
    "a": {"br"},
    "ul": {"li"},
    "li": FLOW,
    "responseProcessing": {"responseCondition", "setOutcomeValue"},
    "responseCondition": {"responseIf", "responseElse"},
    "responseIf": {"match", "setOutcomeValue"},
    "responseElse": {"setOutcomeValue"},
    "match": {"variable", "correct"},
    "setOutcomeValue": {"variable", "mapResponse", "baseValue"},
    "assessmentTest": {"testPart"},
    "testPart": {"itemSessionControl", "assessmentSection"},
    "assessmentSection": {"assessmentItemRef"},
}
"""The part of the content model that is used: IMS QTI 2.1 XML binding, groups ``….ContentGroup``."""
ORDER = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing", "modalFeedback"]
NAME = re.compile(r"[A-Za-z_][\w.-]*")


def qti_files(data: bytes) -> dict[str, ET.Element]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = package.namelist()
        assert names == sorted(set(names))
        assert {each.date_time for each in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        return {name: ET.fromstring(package.read(name)) for name in names}  # noqa: S314 - written just now


def local(element: ET.Element) -> str:
    assert element.tag.startswith(QTI)
    return element.tag.removeprefix(QTI)


def check_rules(root: ET.Element) -> None:
    """The content model, and that every identifier is an XML name and means something."""
    for element in root.iter():
        children = [local(child) for child in element]
        assert set(children) <= CHILDREN.get(local(element), set()), local(element)
        assert NAME.fullmatch(element.get("identifier", "x"))
        if children and not CHILDREN[local(element)] & {"br", "p"}:
            assert not "".join([element.text or "", *(child.tail or "" for child in element)]).strip()
    if local(root) == "assessmentItem":
        check_item_rules(root)


def check_item_rules(root: ET.Element) -> None:
    places = [ORDER.index(local(child)) for child in root]
    assert all(first <= second for first, second in pairwise(places))
    declared = {each.get("identifier") for each in root if local(each).endswith("Declaration")}
    used = {
        each.get(name)
        for each in root.iter()
        for name in ("responseIdentifier", "outcomeIdentifier")
        if each.get(name)
    }
    used |= {each.get("identifier") for each in root.iter() if local(each) in {"setOutcomeValue", "variable"}}
    assert used <= declared
    choices = [each.get("identifier") for each in root.iter(f"{QTI}simpleChoice")]
    assert len(choices) == len(set(choices))
    response = root.find(f"{QTI}responseDeclaration")
    assert response is not None
    if response.get("baseType") == "identifier":
        right = [each.text for each in response.iter(f"{QTI}value")]
        assert set(right) <= set(choices)
        most = int(next(root.iter(f"{QTI}choiceInteraction")).get("maxChoices", "1"))
        assert most == 0 or len(right) <= most
        assert len(right) < 2 or response.get("cardinality") == "multiple"
        told = {
            each.get("identifier")
            for each in root.iter(f"{QTI}modalFeedback")
            if each.get("outcomeIdentifier") == "FEEDBACK"
        }
        assert told <= set(choices)


def xml_text(element: ET.Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if local(child) == "br" else xml_text(child), child.tail or ""]
    return "".join(parts)


def flow_text(element: ET.Element | None) -> str | None:
    if element is None:
        return None
    blocks = [xml_text(each) for each in element if local(each) in {"p", "pre"}]
    return "\n\n".join(blocks) if blocks else xml_text(element)


def read_item(root: ET.Element) -> dict[str, Any]:
    right = [each.text or "" for each in root.iterfind(f"{QTI}responseDeclaration/{QTI}correctResponse/*")]
    told = {
        (each.get("outcomeIdentifier"), each.get("identifier")): each
        for each in root.iter(f"{QTI}modalFeedback")
    }
    overall = told.get(("EXPLANATION", "EXPLANATION"))
    choice = root.find(f".//{QTI}choiceInteraction")
    links = [] if overall is None else overall.findall(f"{QTI}ul/{QTI}li")
    return {
        "stem": flow_text(root.find(f"{QTI}itemBody/{QTI}div")),
        "options": [
            (
                each.get("identifier"),
                each.get("identifier") in right,
                flow_text(each),
                flow_text(told.get(("FEEDBACK", each.get("identifier")))),
            )
            for each in root.iter(f"{QTI}simpleChoice")
        ],
        "select_count": None if choice is None else int(choice.get("maxChoices", "1")),
        "accepted": [each.get("mapKey") for each in root.iter(f"{QTI}mapEntry")],
        "first_accepted": right[:1] if choice is None else [],
        "explanation": None if overall is None else flow_text(overall.find(f"{QTI}div")),
        "references": [xml_text(each) for each in links],
        "links": [each.get("href") for each in root.iter(f"{QTI}a")],
    }


def expected_item(question: Question) -> dict[str, Any]:
    explanation = question.rationale if question.explanation is None else question.explanation
    is_fill_in, is_single = question.type == "fill_in", question.type == "single_select"
    return {
        "stem": shown(question.stem),
        "options": [
            (each.id, each.correct, shown(each.text), each.explanation and shown(each.explanation))
            for each in question.options
        ],
        "select_count": None if is_fill_in else 1 if is_single else question.select_count or 0,
        "accepted": [shown(each) for each in question.accepted],
        "first_accepted": [shown(each) for each in question.accepted[:1]],
        "explanation": explanation and shown(explanation),
        "references": [shown(each.url) for each in question.references],
        "links": [shown(each.canonical) for each in question.references if each.url.startswith("http")],
    }


def check_manifest(document: Document, files: dict[str, ET.Element]) -> None:
    manifest = files["imsmanifest.xml"]
    resources = manifest.findall(f"{CP}resources/{CP}resource")
    listed = [each.get("href") for resource in resources for each in resource.iterfind(f"{CP}file")]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(files)
    names = [each.get("identifier") for each in resources]
    assert len(names) == len(set(names))
    assert {each.get("identifierref") for each in manifest.iter(f"{CP}dependency")} <= set(names)
    items = [each for each in resources if each.get("type") == "imsqti_item_xmlv2p1"]
    for question, resource in zip(document.questions, items, strict=True):
        keywords = [each[0].text or "" for each in resource.iter(f"{LOM}keyword")]
        assert keywords == ([] if question.topic is None else [shown(question.topic)])


def check_test(document: Document, root: ET.Element) -> None:
    sections = {
        each.get("title"): [part.get("href") for part in each]
        for each in root.iter(f"{QTI}assessmentSection")
    }
    expected: dict[str | None, list[str]] = {}
    for question in document.questions:
        title = shown(question.topic or Path(document.source.file).stem)
        expected.setdefault(title, []).append(item_name(question))
    assert sections == expected or len({each.topic for each in document.questions}) > len(expected)


def item_name(question: Question) -> str:
    suffix = "" if question.occurrence == 1 else f"_{question.occurrence}"
    return f"items/{question.id}{suffix}.xml"


def check_qti(document: Document) -> None:
    files = qti_files(render(document, "qti21"))
    check_manifest(document, files)
    for name, root in files.items():
        if name != "imsmanifest.xml":
            check_rules(root)
    for question in document.questions:
        assert read_item(files[item_name(question)]) == expected_item(question)
    if document.questions:
        check_test(document, files["test.xml"])


@given(documents())
@example(HOSTILE_DOCUMENT)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_qti_items_are_the_record(document: Document) -> None:
    check_qti(document)
    expect_notes(document, "qti21", _qti_texts)


def _qti_texts(question: Question) -> list[str]:
    hidden = question.explanation is None and question.rationale
    return [*all_texts(question), hidden or ""]


def test_qti_items_of_dumps_are_the_record(document: Document) -> None:
    check_qti(document)


def test_qti_notes_a_count_that_contradicts_the_key() -> None:
    options = tuple(Option(option_id(place), "x", correct=True, explanation=None) for place in range(2))
    wrong = question_of(1, "b", type="multi_select", select_count=1, options=options, answer=("A", "B"))
    document = document_of(question_of(0, "a"), wrong)
    assert notes(document, "qti21") == [Note("2 options can be chosen, as many as are right", 1)]
    check_rules(qti_files(render(document, "qti21"))[item_name(wrong)])


def test_qti_tells_the_rationale_where_the_explanation_is_empty() -> None:
    question = question_of(0, "a", explanation="", rationale="Because.", references=())
    item = read_item(qti_files(render(document_of(question), "qti21"))[item_name(question)])
    assert item["explanation"] == "Because."


def test_qti_notes_what_has_no_place() -> None:
    plain = question_of(0, "a")
    blank = dataclasses.replace(fill_in_of(1, "b"), options=plain.options, answer=plain.answer)
    document = document_of(dataclasses.replace(plain, accepted=("c",)), blank)
    assert notes(document, "qti21") == [
        Note("accepted answers are left out: the question has options", 0),
        Note("options are left out: the question has a blank", 1),
    ]
    for root in list(qti_files(render(document, "qti21")).values())[1:]:
        assert local(root) == "assessmentTest" or root.find(f".//{QTI}simpleChoice/{QTI}simpleChoice") is None


def test_qti_is_read_by_another_program(document: Document) -> None:
    parser = pytest.importorskip(
        "onyx2moodle.parser", reason="onyx2moodle is not installed: QTI is read by our own rules only"
    )
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(render(document, "qti21"))).extractall(folder)
        for question in document.questions:
            item = parser.parse_item(Path(folder) / item_name(question))
            response, interaction = item.response_decls["RESPONSE"], item.interactions[0]
            if question.type == "fill_in":
                assert interaction.kind == "textEntry"
                assert response.mapping == {shown(each): 1.0 for each in question.accepted}
                continue
            assert response.cardinality == ("single" if question.type == "single_select" else "multiple")
            assert tuple(response.correct_values) == question.answer
            assert [each.identifier for each in interaction.choices] == [each.id for each in question.options]
            explained = [each.id for each in question.options if each.explanation is not None]
            assert [each.identifier for each in item.feedback][: len(explained)] == explained


# Both.


@pytest.mark.parametrize("name", ["anki", "qti21"])
def test_packages_are_the_same_in_two_processes(name: str) -> None:
    program = (
        "import hashlib, sys, ingest; from ingest.writers import WriteSettings, writer;"
        f"data = writer({name!r}).render(ingest.read(sys.argv[1]).document, WriteSettings())[0];"
        "print(hashlib.sha256(data).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program, str(RAW[0])],
            check=True,
            capture_output=True,
            text=True,
            env={"PYTHONHASHSEED": seed, "TZ": zone},
        ).stdout.strip()
        for seed, zone in (("1", "UTC"), ("2", "Asia/Tokyo"))
    }
    assert digests == {hashlib.sha256(render(ingest.read(RAW[0]).document, name)).hexdigest()}


@pytest.mark.parametrize("name", ["anki", "qti21"])
def test_packages_leave_the_attempt_out(name: str) -> None:
    from ingest.model.question import Attempt

    plain = fill_in_of(0, "answer")
    tried = dataclasses.replace(plain, attempt=Attempt("incorrect", (), "what was typed"))
    assert render(document_of(tried), name) == render(document_of(plain), name)
