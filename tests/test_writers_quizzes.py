"""Quiz formats: what is written is read back equal by programs that read such files."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote
from xml.etree import ElementTree as ET

import moodle_xml_parser.parser as moodle_xml
import orjson
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from pygiftparser import parser as gift_parser
from selectolax.lexbor import LexborHTMLParser

import ingest
from conftest import ROOT
from ingest.model.document import Document
from ingest.model.question import Attempt, Option, Place, Question, Reference, option_id
from ingest.writers import Note, WriteSettings, writer

RAW = sorted((ROOT / "raw").glob("*.txt"))
REAL = (
    "ccp_fr_word-processor.md",
    "mla-c01_es.txt",
    "saa-c03_en_firefox.txt",
    "saa-c03_en_page.html",
    "sap_en_firefox.txt",
    "terraform_en_chrome.md",
)
FORMATS = ("gift", "moodle-xml", "mmlu-jsonl", "aiken", "udemy-csv", "markdown")
UDEMY_COLUMNS = (
    "Question,Question Type,Answer Option 1,Explanation 1,Answer Option 2,Explanation 2,Answer Option 3,"
    "Explanation 3,Answer Option 4,Explanation 4,Answer Option 5,Explanation 5,Answer Option 6,Explanation 6,"
    "Correct Answers,Overall Explanation,Domain"
)
EMPTY = ingest.read_text("").document
# The weights that Moodle knows, in per cent.
MOODLE_WEIGHTS = {
    0, 5, 10, 11.11111, 12.5, 14.28571, 16.66667, 20, 25, 30, 33.33333, 40, 50, 60, 66.66667, 70, 75, 80,
    83.33333, 90, 100,
}  # fmt: skip


def ask(
    stem: str,
    options: list[tuple[str, bool, str | None]],
    *,
    accepted: tuple[str, ...] = (),
    topic: str | None = None,
    explanation: str | None = None,
    addresses: tuple[str, ...] = (),
    is_multiple: bool = False,
    occurrence: int = 1,
) -> Question:
    """A question as a writer gets it, with an attempt that no format may write."""
    made = tuple(Option(option_id(place), *each) for place, each in enumerate(options))
    kind = "fill_in" if accepted else "multi_select" if is_multiple else "single_select"
    return Question(
        id="q_0123456789abcdef",
        occurrence=occurrence,
        fingerprint="0" * 16,
        number=None,
        type=kind,
        stem=stem,
        select_count=None,
        options=made,
        answer=tuple(each.id for each in made if each.correct),
        accepted=accepted,
        items=(),
        explanation=explanation,
        rationale=None,
        references=tuple(Reference(each, each, "reference", (1,)) for each in addresses),
        topic=topic,
        attempt=Attempt("incorrect", ("A",), "typed by the sitter"),
        findings=(),
        source=Place("text", (1, 2)),
    )


def document_of(*questions: Question) -> Document:
    return replace(EMPTY, questions=questions)


def render(document: Document, name: str) -> tuple[bytes, list[Note]]:
    return writer(name).render(document, WriteSettings())


def written(document: Document, notes: list[Note]) -> list[Question]:
    left_out = {note.index for note in notes if note.message.startswith("left out")}
    return [each for index, each in enumerate(document.questions) if index not in left_out]


def name_of(question: Question) -> str:
    return f"{question.id}-{question.occurrence}" if question.occurrence > 1 else question.id


def explained(question: Question) -> str:
    """The explanation, and below it what stands nowhere else."""
    texts = [question.explanation or question.rationale or "", question.stem]
    texts += [f"{each.text}\n{each.explanation}" for each in question.options]
    more = "\n".join(each.url for each in question.references if not any(each.url in text for text in texts))
    return "\n\n".join(filter(None, (texts[0], more)))


# --- GIFT: a reader from the documented grammar, and pygiftparser


@dataclass
class GiftQuestion:
    category: str
    identifier: str
    title: str
    stem: str
    answers: list[tuple[str, str, str]]
    """Sign and weight, text, feedback."""
    feedback: str


def plain(text: str) -> str:
    """A text of GIFT: the name of its format goes, escapes become characters, outer white space goes."""
    text = re.sub(r"\A\s*\[(?:plain|html|moodle|markdown)\]", "", text)
    text = re.sub(
        r"\\([\\~=#{}:n])", lambda match: "\n" if match[1] == "n" else match[1], text, flags=re.DOTALL
    )
    return text.strip(" \t\n\r\0\x0b")


def cut(text: str, signs: str) -> list[str]:
    """The text cut before each of the signs that has no backslash of its own."""
    tokens = re.findall(r"\\.|[^\\]", text, re.DOTALL)
    parts = [""]
    for token in tokens:
        if token in signs:
            parts.append("")
        parts[-1] += token
    return parts


def read_gift(data: bytes) -> Iterator[GiftQuestion]:
    """Source: docs.moodle.org, "GIFT format"."""
    category = ""
    for block in re.split(r"\n[ \t]*\n", data.decode()):
        lines = [line for line in block.split("\n") if line.strip()]
        comments = [line for line in lines if line.strip().startswith("//")]
        text = "\n".join(line for line in lines if line not in comments)
        if text.startswith("$CATEGORY:"):
            category = text.removeprefix("$CATEGORY:").strip().replace("\\\\", "\\")
        elif text:
            yield gift_question(category, comments[0], text)


def gift_question(category: str, comment: str, text: str) -> GiftQuestion:
    title, text = re.match(r"::(.*?)::(.*)\Z", text, re.DOTALL).groups()
    stem, body = cut(text, "{")
    body, end = cut(body.removeprefix("{"), "}")
    assert end.strip() == "}"
    body, _, feedback = body.partition("\n\t####")
    answers = []
    for answer in cut(body, "=~")[1:]:
        right, *reason = cut(answer, "#")
        sign, weight, words = re.match(r"([=~])(%-?[\d.]+%)?(.*)\Z", right, re.DOTALL).groups()
        answers.append((sign + (weight or ""), plain(words), plain("".join(reason).removeprefix("#"))))
    identifier = re.fullmatch(r"// \[id:(.+)\]", comment)[1]
    return GiftQuestion(category, identifier, title, plain(stem), answers, plain(feedback))


def php_trimmed(text: str | None) -> str:
    return (text or "").strip(" \t\n\r\0\x0b")


def topic_of(path: str) -> str:
    """Source: Moodle's split_category_path: single slashes part, double ones stand for one."""
    parts = re.split(r"(?<!/)/(?!/)", path)
    assert parts[:2] == ["$course$", "top"]
    assert len(parts) == 3
    return parts[2].strip().replace("//", "/")


