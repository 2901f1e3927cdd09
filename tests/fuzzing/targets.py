"""What is fuzzed, by name: each target takes any bytes and fails where a promise is broken.

A promise is more than "no exception": only documented errors, every line accounted for, a document that fits
its schema, the same bytes twice, files that read back equal.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
import unicodedata
from collections.abc import Callable
from functools import cache
from pathlib import Path

from ingest.banking import GivenSet, merge, pieces
from ingest.comparing import compare_sets
from ingest.configuration import load_settings
from ingest.converted.text import FileText
from ingest.corrections import entry, parse
from ingest.documents import open_document
from ingest.errors import IngestError
from ingest.fixing import fix_file
from ingest.inspection import inspect, render
from ingest.locales import load_all
from ingest.model.document import SCHEMA_VERSION, Document, Provenance
from ingest.model.question import Option, Place, Question, option_id
from ingest.model.result import Result
from ingest.parts.bounds import Bounds
from ingest.parts.identity import identify
from ingest.pipeline import read_bytes
from ingest.readers import assessments_json, saved_page, upload_csv
from ingest.reading import ReadSettings
from ingest.reports import Report, renderer
from ingest.reports import formats as report_formats
from ingest.stages.compose import compose
from ingest.stages.decode import decode, replay
from ingest.validation import CheckSettings, check_files
from ingest.writers import WriteSettings, formats, writer
from oracles import check_document, check_places, check_whole

WORDS = tuple(word for locale in load_all() for word, _ in locale.labels)
EVERYTHING = ReadSettings(keep_attempt=True, every_rule=True)
DUMP = """Question 1
Incorrect

Which rope holds the boat?

Your answer is incorrect
The spring

Correct answer
The bow line

The halyard

Overall explanation
The bow line. See https://example.org/ropes

