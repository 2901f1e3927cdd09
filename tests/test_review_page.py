"""The review page as HTML: what stands on it, escaped, in every language; how it looks and works in a browser
is in ``test_review_page_browser.py``."""

from __future__ import annotations

import base64
import hashlib
import re
import sys
from collections.abc import Sequence
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest import counting
from ingest.cli import main
from ingest.counting import KeyPositions
from ingest.documents import open_document
from ingest.locales import join_course_words, load_all
from ingest.model.source import LineIndex
from ingest.pages.charts import charts
from ingest.pages.labels import labels, languages
from ingest.pages.raw_lines import stretches
from ingest.pages.review_page import is_link, seen
from ingest.pages.sheets import Sheet, sheets
from ingest.reading import ReadSettings

SAMPLES = sorted((ROOT / "raw").glob("*.txt"))
FAULTY = ROOT / "raw" / "errores_es.txt"
TEMPLATES = ROOT / "src" / "ingest" / "pages" / "templates"


def report(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["report", *map(str, arguments)])


def page_of(*arguments: str | Path) -> str:
    done = report(*arguments, "-o", "-")
    assert done.exit_code == 0, done.output
    return done.stdout


def sheets_of(*paths: Path) -> list[Sheet]:
    settings = ReadSettings(every_rule=True)
    opened = [open_document(path.read_bytes(), path.name, settings) for path in paths]
    return sheets(opened, join_course_words(load_all()), {})


class Page(HTMLParser):
    """What a browser would see: elements by name, with their attributes, and whether all are closed."""

    EMPTY = frozenset(("meta", "link", "input", "rect", "path", "br"))

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in self.EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def having(self, **wanted: str) -> list[dict[str, str | None]]:
        wanted = {name.rstrip("_"): value for name, value in wanted.items()}
        return [each for _, each in self.elements if wanted.items() <= each.items()]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("language", languages())
def test_every_text_stands_on_the_page(path: Path, language: str) -> None:
    page = Page(page_of(path, "--lang", language))
    assert page.open == []
    shown = "".join(page.texts)
    result = ingest.read(path)
    for question in result.questions:
        texts = [question.stem, *(option.text for option in question.options)]
        assert all(text in shown for text in [*texts, question.rationale or ""])
        assert page.having(id=f"q{question.number}")
    for rejected in result.rejected:
        assert page.having(id=f"q{rejected.number}")
    ids = [each["id"] for _, each in page.elements if "id" in each]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_no_line_of_a_question_is_left_out(path: Path) -> None:
    result = ingest.read(path)
    parts = stretches(result, LineIndex(result.source.text, result.source.places))
    lines = result.source.text.split("\n")
    for reading, each in zip(result.readings, parts, strict=True):
        first, last = LineIndex(result.source.text).lines(reading.block.span)
        shown = [line for stretch in each for line in stretch.text.split("\n") if line.strip()]
        assert [line.strip() for line in shown] == [
            line.strip() for line in lines[first - 1 : last] if line.strip()
        ]


def test_raw_lines_that_tell_the_key() -> None:
    result = ingest.read(FAULTY)
    first = stretches(result, LineIndex(result.source.text))[0]
    told = [(each.role, each.text.split("\n")[0]) for each in first if each.tells]
    assert told == [
        ("label", "Respuesta correcta"),
        ("label", "Explicación general"),
        ("explanation", "Correct option:"),
    ]


def test_findings_beside_the_field_they_concern() -> None:
    cards = {card.anchor: card for card in sheets_of(FAULTY)[0].cards}
    assert [(note.code, note.field) for note in cards["q4"].notes] == [
        ("Q007", "options.0"),
        ("Q007", "options.1"),
    ]
    assert [note.code for note in cards["q5"].notes_on("stem")] == ["Q006"]
    assert [note.code for note in cards["q6"].notes_on("")] == ["P107", "Q010", "Q011"]
    assert cards["q2"].question is None
    assert [note.code for note in cards["q2"].notes_on("")] == ["Q001"]
    assert not cards["q1"].is_doubtful