def check_topic(path: str, question: Question) -> None:
    assert topic_of(path) == (" ".join((question.topic or "").split()) or topic_of(path))


def check_weights(weights: list[float], question: Question) -> None:
    assert {abs(each) for each in weights} <= MOODLE_WEIGHTS
    assert [each > 0 for each in weights] == [option.correct for option in question.options]
    assert round(sum(each for each in weights if each > 0) / 100, 2) == 1
    if question.type == "multi_select":
        assert sum(weights) <= 0.01 or all(option.correct for option in question.options)


def gift_weight(sign: str) -> float:
    return float(sign[2:-1]) if len(sign) > 1 else {"=": 100.0, "~": 0.0}[sign]


def check_gift(document: Document) -> None:
    data, notes = render(document, "gift")
    questions = written(document, notes)
    for found, question in zip(read_gift(data), questions, strict=True):
        assert found.title == found.identifier == name_of(question)
        check_topic(found.category, question)
        assert found.stem == php_trimmed(question.stem)
        assert found.feedback == php_trimmed(explained(question))
        if question.type == "fill_in":
            texts = [text.replace("\\*", "*") for _, text, _ in found.answers]
            assert {sign for sign, _, _ in found.answers} == {"="}
            assert texts == [php_trimmed(each) for each in question.accepted if each.strip()]
            continue
        assert [text for _, text, _ in found.answers] == [php_trimmed(each.text) for each in question.options]
        assert [each for _, _, each in found.answers] == [
            php_trimmed(each.explanation) for each in question.options
        ]
        check_weights([gift_weight(sign) for sign, _, _ in found.answers], question)
        assert len({sign == "=" for sign, _, _ in found.answers}) == (
            2 if question.type == "single_select" else 1
        )


