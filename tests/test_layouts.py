"""Every layout and language: the same questions give the same records, however they were copied."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import pytest

import ingest
import rendering
from conftest import ROOT
from ingest.locales import names
from ingest.reading import ReadSettings
from made_questions import NEAREST, PLANETS, SCENARIO, STORY, WAYS, ask
from rendering import LAYOUTS, render

SAMPLES = Path(__file__).parent / "dumps" / "layouts"
GOLDEN = SAMPLES / "golden"
# The same five questions in all of these.
BEES = sorted(
    path
    for path in SAMPLES.iterdir()
    if path.is_file() and path.name not in ("code_en.txt", "mixed.txt", "negative_en.txt")
)
ATTEMPT = ReadSettings(keep_attempt=True)
DUMPS = [ROOT / "raw" / "skipper_es.txt", ROOT / "raw" / "huerto_es.txt"]


def content(question: ingest.Question, *, with_attempt: bool = False) -> dict[str, Any]:
    """What a question says, without its place and the findings."""
    value = {
        "type": question.type,
        "stem": question.stem,
        "options": [[each.text, each.correct, each.explanation] for each in question.options],
        "accepted": list(question.accepted),
        "explanation": question.explanation,
        "topic": question.topic,
    }
    if with_attempt and question.attempt:
        attempt = question.attempt
        value |= {"number": question.number, "status": attempt.status, "typed": attempt.typed}
        value |= {"selected": list(attempt.selected)}
    return value


def golden(name: str, value: Any) -> Any:
    path = GOLDEN / f"{name}.json"
    if os.environ.get("UPDATE_CASES"):
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))
    return orjson.loads(path.read_bytes())


@pytest.mark.parametrize("path", BEES, ids=lambda path: path.name)
def test_one_set_in_every_form(path: Path) -> None:
    result = ingest.read(path)
    assert not result.doubtful
    assert not result.rejected
    stated = golden("bees", [content(each) for each in ingest.read(SAMPLES / "chrome_en.txt").questions])
    found = [content(each) for each in result.questions]
    layout = path.stem.rsplit("_", 1)[0]
    for values in zip(stated, found, strict=True):
        pair = list(values)
        if layout in ("old_page", "letters"):
            pair = [each | {"topic": None} for each in pair]
        if "reasons" in layout:
            # Only this layout says something of each option below it.
            pair = [without_reasons(each) for each in pair]
        assert squeezed(pair[1]) == squeezed(pair[0])


@pytest.mark.parametrize("name", ["code_en", "mixed", "negative_en"])
def test_golden(name: str) -> None:
    result = ingest.read(SAMPLES / f"{name}.txt", ATTEMPT)
    found = [content(each, with_attempt=True) for each in result.questions]
    assert found == golden(name, found)
    assert not result.doubtful
    assert not result.rejected


def without_reasons(value: dict[str, Any]) -> dict[str, Any]:
    return value | {"options": [each[:2] for each in value["options"]]}


def squeezed(value: Any) -> Any:
    """Without white space, which compact copies have lost, and bullets."""
    if isinstance(value, dict):
        return {key: squeezed(each) for key, each in value.items()}
    if isinstance(value, list):
        return [squeezed(each) for each in value]
    return re.sub(r"\s+|^- |(?<=\n)- ", "", value) if isinstance(value, str) else value


@pytest.mark.parametrize("locale", names())
@pytest.mark.parametrize("layout", rendering.LAYOUTS)
@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)
def test_layouts_and_languages(path: Path, layout: str, locale: str) -> None:
    questions = ingest.read(path).questions
    text = rendering.render(questions, layout, locale, seed=len(locale + layout))
    check(questions, ingest.read_text(text, settings=ATTEMPT), layout, locale)


@pytest.mark.parametrize("locale", names())
def test_saved_pages(locale: str) -> None:
    for path in DUMPS:
        questions = ingest.read(path).questions
        result = ingest.read_text(rendering.saved_page(questions, locale), settings=ATTEMPT)
        check(questions, result, "saved page", locale)
        found = [squeezed(each.explanation) for each in result.questions]
        assert found == [squeezed(each.explanation) for each in questions]


def check(questions: tuple[ingest.Question, ...], result: ingest.Result, layout: str, locale: str) -> None:
    assert result.document.source.labels in (locale, "en", None)
    assert len(result.questions) == len(questions)
    doubtful = {id(each) for each in result.doubtful}
    for want, have, sat in zip(questions, result.questions, rendering.sit(questions, 0), strict=True):
        assert squeezed(have.stem) == squeezed(want.stem)
        assert [squeezed(each.text) for each in have.options] == [
            squeezed(each.text) for each in want.options
        ]
        assert have.answer == want.answer
        assert squeezed(have.explanation) == squeezed(want.explanation)
        if layout not in ("old page", "letters"):
            assert have.topic == want.topic
        if layout != "without headers":
            assert have.number == sat.number
    assert len(doubtful) <= 0.05 * len(questions)


@pytest.mark.parametrize("layout", ["chrome", "firefox", "reasons", "old page", "markdown"])
def test_what_the_sitter_did(layout: str) -> None:
    questions = ingest.read(DUMPS[0]).questions
    result = ingest.read_text(rendering.render(questions, layout, "en", 5), settings=ATTEMPT)
    for have, sat in zip(result.questions, rendering.sit(questions, 5), strict=True):
        assert have.attempt
        assert have.attempt.status == sat.status
        if layout != "old page":  # there the mark does not say whether the right option was chosen
            chosen = tuple(have.options[place].id for place in sorted(sat.chosen))
            assert have.attempt.selected == chosen


def test_attempts_are_left_out_unless_asked_for() -> None:
    assert all(each.attempt is None for each in ingest.read(SAMPLES / "chrome_en.txt").questions)


LAYOUTS_OF_TEXT = ["chrome", "firefox", "reasons", "old page"]


@pytest.mark.parametrize("layout", LAYOUTS_OF_TEXT)
def test_line_ends_and_order_change_nothing(layout: str) -> None:
    questions = list(ingest.read(DUMPS[0]).questions)
    text = rendering.render(questions, layout, "en", 2)
    plain = ingest.read_text(text)
    crlf = ingest.read_text(text.replace("\n", "\r\n"))
    assert crlf.questions == plain.questions
    random.Random(3).shuffle(questions)
    shuffled = ingest.read_text(rendering.render(questions, layout, "en", 2))
    assert {each.id for each in shuffled.questions} == {each.id for each in plain.questions}
    assert {each.stem for each in shuffled.questions} == {each.stem for each in plain.questions}


def test_shuffled_options_keep_the_id() -> None:
    from dataclasses import replace

    chance = random.Random(4)
    questions = ingest.read(DUMPS[0]).questions
    changed = []
    for question in questions:
        options = list(question.options)
        chance.shuffle(options)
        options = [replace(each, id=chr(65 + place)) for place, each in enumerate(options)]
        key = tuple(each.id for each in options if each.correct)
        changed.append(replace(question, options=tuple(options), answer=key))
    found = ingest.read_text(rendering.render(changed, "chrome", "en", 2)).questions
    assert [each.id for each in found] == [each.id for each in questions]


@pytest.mark.parametrize("layout", LAYOUTS_OF_TEXT)
@pytest.mark.parametrize("damage", ["more empty lines", "no spaces at line ends"])
def test_changed_white_space_leaves_a_record_right_or_doubtful(layout: str, damage: str) -> None:
    chance = random.Random(6)
    paths = [*DUMPS, SAMPLES / "code_en.txt"]
    for path in paths:
        questions = [each for each in ingest.read(path).questions if each.type != "fill_in"]
        text = rendering.render(questions, layout, "en", 2)
        if damage == "more empty lines":
            lines = text.split("\n")
            text = "\n".join(line + ("\n" if not line and chance.random() < 0.3 else "") for line in lines)
        else:
            text = "\n".join(line.rstrip() for line in text.split("\n"))
        result = ingest.read_text(text)
        wanted = {read(each) for each in questions}
        doubtful = {each.number for each in result.doubtful}
        for each in result.questions:
            assert read(each) in wanted or each.number in doubtful


def read(question: ingest.Question) -> tuple[Any, ...]:
    options = tuple((squeezed(each.text), each.correct) for each in question.options)
    return squeezed(question.stem), options


def test_a_saved_page_has_its_places_in_the_file() -> None:
    path = SAMPLES / "saved_page_es.html"
    lines = path.read_text(encoding="utf-8").split("\n")
    for question in ingest.read(path).questions:
        first, last = question.source.lines
        text = "\n".join(lines[first - 1 : last])
        assert question.options[0].text in text
        for reference in question.references:
            assert reference.url in lines[reference.lines[0] - 1]


def test_images_and_links_of_a_saved_page_are_references() -> None:
    page = (SAMPLES / "saved_page_es.html").read_text(encoding="utf-8")
    page = page.replace(
        "<p>In March", '<p><img src="https://example.org/ball.png" alt="A ball of bees"></p><p>In March'
    ).replace("lime trees", '<a href="https://example.org/lime">lime trees</a>')
    questions = ingest.read_text(page).questions
    roles = {each.canonical: each.role for question in questions for each in question.references}
    assert roles["https://example.org/ball.png"] == "image"
    assert roles["https://example.org/lime"] == "inline"
    assert "A ball of bees" not in (questions[0].explanation or "")
    assert "<" not in (questions[0].explanation or "")


def test_other_html_json_and_tables_are_no_questions() -> None:
    for text in (
        "<html><p>Hello</p></html>",
        '{"prompt": 1}',
        "a,b\n1,2\n",
        '{"prompt": {}, "correct_response": ',
        "[",
    ):
        result = ingest.read_text(text)
        assert not result.questions
        assert any(each.severity == "error" for each in result.diagnostics)


def test_own_labels(tmp_path: Path) -> None:
    from ingest.configuration import load_label_file, load_settings

    table = '[page]\nheader = ["Spørgsmål"]\nexplanation = ["Samlet forklaring"]\ntopic = ["Domæne"]\n'
    table += '[mark]\nright = ["Rigtigt svar"]\n'
    file = tmp_path / "da.toml"
    file.write_text(table, encoding="utf-8")
    dump = "Spørgsmål 1\n\nHvad?\n\nEt\n\nRigtigt svar\nTo\n\nSamlet forklaring\nSådan.\n\nDomæne\nTal\n"
    settings = ReadSettings(labels="da", own_labels=(load_label_file(file),))
    question = ingest.read_text(dump, settings=settings).questions[0]
    assert (question.stem, question.answer, question.topic) == ("Hvad?", ("B",), "Tal")
    project = table.replace("[page]", "[tool.ingest.labels.da.page]").replace(
        "[mark]", "[tool.ingest.labels.da.mark]"
    )
    (tmp_path / "pyproject.toml").write_text(project, encoding="utf-8")
    (tmp_path / "deep").mkdir()
    assert ingest.read_text(
        dump, settings=ReadSettings(own_labels=load_settings(tmp_path / "deep").labels)
    ).questions


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ('[page]\nheading = ["X"]\n', r"page\.heading"),
        ('[page]\ntopic = "X"\n', r"page\.topic"),
        ('[page]\ntopic = ["X"]\nexplanation = ["X"]\n', "“X” is both explanation and topic"),
        ("[page\n", "da.toml"),
    ],
)
def test_a_malformed_label_table_is_told(tmp_path: Path, table: str, message: str) -> None:
    from ingest.configuration import load_label_file

    file = tmp_path / "da.toml"
    file.write_text(table, encoding="utf-8")
    with pytest.raises(ingest.IngestError, match=message):
        load_label_file(file)


def test_one_right_option_in_a_row_for_several_is_a_doubt() -> None:
    head = "Question,Question Type,Answer Option 1,Answer Option 2,Correct Answers\n"
    result = ingest.read_bytes(f"{head}Which?,multi-select,Pot,Net,1\n".encode(), "x.csv")
    (question,) = result.doubtful
    assert (question.type, question.answer, question.findings) == (
        "single_select",
        ("A",),
        ("P106", "Q010", "Q011"),
    )


@pytest.mark.parametrize("path", [*DUMPS, *(path for path in BEES if path.suffix in (".txt", ".md"))])
def test_the_short_way_finds_what_the_long_one_does(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from ingest.parts import paragraphs

    quick = ingest.read(path).document
    monkeypatch.setattr(paragraphs, "_is_simple", lambda *_: False)
    assert ingest.read(path).document == quick


@pytest.mark.parametrize("topic", ["Ways", None])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_line_like_a_header_leaves_each_record_right_or_doubtful(layout: str, topic: str | None) -> None:
    """Wherever it is put, whatever its number. Inside an explanation it is a line of it; what is lost of an
    explanation is looked at elsewhere (docs/reliability.md)."""
    questions = [
        replace(ask(stem, options, 1, number=number), topic=topic, explanation="It is so.\n\nNot the rest.")
        for number, stem, options in ((1, SCENARIO, WAYS), (2, NEAREST, PLANETS), (3, f"{STORY} Or?", WAYS))
    ]
    text = render(questions, layout)
    wanted = {read(each) for each in ingest.read_text(text).questions}
    lines = text.split("\n")
    for number in (2, 3, 4, 99):
        for at in range(1, len(lines)):
            result = ingest.read_text("\n".join([*lines[:at], f"Question {number}", *lines[at:]]))
            doubtful = {id(each) for each in result.doubtful}
            silent = [
                each for each in result.questions if read(each) not in wanted and id(each) not in doubtful
            ]
            assert not silent, (number, lines[at - 2 : at + 2])
            told = [each for each in result.diagnostics if each.severity != "info"]
            assert told or len(result.questions) == len(questions)


@pytest.mark.parametrize(("lines", "is_told"), [(199, False), (200, True)])
def test_much_text_before_the_first_question_is_told(lines: int, *, is_told: bool) -> None:
    question = ask(NEAREST, PLANETS, "Mercury", explanation="Its orbit is the smallest.", topic="Planets")
    text = "Soru\n" + "bir satır\n" * lines + render([question], "chrome")
    result = ingest.read_text(text)
    found = [each.message for each in result.diagnostics if each.code == "P002"]
    assert found == (["text before the first question: “Soru”"] if is_told else [])
    assert (len(result.questions), len(result.rejected)) == (1, is_told)
