"""The review page in a real browser: Debian's Chromium, driven by Playwright. Skipped where either is
missing; ``make consumers`` installs both."""

from __future__ import annotations

import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

import ingest
from conftest import ROOT
from ingest.documents import open_document
from ingest.locales import join_course_words, load_all
from ingest.pages.labels import labels
from ingest.pages.review_page import render
from ingest.pages.sheets import sheets
from ingest.reading import ReadSettings
from test_review_page import _HOSTILE

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed: make consumers")
pytest.importorskip("jinja2")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
if not CHROMIUM:
    pytest.skip(
        "there is no Chromium: apt-get install chromium, or name one in CHROMIUM", allow_module_level=True
    )

SWITCHES = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
FAULTY = ROOT / "raw" / "errores_es.txt"
SAMPLE = ROOT / "raw" / "skipper_es.txt"
MANY = 5_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with playwright.sync_playwright() as driver:
        chromium = driver.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield chromium
        chromium.close()


def write_page(folder: Path, *dumps: Path, language: str = "en") -> Path:
    settings = ReadSettings(every_rule=True)
    opened = [open_document(path.read_bytes(), path.name, settings) for path in dumps]
    target = folder / "report.html"
    made = sheets(opened, join_course_words(load_all()), {})
    target.write_bytes(b"".join(render(made, labels(language))))
    return target


class Visit:
    """A page in the browser, and what it did that it must not."""

    def __init__(self, browser: Any, path: Path, **context: Any) -> None:
        self.context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **context})
        self.context.set_default_timeout(10_000)
        self.page = self.context.new_page()
        self.wrong: list[str] = []
        self.path = path
        self.page.on("console", lambda message: self.wrong.append(message.text))
        self.page.on("pageerror", lambda error: self.wrong.append(str(error)))
        self.page.on("dialog", lambda dialog: (self.wrong.append(dialog.message), dialog.dismiss()))
        self.page.on("request", self._note)
        self.page.goto(path.as_uri())

    def _note(self, request: Any) -> None:
        if not request.url.startswith((self.path.as_uri(), "data:")):
            self.wrong.append(request.url)

    def shown(self) -> list[str]:
        self.page.wait_for_timeout(60)
        found: list[str] = self.page.eval_on_selector_all(
            ".card:not([hidden])", "cards => cards.map(card => card.id)"
        )
        return found

    def focused(self) -> str:
        found: str = self.page.evaluate("document.activeElement.id || document.activeElement.name || ''")
        return found

    def fragment(self) -> str:
        self.page.wait_for_timeout(250)  # the address follows a little later
        found: str = self.page.evaluate("location.hash")
        return found


Visiting = Callable[..., Visit]


@pytest.fixture
def visit(browser: Any, tmp_path: Path) -> Iterator[Visiting]:
    visits: list[Visit] = []

    def go(*dumps: Path, language: str = "en", **context: Any) -> Visit:
        page = write_page(tmp_path, *dumps, language=language)
        visits.append(Visit(browser, page, **context))
        return visits[-1]

    yield go
    for each in visits:
        assert each.wrong == []
        each.context.close()


def test_it_opens(visit: Visiting) -> None:
    page = visit(FAULTY).page
    assert page.title() == "Review of errores_es.txt"
    assert page.locator(".verdict").inner_text() == "7 questions"
    assert page.locator(".card").count() == 8
    assert page.locator("#shown").inner_text() == "8 of 8"


def test_search_takes_words_without_accents_and_capitals(visit: Visiting, tmp_path: Path) -> None:
    dump = tmp_path / "accents.txt"
    dump.write_text(FAULTY.read_text(encoding="utf-8").replace("Rooibos", "Róoibós"), encoding="utf-8")
    there = visit(dump)
    there.page.fill("[name=search]", "ROOIBOS caffeine")
    assert there.shown() == ["q4"]
    assert there.page.locator("#shown").inner_text() == "1 of 8"
    assert there.fragment() == "#search=ROOIBOS+caffeine"
    there.page.locator("#q4").scroll_into_view_if_needed()
    there.page.wait_for_timeout(300)
    marked = there.page.evaluate("""() => [...CSS.highlights.get("hit")].map(each => {
      const range = document.createRange();
      range.setStart(each.startContainer, each.startOffset);
      range.setEnd(each.endContainer, each.endOffset);
      return range.toString();
    })""")
    assert set(marked) == {"Róoibós", "caffeine"}
    there.page.fill("[name=search]", "no such words")
    assert there.shown() == []
    assert there.page.locator("#none").is_visible()
    there.page.fill("[name=search]", "")
    assert len(there.shown()) == 8
    assert there.fragment() == ""