Domain
Ropes
"""
MODULES = {"saved_page": saved_page, "upload_csv": upload_csv, "assessments_json": assessments_json}


def decoding(data: bytes) -> None:
    """Bytes to text: composed, with plain line ends, repairs that replay, and nothing to do the next time."""
    source, _ = decode(data, "x", WORDS)
    assert "\r" not in source.text
    # The end of a tag stays one, and that of an escape, whatever mark is behind it.
    apart = r"(?=[^\0-\u02ff])(?:(?<=>)|(?<=\\[bfnrt])|(?<=\\u[0-9A-Fa-f]{4}))"
    assert all(unicodedata.is_normalized("NFC", part) for part in re.split(apart, source.text))
    inside = [each for each in source.repairs if each.kind not in ("byte-order-mark", "line-ends")]
    given = source.text if source.given is None else source.given
    assert replay(given, inside) == source.text
    assert given.count("\n") == source.text.count("\n")
    assert decode(data, "x", WORDS)[0] == source


def pipeline(data: bytes) -> None:
    """A whole input: read, every line in its place, written and read back."""
    result = read_bytes(data, "x.txt", EVERYTHING)
    check_result(result, decode(data, "x", WORDS)[0].text.count("\n") + 1)
    assert read_bytes(data, "x.txt", EVERYTHING) == result


def check_result(result: Result, lines: int) -> None:
    """What holds of everything that was read from a file of so many lines."""
    check_whole(result)
    check_places(result, lines)
    check_document(result.document)
    for _ in render(inspect(result)):
        pass
    for index, reading in enumerate(result.readings):
        if reading.block.number is not None:
            parse(entry(result, index), "x.corrections.toml")


def reader(name: str) -> Callable[[bytes], None]:
    """One input form: read by its leaf, whether or not it would be recognised, and as an input."""

    def target(data: bytes) -> None:
        source, _ = decode(data, "x", WORDS)
        leaf = MODULES[name]
        leaf.recognises(source.text)
        if entries := leaf.read(source.text, load_all(), Bounds()):
            page = compose(source.text, entries)
            assert len(page.places) == page.text.count("\n")
        pipeline(data)

    return target


def converted(name: str) -> Callable[[bytes], None]:
    """One form of converted files: validated, mended, and where it opens, written and read back."""

    def target(data: bytes) -> None:
        file = f"x.{name}"
        check_findings(data, file)
        fixed = fix_file(data, file, CheckSettings())
        if fixed is not None and fixed.count:
            again = fix_file(fixed.data, file, CheckSettings())
            assert again is not None
            assert not again.count, "what was mended is mended again"
        try:
            document = open_document(data, file, EVERYTHING).document
        except IngestError:
            return
        check_document(document)
        write_all(document)

    return target


def bank(data: bytes) -> None:
    """A bank: validated, opened, merged with itself."""
    from ingest.banking import read_given

    check_findings(data, "x.json")
    try:
        given = read_given(data, "x.json")
    except IngestError:
        return
    merged = merge([given]).bank
    text = b"".join(pieces(merged))
    again = merge([GivenSet("bank.json", read_given(text, "bank.json").content)]).bank
    assert b"".join(pieces(again)) == text, "a bank merged again is another one"


def check_findings(data: bytes, file: str) -> None:
    """Validated with every rule, and shown in every form."""
    files = list(check_files([(data, file), (data, f"again/{file}")]))
    source = FileText(data)
    lines = source.text.count("\n") + source.text.count("\r") + 2
    for each in files[0].diagnostics:
        assert 1 <= each.line <= lines
        assert each.column >= 1
        files[0].line(each.line)
    report = Report(files, "0")
    for name in report_formats():
        shown = "\n".join(renderer(name)(report))
        shown.encode()


def validating(data: bytes) -> None:
    """A dump or whatever it is, by its content."""
    check_findings(data, "x.txt")


def corrections(data: bytes) -> None:
    """A correction file beside a dump."""
    try:
        text = data.decode()
        found = parse(text, "x.corrections.toml")
    except (IngestError, UnicodeDecodeError):
        return
    result = read_bytes(DUMP.encode(), "x.txt", EVERYTHING, found)
    check_whole(result)
    check_document(result.document)


def settings(data: bytes) -> None:
    """A settings file, and a dump read with what it says."""
    folder = _folder()
    (folder / "ingest.toml").write_bytes(data)
    try:
        loaded = load_settings.__wrapped__(folder)
    except IngestError:
        return
    loaded.choice.codes(folder / "x.txt")
    own = ReadSettings(own_labels=loaded.labels, topics=loaded.topics, every_rule=True, keep_attempt=True)
    result = read_bytes(DUMP.encode(), "x.txt", own)
    check_whole(result)
    check_document(result.document)


@cache
def _folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="fuzzing"))


def writers(data: bytes) -> None:
    """Records of any text, in every format."""
    document = document_of(data)
    check_document(document)
    write_all(document)
    questions = document.questions
    compare_sets(questions[:1], questions[1:])
    difference = compare_sets(questions, questions)
    assert not difference.entries
    merge([GivenSet("a", questions[:1]), GivenSet("b", questions)], "first")


def write_all(document: Document) -> None:
    """Every format, whose notes name questions that there are."""
    for name in formats():
        each = writer(name)
        for files in zip(*(each.files(document, WriteSettings()).items() for _ in range(2)), strict=True):
            (first, one), (second, other) = files
            content = b"".join(one)
            assert first == second
            assert content == b"".join(other), f"{name} is not the same twice"
        for note in each.notes(document, WriteSettings()):
            assert note.index is None or 0 <= note.index < len(document.questions)
    if document.questions:
        safe = writer("csv").render(document, WriteSettings(csv_safe=True))[0].decode()
        for row in csv.reader(io.StringIO(safe, newline="")):
            assert not any(cell[:1] and cell[0] in "=+@\t\r" for cell in row)


_BETWEEN_QUESTIONS = b"\xff\xfe"
_BETWEEN_FIELDS = b"\xff"


def document_of(data: bytes) -> Document:
    """Questions out of bytes: fields between ``FF``, which no UTF-8 has; the first says what is right."""
    questions = tuple(map(_question, data.split(_BETWEEN_QUESTIONS)[:4]))
    seen: dict[str, int] = {}
    numbered = []
    for place, each in enumerate(questions, 1):
        seen[each["id"]] = occurrence = seen.get(each["id"], 0) + 1
        numbered.append(Question(**{**each, "number": place, "occurrence": occurrence}))
    return Document(SCHEMA_VERSION, Provenance("x.txt", "0" * 64, "utf-8", None), tuple(numbered), (), (), ())


def _question(data: bytes) -> dict[str, object]:
    head, stem, topic, explanation, *texts = [*data.split(_BETWEEN_FIELDS), b"", b"", b"", b""]
    texts = texts[:12]
    while len(texts) < 2:
        texts.append(b"?")
    key = head[0] if head else 1
    several = head[1:2] == b"s"
    options = []
    for place, each in enumerate(texts):
        text, _, reason = each.partition(b"\0")
        options.append(
            Option(option_id(place), _text(text) or "-", bool(key >> (place % 8) & 1), _text(reason) or None)
        )
    if not any(each.correct for each in options):
        options[0] = Option("A", options[0].text, correct=True, explanation=options[0].explanation)
    answer = tuple(each.id for each in options if each.correct)
    is_fill_in = head[1:2] == b"f"
    return {
        "id": identify(_text(stem) or "?", [each.text for each in options]),
        "fingerprint": "0" * 16,
        "type": "fill_in"
        if is_fill_in
        else "multi_select"
        if several or len(answer) > 1
        else "single_select",
        "stem": _text(stem) or "?",
        "select_count": None if is_fill_in else len(answer),
        "options": () if is_fill_in else tuple(options),
        "answer": () if is_fill_in else answer,
        "accepted": tuple(each.text for each in options) if is_fill_in else (),
        "items": (),
        "explanation": _text(explanation) or None,
        "rationale": _text(explanation).partition("\n")[0] or None,
        "references": (),
        "topic": _text(topic).replace("\n", " ") or None,
        "attempt": None,
        "findings": (),
        "source": Place("x.txt", (1, 1)),
    }


def _text(data: bytes) -> str:
    return data.decode("utf-8", "ignore").replace("\r", "\n").strip()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "decode": decoding,
    "pipeline": pipeline,
    **{name: reader(name) for name in MODULES},
    **{name: converted(name) for name in ("json", "jsonl", "csv")},
    "bank": bank,
    "validate": validating,
    "writers": writers,
    "corrections": corrections,
    "settings": settings,
}
