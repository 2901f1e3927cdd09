"""What changed between two versions of a set: found, whatever the form, and nothing else claimed."""

from __future__ import annotations

import json
import random
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from conftest import ROOT
from ingest.comparing import compare_sets
from ingest.differences import Compared, formats, renderer, summary
from ingest.model.difference import Difference
from ingest.model.question import Option, Question, Reference, option_id
from ingest.parts.word_changes import word_changes, words_of
from ingest.sets import read_set
from ingest.writers import WriteSettings, writer
from made_questions import SCENARIO, STORY, WAYS, ask, id_of
from planted import with_options
from rendering import render

SAMPLE = ROOT / "raw" / "skipper_es.txt"
FORMS = ("json", "jsonl", "csv")
OTHER_WAYS = (
    "Weigh every box before it leaves the ship",
    "Count the boxes again when they are unloaded",
    "Write the weight on the lid in red letters",
    "Buy scales for the shops and teach their clerks",
)


def lettered(question: Question, options: Sequence[Option]) -> Question:
    """With these options, and the id that they give it."""
    named = [replace(option, id=option_id(place)) for place, option in enumerate(options)]
    new_id = id_of(question.stem, [option.text for option in named])
    return replace(with_options(question, named), id=new_id)


def shuffled(question: Question, chance: random.Random) -> Question:
    return lettered(question, chance.sample(question.options, len(question.options)))


def other_key(question: Question) -> Question:
    """With the key moved to the next option."""
    right = [option.correct for option in question.options]
    moved = [right[-1], *right[:-1]]
    options = [replace(each, correct=key) for each, key in zip(question.options, moved, strict=True)]
    return lettered(question, options)


def told(difference: Difference) -> list[tuple[object, ...]]:
    """Status, numbers and kinds of each difference."""
    return [
        (
            each.status,
            each.old and each.old.question.number,
            each.new and each.new.question.number,
            each.kinds,
        )
        for each in difference.entries
    ]


def rendered(form: str, difference: Difference) -> str:
    return "".join(f"{line}\n" for line in renderer(form)(Compared("old.json", "new.json", difference)))


@pytest.fixture(scope="module")
def sample() -> ingest.Result:
    return ingest.read(SAMPLE)


WORD = st.sampled_from(["tea", "pot", "cup", "not", "the", "2", "10", "é", "茶", "x_y"])
TEXT = st.lists(WORD, min_size=1, max_size=6).map(" ".join)
QUESTION = st.builds(
    lambda stem, options, number, key: ask(stem, options, key, number=number),
    TEXT,
    st.lists(TEXT, max_size=5),
    st.one_of(st.none(), st.integers(1, 5)),
    st.integers(0, 5),
)
QUESTIONS = st.lists(QUESTION, max_size=8)