def test_filters_and_their_address(visit: Visiting) -> None:
    there = visit(FAULTY)
    there.page.check("[name=doubtful]")
    assert there.shown() == ["q2", "q3", "q4", "q5", "q6", "q7", "q9"]
    there.page.click("#filters summary")
    there.page.select_option("[name=topic]", "Brewing")
    assert there.shown() == ["q3", "q7", "q9"]
    there.page.select_option("[name=rule]", "Q003")
    assert there.shown() == ["q3"]
    address = there.fragment()
    assert address == "#doubtful=1&topic=Brewing&rule=Q003"
    assert there.page.locator("#filters summary").inner_text() == "Filters: Brewing · Q003"
    there.page.click("#clear")
    assert len(there.shown()) == 8
    assert there.fragment() == ""
    there.page.goto(f"{there.path.as_uri()}{address}")
    assert there.shown() == ["q3"]
    there.page.click("#filters summary")
    there.page.select_option("[name=rule]", "")
    there.page.select_option("[name=topic]", "")
    there.page.select_option("[name=severity]", "error")
    assert there.shown() == ["q2", "q3", "q7"]
    there.page.select_option("[name=severity]", "")
    there.page.select_option("[name=type]", "multi_select")
    assert set(there.shown()) == {"q5", "q7"}


def test_what_was_found_comes_into_sight(visit: Visiting) -> None:
    there = visit(SAMPLE)
    there.page.keyboard.press("End")
    there.page.wait_for_timeout(200)
    there.page.fill("[name=search]", "anchor")
    there.page.wait_for_timeout(200)
    first = there.page.locator(".card:not([hidden])").first.bounding_box()
    bar = there.page.locator("#tools").bounding_box()
    assert bar["y"] + bar["height"] <= first["y"] < 400


def test_panels(visit: Visiting) -> None:
    """They lie over the questions, and go when they are left."""
    there = visit(FAULTY)
    there.page.evaluate("document.getElementById('questions').scrollIntoView()")
    before = there.page.locator("#q1").bounding_box()
    there.page.click("#filters summary")
    panel = there.page.locator("#filters .panel")
    assert panel.is_visible()
    assert there.page.locator("#q1").bounding_box() == before
    there.page.focus("[name=topic]")
    there.page.keyboard.press("Escape")
    assert not panel.is_visible()
    there.page.click("#filters summary")
    there.page.click(".keys summary")
    assert not panel.is_visible()
    there.page.keyboard.press("j")
    assert there.page.locator("#tools details[open]").count() == 0


def test_bars_lead_to_their_questions(visit: Visiting) -> None:
    there = visit(FAULTY)
    there.page.click(".chart-findings a >> text=Q007")
    assert there.shown() == ["q4"]
    assert there.page.locator("#questions").bounding_box()["y"] < 400


def test_answers_are_hidden_until_asked_for(visit: Visiting) -> None:
    there = visit(FAULTY)
    card = there.page.locator("#q1")
    raw = card.locator(".raw")
    key = card.locator(".options .key")
    plain = key.evaluate("each => getComputedStyle(each).backgroundColor")
    assert "Respuesta correcta" not in raw.inner_text()
    assert "Boiling water draws" not in card.inner_text()
    assert "4 lines that tell" not in raw.inner_text()
    assert "that tell the answer are hidden" in raw.inner_text()
    other = card.locator(".options li").first.evaluate("each => getComputedStyle(each).backgroundColor")
    assert plain == other
    card.locator(".answer > summary").click()
    assert "Respuesta correcta" in raw.inner_text()
    assert card.locator(".solution").inner_text() == "B"
    assert key.evaluate("each => getComputedStyle(each).backgroundColor") != plain
    assert "that tell the answer are hidden" not in raw.inner_text()
    assert "Respuesta correcta" not in there.page.locator("#q3 .raw").inner_text()
    there.page.click("#answers")
    assert there.page.locator(".answer[open]").count() == 7
    assert there.page.locator("#answers").inner_text() == "Hide all answers"
    there.page.click("#answers")
    assert there.page.locator(".answer[open]").count() == 0