GIFT_TYPES = {"single_select": "SelectSet", "multi_select": "MultipleChoicesSet", "fill_in": "ShortSet"}
# pygiftparser ends the answers at a brace with a backslash, takes an arrow as a pair, a weight after "=" as
# one, brackets before a feedback as its format, and two backslashes and an n as a backslash and a line end.
PYGIFT_MISREADS = re.compile(r"\}|->|\\|\A\s*[%\[]")


def check_pygiftparser(document: Document) -> None:
    data, notes = render(document, "gift")
    found = gift_parser.parseFile(io.StringIO(data.decode(), newline="\n"))
    questions = written(document, notes)
    assert [each.title for each in found] == [name_of(each) for each in questions]
    for each, question in zip(found, questions, strict=True):
        texts = [question.stem, explained(question), *question.accepted]
        texts += [part or "" for option in question.options for part in (option.text, option.explanation)]
        if any(PYGIFT_MISREADS.search(text) for text in texts):
            continue
        assert each.valid
        assert type(each.answers).__name__ == GIFT_TYPES[question.type]
        assert each.markup == "plain"
        assert plain(each.text).strip() == question.stem.strip()
        assert plain(each.generalFeedback).strip() == explained(question).strip()
        answers = each.answers.answers
        if question.type != "fill_in":
            check_weights([answer.fraction for answer in answers], question)
            assert [plain(answer.answer).strip() for answer in answers] == [
                option.text.strip() for option in question.options
            ]
            assert [plain(answer.feedback).strip() for answer in answers] == [
                (option.explanation or "").strip() for option in question.options
            ]


# --- Moodle XML: the standard library's parser with a browser's one for the HTML, and moodle-xml-parser


def shown_html(content: str) -> str:
    """The text that HTML shows: paragraphs joined by a blank line."""
    body = LexborHTMLParser(f"<body>{content}").body
    paragraphs = [html_text(node) for node in body.iter(include_text=True)]
    return "\n\n".join(paragraphs)


def html_text(node: object) -> str:
    assert node.tag in ("-text", "p", "pre")
    if node.tag == "-text":
        return node.text(deep=False) or node.text_content
    children = list(node.iter(include_text=True))
    assert all(child.tag in ("-text", "br") for child in children)
    return "".join("\n" if child.tag == "br" else child.text_content for child in children)


def feedback_of(content: str) -> tuple[str, list[str]]:
    tree = LexborHTMLParser(f"<body>{content}").body
    links = [node.attributes["href"] for node in tree.css("ul > li > a")]
    if not tree.css("body > ul"):
        return shown_html(content), links
    # Not parsed twice: a parser drops the line end after <pre> each time.
    nodes = tree.css_first("body > div").iter(include_text=True)
    return "\n\n".join(map(html_text, nodes)), links


def in_xml(text: str | None) -> str:
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text or "")


def read_xml(data: bytes) -> ET.Element:
    return ET.fromstring(data)  # noqa: S314 - written just now


def check_moodle_xml(document: Document) -> None:
    data, notes = render(document, "moodle-xml")
    quiz = read_xml(data)
    category = ""
    questions = iter(written(document, notes))
    for found in quiz:
        if found.get("type") == "category":
            category = found.findtext("category/text")
            continue
        question = next(questions)
        check_topic(category, question)
        assert found.findtext("name/text") == found.findtext("idnumber") == name_of(question)
        assert shown_html(found.findtext("questiontext/text")) == in_xml(question.stem)
        text, links = feedback_of(found.findtext("generalfeedback/text"))
        assert text == in_xml(question.explanation or question.rationale)
        assert links == [each.canonical for each in question.references]
        assert [each.text for each in found.findall("tags/tag/text")] == [
            in_xml(each) for each in (question.topic,) if each
        ]
        check_xml_answers(found, question)
    assert next(questions, None) is None


def check_xml_answers(found: ET.Element, question: Question) -> None:
    answers = found.findall("answer")
    if found.get("type") == "shortanswer":
        texts = [each.findtext("text").replace("\\*", "*") for each in answers]
        assert texts == [in_xml(each) for each in question.accepted if each.strip()]
        assert {each.get("fraction") for each in answers} == {"100"}
        return
    assert found.findtext("single") == ("true" if question.type == "single_select" else "false")
    check_weights([float(each.get("fraction")) for each in answers], question)
    assert [shown_html(each.findtext("text")) for each in answers] == [
        in_xml(option.text) for option in question.options
    ]
    assert [shown_html(each.findtext("feedback/text")) for each in answers] == [
        in_xml(option.explanation) for option in question.options
    ]


