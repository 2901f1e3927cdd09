"""Every encoding that clipboards make: the same records as from the UTF-8 file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest
from conftest import REAL_DUMPS, ROOT
from ingest.pipeline import read_bytes
from ingest.stages.decode import decode, replay

DUMPS = [ROOT / "raw" / "skipper_es.txt", ROOT / "raw" / "huerto_es.txt", REAL_DUMPS / "mla-c01_es.txt"]


def spaced(text: str) -> str:
    """No-break spaces in place of every third space, as word processors and French pages have."""
    parts = text.split(" ")
    return "".join(part + ("\u00a0" if place % 3 == 2 else " ") for place, part in enumerate(parts))[:-1]


def sprinkled(text: str) -> str:
    """Zero-width spaces and soft hyphens inside words, also inside labels."""
    return re.sub(r"(?<=\w)(?=ta\b)", "\u200b", re.sub(r"(?<=[a-z]{4})(?=ing)", "\u00ad", text))


def quoted(text: str, sign: str = "> ") -> str:
    """As in a mail that was answered."""
    return re.sub("^", sign, text, flags=re.MULTILINE)


def damaged_twice(text: str) -> bytes:
    """UTF-8 read as cp1252 and saved as UTF-8; bytes that cp1252 lacks pass through, as in browsers."""
    letters = (
        byte.to_bytes(1, "big").decode("cp1252", errors="ignore") or chr(byte) for byte in text.encode()
    )
    return "".join(letters).encode()


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "utf-8 with mark": lambda text: text.encode("utf-8-sig"),
    "utf-16 with mark": lambda text: text.encode("utf-16"),
    "utf-16-be with mark": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "cp1252": lambda text: text.encode("cp1252"),
    "mac_roman": lambda text: text.encode("mac_roman"),
    "double-encoded": damaged_twice,
    "double-encoded by Mac Roman": lambda text: text.encode().decode("mac_roman").encode(),
    "decomposed": lambda text: unicodedata.normalize("NFD", text).encode(),
    "no-break spaces": lambda text: spaced(text).encode(),
    "zero-width": lambda text: sprinkled(text).encode(),
    "quoted": lambda text: quoted(text).encode(),
    "quoted in a quote, decomposed": lambda text: unicodedata.normalize("NFD", quoted(quoted(text))).encode(),
    "quoted in cp1252": lambda text: quoted(text).encode("cp1252"),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "CR": lambda text: text.replace("\n", "\r").encode(),
    "CRLF in cp1252": lambda text: text.replace("\n", "\r\n").encode("cp1252"),
}


@pytest.mark.parametrize("encode", ENCODINGS.values(), ids=ENCODINGS)
@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)
def test_same_records(path: Path, encode: Callable[[str], bytes]) -> None:
    if not path.exists():
        pytest.skip("the folder of real dumps is not there")
    text = path.read_text(encoding="utf-8")
    assert read_bytes(encode(text)).questions == ingest.read_text(text).questions


@pytest.mark.parametrize("path", DUMPS, ids=lambda path: path.stem)
def test_clean_text_is_left_alone(path: Path) -> None:
    if not path.exists():
        pytest.skip("the folder of real dumps is not there")
    result = ingest.read(path)
    assert not result.source.repairs
    assert result.source.text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("sign", ["> ", ">", ">> ", "> > > "])
def test_a_page_in_a_mail_that_was_answered(sign: str) -> None:
    text = (ROOT / "raw" / "huerto_es.txt").read_text(encoding="utf-8").replace("\n ", "\n")
    result = read_bytes(f"Ana wrote:\n{quoted(text, sign)}\n".encode())
    plain = ingest.read_text(f"Ana wrote:\n{text}\n")
    assert result.questions == plain.questions
    assert {each.code for each in result.diagnostics} == {each.code for each in plain.diagnostics} | {"T006"}


def test_places_in_quoted_lines_are_those_of_the_file_as_given() -> None:
    line = "See > https:/x.org"
    text = f"Pregunta 1\n\nWhich?\n\nMars\n\nRespuesta correcta\nB\n\nExplicación general\n{line}\n"
    data = quoted(text, "> > ")
    (found,) = (each for each in read_bytes(data.encode()).diagnostics if each.code == "R001")
    assert data.split("\n")[found.line - 1][found.column - 1 :] == "https:/x.org"


def test_lines_that_are_quoted_in_part_stay() -> None:
    text = "Pregunta 1\n\nWhich?\n\n> Mars\n\nRespuesta correcta\n> > B\n\nExplicación general\nSo.\n"
    result = ingest.read_text(text)
    assert [each.text for each in result.questions[0].options] == ["> Mars", "> > B"]
    assert not result.source.repairs


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"], exclude_characters="\r"), max_size=60))
def test_repairs_replay(text: str) -> None:
    source, _ = decode(text.encode(), "x", ("Pregunta",))
    given_text = text.removeprefix("\ufeff") if source.given is None else source.given
    inside = [repair for repair in source.repairs if repair.kind != "byte-order-mark"]
    assert replay(given_text, inside) == source.text
    assert given_text.count("\n") == source.text.count("\n")


@pytest.mark.parametrize(
    ("given_text", "text"),
    [
        ("<p>\u0338 a sail</p>", "<p>\u0338 a sail</p>"),
        ("<p>\u0301\u0338e\u0301</p>", "<p>\u0338\u0301é</p>"),
        ("<p>=\u0338 1</p>", "<p>≠ 1</p>"),
        ("<p>\u1112\u1161</p>", "<p>하</p>"),
        ('["\\n\u0301 a sail\\t\u030c"]', '["\\n\u0301 a sail\\t\u030c"]'),
        ('["\\u201c\u0301 a sail"]', '["\\u201c\u0301 a sail"]'),
        ('["n\u0301\\n\u0338\u0301"]', '["ń\\n\u0338\u0301"]'),
    ],
    ids=ascii,
)
def test_a_mark_behind_a_tag_or_an_escape_makes_no_letter_of_its_end(given_text: str, text: str) -> None:
    source, _ = decode(given_text.encode(), "x", ("Pregunta",))
    assert source.text == text
    assert bool(source.repairs) == (given_text != text)
    assert replay(given_text, source.repairs) == text


def test_a_file_cut_inside_a_letter_keeps_the_rest() -> None:
    text = (ROOT / "raw" / "huerto_es.txt").read_text(encoding="utf-8")
    data = (text + "\nPregunta 9:\n\nÚltima cuesti\u00f3").encode()[:-1]
    result = read_bytes(data)
    assert "T001" in {each.code for each in result.diagnostics}
    assert result.questions[:8] == ingest.read_text(text).questions


@pytest.mark.parametrize("count", [2, 100, 400], ids="{} addresses".format)
@pytest.mark.parametrize("encode", [lambda text: unicodedata.normalize("NFD", text).encode(), damaged_twice])
def test_places_in_a_long_line_are_those_of_the_file_as_given(
    encode: Callable[[str], bytes], count: int
) -> None:
    line = "".join(f"Vénus été {number} https:/x.org/{number} " for number in range(count)).strip()
    data = encode(f"Pregunta 1\n\nWhich?\n\nMars\n\nRespuesta correcta\nB\n\nExplicación general\n{line}\n")
    found = [each for each in read_bytes(data).diagnostics if each.code == "R001"]
    lines = data.decode().split("\n")
    assert len(found) == count
    for number, each in enumerate(found):
        assert lines[each.line - 1][each.column - 1 : each.end_column - 1] == f"https:/x.org/{number}"


def test_places_are_those_of_the_file_as_given() -> None:
    line = "Vénus e\u0301te\u0301 \u00ad\u200b see https:/x.org"
    text = f"Pregunta 1\n\nWhich?\n\nMars\n\nRespuesta correcta\nB\n\nExplicación general\n{line}\n"
    given_line = unicodedata.normalize("NFD", line)
    for encoded in (text.replace(line, given_line).encode(), ("\ufeff" + text).encode(), damaged_twice(text)):
        found = [each for each in read_bytes(encoded).diagnostics if each.code == "R001"]
        lines = encoded.decode().removeprefix("\ufeff").split("\n")
        assert lines[found[0].line - 1][found[0].column - 1 :].startswith("https:/x.org")