def test_keys(visit: Visiting) -> None:
    there = visit(FAULTY)
    press = there.page.keyboard.press
    press("j")
    assert there.focused() == "q1"
    press("j")
    press("j")
    assert there.focused() == "q3"
    press("k")
    assert there.focused() == "q2"
    assert there.fragment() == "#q2"
    press("j")
    press("a")
    assert there.page.locator("#q3 .answer").get_attribute("open") is not None
    press("a")
    assert there.page.locator("#q3 .answer").get_attribute("open") is None
    press("/")
    assert there.focused() == "search"
    there.page.keyboard.type("jakd caddy")
    assert there.page.input_value("[name=search]") == "jakd caddy"
    there.page.fill("[name=search]", "oolong")
    there.page.wait_for_timeout(60)
    press("Enter")
    assert there.focused() == there.shown()[0]
    press("/")
    press("Escape")
    assert there.focused() != "search"
    there.page.fill("[name=search]", "")
    there.page.locator("h1").click()
    press("d")
    assert len(there.shown()) == 7
    press("Shift+A")
    assert there.page.locator(".answer[open]").count() == 7
    press("Control+a")
    assert there.page.locator(".answer[open]").count() == 7


def test_only_the_keyboard(visit: Visiting) -> None:
    """Tab leads from the skip link through search and filters to each question and its answer; what has the
    focus is seen."""
    there = visit(FAULTY)
    press = there.page.keyboard.press
    press("Tab")
    assert there.page.evaluate("document.activeElement.className") == "skip"
    assert there.page.locator(".skip").bounding_box()["x"] >= 0
    press("Enter")
    seen = []
    for _ in range(14):
        press("Tab")
        seen.append(
            there.page.evaluate(
                "document.activeElement.name || document.activeElement.id || document.activeElement.tagName"
            )
        )
        assert there.page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert seen[:5] == ["search", "doubtful", "SUMMARY", "answers", "SUMMARY"]
    press("j")
    while there.page.evaluate("document.activeElement.tagName") != "SUMMARY":
        press("Tab")
    press("Enter")
    assert there.page.locator(".answer[open]").count() == 1


def test_link_to_a_question(visit: Visiting) -> None:
    there = visit(SAMPLE)
    there.page.goto(f"{there.path.as_uri()}#q18")
    there.page.wait_for_timeout(100)
    assert there.focused() == "q18"
    box = there.page.locator("#q18").bounding_box()
    bar = there.page.locator("#tools").bounding_box()
    assert bar["y"] + bar["height"] <= box["y"] < 400
    # A link to a question that the filter hides shows it again.
    there.page.fill("[name=search]", "no such words")
    assert there.shown() == []
    there.page.evaluate("location.hash = '#q3'")
    there.page.wait_for_timeout(100)
    assert there.focused() == "q3"
    there.page.goto(f"{there.path.as_uri()}#topic=Weather&at={there.shown()[0]}")
    assert there.shown()


def test_several_files(visit: Visiting) -> None:
    there = visit(FAULTY, SAMPLE)
    there.page.goto(f"{there.path.as_uri()}#file=skipper_es.txt")
    assert len(there.shown()) == 26
    assert all(each.startswith("s2-") for each in there.shown())
    assert there.page.locator(".sheet:visible").count() == 1
    there.page.goto(f"{there.path.as_uri()}#s1-q4")
    there.page.wait_for_timeout(100)
    assert there.focused() == "s1-q4"


def test_dark_and_light(visit: Visiting) -> None:
    def brightness(there: Visit) -> int:
        colour = there.page.evaluate("getComputedStyle(document.body).backgroundColor")
        return sum(map(int, re.findall(r"\d+", colour)[:3]))

    assert brightness(visit(FAULTY, color_scheme="dark")) < 150
    assert brightness(visit(FAULTY, color_scheme="light")) > 650


def test_the_key_is_seen_in_forced_colours(visit: Visiting) -> None:
    page = visit(FAULTY, forced_colors="active").page
    page.click("#q1 .answer > summary")
    colours = page.eval_on_selector_all(
        "#q1 .options li", "options => options.map(each => getComputedStyle(each).borderTopColor)"
    )
    assert len(set(colours)) == 2
    assert colours.index(next(each for each in colours if colours.count(each) == 1)) == 1
    bars = page.locator(".chart-topics .bar rect")
    assert len({bar.evaluate("bar => getComputedStyle(bar).fill") for bar in bars.all()}) == 2