def check_moodle_xml_parser(document: Document) -> None:
    """The package undoes HTML's escapes and keeps its tags."""
    data, notes = render(document, "moodle-xml")
    found = moodle_xml.parse_bytes(data)["multichoice"]
    questions = [each for each in written(document, notes) if each.type != "fill_in"]
    for each, question in zip(found, questions, strict=True):
        assert each.name == name_of(question)
        assert each.single == (question.type == "single_select")
        assert (each.shuffle_answers, each.answernumbering) == (False, "ABCD")
        check_weights([option.score_fraction for option in each.options], question)
        for given_text, text in [
            (each.text_pre_parse, question.stem),
            *zip([option.answer for option in each.options], [o.text for o in question.options], strict=True),
        ]:
            assert without_tags(given_text) == without_tags(text)


def without_tags(text: str) -> list[str]:
    return re.sub(r"</?(?:p|pre|br)>", "\n", text).split()


# --- MMLU, Udemy, Aiken


def check_mmlu(document: Document) -> None:
    data, notes = render(document, "mmlu-jsonl")
    for line, question in zip(data.splitlines(), written(document, notes), strict=True):
        found = orjson.loads(line)
        assert list(found) == ["question", "choices", "answer", "subject", "id"]
        assert found["question"] == question.stem
        assert found["choices"] == [each.text for each in question.options]
        assert found["subject"] == (question.topic or "")
        assert found["id"] == name_of(question)
        if question.type == "single_select":
            assert question.options[found["answer"]].correct
        else:
            assert tuple(question.options[place].id for place in found["answer"]) == question.answer


def check_udemy(document: Document) -> None:
    data, notes = render(document, "udemy-csv")
    assert data.startswith(UDEMY_COLUMNS.encode() + b"\n")
    rows = list(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True))
    for row, question in zip(rows, written(document, notes), strict=True):
        assert len(row) == 17
        assert None not in row
        assert row["Question"] == question.stem
        assert (
            row["Question Type"]
            == {
                "single_select": "multiple-choice",
                "multi_select": "multi-select",
            }[question.type]
        )
        for place in range(6):
            option = question.options[place] if place < len(question.options) else None
            assert row[f"Answer Option {place + 1}"] == (option.text if option else "")
            assert row[f"Explanation {place + 1}"] == ((option.explanation or "") if option else "")
        right = [place for place, option in enumerate(question.options, 1) if option.correct]
        assert [int(each) for each in row["Correct Answers"].split(",")] == right
        assert row["Overall Explanation"] == explained(question)
        assert row["Domain"] == (question.topic or "")


def check_own_reader(document: Document) -> None:
    data, notes = render(document, "udemy-csv")
    found = ingest.read_bytes(data, "x.csv")
    assert not found.document.rejected
    for each, question in zip(found.questions, written(document, notes), strict=True):
        assert (each.id, each.type, each.answer) == (question.id, question.type, question.answer)
        assert (each.stem, each.topic) == (question.stem, question.topic)
        assert [option.text for option in each.options] == [option.text for option in question.options]
        assert each.explanation == (explained(question) or None)


def read_aiken(data: bytes) -> Iterator[tuple[str, list[str], int]]:
    """Source: docs.moodle.org, "Aiken format": the stem on one line, options with a letter and a full stop or
    bracket, ``ANSWER:`` and a letter; blank lines between questions. Moodle's import wants no space there."""
    stem, options = "", []
    for line in data.decode().split("\n"):
        if not line.strip():
            continue
        if match := re.match(r"([A-Z])[.)][ \t]?(.*)\Z", line):
            assert stem
            assert ord(match[1]) - ord("A") == len(options)
            options.append(match[2])
        elif match := re.fullmatch(r"ANSWER: ([A-Z])", line):
            yield stem, options, ord(match[1]) - ord("A")
            stem, options = "", []
        else:
            assert not stem, f"a second line of a stem: {line}"
            stem = line
    assert not stem


def words_of(text: str) -> list[str]:
    return text.split()


def check_aiken(document: Document) -> None:
    data, notes = render(document, "aiken")
    for (stem, options, right), question in zip(read_aiken(data), written(document, notes), strict=True):
        assert words_of(stem) == words_of(question.stem)
        assert [words_of(each) for each in options] == [words_of(each.text) for each in question.options]
        assert question.options[right].correct


