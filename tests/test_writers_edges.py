"""What formats refuse of a question, and say: the reason, and the question all the same in the others."""

from __future__ import annotations

from dataclasses import replace

import pytest

import ingest
from ingest.errors import IngestError
from ingest.model.question import Question, Reference
from ingest.writers import WriteSettings, writer
from made_questions import NEAREST, PLANETS, ask

EMPTY = replace(ingest.read_text("").document, diagnostics=())


def written(form: str, *questions: Question) -> str:
    document = replace(EMPTY, questions=questions)
    return writer(form).render(document, WriteSettings())[0].decode()


def notes(form: str, *questions: Question) -> list[str]:
    document = replace(EMPTY, questions=questions)
    return [note.message for note in writer(form).notes(document, WriteSettings())]


@pytest.mark.parametrize(
    ("question", "reason"),
    [
        (ask(NEAREST, PLANETS), "no right option"),
        (ask(" ", PLANETS, 0), "no stem"),
        (ask(NEAREST, ("Tea", " "), 0), "an option without text"),
        (ask("The __ holds tea.", (), type="fill_in", accepted=("pot",)), "no options"),
    ],
)
def test_what_the_upload_table_refuses_is_left_out_and_told(question: Question, reason: str) -> None:
    good = ask(NEAREST, PLANETS, 1)
    assert any(reason in note for note in notes("udemy-csv", good, question))
    assert len(written("udemy-csv", good, question).splitlines()) == 2


def test_aiken_says_nothing_of_no_question() -> None:
    assert notes("aiken") == []
    assert written("aiken") == ""


def test_line_ends_inside_gift_texts_are_escaped() -> None:
    text = written("gift", ask("One\r\nTwo\rThree", PLANETS, 0))
    assert "One\\nTwo\\nThree" in text
    assert "\r" not in text


@pytest.mark.parametrize("form", ["markdown", "moodle-xml"])
def test_only_web_addresses_become_links(form: str) -> None:
    urls = ("javascript:alert(1)", "https://example.org/tea")
    references = tuple(Reference(url, url, "reference", (1,)) for url in urls)
    text = written(form, ask(NEAREST, PLANETS, 0, references=references, explanation="See there."))
    assert "example.org/tea" in text
    assert 'href="javascript' not in text
    assert "](javascript" not in text


def test_a_number_too_large_for_the_format_is_refused_or_kept_as_text() -> None:
    large = ask(NEAREST, PLANETS, 0, number=10**30)
    pytest.importorskip("pyarrow")
    with pytest.raises(IngestError, match="cannot make the table"):
        writer("parquet").render(replace(EMPTY, questions=(large,)), WriteSettings())
    openpyxl = pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    import io

    data = writer("xlsx").render(replace(EMPTY, questions=(large,)), WriteSettings())[0]
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    assert str(10**30) in [cell.value for cell in sheet[2]]


def test_more_rows_than_a_sheet_has(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("xlsxwriter")
    monkeypatch.setattr("ingest.writers.as_xlsx._MOST_ROWS", 3)
    with pytest.raises(IngestError, match="a sheet has 3 rows: questions need more; split the file"):
        writer("xlsx").render(replace(EMPTY, questions=(ask(NEAREST, PLANETS, 0),) * 3), WriteSettings())


def test_a_format_of_several_files_has_no_single_one() -> None:
    with pytest.raises(IngestError, match="csv-tidy is several files: it needs a folder"):
        list(writer("csv-tidy").pieces(EMPTY, WriteSettings()))