@given(QUESTIONS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_order_is_no_difference(questions: list[Question], chance: random.Random) -> None:
    other = [shuffled(each, chance) for each in questions]
    chance.shuffle(other)
    difference = compare_sets(questions, other)
    assert not difference.entries
    assert difference.same == len(questions)


@given(QUESTIONS, QUESTIONS, st.randoms(use_true_random=False))
@settings(max_examples=200, deadline=None)
def test_old_and_new_mirror_each_other(
    one: list[Question], more: list[Question], chance: random.Random
) -> None:
    other = [*chance.sample(one, len(one) // 2), *more]
    there, back = compare_sets(one, other), compare_sets(other, one)
    assert there.count("added") == back.count("removed")
    assert there.count("removed") == back.count("added")
    assert there.same == back.same
    assert len(other) == there.same + there.count("changed") + there.count("added")
    assert len(one) == there.same + there.count("changed") + there.count("removed")
    for form in formats():
        assert rendered(form, there) == rendered(form, compare_sets(one, other))


@given(st.text(max_size=60), st.text(max_size=60))
def test_words_make_up_both_texts(old: str, new: str) -> None:
    changes = word_changes(old, new)
    assert words_of("".join(each.text for each in changes if each.op != "removed")) == words_of(new)
    assert words_of("".join(each.text for each in changes if each.op != "added")) == words_of(old)


def test_words_next_to_a_lost_run_are_one_change() -> None:
    changes = word_changes("Pour the sea water of the bay now", "Throw a heap of dry old sand now")
    assert [each.op for each in changes] == ["removed", "added", "same"]


def converted(result: ingest.Result, questions: Sequence[Question], form: str) -> tuple[Question, ...]:
    document = replace(result.document, questions=tuple(questions))
    data = writer(form).render(document, WriteSettings())[0]
    return read_set(data, f"set{writer(form).suffix}").questions


def with_one_key_changed(questions: Sequence[Question], place: int) -> list[Question]:
    chance = random.Random(place)
    changed = [shuffled(each, chance) for each in questions]
    changed[place] = shuffled(other_key(changed[place]), chance)
    return changed


@pytest.mark.parametrize("form", FORMS)
def test_one_key_in_converted_files(sample: ingest.Result, form: str) -> None:
    changed = with_one_key_changed(sample.questions, 25)
    for one, other in ((sample.questions, changed), (changed, sample.questions)):
        difference = compare_sets(one, converted(sample, other, form))
        assert told(difference) == [("changed", 26, 26, ("key",))]
        assert difference.same == 25
        assert not difference.moved


@pytest.mark.parametrize("layout", ["chrome", "firefox", "markdown"])
def test_one_key_in_dumps(sample: ingest.Result, layout: str) -> None:
    changed = with_one_key_changed(sample.questions, 7)
    dumps = [render(each, layout) for each in (sample.questions, changed)]
    difference = compare_sets(*(ingest.read_text(dump).questions for dump in dumps))
    assert told(difference) == [("changed", 8, 8, ("key",))]
    (change,) = difference.entries[0].changes
    assert [text.text for text in change.new] == [
        option.text for option in changed[7].options if option.correct
    ]


def edited(questions: Sequence[Question]) -> list[Question]:
    """A slip, a reworded option, a new one, a question less, a topic, a reference, all at once."""
    result = list(questions)
    slip = result[0].stem.replace("drying", "dryign")
    result[0] = lettered(replace(result[0], stem=slip), result[0].options)
    first, right, *rest = result[7].options
    longer = replace(right, text=right.text.replace("the fire blanket", "a damp fire blanket"))
    result[7] = lettered(result[7], [*rest[::-1], longer, first])
    extra = Option("", "Ask the crew of the next boat what they would do", correct=False, explanation=None)
    result[11] = lettered(result[11], [extra, *result[11].options])
    address = "https://example.org/tides"
    reference = Reference(address, address, "reference", 1)
    result[12] = replace(result[12], topic="Pilotage", references=(*result[12].references, reference))
    result[13] = replace(result[13], explanation=f"{result[13].explanation} So it is.", accepted=())
    del result[4]
    return result


@pytest.mark.parametrize("form", FORMS)
def test_everything_at_once(sample: ingest.Result, form: str) -> None:
    difference = compare_sets(sample.questions, converted(sample, edited(sample.questions), form))
    assert told(difference) == [
        ("changed", 1, 1, ("stem",)),
        ("removed", 5, None, ()),
        ("changed", 8, 8, ("options",)),
        ("changed", 12, 12, ("options",)),
        ("changed", 13, 13, ("topic", "references")),
        ("changed", 14, 14, ("explanation",)),
    ]
    assert summary(difference) == (
        "1 removed, options of 2 changed, 1 stem changed, 1 explanation changed, 1 topic changed, "
        "references of 1 changed, 20 the same"
    )
    shown = rendered("text", difference)
    assert "drying" not in re.sub(r"\[-drying-\]\{\+dryign\+\}", "", re.sub("\x1b\\[[0-9;]*m", "", shown))
    assert "~~drying~~ **dryign**" in rendered("markdown", difference)
    entries = json.loads(rendered("json", difference))["questions"]
    assert {"op": "added", "text": "dryign "} in entries[0]["changes"][0]["words"]


def test_removed_questions_stand_where_they_stood(sample: ingest.Result) -> None:
    old = sample.questions
    new = [ask("Who drinks the last tea in the pot?", WAYS, 0, number=99), *old[2:5], *old[6:-1]]
    assert [each[:3] for each in told(compare_sets(old, new))] == [
        ("removed", 1, None),
        ("removed", 2, None),
        ("added", None, 99),
        ("removed", 6, None),
        ("removed", 26, None),
    ]


def test_moved_questions_are_the_same(sample: ingest.Result) -> None:
    old = list(sample.questions)
    new = [replace(each, number=place) for place, each in enumerate([*old[1:10], old[0], *old[10:]], 1)]
    difference = compare_sets(old, new)
    assert not difference.entries
    assert [(one.question.number, other.question.number) for one, other in difference.moved] == [(1, 10)]
    assert "moved: 10 (was 1)" in rendered("text", difference)


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        pytest.param(
            ask(SCENARIO, WAYS, 0), ask(SCENARIO.replace("winter", "wintre"), WAYS, 1), "key stem", id="slip"
        ),
        pytest.param(
            ask(SCENARIO, WAYS, 0),
            ask(SCENARIO.replace("two hundred", "three hundred small"), WAYS[::-1], 3, number=7),
            "stem",
            id="reworded scenario at another number",
        ),
        pytest.param(
            ask(SCENARIO, WAYS, 0),
            ask(SCENARIO.replace("three", "four"), WAYS, 1),
            "key stem",
            id="scenario and key at one number",
        ),
        pytest.param(
            ask(SCENARIO, WAYS, 0),
            ask(SCENARIO, (*WAYS[:3], OTHER_WAYS[0]), 0),
            "options",
            id="another option",
        ),
        pytest.param(
            ask(SCENARIO, WAYS, 0),
            ask(SCENARIO, (OTHER_WAYS[0], *WAYS[1:]), 0),
            "key options",
            id="another right option",
        ),
        pytest.param(
            ask("What is the boiling point of water?", ("100 °C", "90 °C", "80 °C"), 0),
            ask("What is the boiling point of water?", ("99 °C", "90 °C", "80 °C"), 0),
            "key options",
            id="another number in the right option",
        ),
        pytest.param(
            ask("Which planet is nearest to the Sun?", ("Mercury", "Venus", "Mars"), 0),
            ask("Which one of the planets is nearest to the Sun?", ("Mercury", "Venus", "Mars"), 0),
            "stem",
            id="short",
        ),
        pytest.param(
            ask("日本で一番高い山はどれですか？", ("富士山", "北岳", "奥穂高岳"), 0),
            ask("日本で一番高い山はどこですか？", ("富士山", "北岳", "奥穂高岳"), 0),
            "stem",
            id="Japanese",
        ),
    ],
)
def test_what_is_one_question(old: Question, new: Question, kinds: str) -> None:
    expected = [("changed", old.number, new.number, tuple(kinds.split()))]
    assert told(compare_sets([old], [new])) == expected


FASTEST = f"{STORY} Which way of sending them is the fastest?"
WEIGHED = f"{STORY} How does the merchant find out which boxes are too light?"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param(ask(SCENARIO, WAYS, 0), ask(WEIGHED, OTHER_WAYS, 0), id="another question"),
        pytest.param(ask(SCENARIO, WAYS, 0), ask(SCENARIO, OTHER_WAYS, 0), id="other options"),
        pytest.param(ask(SCENARIO, WAYS, 0), ask(FASTEST, WAYS, 1), id="one list of options"),
        pytest.param(
            ask(SCENARIO, WAYS, 0), ask(FASTEST, (*WAYS[1:], OTHER_WAYS[0]), 0), id="common options"
        ),
        pytest.param(
            ask("The Sun is a star.", ("True", "False"), 0), ask("The Moon is a star.", ("True", "False"), 1),
            id="True and False",
        ),
        pytest.param(
            ask("Which planet is the largest?", ("Jupiter", "Venus", "Mars"), 0),
            ask("Which planet is the nearest?", ("Jupiter", "Venus", "Mars"), 1),
            id="a list of names",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", [1, 2, None])
def test_what_is_two_questions(old: Question, new: Question, number: int | None) -> None:
    difference = compare_sets([old], [replace(new, number=number)])
    assert sorted(each.status for each in difference.entries) == ["added", "removed"]


def test_siblings_find_their_own() -> None:
    asks = ["cheapest", "fastest", "safest", "quietest", "oldest", "slowest"]
    old = [
        ask(f"{STORY} Which way of sending them is the {word}?", WAYS, at % 4, number=at)
        for at, word in enumerate(asks)
    ]
    new = [
        ask(each.stem.replace("heavy", "very heavy"), WAYS, at % 4, number=at) for at, each in enumerate(old)
    ]
    for other in (new, new[::-1]):
        difference = compare_sets(old, other)
        assert {each.kinds for each in difference.entries} == {("stem",)}
        assert all(one.old and one.new and one.old.question.number == one.new.question.number
                   for one in difference.entries)  # fmt: skip


def test_stale_and_missing_ids() -> None:
    old = [ask(SCENARIO, WAYS, 0, number=1), ask(WEIGHED, OTHER_WAYS, 0, number=2)]
    edited_by_hand = [replace(old[0], stem=f"{SCENARIO} (Select one.)"), old[1]]
    assert told(compare_sets(old, edited_by_hand)) == [("changed", 1, 1, ("stem",))]
    swapped = [replace(old[0], id=old[1].id), replace(old[1], id=old[0].id)]
    assert told(compare_sets(old, swapped)) == []
    without = [replace(each, id="") for each in old]
    assert told(compare_sets(without, without[::-1])) == []
    copied = [*old, replace(ask("Who drinks the last tea?", ("Ann", "Bob"), 0, number=3), id=old[0].id)]
    assert told(compare_sets(old, copied)) == [("added", None, 3, ())]


def test_repeats_are_told_apart() -> None:
    one = ask(SCENARIO, WAYS, 0)
    first, second = replace(one, topic="Trade"), replace(one, occurrence=2, topic="Tea")
    assert told(compare_sets([first, second], [replace(second, occurrence=1)])) == [("removed", 1, None, ())]


def test_other_fields() -> None:
    one = ask("The __ holds the tea.", (), type="fill_in", accepted=("pot", "teapot"), number=None)
    other = replace(one, accepted=("cup",), number=3, findings=("Q010",), fingerprint="1" * 16)
    difference = compare_sets([one], [other])
    assert told(difference) == [("changed", None, 3, ("key",))]
    assert "question 3 (was at place 1): key changed" in rendered("text", difference)
    several = ask(SCENARIO, WAYS, 0, 1)
    assert told(compare_sets([ask(SCENARIO, WAYS, 0)], [several])) == [("changed", 1, 1, ("key", "type"))]
    reasons = [replace(option, explanation=f"Since {option.text}.") for option in several.options]
    explained = replace(with_options(several, reasons), rationale="Why not?")
    assert told(compare_sets([several], [explained])) == [("changed", 1, 1, ("explanation",))]
    spaced = replace(several, stem=SCENARIO.replace(" ", "\n\n "))
    assert not compare_sets([several], [spaced]).entries


HOSTILE = (
    "<script>alert(1)</script> </details> @octocat #12 !34 [x](javascript:1) ![y](//z) `code` **b** ~~d~~ "
    "| a | $x^2$ https://evil.example www.evil.example &lt; \\ \x1b[31m \ud83d \u202e"
)


@pytest.mark.parametrize("place", ["stem", "option", "topic", "reference", "added", "id"])
def test_hostile_text_in_markdown(place: str) -> None:
    old = ask(SCENARIO, WAYS, 0)
    letter = f"</summary>\n# {HOSTILE}"
    new = {
        "stem": ask(f"{SCENARIO}\n\n# {HOSTILE}", WAYS, 0),
        "option": ask(SCENARIO, (*WAYS, f"{HOSTILE}\n- x"), 0),
        "topic": replace(old, topic=f"{HOSTILE}\n---\n"),
        "reference": replace(old, references=(Reference("", f"`{HOSTILE}``\n\n<b>", "inline", (1,)),)),
        "added": ask(f"{HOSTILE}?", (HOSTILE, "<i>"), 0),
        "id": with_options(old, [*old.options, Option(letter, HOSTILE, False, HOSTILE)]),  # noqa: FBT003 - as the record has it
    }[place]
    difference = compare_sets([old], [new])
    assert difference.entries
    shown = rendered("markdown", difference)
    shown.encode()
    # What is in code, between as many ticks, shows as it is.
    prose = re.sub(r"(?<![\\`])(`+)(?!`).*?(?<!`)\1(?!`)", "", shown).replace("&#8203;", "\u200b")
    assert not re.search(r"<(?!/?(details|summary|span)>)", prose)
    assert prose.count("<details>") == prose.count("</details>")
    assert not re.search(r"[@#!]\w|(?<!\\)[`\[\]|]|https?:|www\.|javascript\]", prose)
    assert all(
        re.match(
            r"- (stem|option|topic|references|key)|\*\*|</?details>$|<summary>Question [^<]*</summary>$|$",
            line,
        )
        for line in shown.splitlines()
    )
    for form in ("text", "json"):
        rendered(form, difference).encode()
    text = re.sub("\x1b\\[[0-9;]*m", "", rendered("text", difference))
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", text)


def test_a_long_comment_is_folded_and_has_an_end() -> None:
    old = [ask(f"{'tea pot ' * 30} {number}?", WAYS, 0, number=number) for number in range(400)]
    shown = rendered("markdown", compare_sets(old, []))
    assert len(shown) < 65_536
    assert shown.count("<details>") == shown.count("</details>") > 10
    assert re.search(r"… and \d+ more questions$", shown.strip())


def random_words(chance: random.Random, count: int) -> str:
    return " ".join(f"w{chance.randrange(2000)}" for _ in range(count))


@pytest.mark.parametrize("options", [4, 0], ids=["own options", "True and False"])
def test_thousands_of_edited_questions(options: int) -> None:
    chance = random.Random(1)

    def questions() -> Iterator[Question]:
        for number in range(3000):
            texts = [random_words(chance, 8) for _ in range(options)] or ["True", "False"]
            yield ask(
                f"{random_words(chance, 40)}. Is it {random_words(chance, 5)}?", texts, 0, number=number
            )

    old = list(questions())
    new = [
        ask(each.stem.replace(" w1", " x1", 2), [option.text for option in each.options], 0) for each in old
    ]
    chance.shuffle(new)
    start = time.perf_counter()
    difference = compare_sets(old, new)
    duration = time.perf_counter() - start
    pairs = [(each.old, each.new) for each in difference.entries]
    assert all(one and other and one.question.stem[-30:].replace(" w1", " x1") == other.question.stem[-30:]
               .replace(" w1", " x1") for one, other in pairs)  # fmt: skip
    assert len(pairs) + difference.same == 3000
    assert duration < 10, "some seconds at most; it takes about one"


def run(*arguments: str, cwd: Path, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "ingest", "diff", *arguments]
    return subprocess.run(command, cwd=cwd, input=stdin, capture_output=True, check=False)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, sample: ingest.Result) -> Path:
    path = tmp_path_factory.mktemp("diff")
    key = with_one_key_changed(sample.questions, 25)
    for name, questions in (("old", sample.questions), ("key", key), ("edited", edited(sample.questions))):
        document = replace(sample.document, questions=tuple(questions))
        for form in FORMS:
            (path / f"{name}.{form}").write_bytes(writer(form).render(document, WriteSettings())[0])
    return path


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["old.json", "old.csv"], 0),
        (["old.json", "key.csv"], 1),
        (["key.jsonl", str(SAMPLE)], 1),
        (["old.json", "key.json", "--fail-on", "none"], 0),
        (["old.json", "key.json", "--fail-on", "stem,added"], 0),
        (["old.json", "edited.json"], 0),
        (["old.json", "edited.json", "--fail-on", "key, Removed"], 1),
        (["old.json", "edited.json", "--fail-on", "added"], 0),
        (["edited.json", "old.json", "--fail-on", "added"], 1),
        (["old.json", "edited.json", "--fail-on", "any"], 1),
        (["old.json", "old.jsonl", "--fail-on", "any"], 0),
    ],
)
def test_exit_status(folder: Path, arguments: list[str], status: int) -> None:
    found = run(*arguments, cwd=folder)
    assert found.returncode == status, found.stderr
    assert b"the same" in found.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["old.json", "gone.json"], "cannot read gone.json"),
        (["old.json", "."], "cannot read ."),
        (["old.json", "broken.json"], "broken.json:1:"),
        (["old.json", "page.html"], "no questions in page.html"),
        (["-", "-"], "only one of OLD and NEW can be standard input"),
        (["old.json", "key.json", "--fail-on", "kye"], "unknown change 'kye'; did you mean key?"),
        (["old.json", "key.json", "--fail-on", "none,key"], "stands alone"),
        (["old.json", "key.json", "--format", "markdwon"], "did you mean markdown?"),
        (["old.json", "key.json", "-o", "key.json"], "key.json is an input"),
        (["old.json", "key.json", "-o", "old.json/x"], "cannot write"),
        (["old.json"], "NEW"),
    ],
)
def test_what_cannot_run_exits_with_2(folder: Path, arguments: list[str], message: str) -> None:
    (folder / "broken.json").write_text('{"schema_version": "1.0", "questions": [{')
    (folder / "page.html").write_text("<html><body>Not found</body></html>")
    found = run(*arguments, cwd=folder)
    assert found.returncode == 2
    assert message in found.stderr.decode()


