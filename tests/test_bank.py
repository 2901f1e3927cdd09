"""Merging sets into a bank, and splitting one: nothing is lost, and only the order asked for matters."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import jsonschema
import orjson
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

import ingest
from conftest import ROOT
from ingest import schema
from ingest.banking import GivenSet, Merged, merge, pieces, read_given
from ingest.cli import main
from ingest.converted import form_of
from ingest.converted.text import FileText
from ingest.documents import open_document
from ingest.errors import IngestError
from ingest.model.bank import Bank, BankEntry, KeyPolicy
from ingest.model.diagnostic import Fix
from ingest.model.document import Document, Provenance
from ingest.model.question import Place, Question, Reference
from ingest.parts.copies import restored
from ingest.parts.file_names import safe_names, told_apart
from ingest.parts.splitting import By, split
from ingest.validation import CheckSettings, check_file
from ingest.writers import WriteSettings, formats, writer
from made_questions import NEAREST, PLANETS, SCENARIO, WAYS, ask
from timing import seconds

BANK_SCHEMA = jsonschema.Draft202012Validator(schema.json_schema("bank"))


def placed(file: str, *questions: Question) -> GivenSet:
    """A set with its questions one below the other."""
    return GivenSet(
        file,
        tuple(
            replace(each, number=number, source=Place(file, (10 * number, 10 * number + 8)))
            for number, each in enumerate(questions, 1)
        ),
    )


def document_of(given_set: GivenSet) -> Document:
    source = Provenance(given_set.file, "0" * 64, "utf-8", None)
    return Document("1.0", source, tuple(given_set.content), (), (), ())  # type: ignore[arg-type]


def bytes_of(bank: Bank) -> bytes:
    return b"".join(pieces(bank))


def test_one_id_for_two_questions_is_an_error() -> None:
    """As programs give ids that count from one in each file: no question ends as a copy of another one."""
    one, other = (
        placed(file, replace(ask(stem, ["True", "False"], "A"), id="q_0000000000000001"))
        for file, stem in (("a.json", "The sea is salt."), ("b.json", "A hammer drives nails into wood."))
    )
    for first, second in ((one, other), (other, one)):
        with pytest.raises(
            IngestError, match=r"has the id q_0000000000000001, as “.*give each question an id"
        ):
            merge([first, second])
    bank = merge([one]).bank
    with pytest.raises(IngestError, match="q_0000000000000001"):
        merge([GivenSet("bank.json", bank), other])


def entries(bank: Bank) -> tuple[BankEntry, ...]:
    return (*bank.questions, *bank.conflicts)


def key(entry: BankEntry) -> list[str]:
    return [option.text for option in entry.question.options if option.correct]


NEAREST_QUESTION = ask(NEAREST, PLANETS, "Mercury")
CONTRARY = ask(NEAREST, PLANETS, "Venus")

# Copies of few questions, so that many are the same.
ADDRESSES = tuple(f"https://example.org/{name}" for name in ("tea", "pots"))


@st.composite
def copies(draw: st.DrawFn) -> Question:
    subject = draw(st.sampled_from(["tea", "pots", "cups"]))
    texts = [f"{subject} {word}" for word in ("leaf", "lid", "saucer")]
    order = draw(st.permutations(texts))
    right = draw(st.sampled_from([(texts[0],), (texts[0],), (texts[1],), (texts[0], texts[1]), ()]))
    stem = draw(st.sampled_from([f"What about {subject}?", f"What  about {subject.upper()}?"]))
    reasons = draw(st.sampled_from([None, "Since it is so.", "Since it is so, and has always been."]))
    links = draw(st.lists(st.sampled_from(ADDRESSES), unique=True))
    question = ask(stem, order, *right)
    return replace(
        question,
        explanation=reasons,
        topic=draw(st.sampled_from([None, "Tea", "tea  time", "Pots"])),
        references=tuple(Reference(url, url, "reference", (3,)) for url in links),
        findings=draw(st.sampled_from([(), ("Q011",)])),
    )


SETS = st.lists(st.lists(copies(), max_size=4), min_size=1, max_size=4).map(
    lambda sets: [placed(f"{number}.txt", *questions) for number, questions in enumerate(sets)]
)
TOPICS = {"Tea": ["Tea time"]}
POLICIES: tuple[KeyPolicy, ...] = ("none", "first", "newest", "majority")


@given(SETS, st.randoms(), st.sampled_from(["none", "majority"]))
@settings(max_examples=150, deadline=None)
def test_the_order_of_sets_does_not_matter(
    sets: list[GivenSet], chance: random.Random, policy: KeyPolicy
) -> None:
    shuffled = sets[:]
    chance.shuffle(shuffled)
    assert bytes_of(merge(sets, policy).bank) == bytes_of(merge(shuffled, policy).bank)


@given(SETS)
@settings(max_examples=150, deadline=None)
def test_the_first_of_one_order_is_the_newest_of_the_other(sets: list[GivenSet]) -> None:
    backwards = [replace(each, content=tuple(each.content)[::-1]) for each in reversed(sets)]  # type: ignore[arg-type]
    first, newest = merge(sets, "first").bank, merge(backwards, "newest").bank
    assert bytes_of(first).replace(b'"policy": "first"', b'"policy": "newest"') == bytes_of(newest)
    assert not first.conflicts


@given(SETS, st.sampled_from(POLICIES))
@settings(max_examples=150, deadline=None)
def test_every_source_is_kept_and_can_be_restored(sets: list[GivenSet], policy: KeyPolicy) -> None:
    bank = merge(sets, policy, TOPICS).bank
    kept = {
        (entry.question.id, source.inputs, orjson.dumps(restored(entry.question, source)))
        for entry in entries(bank)
        for source in entry.sources
    }
    given = {
        (question.id, (each.file,), orjson.dumps(question))
        for each in sets
        for question in each.content  # type: ignore[union-attr]
    }
    assert kept == given
    assert len({entry.question.id for entry in entries(bank)}) == len(entries(bank))


@given(SETS, st.sampled_from(POLICIES))
@settings(max_examples=150, deadline=None)
def test_merging_twice_equals_once(sets: list[GivenSet], policy: KeyPolicy) -> None:
    bank = merge(sets, policy, TOPICS).bank
    again = GivenSet("bank.json", schema.load_bank(bytes_of(bank)))
    assert bytes_of(merge([again], policy, TOPICS).bank) == bytes_of(bank)
    assert bytes_of(merge([again, again], policy, TOPICS).bank) == bytes_of(bank)
    if policy in ("none", "majority"):
        assert bytes_of(merge([*sets, again], policy, TOPICS).bank) == bytes_of(bank)


@given(SETS, SETS, st.sampled_from(POLICIES))
@settings(max_examples=150, deadline=None)
def test_merging_into_a_bank_is_merging_all(
    sets: list[GivenSet], more: list[GivenSet], policy: KeyPolicy
) -> None:
    more = [placed(f"more-{each.file}", *each.content) for each in more]  # type: ignore[misc]
    bank = merge(sets, policy).bank
    stepwise = merge([GivenSet("bank.json", bank), *more], policy).bank
    assert bytes_of(stepwise) == bytes_of(merge([*sets, *more], policy).bank)


@given(SETS, st.sampled_from(POLICIES))
@settings(max_examples=100, deadline=None)
def test_a_bank_follows_its_schema(sets: list[GivenSet], policy: KeyPolicy) -> None:
    bank = merge(sets, policy, TOPICS).bank
    data = bytes_of(bank)
    BANK_SCHEMA.validate(orjson.loads(data))
    assert schema.load_bank(data) == bank
    assert data == orjson.dumps(bank, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


@pytest.mark.parametrize("change", ["surplus", "no id", "another kind", "half a source", "odd difference"])
def test_what_is_no_bank_is_refused(change: str) -> None:
    value = orjson.loads(bytes_of(merge([placed("a.txt", NEAREST_QUESTION)]).bank))
    entry = value["questions"][0]
    if change == "surplus":
        entry["surplus"] = 1
    elif change == "no id":
        del entry["question"]["id"]
    elif change == "another kind":
        value["kind"] = "bark"
    elif change == "half a source":
        del entry["sources"][0]["inputs"]
    else:
        entry["sources"][0]["differs"]["number"] = 3
    assert not BANK_SCHEMA.is_valid(value)
    with pytest.raises(ValueError, match="validation error"):
        schema.load_bank(orjson.dumps(value))


def test_a_merge_of_one_set_is_that_set() -> None:
    document = ingest.read(ROOT / "raw" / "skipper_es.txt").document
    merged = merge([GivenSet("skipper_es.txt", document.questions)])
    assert tuple(entry.question for entry in merged.bank.questions) == document.questions
    assert all(not source.differs for entry in merged.bank.questions for source in entry.sources)
    assert (merged.read, merged.repeats, merged.contrary, merged.near) == (26, 0, (), ())


def contrary_sets() -> list[GivenSet]:
    return [
        placed("a.txt", NEAREST_QUESTION),
        placed("b.txt", ask(SCENARIO, WAYS, WAYS[1]), ask(NEAREST.upper(), PLANETS[::-1], "Venus")),
        placed("c.txt", CONTRARY),
    ]


@pytest.mark.parametrize(
    ("policy", "right"), [("first", "Mercury"), ("newest", "Venus"), ("majority", "Venus")]
)
def test_a_policy_decides_contrary_keys(policy: KeyPolicy, right: str) -> None:
    merged = merge(contrary_sets(), policy)
    assert not merged.bank.conflicts
    (entry,) = merged.contrary
    assert entry in merged.bank.questions
    assert key(entry) == [right]
    assert entry.conflict
    assert [(each.answer, each.sources) for each in entry.conflict.keys] == [
        (("Venus",), (1, 2)),
        (("Mercury",), (0,)),
    ]
    assert [source.answer for source in entry.sources] == [("Mercury",), ("Venus",), ("Venus",)]


def test_without_a_policy_contrary_keys_are_set_apart_whole() -> None:
    merged = merge(contrary_sets())
    assert [entry.question.stem for entry in merged.bank.questions] == [SCENARIO]
    (entry,) = merged.bank.conflicts
    assert [source.file for source in entry.sources] == ["a.txt", "b.txt", "c.txt"]
    assert {restored(entry.question, source).stem for source in entry.sources} == {NEAREST, NEAREST.upper()}
    assert (merged.read, merged.repeats) == (4, 2)


def test_a_tie_is_no_majority() -> None:
    bank = merge([placed("a.txt", NEAREST_QUESTION), placed("b.txt", CONTRARY)], "majority").bank
    assert not bank.questions
    assert bank.conflicts[0].conflict
    assert bank.conflicts[0].conflict.policy == "none"


def test_a_copy_without_a_key_contradicts_none() -> None:
    merged = merge([placed("a.txt", ask(NEAREST, PLANETS)), placed("b.txt", NEAREST_QUESTION)])
    (entry,) = merged.bank.questions
    assert (key(entry), entry.conflict) == (["Mercury"], None)


def test_a_decided_bank_keeps_its_decision() -> None:
    decided = GivenSet("bank.json", merge(contrary_sets(), "first").bank)
    unknown = GivenSet("bank.json", merge(contrary_sets()).bank)
    new = placed("new.txt", ask(NEAREST, PLANETS, "Mars"))

    def keys(policy: KeyPolicy, *sets: GivenSet) -> list[list[str]]:
        return [key(entry) for entry in merge(sets, policy).bank.questions if entry.conflict]

    assert keys("newest", decided) == [["Mercury"]]
    assert keys("first", decided, new) == [["Mercury"]]
    assert keys("newest", decided, new) == [["Mars"]]
    # The order in which its sources were read is not in the bank.
    assert keys("first", unknown) == []
    assert keys("first", unknown, new) == [["Mars"]]


def test_the_fullest_copy_is_kept_and_the_others_beside_their_sources() -> None:
    link = Reference("https://example.org/a", "https://example.org/a", "reference", (7,))
    short = replace(
        NEAREST_QUESTION, explanation="Since it is.", topic="Planets", references=(link,), findings=("Q007",)
    )
    long = replace(NEAREST_QUESTION, explanation="Since its orbit is the smallest of all.")
    (entry,) = merge([placed("a.txt", short), placed("b.txt", long)]).bank.questions
    assert entry.question.explanation == long.explanation
    assert (entry.question.topic, entry.question.source.file) == ("Planets", "b.txt")
    assert entry.question.references == (replace(link, lines=()),)
    first, second = entry.sources
    assert first.differs == {
        "explanation": "Since it is.",
        "references": (link,),
        "findings": ("Q007",),
    }
    assert second.differs == {"topic": None, "references": ()}


def test_an_explanation_of_another_key_is_not_taken() -> None:
    wordy = replace(CONTRARY, explanation="Venus it is, since it shines brightly in the evening.")
    sets = [placed("a.txt", NEAREST_QUESTION), placed("b.txt", wordy)]
    (entry,) = merge(sets, "first").bank.questions
    assert (key(entry), entry.question.explanation) == (["Mercury"], None)


def test_topics_get_the_names_that_the_settings_list() -> None:
    topics = {"Planets": ["The planets"]}
    names = ("the  Planets", "Planets", "Stars", None)
    questions = [
        replace(ask(f"{NEAREST} {at}", PLANETS, "Mars"), topic=topic) for at, topic in enumerate(names)
    ]
    bank = merge([placed("a.txt", *questions)], topics=topics).bank
    assert [entry.question.topic for entry in bank.questions] == ["Planets", "Planets", "Stars", None]
    assert [entry.sources[0].differs for entry in bank.questions] == [{"topic": "the  Planets"}, {}, {}, {}]


def test_near_repeats_are_told_and_both_kept() -> None:
    mended = ask(SCENARIO.replace("heavy", "bulky"), WAYS, WAYS[1])
    merged = merge([placed("b.txt", mended), placed("a.txt", ask(SCENARIO, WAYS, WAYS[1]))])
    assert len(merged.bank.questions) == 2
    (pair,) = merged.near
    assert (pair.earlier.source.file, pair.question.source.file) == ("a.txt", "b.txt")
    assert (pair.text, pair.earlier_text, pair.has_same_key) == ("bulky,", "heavy,", True)


def test_a_dump_and_what_was_converted_from_it_are_one_source() -> None:
    data = (ROOT / "raw" / "skipper_es.txt").read_bytes()
    document = ingest.read(ROOT / "raw" / "skipper_es.txt").document
    sets = [read_given(data, "skipper_es.txt")]
    sets += (
        read_given(writer(name).render(document, WriteSettings())[0], f"out/skipper_es.{name}")
        for name in ("json", "jsonl", "csv")
    )
    for given_sets in (sets, sets[::-1]):
        merged = merge(given_sets)
        assert merged.bank.questions[0].sources[0].inputs == (
            "out/skipper_es.csv",
            "out/skipper_es.json",
            "out/skipper_es.jsonl",
            "skipper_es.txt",
        )
        assert all(len(entry.sources) == 1 for entry in merged.bank.questions)
        assert (merged.read, merged.repeats) == (4 * 26, 3 * 26)


def test_a_question_without_a_file_stands_in_the_set() -> None:
    (entry,) = merge([GivenSet("x/a.json", (NEAREST_QUESTION,))]).bank.questions
    assert entry.sources[0].file == entry.question.source.file == "x/a.json"


@pytest.mark.parametrize(
    ("form", "old", "new"),
    [
        ("json", b'"id": "B"', b'"id": "b"'),
        ("json", b'"correct": true', b'"correct": false'),
        ("json", b'"fingerprint"', b'"finger"'),
        ("json", b"]", b""),
        ("jsonl", b'"stem"', b'"stalk"'),
        ("bank", b'"answer": [\n            "Mercury"', b'"answer": [\n            "Mars"'),
        ("bank", b'"inputs"', b'"input"'),
        ("bank", b"]", b""),
    ],
)
def test_what_does_not_fit_its_schema_is_not_merged(form: str, old: bytes, new: bytes) -> None:
    given_set = placed("a.txt", NEAREST_QUESTION)
    if form == "bank":
        data = bytes_of(merge([given_set]).bank)
    else:
        data = writer(form).render(document_of(given_set), WriteSettings())[0]
    assert old in data
    with pytest.raises(IngestError, match=r"a\.json.*see ingest validate a\.json"):
        read_given(data.replace(old, new, 1), "a.json")


# Banks as converted files.


def bank_file(tmp_path: Path, merged: Merged) -> Path:
    path = tmp_path / "bank.json"
    path.write_bytes(bytes_of(merged.bank))
    return path


def run(*arguments: str | os.PathLike[str], stdin: bytes = b"") -> Result:
    return CliRunner().invoke(main, [os.fspath(each) for each in arguments], input=stdin)


def test_a_bank_is_known_by_its_content() -> None:
    data = bytes_of(merge(contrary_sets()).bank)
    for each in (data, orjson.dumps(orjson.loads(data), option=orjson.OPT_SORT_KEYS)):
        form = form_of(each)
        assert form
        assert form.name == "bank"
    document = ingest.read(ROOT / "raw" / "skipper_es.txt").document
    form = form_of(writer("json").render(document, WriteSettings())[0])
    assert form
    assert form.name == "json"


def test_validate_points_into_the_bank(tmp_path: Path) -> None:
    twice = ask(SCENARIO, (*WAYS[:3], WAYS[0]), WAYS[1])
    path = bank_file(tmp_path, merge([placed("a.txt", ask(NEAREST, PLANETS, "Mars"), twice)]))
    lines = path.read_text(encoding="utf-8").split("\n")
    done = run("validate", path, "--select", "Q003", "--format", "concise")
    found = re.search(r"bank\.json:(\d+):(\d+): Q003", done.stdout)
    assert done.exit_code == 1
    assert found
    place = max(at for at, line in enumerate(lines, 1) if f'"text": "{WAYS[0]}"' in line)
    assert int(found[1]) == place
    assert lines[place - 1][int(found[2]) - 1 :].startswith((f'"{WAYS[0]}', WAYS[0]))


def test_validate_tells_what_nothing_decides_and_keys_that_were_edited(tmp_path: Path) -> None:
    path = bank_file(tmp_path, merge(contrary_sets()))
    text = path.read_text(encoding="utf-8")
    checked = check_file(path.read_bytes(), "bank.json", CheckSettings(frozenset({"S003"})))
    (diagnostic,) = checked.diagnostics
    assert "nothing decides the key" in diagnostic.message
    assert text.split("\n")[diagnostic.line - 2].strip() == '"conflicts": ['
    edited = text.replace('"Send each shop its boxes by the evening train"\n', '"None of them"\n')
    assert edited != text
    found = check_file(edited.encode(), "bank.json", CheckSettings(frozenset({"S003"}))).diagnostics
    assert "the key of b.txt:10 is “None of them”" in min(found, key=lambda each: each.line).message


@pytest.mark.parametrize(
    "broken",
    [
        '{"kind": "bank"}',
        '{"kind": "bank", "questions": [1, {"question": []}, {}]}',
        '{"kind": "bank", "questions": [{"question": {"options": 1}}], "conflicts": {}}',
        '{"kind": "bank",',
    ],
)
def test_no_bank_makes_validate_fail(broken: str) -> None:
    assert check_file(broken.encode(), "bank.json", CheckSettings()).diagnostics


def test_fixes_of_a_bank_keep_the_keys_of_its_sources() -> None:
    data = bytes_of(merge(contrary_sets(), "majority").bank)
    form = form_of(data)
    assert form
    (index,) = (at for at, each in enumerate(schema.load_bank(data).questions) if each.conflict)
    fix = Fix("Venus", "Venus, the evening star", "options.3")
    entry = schema.load_bank(form.edit(FileText(data), {index: [fix]})).questions[index]
    assert key(entry) == ["Venus, the evening star"]
    assert entry.sources[1].answer == ("Venus, the evening star",)
    assert entry.conflict
    assert entry.conflict.keys[0].answer == ("Venus, the evening star",)


# The command.


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for given_set in contrary_sets():
        write_set(tmp_path / "sets" / given_set.file.replace(".txt", ".json"), given_set)
    return tmp_path


def write_set(path: Path, given_set: GivenSet) -> None:
    path.parent.mkdir(exist_ok=True, parents=True)
    path.write_bytes(writer("json").render(document_of(given_set), WriteSettings())[0])


def test_the_report(folder: Path) -> None:
    done = run("merge", "sets", "-o", "bank.json")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        "3 files, 4 questions read, 1 in the bank, 2 repeats, 1 contrary key (1 set apart), 0 near-repeats",
        f"contrary keys: “WHICH PLANET IS NEAREST TO THE SUN?” ({NEAREST_QUESTION.id})"
        if NEAREST.upper() in done.stderr
        else f"contrary keys: “{NEAREST}” ({NEAREST_QUESTION.id})",
        "  b.txt:20 question 2 and 1 more: “Venus”",
        "  a.txt:10 question 1: “Mercury”",
    ]
    bank = schema.load_bank((folder / "bank.json").read_bytes())
    assert [source.inputs for source in bank.conflicts[0].sources] == [("a.json",), ("b.json",), ("c.json",)]
    assert str(folder).encode() not in (folder / "bank.json").read_bytes()


@pytest.mark.parametrize(
    ("order", "policy", "right"),
    [
        (("a", "b", "c"), "first", "Mercury"),
        (("c", "b", "a"), "first", "Venus"),
        (("c", "b", "a"), "newest", "Mercury"),
    ],
)
def test_the_order_is_that_of_the_command_line(
    folder: Path, order: Sequence[str], policy: str, right: str
) -> None:
    done = run("merge", *(f"sets/{name}.json" for name in order), "-o", "-", "--key-policy", policy)
    assert done.exit_code == 0
    bank = schema.load_bank(done.stdout)
    assert [key(entry) for entry in bank.questions if entry.conflict] == [[right]]
    assert f"“{right}” ← taken ({policy})" in done.stderr


def test_strict_fails_on_near_repeats(folder: Path) -> None:
    mended = ask(SCENARIO.replace("heavy", "bulky"), WAYS, WAYS[1])
    write_set(folder / "near" / "d.json", placed("d.txt", mended))
    arguments = ("merge", "sets/b.json", "near/d.json", "-o", "bank.json")
    assert run(*arguments).exit_code == 0
    done = run(*arguments, "--strict")
    assert done.exit_code == 1
    assert done.stderr.splitlines()[1:] == [
        "near-repeat: “bulky,” for “heavy,”",
        "  b.txt:10 question 1: “A tea merchant sends two hundred boxes of tea each week fr …”",
        "  d.txt:10 question 1: “A tea merchant sends two hundred boxes of tea each week fr …”",
    ]


@pytest.mark.parametrize("arguments", [("nowhere.json",), ("sets/a.json", "broken.json")])
def test_nothing_is_written_when_something_cannot_be_read(folder: Path, arguments: tuple[str, ...]) -> None:
    (folder / "broken.json").write_text('{"schema_version": "1.0", "questions": [')
    assert run("merge", *arguments, "-o", "bank.json").exit_code == 2
    assert not (folder / "bank.json").exists()


def test_an_input_is_not_overwritten(folder: Path) -> None:
    before = (folder / "sets" / "a.json").read_bytes()
    done = run("merge", "sets", "-o", "sets/../sets/a.json")
    assert (done.exit_code, "is an input" in done.stderr) == (2, True)
    assert (folder / "sets" / "a.json").read_bytes() == before
    assert run("merge", "sets").exit_code == 2


def test_inputs_of_one_name_are_told_apart(folder: Path) -> None:
    for name in ("one", "two"):
        (folder / name).mkdir()
        (folder / name / "exam.txt").write_bytes((ROOT / "raw" / "skipper_es.txt").read_bytes())
    paths = [folder / "one" / "exam.txt", folder / "two" / "exam.txt"]
    assert run("merge", *paths, "-o", "bank.json").exit_code == 0
    assert run("merge", *reversed(paths), "-o", "again.json").exit_code == 0
    data = (folder / "bank.json").read_bytes()
    sources = schema.load_bank(data).questions[0].sources
    assert [source.file for source in sources] == ["one/exam.txt", "two/exam.txt"]
    assert data == (folder / "again.json").read_bytes()
    assert str(folder).encode() not in data


def test_banks_merge_again_without_double_sources(folder: Path) -> None:
    run("merge", "sets", "-o", "bank.json")
    run("merge", "bank.json", "sets", "-o", "again.json")
    assert (folder / "bank.json").read_bytes() == (folder / "again.json").read_bytes()


def test_topics_of_the_working_folder(folder: Path) -> None:
    (folder / "ingest.toml").write_text('[topics]\n"Planets" = ["The planets"]\n')
    write_set(folder / "x.json", placed("x.txt", replace(NEAREST_QUESTION, topic="THE PLANETS")))
    bank = schema.load_bank(run("merge", "x.json", "-o", "-").stdout)
    assert bank.questions[0].question.topic == "Planets"


def test_standard_input(folder: Path) -> None:
    done = run("merge", "-", "-o", "-", stdin=(folder / "sets" / "a.json").read_bytes())
    assert schema.load_bank(done.stdout).questions[0].sources[0].inputs == ("stdin",)


@pytest.mark.parametrize("kind", ["few repeats", "all one question"])
def test_time_grows_with_the_number_of_sets(kind: str) -> None:
    """Eight times as many sets take less than twenty times as long."""
    pick = random.Random(3)
    vocabulary = [f"{one}{other}" for one in ("tea", "pot", "cup", "leaf") for other in range(500)]

    def words(count: int) -> str:
        return " ".join(pick.choice(vocabulary) for _ in range(count))

    def make() -> Question:
        stem = SCENARIO if kind == "all one question" else f"A company {words(30)}. Which way?"
        options = WAYS if kind == "all one question" else tuple(words(6) for _ in WAYS)
        return ask(stem, options, options[1])

    def taken(count: int) -> float:
        pool = [make() for _ in range(40 * count)]
        sets = [placed(f"{at}.txt", *(pick.choice(pool) for _ in range(65))) for at in range(count)]
        return seconds(lambda: list(pieces(merge(sets).bank)))

    assert taken(80) < 20 * max(taken(10), 0.005)


# Splitting.

HOSTILE = (
    *(
        "../../etc/passwd",
        "CON",
        "con",
        "nul.json",
        "a/b",
        "a\\b",
        "a:b",
        "...",
        "",
        "  ",
        "Tea",
        "tea",
        "TÉA",
    ),
    *(
        "te\u0301a",
        "téa",
        "\u202etxt.exe",
        "x" * 400,
        "é" * 300,
        "no topic",
        "no-topic",
        "COM1",
        "aux ",
        "\x00",
    ),
    *("-rf", "日本", "ﬁle", "file", "lpt9.txt", "a\nb"),
)


def check_names(names: Sequence[str]) -> None:
    import unicodedata

    assert len({unicodedata.normalize("NFKD", name.casefold()) for name in names}) == len(names)
    for name in names:
        assert name
        assert not set(name) & set('<>:"/\\|?*.\x00 \n')
        assert not re.fullmatch(r"(?i)con|prn|aux|nul|com\d|lpt\d", name)
        assert len(name.encode()) <= 120


def test_hostile_names_are_safe_and_distinct() -> None:
    names = safe_names(HOSTILE)
    assert len(names) == len(HOSTILE)
    check_names(names)


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=12), max_size=8))
@settings(max_examples=200, deadline=None)
def test_any_names_are_safe_and_distinct(texts: list[str]) -> None:
    check_names(safe_names(texts))


@pytest.mark.parametrize("by", ["topic", "type", "file"])
def test_split_keeps_every_question(by: By) -> None:
    questions = [
        replace(ask(f"{NEAREST} {at}", PLANETS, *PLANETS[: 1 + at % 2]), topic=topic or None)
        for at, topic in enumerate(HOSTILE)
    ]
    content = tuple(
        replace(each, source=Place(f"{HOSTILE[at]}.txt", (1, 1))) for at, each in enumerate(questions)
    )
    parts = split(document_of(GivenSet("a", content)), by)
    check_names(list(parts))
    kept = [question for part in parts.values() for question in part.questions]
    assert sorted(kept, key=lambda each: each.stem) == sorted(content, key=lambda each: each.stem)
    if by == "topic":
        assert {each.topic for each in parts["no-topic"].questions} == {None, "  "}
    if by == "type":
        assert sorted(parts) == ["multi_select", "single_select"]


@pytest.mark.parametrize("form", formats())
def test_split_writes_one_file_a_topic(folder: Path, form: str) -> None:
    topics = ("../Tea", "Pots", "tea", None)
    questions = [
        replace(ask(f"{NEAREST} {at}", PLANETS, "Mars"), topic=topic) for at, topic in enumerate(topics)
    ]
    write_set(folder / "x.json", placed("x.txt", *questions))
    run("merge", "x.json", "-o", "bank.json")
    done = run("split", "bank.json", "-o", "out/topics", "--to", form)
    assert done.exit_code == 0
    suffix = writer(form).suffix
    written = sorted(path.name for path in (folder / "out" / "topics").iterdir())
    assert written == sorted(f"{name}{suffix}" for name in ("Pots", "Tea", "tea-2", "no-topic"))
    assert done.stdout.splitlines()[0] == f"{Path('out/topics') / f'Pots{suffix}'}: 1 question"
    assert sorted(path.name for path in folder.iterdir()) == ["bank.json", "out", "sets", "x.json"]
    if form == "json":
        document = schema.load_document((folder / "out" / "topics" / "Pots.json").read_bytes())
        assert document.source.file == "bank.json"
        assert document.questions == (placed("x.txt", *questions).content[1],)  # type: ignore[index]


@pytest.mark.parametrize("form", ["dump", "json", "jsonl", "csv"])
def test_split_takes_every_form(folder: Path, form: str) -> None:
    source = ROOT / "raw" / "skipper_es.txt"
    document = ingest.read(source).document
    data = source.read_bytes() if form == "dump" else writer(form).render(document, WriteSettings())[0]
    name = "set.txt" if form == "dump" else f"set.{form}"
    (folder / name).write_bytes(data)
    done = run("split", name, "--by", "topic", "-o", "out")
    parts = [schema.load_document(path.read_bytes()) for path in sorted((folder / "out").iterdir())]
    assert done.exit_code == 0
    assert sum(len(part.questions) for part in parts) == 26
    # The JSON of a dump says which dump that was.
    assert {part.source.file for part in parts} == {source.name if form == "json" else name}


def test_split_does_not_overwrite_its_input_and_tells_what_stays(folder: Path) -> None:
    write_set(folder / "Tea.json", placed("x.txt", replace(NEAREST_QUESTION, topic="Tea")))
    assert run("split", "Tea.json", "-o", ".").exit_code == 2
    run("merge", "sets", "-o", "bank.json")
    done = run("split", "bank.json", "-o", "out")
    assert "1 question with contrary keys left in the bank" in done.stderr
    assert run("split", "bank.json", "-o", "out", "--to", "cvs").exit_code == 2
    assert run("split", "nowhere.json", "-o", "out").exit_code == 2


def test_occurrences_are_counted_anew() -> None:
    first = replace(NEAREST_QUESTION, topic="a")
    second = replace(NEAREST_QUESTION, topic="b", occurrence=2)
    document = document_of(GivenSet("a", (first, second)))
    assert [part.questions[0].occurrence for part in split(document, "topic").values()] == [1, 1]


def test_a_bank_as_a_document_has_its_questions() -> None:
    opened = open_document(bytes_of(merge(contrary_sets()).bank), "bank.json")
    assert (len(opened.document.questions), opened.apart) == (1, 1)


def test_paths_tell_names_apart() -> None:
    paths = [("/", "x.txt"), ("/", "a", "x.txt"), ("/", "b", "a", "x.txt")]
    assert told_apart(["x.txt"] * 3, paths) == ["x.txt", "a/x.txt", "b/a/x.txt"]


def test_real_dumps_share_what_they_share(real_dumps: Path) -> None:
    names = ("saa-c03_en_firefox.txt", "saa-c03_en_page.html")
    merged = merge([read_given((real_dumps / name).read_bytes(), name) for name in names])
    assert (merged.read, len(merged.bank.questions), merged.repeats) == (130, 129, 1)
    assert (len(merged.contrary), len(merged.near)) == (0, 1)
    BANK_SCHEMA.validate(orjson.loads(bytes_of(merged.bank)))