def test_a_finding_inside_the_answer_shows_outside_too() -> None:
    """What is found about an explanation stands beside it, and is hidden with it; its code is not."""
    assert "<small>Q007</small></span>" in page_of(FAULTY)


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_converted_files(form: str, tmp_path: Path) -> None:
    out = tmp_path / f"errores_es.{form}"
    ingest.write(ingest.read(FAULTY), out)
    (sheet,) = sheets_of(out)
    codes = {card.anchor: card.codes for card in sheet.cards}
    assert codes["q4"] == ["Q007"]
    assert {"P106", "Q006"} <= set(codes["q5"])
    assert ("q2" in codes) == (form == "json")
    assert not any(card.raw or card.correction for card in sheet.cards if card.question)
    assert "it holds no raw lines" in page_of(out)


def test_the_text_of_a_correction_can_be_read() -> None:
    from ingest.corrections import parse

    cards = {card.anchor: card for card in sheets_of(FAULTY)[0].cards}
    (entry,) = parse(cards["q4"].correction, "page")
    assert (entry.question, entry.answer, entry.checked) == (4, ("A",), False)
    assert not cards["q1"].correction
    assert cards["q2"].correction


def test_several_files_are_told_apart(tmp_path: Path) -> None:
    text = page_of(*SAMPLES)
    page = Page(text)
    assert page.having(id="s1-q1")
    assert page.having(id="s3-q1")
    assert "in 3 files" in text
    copy = tmp_path / "copy.txt"
    copy.write_bytes(FAULTY.read_bytes())
    one, two = sheets_of(FAULTY, copy)
    assert any("Q016" in card.codes for card in (*one.cards, *two.cards))


def test_numbers_repeat_or_are_missing(tmp_path: Path) -> None:
    dump = tmp_path / "twice.txt"
    text = FAULTY.read_text(encoding="utf-8")
    dump.write_text(
        text.replace("Pregunta 9", "Pregunta 1") + "\nsome words that belong to nothing\n", "utf-8"
    )
    (sheet,) = sheets_of(dump)
    anchors = [card.anchor for card in sheet.cards]
    assert anchors[:2] == ["q1", "q2"]
    assert "q1-2" in anchors
    assert len(set(anchors)) == len(anchors)


# Everything that would run, load or lead somewhere, as text of a dump.
_HOSTILE = """Pregunta 1

<script>alert(1)</script><img src=x onerror=alert(1)> </script></style></p> {{ 7 * 7 }} {% raw %} &lt;b&gt;

Which one? ]]> --> '"><svg/onload=alert(1)>

<a href="javascript:alert(1)">A</a>

Respuesta correcta
"><script>alert(2)</script>

\u202etxet derorrim\u202c and \x07bell

Explicación general
Correct option:

"><script>alert(2)</script>

It says javascript:alert(3) and </script><script>alert(4)</script>

References:

javascript:alert(5)

data:text/html,<script>alert(6)</script>

https://example.org/"onmouseover="alert(7)

https://example.org/good

Temática
</option><script>alert(8)</script>&topic=x#q1
"""


@pytest.fixture
def hostile(tmp_path: Path) -> Path:
    path = tmp_path / "hostile.txt"
    path.write_text(_HOSTILE, encoding="utf-8")
    return path


def test_hostile_text_is_text(hostile: Path) -> None:
    plain = Page(page_of(FAULTY))
    page = Page(page_of(hostile))
    assert page.open == []
    assert {tag for tag, _ in page.elements} <= {tag for tag, _ in plain.elements} | {"small"}
    assert sum(tag == "script" for tag, _ in page.elements) == 1
    assert not [each for _, each in page.elements if any(name.startswith("on") for name in each)]
    for _, attributes in page.elements:
        address = attributes.get("href") or "#"
        assert address.startswith(("#", "https://", "data:,")), address
    shown = "".join(page.texts)
    assert "<script>alert(1)</script><img src=x onerror=alert(1)>" in shown
    assert "{{ 7 * 7 }} {% raw %} &lt;b&gt;" in shown
    assert "⟨U+202E⟩txet" in shown
    assert "␇bell" in shown


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//host",
        "https://",
        "http://[x",
        "vbscript:x",
        " javascript:x",
    ],
)
def test_no_links_but_to_pages(address: str) -> None:
    assert not is_link(address)