def test_standard_input_reports_and_an_empty_version(folder: Path) -> None:
    found = run("-", "key.json", cwd=folder, stdin=(folder / "old.json").read_bytes())
    assert found.returncode == 1
    assert found.stdout.decode().startswith("stdin → key.json\nquestion 26: key changed\n    key: ")
    assert found.stderr.decode().strip() == "1 key changed, 25 the same"
    written = run("old.json", "-", "--format", "markdown", "-o", "out/comment.md", cwd=folder,
                  stdin=(folder / "key.csv").read_bytes())  # fmt: skip
    assert written.stdout == b""
    comment = (folder / "out" / "comment.md").read_text(encoding="utf-8")
    assert comment.startswith("**`old.json` → `stdin`**: 1 key changed, 25 the same\n")
    first = run("-", "old.json", "--fail-on", "key", cwd=folder)
    assert (first.returncode, first.stderr.decode().strip()) == (0, "26 added, 0 the same")


def test_real_dumps_share_what_they_share(real_dumps: Path) -> None:
    copy = ingest.read(real_dumps / "saa-c03_en_firefox.txt").questions
    page = ingest.read(real_dumps / "saa-c03_en_page.html").questions
    for one, other in ((copy, page), (page, copy)):
        difference = compare_sets(one, other)
        changed = [each for each in difference.entries if each.status == "changed"]
        numbers = [{each.old.question.number, each.new.question.number} for each in changed
                   if each.old and each.new]  # fmt: skip
        assert sorted(numbers, key=min) == [{13, 41}, {45, 62}]
        # A copy has no images, and so not their addresses.
        assert {each.kinds for each in changed} == {("references",), ("stem",)}
        assert difference.count("added") == difference.count("removed") == 63


@pytest.mark.parametrize(
    "name",
    ["mla-c01_es.txt", "saa-c03_en_firefox.txt", "sap_en_firefox.txt", "terraform_en_chrome.md",
     "ccp_fr_word-processor.md", "saa-c03_en_page.html"],
)  # fmt: skip
@pytest.mark.parametrize("form", FORMS)
def test_one_key_in_real_dumps(real_dumps: Path, name: str, form: str) -> None:
    result = ingest.read(real_dumps / name)
    place = next(at for at in range(5, 99) if result.questions[at].type == "single_select")
    changed = with_one_key_changed(result.questions, place)
    chance = random.Random(2)
    chance.shuffle(changed)
    difference = compare_sets(result.questions, converted(result, changed, form))
    number = result.questions[place].number
    assert told(difference) == [("changed", number, number, ("key",))]