# --- Markdown: markdown-it-py, which follows CommonMark and, here, what code hosts add

MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
FOLD = ("<details>\n<summary>Answer</summary>\n", "</details>\n")


@dataclass
class Sheet:
    heading: str
    stem: list[str]
    options: list[list[str]]
    folded: list[str]
    links: list[str]


def inline_text(token: Token, links: list[str]) -> str:
    parts = []
    for child in token.children:
        assert child.type in (
            "text",
            "hardbreak",
            "strong_open",
            "strong_close",
            "link_open",
            "link_close",
            "code_inline",
        ), child.type
        if child.type == "link_open":
            links.append(child.attrs["href"])
        parts.append("\n" if child.type == "hardbreak" else child.content)
    return "".join(parts)


def read_markdown(data: bytes) -> Iterator[Sheet]:
    sheet: Sheet | None = None
    is_folded = False
    is_heading = False
    for token in MARKDOWN.parse(data.decode())[3:]:
        if token.type == "heading_open":
            assert token.tag == "h2"
            is_heading = True
        elif token.type == "html_block":
            assert token.content == FOLD[is_folded]
            is_folded = not is_folded
            if not is_folded:
                yield sheet
        elif token.type == "list_item_open" and not is_folded:
            sheet.options.append([])
        elif token.type in ("inline", "fence"):
            if is_heading:
                sheet = Sheet(inline_text(token, []), [], [], [], [])
                is_heading = False
                continue
            text = token.content if token.type == "fence" else inline_text(token, sheet.links)
            target = sheet.folded if is_folded else sheet.options[-1] if sheet.options else sheet.stem
            target += lines_of(text)
        else:
            assert token.type in (
                "heading_close",
                "paragraph_open",
                "paragraph_close",
                "bullet_list_open",
                "bullet_list_close",
                "list_item_open",
                "list_item_close",
            ), token.type


def lines_of(text: str) -> list[str]:
    # markdown-it-py shows the characters that an address has as per cent signs.
    return [line.strip() for line in unquote(text).split("\n") if line.strip()]


def check_markdown(document: Document) -> None:
    data, _ = render(document, "markdown")
    for place, (sheet, question) in enumerate(
        zip(read_markdown(data), document.questions, strict=True), start=1
    ):
        number = place if question.number is None else question.number
        topic = unquote(" ".join((question.topic or "").split()))
        assert unquote(sheet.heading).strip() == f"{number} – {topic}" if topic else str(number)
        assert sheet.stem == lines_of(question.stem)
        assert [" ".join(each).split() for each in sheet.options] == [
            [f"{option.id}.", *unquote(option.text).split()] for option in question.options
        ]
        addresses = [each.canonical for each in question.references]
        assert sheet.links[len(sheet.links) - len(addresses) :] == addresses
        assert " ".join(sheet.folded).split() == " ".join(folded(question)).split()


def folded(question: Question) -> list[str]:
    explanation = question.explanation or question.rationale or ""
    lines = lines_of(", ".join(question.answer))
    for accepted in question.accepted:
        lines += lines_of(accepted)
    lines += lines_of(explanation)
    for option in question.options:
        if option.explanation and option.explanation not in explanation:
            lines += lines_of(f"{option.id}. {option.explanation.strip()}")
    return [*lines, *(unquote(each.url) for each in question.references), name_of(question)]


# --- All formats over samples, real dumps and hostile texts

CHECKS: dict[str, Callable[[Document], None]] = {
    "gift": check_gift,
    "gift in pygiftparser": check_pygiftparser,
    "moodle-xml": check_moodle_xml,
    "moodle-xml in moodle-xml-parser": check_moodle_xml_parser,
    "mmlu-jsonl": check_mmlu,
    "udemy-csv": check_udemy,
    "udemy-csv in our own reader": check_own_reader,
    "aiken": check_aiken,
    "markdown": check_markdown,
}


@pytest.fixture(scope="module", params=RAW, ids=lambda path: path.stem)
def sample(request: pytest.FixtureRequest) -> Document:
    return ingest.read(request.param).document


