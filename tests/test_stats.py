"""Numbers of sets against numbers counted by hand, and the tests of chance against known values."""

from __future__ import annotations

import math
import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import orjson
import pytest
from click.testing import CliRunner, Result

import ingest
from conftest import ROOT
from ingest.cli import main
from ingest.counting import Statistics, count
from ingest.model.question import Question, Reference
from ingest.parts.chances import chi_squared, chi_squared_p, upper_gamma
from ingest.writers import WriteSettings, writer
from made_questions import ask


def counted(*questions: Question) -> Statistics:
    return count([(questions, ())])


def with_keys(*counts: int, texts: Sequence[str] = ("aa", "bb", "cc", "dd")) -> Statistics:
    """The numbers of a set in which the first option is right so many times, the second …"""
    return counted(*(ask("Which?", texts, place) for place, times in enumerate(counts) for _ in range(times)))


@pytest.mark.parametrize(
    ("statistic", "degrees", "p"),
    [
        # Tables of the chi-squared distribution.
        (2.705543, 1, 0.10),
        (3.841459, 1, 0.05),
        (6.634897, 1, 0.01),
        (10.827566, 1, 0.001),
        (5.991465, 2, 0.05),
        (7.814728, 3, 0.05),
        (11.344867, 3, 0.01),
        (16.266236, 3, 0.001),
        (9.487729, 4, 0.05),
        (0.710723, 4, 0.95),
        (18.307038, 10, 0.05),
        (124.342113, 100, 0.05),
        (77.929465, 100, 0.95),
    ],
)
def test_chances_are_those_of_the_tables(statistic: float, degrees: int, p: float) -> None:
    assert chi_squared_p(statistic, degrees) == pytest.approx(p, rel=1e-5)


@pytest.mark.parametrize("x", [0.01, 0.5, 1.0, 2.0, 2.999, 3.001, 7.5, 40.0, 300.0])
def test_chances_are_those_of_closed_forms(x: float) -> None:
    assert upper_gamma(1, x) == pytest.approx(math.exp(-x), rel=1e-12)
    assert upper_gamma(2, x) == pytest.approx(math.exp(-x) * (1 + x), rel=1e-12)
    assert upper_gamma(0.5, x) == pytest.approx(math.erfc(math.sqrt(x)), rel=1e-10)


def test_chances_at_the_edges() -> None:
    assert chi_squared_p(0, 3) == 1
    assert chi_squared_p(1e6, 3) == 0
    assert chi_squared([7, 7, 7]) == 0


def test_an_even_key_is_not_lopsided() -> None:
    (positions,) = with_keys(12, 14, 11, 13).key_positions
    assert (positions.options, positions.counts) == (4, (12, 14, 11, 13))
    # (0.5² + 1.5² + 1.5² + 0.5²) / 12.5
    assert positions.chi_squared == pytest.approx(0.4)
    assert positions.p == pytest.approx(0.940243, abs=1e-6)
    assert positions.verdict == "not lopsided: chance explains it"


def test_a_lopsided_key_is_named() -> None:
    (positions,) = with_keys(10, 30, 8, 12).key_positions
    # (5² + 15² + 7² + 3²) / 15
    assert positions.chi_squared == pytest.approx(20.533333)
    assert positions.is_lopsided
    assert positions.verdict == "lopsided: B is too often right, 30 times, by chance 15"
    assert "A is too seldom right" in with_keys(0, 20, 20, 20).key_positions[0].verdict


def test_few_questions_tell_nothing() -> None:
    (positions,) = with_keys(19, 0, 0, 0).key_positions
    assert (positions.is_lopsided, positions.verdict) == (False, "too few questions to tell")


def test_in_large_sets_small_deviations_are_no_use() -> None:
    (positions,) = with_keys(2300, 2500, 2500, 2700).key_positions
    assert positions.p < 0.001
    assert not positions.is_lopsided


def test_each_count_of_options_is_tested_by_itself() -> None:
    statistics = counted(
        ask("Which?", "ab", 0),
        ask("Which?", "abc", 2),
        ask("Which?", "abc", 2),
        ask("Which?", "abc", 0, 1),
        ask("Which?", "a", 0),
    )
    assert [(each.options, each.counts) for each in statistics.key_positions] == [(2, (1, 0)), (3, (0, 0, 2))]
    assert statistics.options == {"1": 1, "2": 1, "3": 3}
    assert statistics.types == {"single_select": 4, "multi_select": 1}