@pytest.mark.parametrize("width", [320, 390, 768, 1280, 1920])
def test_nothing_is_wider_than_the_window(visit: Visiting, width: int) -> None:
    there = visit(FAULTY, viewport={"width": width, "height": 844})
    there.page.click("#answers")
    there.page.click("#filters summary")
    assert there.page.evaluate("document.documentElement.scrollWidth") <= width
    record, raw = (there.page.locator(f"#q4 .{name}").bounding_box() for name in ("record", "raw"))
    assert (raw["y"] >= record["y"] + record["height"] - 1) == (width <= 960)


def test_on_paper(visit: Visiting, tmp_path: Path) -> None:
    there = visit(FAULTY, color_scheme="dark")
    there.page.emulate_media(media="print")
    assert there.page.locator("#q1 .told").is_visible()
    assert not there.page.locator("#tools").is_visible()
    assert "Respuesta correcta" in there.page.locator("#q3 .raw").inner_text()
    assert not there.page.locator("#q1 .raw").is_visible()
    assert there.page.locator(".chart-keys table").is_visible()
    assert there.page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    there.page.emulate_media(media="screen")
    pdf = there.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 8


def test_correction_is_copied(visit: Visiting) -> None:
    there = visit(FAULTY, permissions=["clipboard-read", "clipboard-write"])
    there.page.click("#q4 .correction summary")
    there.page.click("#q4 .copy")
    playwright.expect(there.page.locator("#q4 .copy")).to_have_text("Copied")
    copied = there.page.evaluate("navigator.clipboard.readText()")
    playwright.expect(there.page.locator("#q4 .copy")).to_have_text("Copy")
    assert copied.startswith("[[correction]]\n# Q007 ")
    assert "question = 4\n" in copied


def test_without_script_it_can_be_read(visit: Visiting) -> None:
    there = visit(FAULTY, java_script_enabled=False)
    page = there.page
    assert not page.locator("#tools").is_visible()
    page.locator("#q1 .answer > summary").click()
    assert page.locator("#q1 .told").is_visible()
    assert page.locator("#q1 .raw .tells").first.is_visible()


def test_hostile_text_is_inert(visit: Visiting, tmp_path: Path) -> None:
    """No dialog, no request, no error (``Visit``); and no refusal by the policy, since nothing even tries."""
    dump = tmp_path / "hostile.txt"
    dump.write_text(_HOSTILE, encoding="utf-8")
    there = visit(dump)
    page = there.page
    page.click("#answers")
    page.fill("[name=search]", "<script>alert(1)")
    assert there.shown() == ["q1"]
    page.click("#filters summary")
    page.select_option("[name=topic]", index=1)
    assert there.shown() == ["q1"]
    assert page.locator(".record script, .record img, .record svg, .raw script").count() == 0
    hrefs = page.eval_on_selector_all(".card a", "links => links.map(link => link.protocol)")
    assert set(hrefs) <= {"https:", "file:"}
    page.goto(there.path.as_uri() + there.fragment())
    assert there.shown() == ["q1"]


@pytest.mark.parametrize("width", [390, 1280])
def test_words_without_end_stay_in_their_place(visit: Visiting, tmp_path: Path, width: int) -> None:
    word = "W" * 20_000
    text = (
        f"Pregunta 1\n\n{word}?\n\n{word}a\n\nRespuesta correcta\n{word}b\n\nExplicación general\n{word}c\n\n"
    )
    dump = tmp_path / f"{'n' * 200}.txt"
    dump.write_text(f"{text}https://example.org/{word}\n\nTemática\n{word}t\n", encoding="utf-8")
    page = visit(dump, FAULTY, viewport={"width": width, "height": 844}).page
    page.click("#answers")
    page.click("#filters summary")
    page.select_option("[name=topic]", index=3)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    wide = """() => [...document.querySelectorAll(".card *, .chart *, .tools *:not(#active), .first *")]
      .filter(each => each.checkVisibility() && each.getBoundingClientRect().right > innerWidth + 1)
      .map(each => each.outerHTML.slice(0, 80))"""
    assert page.evaluate(wide) == []
    assert all(box.bounding_box()["height"] < 1000 for box in page.locator(".chart, .first").all())
    assert page.locator(".card > header").first.bounding_box()["height"] < 200