@pytest.fixture(scope="module", params=REAL)
def real(request: pytest.FixtureRequest, real_dumps: Path) -> Document:
    return ingest.read(real_dumps / request.param).document


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_samples_are_read_back(sample: Document, check: Callable[[Document], None]) -> None:
    check(sample)


@pytest.mark.parametrize("check", CHECKS.values(), ids=CHECKS)
def test_real_dumps_are_read_back(real: Document, check: Callable[[Document], None]) -> None:
    check(real)


PIECES = st.sampled_from([
    "~", "=", "{", "}", ":", "::", "#", "####", "\\", "\\n", "\\\\", "->", "//", "%50%", "[html]", "[plain]",
    "]]>", "<![CDATA[", "<script>alert(1)</script>", "</details>", "<b>", "&amp;", "&lt;", "&&058;", "<!--",
    '"', "'", "`", "```", "~~~", "*", "**", "_", "__init__", "|", "| - |", "1. ", "- ", "+ ", "> ", "---",
    "===", "![x](y)", "[a]: b", "https://example.org/a_b?b=c&copy;=1", "https://x.org/%C3%A9_.", "a_b",
    "=SUM(A1)", "+1", "@x", "-1", "A. ", "U.S. ",
    "ANSWER: B", "$CATEGORY: x", "T", "TRUE", "\n", "\n\n", "  ", " ", "\t", "    x", "שלום", "\u202e",
    "\u00a0", "é", "茶", "name = {", "}", "a", "word", "0", "$$", "$x$", "a/b", "//c", "\u2028", "C:\\new",
])  # fmt: skip
TEXT = st.lists(PIECES, min_size=1, max_size=8).map("".join)
# Of other characters, those that are not for control: the reading of dumps drops these.
ANY = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
PROSE = st.one_of(TEXT, ANY).filter(str.strip)
LINE = PROSE.map(lambda text: " ".join(text.split()))


@st.composite
def questions(draw: st.DrawFn, prose: st.SearchStrategy[str] = PROSE) -> Question:
    reasons = st.one_of(st.none(), prose)
    common = {
        "topic": draw(st.one_of(st.none(), LINE)),
        "explanation": draw(reasons),
        "addresses": draw(st.sampled_from([(), ("https://example.org/a?b=1&c=2",)])),
        "occurrence": draw(st.integers(1, 2)),
    }
    if draw(st.integers(0, 4)) == 0:
        accepted = tuple(draw(st.lists(LINE, min_size=1, max_size=3)))
        return ask(draw(prose), [], accepted=accepted, **common)
    texts = draw(st.lists(prose, min_size=2, max_size=5))
    is_multiple = draw(st.booleans())
    right = draw(st.sets(st.integers(0, len(texts) - 1), min_size=1, max_size=4 if is_multiple else 1))
    options = [(text, place in right, draw(reasons)) for place, text in enumerate(texts)]
    return ask(draw(prose), options, is_multiple=is_multiple, **common)


DOCUMENTS = st.lists(questions(), min_size=1, max_size=3).map(lambda made: document_of(*made))
HOSTILE_CHECKS = {name: check for name, check in CHECKS.items() if "own reader" not in name}


@pytest.mark.parametrize("check", HOSTILE_CHECKS.values(), ids=HOSTILE_CHECKS)
@given(document=DOCUMENTS)
@settings(max_examples=150, deadline=None)
@example(document=document_of(ask("a\n\u2028", [("b\n\u00a0", True, None), ("c", False, None)])))
@example(document=document_of(ask("a\\", [("%50% off", False, None), ("[html]x", True, "#")])))
def test_hostile_texts_are_read_back(check: Callable[[Document], None], document: Document) -> None:
    check(document)


def decoded(text: str | None) -> str:
    """What reading a file makes of a text: invisible letters go, odd spaces are plain, paragraphs stand one
    blank line apart."""
    plain = re.sub("[\u200b\u2060\ufeff\u00ad]", "", text or "")
    plain = re.sub("[\u00a0\u2007\u202f]", " ", plain)
    return re.sub(r"\n[ \t]*\n\s*", "\n\n", plain).strip()


