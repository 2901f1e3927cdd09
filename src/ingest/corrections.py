"""Correction files: read, checked, and written with an entry to edit.

``x.corrections.toml`` stands beside ``x.txt``. Only a dump that has one pays for reading it.
"""

from __future__ import annotations

from ingest.errors import IngestError
from ingest.model.correction import Correction, Corrections
from ingest.model.question import option_id
from ingest.model.result import Result
from ingest.parts.toml_text import parse_toml

# What pydantic says in words of Python.
_SAID = {"unexpected_keyword_argument": "unknown key", "tuple_type": "input should be a list"}


def parse(text: str, shown_path: str) -> tuple[Correction, ...]:
    """The entries of a correction file. Raises ``IngestError`` that names the file and every fault."""
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(Corrections).validate_python(parse_toml(text, shown_path)).correction
    except ValidationError as error:
        faults = "; ".join(
            _fault(each["loc"], _SAID.get(each["type"], each["msg"])) for each in error.errors()
        )
        raise IngestError(f"{shown_path}: {faults}") from error


def entry(result: Result, index: int) -> str:
    """A table for the question of one block as it was read now, with what is doubtful about it, to be
    edited. ``index`` counts the blocks of the text."""
    reading = result.readings[index]
    number = reading.block.number
    doubts = "".join(
        f"# {each.code} {_printable(' '.join(each.message.split()))}\n"
        for each in result.diagnostics
        if each.number == number
    )
    answer = ", ".join(_quoted(option_id(place)) for place, correct in enumerate(reading.correct) if correct)
    # What the sitter typed is nobody's business, and no border.
    is_typed = reading.is_fill_in and any(each.is_wrong_choice for each in reading.options[:1])
    first = "" if is_typed or not reading.options else reading.options[0].text.split("\n", 1)[0]
    begin = f"{'# ' if is_typed else ''}first_option = {_quoted(first)}"
    topic = reading.block.topic
    value = result.source.text[topic.start : topic.end] if topic else ""
    return (
        f"\n[[correction]]\n{doubts}"
        f"question = {number}\n"
        f'fingerprint = "{reading.fingerprint}"\n'
        "checked = false  # true when the values below say what the page says\n"
        f"{begin}  # the text with which the options begin\n"
        f"answer = [{answer}]\n"
        f"{'' if topic else '# '}topic = {_quoted(value)}\n"
        "drop = []  # lines of the stem or the options that belong to neither, each in full\n"
    )


def _fault(location: tuple[int | str, ...], message: str) -> str:
    match location:
        case ("correction", int(place), *rest):
            where = f"entry {place + 1}" + "".join(f", {each}" for each in rest)
        case _:
            where = ", ".join(map(str, location)) or "file"
    return f"{where}: {message[0].lower()}{message[1:]}"


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{_printable(escaped)}"'


def _printable(text: str) -> str:
    """So that it is one line, and all of it is seen."""
    return "".join(each if each.isprintable() else _escaped(each) for each in text)


def _escaped(letter: str) -> str:
    return f"\\u{ord(letter):04X}" if ord(letter) < 0x10000 else f"\\U{ord(letter):08X}"