def test_the_longest_option() -> None:
    texts = ("a", "bbbb", "cc", "dd")
    longest = with_keys(4, 20, 4, 4, texts=texts).longest_right
    # By chance 32 / 4, variance 32 · 3 / 16.
    assert (longest.questions, longest.right, longest.expected) == (32, 20, 8)
    assert longest.p == pytest.approx(math.erfc(12 / math.sqrt(6) / math.sqrt(2)), rel=1e-9)
    assert longest.verdict == "lopsided: the longest option is too often right, 20 times of 32, by chance 8"
    assert "too seldom" in with_keys(20, 0, 20, 20, texts=texts).longest_right.verdict
    assert with_keys(8, 8, 8, 8, texts=texts).longest_right.is_lopsided is False
    assert with_keys(20, 20, 0, 0, texts=("aa", "bb", "c", "d")).longest_right.questions == 0


def test_lengths() -> None:
    stems = ["s" * size for size in (1, 2, 3, 4, 5, 6, 7, 8, 9, 100)]
    lengths = counted(*(ask(stem, "ab", 0) for stem in stems)).lengths
    assert orjson.loads(orjson.dumps(lengths["stem"])) == {
        "texts": 10,
        "median": 5.5,
        "ninety_percent": 9,
        "longest": 100,
    }
    assert (lengths["option"].texts, lengths["option"].median) == (20, 1)
    assert lengths["explanation"].texts == 0


def test_topics_and_references() -> None:
    def link(url: str) -> Reference:
        return Reference(url, url, "reference", (1,))

    first = ask("Which?", "ab", 0, topic="Tea", references=(link("https://a.org/x"), link("https://a.org/y")))
    second = replace(first, topic="Pots", references=(link("http://b.org/"), link("no address"), link("//[")))
    statistics = counted(first, first, second, ask("Which?", "ab", 0))
    assert list(statistics.topics.items()) == [("Tea", 2), ("Pots", 1)]
    assert statistics.without_topic == 1
    assert list(statistics.hosts.items()) == [("a.org", 4), ("no web address", 2), ("b.org", 1)]
    assert statistics.without_reference == 1


def test_nothing_is_counted_too() -> None:
    statistics = count([])
    assert (statistics.files, statistics.questions, statistics.key_positions) == (0, 0, ())
    assert statistics.longest_right.p == 1


def run(*arguments: str | os.PathLike[str]) -> Result:
    return CliRunner().invoke(main, ["stats", *map(os.fspath, arguments)])


def test_each_file_and_all_together() -> None:
    done = run(ROOT / "raw", "--format", "json")
    value = orjson.loads(done.stdout)
    assert done.exit_code == 0
    assert [(each["file"], each["questions"]) for each in value["files"]] == [
        ("errores_es.txt", 7),
        ("huerto_es.txt", 8),
        ("skipper_es.txt", 26),
    ]
    total = value["total"]
    assert (total["files"], total["questions"]) == (3, 41)
    for name in ("types", "options", "findings", "hosts", "topics"):
        for key, number in total[name].items():
            assert number == sum(each[name].get(key, 0) for each in value["files"]), (name, key)


def test_findings_are_those_of_validate() -> None:
    from ingest.validating import validate

    checked = validate([ROOT / "raw"])
    found = orjson.loads(run(ROOT / "raw", "--format", "json").stdout)["total"]["findings"]
    assert sum(found.values()) == sum(len(each.diagnostics) for each in checked)
    assert found["Q003"] == sum(d.code == "Q003" for each in checked for d in each.diagnostics)


@pytest.mark.parametrize("form", ["json", "jsonl", "csv"])
def test_converted_files_give_the_numbers_of_their_dump(tmp_path: Path, form: str) -> None:
    document = ingest.read(ROOT / "raw" / "skipper_es.txt").document
    path = tmp_path / f"set.{form}"
    path.write_bytes(writer(form).render(document, WriteSettings())[0])
    (dump,) = orjson.loads(run(ROOT / "raw" / "skipper_es.txt", "--format", "json").stdout)["files"]
    (converted,) = orjson.loads(run(path, "--format", "json").stdout)["files"]
    for name in ("questions", "types", "options", "key_positions", "lengths", "topics", "hosts"):
        assert converted[name] == dump[name], name


def test_the_text_is_readable(tmp_path: Path) -> None:
    done = run(ROOT / "raw")
    lines = done.stdout.splitlines()
    assert lines[0].split() == ["file", "questions", "topics", "explained", "references", "findings", "keys"]
    assert lines[3].split()[:2] == ["skipper_es.txt", "26"]
    assert "All 3 files" in lines
    assert "  the right option, where there is one" in lines
    assert all(len(line) < 120 for line in lines)
    assert run(ROOT / "raw" / "skipper_es.txt").stdout.startswith("skipper_es.txt\n  questions  26: ")


def test_what_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    done = run(ROOT / "raw" / "skipper_es.txt", tmp_path / "nowhere.txt")
    assert done.exit_code == 2
    assert "no such file" in done.stderr
    assert "skipper_es.txt" in done.stdout