@given(
    questions(TEXT.filter(decoded)).filter(lambda made: made.type != "multi_select" or len(made.answer) > 1)
)
@settings(max_examples=150, deadline=None)
def test_our_own_reader_reads_hostile_upload_tables(question: Question) -> None:
    document = document_of(question)
    data, notes = render(document, "udemy-csv")
    if not written(document, notes):
        return
    result = ingest.read_bytes(data, "x.csv")
    if any(each.code == "T002" for each in result.diagnostics):
        return  # the text looks encoded twice, and is repaired
    (found,) = result.questions

    assert (found.type, found.answer) == (question.type, question.answer)
    assert decoded(found.stem) == decoded(question.stem)
    assert decoded(found.topic) == decoded(question.topic)
    assert decoded(found.explanation) == decoded(explained(question))
    assert [decoded(each.text) for each in found.options] == [decoded(each.text) for each in question.options]


@pytest.mark.parametrize("name", FORMATS)
@given(document=DOCUMENTS)
@settings(max_examples=30, deadline=None)
def test_the_same_document_gives_the_same_bytes_without_the_attempt(name: str, document: Document) -> None:
    data, notes = render(document, name)
    assert (data, notes) == render(document, name)
    assert b"sitter" not in data
    without = replace(document, questions=tuple(replace(each, attempt=None) for each in document.questions))
    assert render(without, name)[0] == data


# --- What the formats cannot hold

TWO = [("yes", True, None), ("no", False, None)]


def messages(question: Question, name: str) -> list[tuple[str, int | None]]:
    return [(note.message, note.index) for note in render(document_of(question), name)[1]]


def test_what_contradicts_the_type_is_noted() -> None:
    blank = replace(ask("Which?", TWO), type="fill_in", accepted=("x",))
    choice = replace(ask("Which?", TWO), accepted=("x",))
    lost = "accepted answers are left out: the question has options"
    for name in ("gift", "moodle-xml"):
        assert messages(blank, name) == [("options are left out: the question has a blank", 0)]
        assert messages(choice, name) == [(lost, 0)]
    for name in ("mmlu-jsonl", "udemy-csv"):
        assert messages(choice, name) == [(lost, 0)]


def test_a_reference_that_only_a_longer_one_begins_with_is_told() -> None:
    text = "See https://example.org/tea/pots and https://example.org/tea."
    told = ("https://example.org/tea", "https://example.org")
    document = document_of(ask("Which?", TWO, explanation=text, addresses=told))
    (asked,) = read_gift(render(document, "gift")[0])
    (row,) = csv.DictReader(io.StringIO(render(document, "udemy-csv")[0].decode(), newline=""))
    assert asked.feedback == row["Overall Explanation"] == f"{text}\n\nhttps://example.org"


def test_weights_of_many_right_options() -> None:
    for right, wrong in [*((count, 3) for count in range(1, 21)), (2, 0), (2, 11), (20, 30)]:
        options = [(f"r{place}", True, None) for place in range(right)]
        options += [(f"w{place}", False, None) for place in range(wrong)]
        document = document_of(ask("Which?", options, is_multiple=True))
        check_gift(document)
        check_moodle_xml(document)
    crowd = ask("Which?", [(f"r{place}", True, None) for place in range(21)], is_multiple=True)
    for name in ("gift", "moodle-xml"):
        assert messages(crowd, name) == [("left out: more than 20 right options", 0)]


@pytest.mark.parametrize("name", ["gift", "moodle-xml"])
def test_what_moodle_refuses(name: str) -> None:
    assert messages(ask("Which?", TWO[:1]), name) == [("left out: fewer than two options", 0)]
    assert messages(ask("Which?", [("a", False, None)] * 2), name) == [("left out: no right option", 0)]
    assert messages(ask("Which?", [], accepted=(" ",)), name) == [("left out: no accepted answer", 0)]
    empty = [*TWO, ("", False, None)]
    assert messages(ask("Which?", empty), name) == [("Moodle drops an option without text", 0)]


def test_what_gift_cannot_hold() -> None:
    found = messages(ask("Which?", [], accepted=("a -> b",)), "gift")
    assert found == [('left out: an accepted answer with "->" would be read as a matching question', 0)]
    found = messages(ask("Which &&058; is it?", TWO), "gift")
    assert found == [("Moodle reads && and a number as another character", 0)]


def test_what_xml_cannot_hold() -> None:
    document = document_of(ask("Which\x01?", TWO))
    assert messages(document.questions[0], "moodle-xml") == [("control characters became U+FFFD", 0)]
    check_moodle_xml(document)