def test_the_policy_names_style_and_script() -> None:
    text = page_of(FAULTY)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    for name in ("style", "script"):
        (inside,) = re.findall(rf"<{name}>(.*?)</{name}>", text, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{name}-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; ")
    assert "unsafe" not in policy[1]
    assert not re.search(r'\bstyle="| src=|<link(?! rel="icon" href="data:,">)|@import|url\(', text)


def test_same_bytes_each_time() -> None:
    assert page_of(*SAMPLES) == page_of(*SAMPLES)


def test_languages_have_the_same_words() -> None:
    english = labels("en").words
    for language in languages():
        words = labels(language).words
        assert words.keys() == english.keys()
        assert words["verdicts"].keys() == english["verdicts"].keys()
        for name, value in words.items():
            assert type(value) is type(english[name])
            if name != "verdicts":
                assert set(re.findall(r"\{\w+\}", str(value))) == set(
                    re.findall(r"\{\w+\}", str(english[name]))
                ), name
    assert '<html lang="es">' in page_of(FAULTY, "--lang", "es")
    assert "Temas" in page_of(FAULTY, "--lang", "es")


@pytest.mark.parametrize(
    "counts", [(1, 1, 1, 1), (25, 25, 25, 25), (60, 10, 15, 15), (0, 30, 30, 30), (2700, 2500, 2400, 2400)]
)
@pytest.mark.parametrize("language", languages())
def test_every_verdict_can_be_said(counts: Sequence[int], language: str) -> None:
    from ingest.pages.charts import _said_of_keys

    is_lopsided, verdict = counting._judge_positions(counts, 0.5 if len(set(counts)) == 1 else 0.001)
    said = _said_of_keys(KeyPositions(4, tuple(counts), 3.0, 0.001, is_lopsided, verdict), labels(language))
    assert said.endswith(")") == (verdict != counting.TOO_FEW)
    assert is_lopsided == said.startswith(("Lopsided", "Desequilibrada"))


def test_charts_hold_the_numbers() -> None:
    made = {chart.name: chart for chart in charts(sheets_of(FAULTY), labels("en"))}
    topics = [(bar.label, bar.number, bar.detail) for bar in made["topics"].bars]
    assert topics == [
        ("Brewing", 4, "3 doubtful"),
        ("Kinds of tea", 2, "2 doubtful"),
        ("Without a topic", 1, "1 doubtful"),
    ]
    assert [bar.number for bar in made["keys"].bars] == [1, 3, 0, 1]
    assert sum(bar.number for bar in made["findings"].bars) == 12
    assert made["findings"].bars[0].severity == "error"
    for chart in made.values():
        assert all(0 <= bar.part <= bar.width <= 100 for bar in chart.bars)


def test_a_chart_that_says_too_little_is_folded() -> None:
    """It says so, and nothing that sounds like a verdict."""
    made = {chart.name: chart for chart in charts(sheets_of(FAULTY), labels("en"))}
    for name in ("keys", "longest"):
        assert made[name].said == "Too few questions to tell."
        at_once, folded = made[name].tables
        assert not at_once
        assert folded == made[name].bars
    text = page_of(FAULTY)
    assert text.count("The numbers all the same") == 2
    assert "χ²" not in text


def test_many_rows_are_folded_behind_the_first(tmp_path: Path) -> None:
    dump = tmp_path / "topics.txt"
    question = re.split(r"(?m)^(?=Pregunta \d+:?$)", FAULTY.read_text(encoding="utf-8"))[1]
    rows = [
        re.sub(r"Pregunta 1", f"Pregunta {n}", question).replace("\nBrewing", f"\nTopic {n}")
        for n in range(1, 16)
    ]
    dump.write_text("\n".join(rows), encoding="utf-8")
    made = {chart.name: chart for chart in charts(sheets_of(dump), labels("en"))}
    at_once, folded = made["topics"].tables
    assert (len(at_once), len(folded)) == (12, 3)
    assert at_once + folded == made["topics"].bars
    assert "and 3 more" in page_of(dump)


def test_an_error_about_a_file_is_told_above_all(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    text = page_of(empty)
    page = Page(text)
    assert page.having(href="#about-1", class_="rejected")
    assert page.having(id="about-1")
    assert "1 error" in text
    assert "Nothing was found" not in text
    assert "No warning or error" not in text
    # No question has it, so that no row leads to one.
    (bar,) = next(chart for chart in charts(sheets_of(empty), labels("en")) if chart.name == "findings").bars
    assert (bar.label, bar.number, bar.filter) == ("P001 no-known-label", 1, "")


def test_findings_are_counted_by_severity() -> None:
    assert "3 errors, 6 warnings, 3 notes" in page_of(FAULTY)
    assert "3 errores, 6 advertencias, 3 notas" in page_of(FAULTY, "--lang", "es")


def test_a_file_counts_questions_and_tells_of_rejected_blocks() -> None:
    made = {chart.name: chart for chart in charts(sheets_of(FAULTY, SAMPLES[1]), labels("en"))}
    bar = next(bar for bar in made["files"].bars if bar.label == FAULTY.name)
    assert (bar.number, bar.detail) == (7, "6 doubtful, 1 rejected")


def test_findings_are_english_on_every_page() -> None:
    assert not Page(page_of(FAULTY)).having(class_="note warning", lang="en")
    assert Page(page_of(FAULTY, "--lang", "es")).having(class_="note warning", lang="en")


@pytest.mark.parametrize(
    "letter",
    "\u200b\u2028\u2029\u202e\u2060\u2066\ufeff\U000e0041\x85",
    ids=lambda letter: f"{ord(letter):X}",
)
def test_letters_without_a_shape_are_named(letter: str) -> None:
    assert seen(f"a{letter}b") == f"a⟨U+{ord(letter):04X}⟩b"


def test_what_cannot_be_read(tmp_path: Path) -> None:
    assert report(tmp_path / "none.txt", "-o", tmp_path / "r.html").exit_code == 2
    assert not (tmp_path / "r.html").exists()
    done = report(FAULTY, tmp_path / "none.txt", "-o", tmp_path / "r.html")
    assert done.exit_code == 2
    assert (tmp_path / "r.html").exists()
    done = report(FAULTY, "--lang", "e")
    assert done.exit_code == 2
    assert "unknown language" in done.output


def test_the_command_tells_what_the_page_says(tmp_path: Path) -> None:
    page = tmp_path / "r.html"
    told = "7 questions read, 1 sure, 6 doubtful, 1 block rejected"
    assert report(FAULTY, "-o", page).stderr == f"errores_es.txt: {told} → {page}\n"
    assert report(*SAMPLES, "-o", page).stderr.startswith("3 files: 41 questions read, 35 sure, 6 doubtful")


def test_no_questions(tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    assert "There is no question" in page_of(empty)
    words = tmp_path / "words.txt"
    words.write_text("no dump at all\n", encoding="utf-8")
    assert "no dump at all" in page_of(words)


def test_without_jinja2(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)
    done = report(FAULTY, "-o", "-")
    assert done.exit_code == 2
    assert "python -m pip install 'exam-ingest[report]'" in done.output


def test_the_real_dump_is_small(real_dumps: Path) -> None:
    text = page_of(real_dumps / "mla-c01_es.txt")
    assert len(text.encode()) < 1_000_000
    assert text.count("<article") == 65


def _luminance(colour: str) -> float:
    colour = colour if len(colour) == 7 else "#" + "".join(2 * each for each in colour[1:])
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, two: str) -> float:
    """Source: https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio."""
    low, high = sorted((_luminance(one), _luminance(two)))
    return (high + 0.05) / (low + 0.05)


# What is written on what.
_PAIRS = [
    *((text, back) for text in ("ink", "soft", "accent") for back in ("paper", "sheet")),
    ("ink", "quiet"),
    ("ink", "good-back"),
    ("sheet", "good"),
    *((each, f"{each}-back") for each in ("error", "warning", "info")),
    *(
        (text, f"{each}-back")
        for each in ("stem", "option", "odd", "told", "topic", "label")
        for text in (each, "ink", "soft")
    ),
]


@pytest.mark.parametrize("scheme", [0, 1, 2], ids=["light", "dark", "print"])
def test_contrast(scheme: int) -> None:
    style = (TEMPLATES / "review.css").read_text(encoding="utf-8")
    blocks = [
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]+);", each))
        for each in re.findall(r":root \{(.*?)\n *\}", style, re.DOTALL)
    ]
    assert len(blocks) == 3
    colours = blocks[0] | blocks[scheme]
    for text, back in _PAIRS:
        assert _contrast(colours[text], colours[back]) >= 4.5, (text, back)