def test_nothing_to_look_for(visit: Visiting, tmp_path: Path) -> None:
    """An empty page has no tools; where a filter leaves nothing, one button takes it away."""
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    there = visit(empty)
    assert not there.page.locator("#tools").is_visible()
    there = visit(FAULTY)
    assert not there.page.locator("#clear").is_visible()
    there.page.fill("[name=search]", "no such words")
    there.page.click("#clear")
    assert len(there.shown()) == 8
    assert there.focused() == "search"


def test_the_policy_holds(visit: Visiting) -> None:
    """What is put into the page by hand does not run either."""
    there = visit(FAULTY)
    refused = []
    there.page.on("requestfailed", lambda request: refused.append((request.url, request.failure)))
    image = '<img src="https://example.org/x.png" onerror="alert(1)">'
    there.page.evaluate("text => document.body.insertAdjacentHTML('beforeend', text)", image)
    there.page.wait_for_timeout(200)
    assert refused == [("https://example.org/x.png", "csp")]
    assert sum("Content Security Policy" in each for each in there.wrong) == 2
    there.wrong.clear()


def test_spanish(visit: Visiting) -> None:
    page = visit(FAULTY, language="es").page
    assert page.locator("html").get_attribute("lang") == "es"
    assert page.locator("#answers").inner_text() == "Mostrar todas las respuestas"
    assert page.locator("#shown").inner_text() == "8 de 8"


def test_what_a_screen_reader_is_told(visit: Visiting) -> None:
    page = visit(FAULTY).page
    for landmark in ("banner", "main", "contentinfo", "search"):
        assert page.get_by_role(landmark).count() == 1
    assert page.get_by_role("heading", level=1).count() == 1
    assert page.get_by_role("article", name="Question 4").count() == 1
    for folded in page.locator(".rest > summary").all():
        folded.click()
    assert page.get_by_role("table").count() == page.locator(".chart table").count()
    assert page.get_by_role("table", name="Topics").get_by_role("columnheader").count() == 2
    assert page.get_by_role("rowheader", name=re.compile("^C$")).count() == 1
    row = page.locator(".chart-topics").get_by_role("row", name=re.compile("Brewing"))
    assert row.get_by_role("cell").inner_text().split() == ["4", "3", "doubtful"]
    for field in page.locator("#tools input, #tools select").all():
        assert field.evaluate("field => field.labels.length") == 1


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of 5,000 different questions."""
    folder = tmp_path_factory.mktemp("many")
    questions = re.split(r"(?m)^(?=Pregunta \d+:?$)", SAMPLE.read_text(encoding="utf-8"))[1:]
    dump = folder / "many.txt"

    def numbered() -> Iterator[str]:
        for number in range(1, MANY + 1):
            question = questions[number % len(questions)].rstrip("\n")
            yield re.sub(r"\APregunta \d+:?\n\n", f"Pregunta {number}\n\nCase {number}. ", question)

    dump.write_text("\n".join(islice(numbered(), MANY)) + "\n", encoding="utf-8")
    assert len(ingest.read(dump).questions) == MANY
    return write_page(folder, dump)


def test_five_thousand_questions(browser: Any, many: Path) -> None:
    """The best of three, since other programs may be at work."""
    opening, answering = [], []
    for _ in range(3):
        start = time.perf_counter()
        there = Visit(browser, many)
        opening.append(time.perf_counter() - start)
        assert there.page.locator("#shown").inner_text() == "5,000 of 5,000"
        there.page.wait_for_timeout(3000)
        answering.append(there.page.evaluate(_TYPE_AND_WAIT, ["case 4711", "sextant", "", "weather"]))
        assert there.page.locator(".card:not([hidden])").count() > 0
        there.page.goto(f"{many.as_uri()}#q4321")
        there.page.wait_for_timeout(300)
        assert there.focused() == "q4321"
        assert 0 < there.page.locator("#q4321").bounding_box()["y"] < 400
        there.page.keyboard.press("j")
        assert there.focused() == "q4322"
        assert there.wrong == []
        there.context.close()
    assert min(opening) < 2, opening
    assert all(min(times) < 100 for times in zip(*answering, strict=True)), answering


_TYPE_AND_WAIT = """async words => {
  const field = document.querySelector("[name=search]"), times = [];
  for (const word of words) {
    const start = performance.now();
    field.value = word;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise(done => requestAnimationFrame(() => setTimeout(done)));
    times.push(performance.now() - start);
    await new Promise(done => setTimeout(done, 500));
  }
  return times;
}"""