def test_what_aiken_cannot_hold() -> None:
    once = ("explanations, references, topics and ids are not held", None)
    many = [(f"o{place}", place == 0, None) for place in range(27)]
    for question, message in [
        (ask("Which?", [], accepted=("x",)), "left out: no options"),
        (ask("Which?", TWO, is_multiple=True), "left out: not one right option"),
        (ask("Which?", many), "left out: more than 26 options"),
        (ask("Which?", TWO[:1]), "left out: fewer than two options"),
        (ask("Which?", [*TWO, (" ", False, None)]), "left out: an option without text"),
        (ask("A. Which?", TWO), "left out: the stem would not be read as one"),
        (ask("U.S. states?", TWO), "left out: the stem would not be read as one"),
        (ask("Which?\n\nfor x in y:\n    print(x)", TWO), "code is on one line"),
    ]:
        assert messages(question, "aiken") == [(message, 0), once]
    assert messages(ask("Which\n\none?", TWO), "aiken") == [once]
    assert len(list(read_aiken(render(document_of(ask("Which?", many[:26])), "aiken")[0]))) == 1


def test_what_the_upload_table_cannot_hold() -> None:
    seven = [(f"o{place}", place == 0, None) for place in range(7)]
    for question, message in [
        (ask("Which?", [], accepted=("x",)), "left out: no options"),
        (ask("Which?", seven), "left out: more than 6 options"),
        (
            ask("Set <name> where?", TWO),
            "the site deletes words in angle brackets, such as <name>",
        ),
    ]:
        assert messages(question, "udemy-csv") == [(message, 0)]
    assert messages(ask("Is 1 < 2 and 3 > 2?", seven[:6]), "udemy-csv") == []
    document = document_of(ask("=1+1", TWO))
    data, notes = writer("udemy-csv").render(document, WriteSettings(csv_safe=True))
    assert b"'" not in data
    assert [note.message for note in notes] == ["no cell got an apostrophe: the site would show it"]


def test_what_mmlu_cannot_hold() -> None:
    assert messages(ask("Which?", [], accepted=("x",)), "mmlu-jsonl") == [("left out: no choices", 0)]
    none = ask("Which?", [("a", False, None), ("b", False, None)])
    assert messages(none, "mmlu-jsonl") == [("left out: no right option", 0)]
    assert render(document_of(none), "mmlu-jsonl")[0] == b""
    both = document_of(ask("Which?", TWO), ask("Which?", TWO, is_multiple=True))
    assert [note.message for note in render(both, "mmlu-jsonl")[1]] == [
        "answer is a number in some lines and a list in others"
    ]
    found = messages(ask("Which?", TWO, explanation="So."), "mmlu-jsonl")
    assert found == [("explanations and references are not held", None)]


def test_data_frames_read_questions_with_one_right_option(sample: Document) -> None:
    singles = [each for each in sample.questions if each.type == "single_select"]
    table = pl.read_ndjson(render(document_of(*singles), "mmlu-jsonl")[0])
    assert table.schema["answer"] == pl.Int64
    assert table["choices"].to_list() == [[option.text for option in each.options] for each in singles]


def test_code_keeps_its_lines() -> None:
    code = 'resource "x" {\n  a = 1\n\n  b = [\n    "```",\n  ]\n}'
    document = document_of(ask(f"Which of these?\n\n{code}", TWO))
    xml = read_xml(render(document, "moodle-xml")[0])
    stem = LexborHTMLParser(xml.find("question[@type='multichoice']").findtext("questiontext/text"))
    assert [node.text() for node in stem.css("pre")] == [code]
    fences = [
        token for token in MARKDOWN.parse(render(document, "markdown")[0].decode()) if token.type == "fence"
    ]
    assert [token.content for token in fences] == [f"{code}\n"]


def test_categories_change_with_the_topic_only() -> None:
    asked = [ask("Which?", TWO, topic=topic) for topic in ("Tea", "Tea", "Pots/cups", None)]
    data, _ = render(document_of(*asked), "gift")
    paths = re.findall(r"^\$CATEGORY: (.*)$", data.decode(), re.MULTILINE)
    assert paths == ["$course$/top/Tea", "$course$/top/Pots//cups", "$course$/top/text"]
    assert all(first != second for first, second in pairwise(paths))
