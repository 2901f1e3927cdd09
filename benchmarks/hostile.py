"""Inputs made to be slow, and how the time of everything that is done with them grows.

    python benchmarks/hostile.py [WORD]... [--times N]

Prints for each input its size, the seconds that it takes once, twice and four times as large, and by how much
the time grows with each doubling: 2 is linear. Each is read, validated by every rule, written in every format
that is text, reported, inspected, mended, compared and merged; dumps are read with corrections. Where a limit
refuses one, that is what is timed. tests/test_growth.py asks the same of smaller ones. ``--times`` makes all
of them larger or smaller.
"""

from __future__ import annotations

import argparse
import gc
import json
import math
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from ingest.banking import merge, pieces, read_given
from ingest.comparing import compare_sets
from ingest.corrections import parse
from ingest.differences import Compared
from ingest.differences import renderer as renderer_of_difference
from ingest.documents import open_document
from ingest.errors import IngestError
from ingest.fixing import fix_file, new_entries
from ingest.inspection import inspect
from ingest.pipeline import read_bytes
from ingest.reports import Report, renderer
from ingest.sets import read_set
from ingest.validation import CheckSettings, check_files
from ingest.writers import WriteSettings, writer

FORMATS = (
    "json",
    "jsonl",
    "csv",
    "csv-tidy",
    "gift",
    "moodle-xml",
    "aiken",
    "udemy-csv",
    "qti21",
    "mmlu-jsonl",
)
FORMATS = (*FORMATS, "markdown")
MOST_GROWTH = 2.6
"""With each doubling: 2 is linear, 4 is the square."""
LONG_ENOUGH = 0.025
"""In seconds: what is shorter may be chance."""

Work = Callable[[bytes, str], None]


def converted(data: bytes, file: str) -> None:
    """What ``convert`` does with one input."""
    document = open_document(data, file).document
    for name in FORMATS:
        form = writer(name)
        for each in form.files(document, WriteSettings()).values():
            for _ in each:
                pass
        form.notes(document, WriteSettings())


def validated(data: bytes, file: str) -> None:
    """What ``validate`` does with one file and a copy of it."""
    checked = list(check_files([(data, file), (data, f"copy-{file}")]))
    for form in ("text", "github", "sarif", "junit"):
        for _ in renderer(form)(Report(checked, "0", frozenset())):
            pass


def inspected(data: bytes, file: str) -> None:
    """What ``inspect`` does."""
    inspect(read_bytes(data, file))


def mended(data: bytes, file: str) -> None:
    """What ``validate --fix`` does."""
    if fix_file(data, file, CheckSettings()) is None:
        new_entries(data, file, CheckSettings(), ())


def compared(data: bytes, file: str) -> None:
    """What ``diff`` does with a file and one that has another word in each question."""
    other = data.replace(b"the", b"an other").replace(b"Venus", b"Saturn")
    old, new = read_set(data, file).questions, read_set(other, file).questions
    for form in ("text", "markdown", "json"):
        for _ in renderer_of_difference(form)(Compared(file, file, compare_sets(old, new))):
            pass


def merged(data: bytes, file: str) -> None:
    """What ``merge`` does with a file and one that has another word in each question."""
    other = data.replace(b"the", b"an other")
    sets = [read_given(data, file), read_given(other, f"other-{file}")]
    for _ in pieces(merge(sets).bank):
        pass


def corrected(data: bytes, file: str) -> None:
    """A dump read with as many corrections as it has questions."""
    numbers = range(1, data.count(b"Pregunta") + 1)
    entry = '[[correction]]\nquestion = {}\nfingerprint = "{:016x}"\nchecked = true\nanswer = ["A"]\n'
    read_bytes(data, file, corrections=parse("".join(entry.format(n, n) for n in numbers), "x"))


EVERYTHING: tuple[Work, ...] = (converted, validated, inspected, mended, compared, merged)


@dataclass(frozen=True)
class Hostile:
    """One kind of input."""

    make: Callable[[int], str | bytes]
    """An input of about that many bytes."""
    file: str = "dump.txt"
    size: int = 50_000
    """In bytes: the smallest that is timed in the table."""
    works: tuple[Work, ...] = EVERYTHING

    def input(self, size: int) -> bytes:
        made = self.make(size)
        return made.encode() if isinstance(made, str) else made


def question(
    number: int = 1,
    stem: str = "Which planet is nearest to the Sun?",
    options: str = "Venus\n\nRespuesta correcta\nMercury\n\nMars\n\nEarth",
    explanation: str = "Mercury it is.",
    topic: str = "Planets",
) -> str:
    return (
        f"Pregunta {number}\n\n{stem}\n\n{options}\n\nExplicación general\n{explanation}\n\n"
        f"Temática\n{topic}\n\n"
    )


def questions(size: int, *, one: Callable[[int], str]) -> str:
    length = len(one(500))
    return "".join(one(number) for number in range(1, size // length + 2))


def filled(text: str, size: int) -> str:
    """A piece of text again and again."""
    return text * (size // len(text) + 1)


def numbered(text: str, size: int) -> str:
    """A piece of text again and again, each with another number in the place of ``#``."""
    return "".join(text.replace("#", str(number)) for number in range(size // (len(text) + 4) + 1))


def in_stem(text: str) -> Callable[[int], str]:
    return lambda size: question(stem=f"{filled(text, size)} Which planet is it?")


def in_option(text: str) -> Callable[[int], str]:
    return lambda size: question(options=f"Venus\n\nRespuesta correcta\n{filled(text, size)}\n\nMars")


def in_explanation(text: str, *, begin: str = "") -> Callable[[int], str]:
    return lambda size: question(explanation=begin + numbered(text, size))


def options(text: str) -> Callable[[int], str]:
    def make(size: int) -> str:
        return question(options=f"Respuesta correcta\nMercury\n\n{numbered(text, size)}Earth")

    return make


def page(size: int, *, before: str = "", after: str = "", inside: str = "text") -> str:
    """A saved page with something in its explanation."""
    count = size // max(len(before + after), 1) + 1
    answers = "".join(
        f'<div data-purpose="answer"{mark}><div data-purpose="answer-body"><div id="answer-text">{text}</div>'
        "</div></div>"
        for text, mark in (("Venus", ""), ("Mercury", ' class="answer-correct"'))
    )
    return (
        '<html><body><div id="question-prompt"><p>Which planet?</p></div>'
        f'{answers}<div id="overall-explanation">{before * count}{inside}{after * count}</div></body></html>'
    )


def pages(size: int) -> str:
    one = page(0).removeprefix("<html><body>").removesuffix("</body></html>")
    return f"<html><body>{filled(one, size)}</body></html>"


def wide_page(size: int) -> str:
    answer = '<div data-purpose="answer"><div id="answer-text">Planet #</div></div>'
    return f'<html><body><div id="question-prompt">Which?</div>{numbered(answer, size)}</body></html>'


def upload_table(size: int, *, cell: str = "x", rows: int = 1, columns: int = 0) -> str:
    names = ["Question", "Question Type", "Answer Option 1", "Answer Option 2", "Correct Answers"]
    names += ["Overall Explanation", "Domain", *(f"Answer Option {at}" for at in range(3, columns + 3))]
    row = ["Which?", "multiple-choice", "Venus", "Mars", "1", f'"{filled(cell, size // rows)}"', "Planets"]
    row += [f"Planet {at}" for at in range(columns)]
    return "\n".join([",".join(names), *[",".join(row)] * rows])


def assessments(size: int, *, cell: str = "", count: int = 1) -> str:
    prompt = {
        "question": "<p>Which?</p>",
        "answers": ["<p>Venus</p>", "<p>Mars</p>"],
        "feedbacks": [],
        "explanation": f"<p>{filled(cell, size // count)}</p>" if cell else "",
    }
    result = {"prompt": prompt, "correct_response": ["a"], "section": "Planets", "assessment_type": "x"}
    return json.dumps({"results": [result] * count})


def deep_json(size: int) -> str:
    return '{"questions": ' + "[" * (size // 2) + "]" * (size // 2) + "}"


def deep_assessments(size: int) -> str:
    return '{"prompt": 1, "correct_response": ' + '{"a":[' * (size // 8) + "]}" * (size // 8) + "}"


def json_of(text: str, **extra: object) -> bytes:
    """The converted file of a dump, its first question with other fields."""
    document = read_bytes(text.encode(), "dump.txt").document
    made = json.loads(b"".join(writer("json").pieces(document, WriteSettings())))
    if extra and made["questions"]:
        made["questions"][0] |= extra
    return json.dumps(made, ensure_ascii=False, indent=2).encode()


def csv_of(text: str) -> bytes:
    document = read_bytes(text.encode(), "dump.txt").document
    return b"".join(writer("csv").pieces(document, WriteSettings()))


def near(number: int) -> str:
    """A question that is nearly that of every other number."""
    return question(
        number,
        stem=f"A merchant sends {number} boxes from the harbour to a shop. Which is the cheapest way for it?",
        options=f"Hire one driver for {number}\n\nRespuesta correcta\nSend them by train\n\nShip {number}",
    )


def own(number: int) -> str:
    word = "".join(chr(97 + int(digit)) for digit in str(number * 7919))
    return question(
        number,
        stem=f"What is {word} of {word[::-1]}x?",
        options=f"{word}a\n\nRespuesta correcta\n{word}b\n\n{word}c",
        explanation=f"It is {word}b: see https://example.org/{word}",
        topic=f"Topic {word}",
    )


def same(number: int) -> str:
    return question(number)


HOSTILE = {
    # Labels and lines
    "`Pregunta 1` without end": Hostile(lambda n: filled("Pregunta 1\n", n)),
    "`Pregunta` counted without end": Hostile(lambda n: numbered("Pregunta #\n", n)),
    "all labels in turn": Hostile(
        lambda n: filled("Pregunta 1\nRespuesta correcta\nExplicación general\nTemática\n", n)
    ),
    "`Temática` without end": Hostile(lambda n: question() + filled("Temática\nx\n", n)),
    "`Temática` and text in one question": Hostile(
        lambda n: question(explanation=filled("Temática\nx\n\n", n))
    ),
    "explanation labels without end": Hostile(lambda n: question() + filled("Explicación general\nx\n", n)),
    "reason labels without end": Hostile(
        lambda n: question(options=filled("Respuesta correcta\nx\nExplicación\ny\n\n", n))
    ),
    "status words without end": Hostile(lambda n: "Pregunta 1\n" + filled("Correcto\n", n)),
    "answer lines without end": Hostile(lambda n: question(options=filled("Respuesta: A\n\nB. x\n\n", n))),
    "false headers in an explanation": Hostile(lambda n: question(explanation=filled("Pregunta 7\n", n))),
    "rules without end": Hostile(lambda n: question() + filled("---\n", n)),
    "rules and text without end": Hostile(lambda n: question() + filled("---\n\nx\n\n", n)),
    "rules and marks, no header": Hostile(lambda n: filled("---\n\nx\n\nRespuesta correcta\ny\n\n", n)),
    "damaged labels": Hostile(lambda n: question(explanation=filled("Temátlca\n", n))),
    "short lines, labels missing": Hostile(lambda n: question() + filled("Temat x\n", n) + question(2)),
    "unbalanced marks": Hostile(lambda n: "Pregunta 1\n\nx\n\n" + filled("Respuesta correcta\n", n)),
    "marks and no text between": Hostile(lambda n: question(options=filled("Respuesta correcta\n\n", n))),
    "marks with text": Hostile(lambda n: question(options=numbered("Respuesta correcta\nx #\n\n", n))),
    "blank lines": Hostile(lambda n: question().replace("Venus", filled("\n", n) + "Venus")),
    "lines of spaces": Hostile(lambda n: question().replace("Venus", filled("    \n", n) + "Venus")),
    "carriage returns": Hostile(lambda n: question().replace("Venus", filled("\r", n) + "Venus")),
    "nothing but blank lines": Hostile(lambda n: filled("\n", n)),
    "no label at all": Hostile(lambda n: filled("x\n", n)),
    "one line and nothing else": Hostile(lambda n: "x" * n),
    "NUL bytes": Hostile(lambda n: b"\0" * n),
    # One question
    "one line of letters": Hostile(in_stem("x")),
    "one line of words": Hostile(in_stem("near ")),
    "one line of question marks": Hostile(in_stem("? ")),
    "one line of full stops": Hostile(in_stem("Ab. ")),
    "one line of spaces": Hostile(lambda n: question(stem="Which" + " " * n + "planet?")),
    "one line of tabs and marks": Hostile(in_stem("\t*_#> ")),
    "one line of apostrophes": Hostile(in_stem("'\"“‘")),
    "one line of brackets": Hostile(in_stem("([{")),
    "one line of closing brackets": Hostile(in_stem(")]}")),
    "one line of angle brackets": Hostile(in_stem("<a ")),
    "one line of ampersands": Hostile(in_stem("&")),
    "one line of back ticks": Hostile(in_stem("` ``")),
    "one line of dollars": Hostile(in_stem("$ {")),
    "one line of stars": Hostile(in_stem("**a ")),
    "one line of underscores": Hostile(in_stem("_a_ [")),
    "one line of Markdown links": Hostile(in_stem("![a](")),
    "one line of tags": Hostile(in_stem("<b>x</i>")),
    "one line of entities": Hostile(in_stem("&amp;#60;")),
    "one line of digits": Hostile(in_stem("1")),
    "one line of numbers": Hostile(in_stem("1, 2. ")),
    "one line of letters in brackets": Hostile(in_stem("(A) B, ")),
    "one line of commas": Hostile(in_stem(",;:")),
    "one line of combining marks": Hostile(in_stem("\u0301")),
    "combining marks in turn": Hostile(in_stem("\u0301\u0323")),
    "one line of soft hyphens": Hostile(in_stem("a\u00ad")),
    "one line of no-break spaces": Hostile(in_stem("near\u00a0")),
    "one line of ideographs": Hostile(in_stem("質問。")),
    "one line of Hangul parts": Hostile(in_stem("\u1100\u1161")),
    "one line of mojibake": Hostile(in_stem("Ã©Â¿ ")),
    "lines of mojibake": Hostile(lambda n: question(explanation=filled("TemÃ¡tica y más\n", n))),
    "one line of controls": Hostile(in_stem("\x00\x1b\u202e")),
    "one line of look-alikes": Hostile(in_stem("аa е")),
    "one line of bad bytes": Hostile(
        lambda n: question().encode().replace(b"Venus", b"\xff\xc3 " * (n // 3))
    ),
    "a stem of many lines": Hostile(in_stem("A line\n")),
    "a stem of many paragraphs": Hostile(in_stem("A paragraph?\n\n")),
    "a stem of asking paragraphs": Hostile(in_stem("(Select two)\n\nWhich?\n\n")),
    "a stem of items": Hostile(lambda n: question(stem=numbered("#. item\n", n) + "Which order?")),
    "an unclosed code fence": Hostile(lambda n: question(stem="```\n" + filled("a = [\n", n))),
    "code fences without end": Hostile(in_stem("```\nx\n")),
    "indented code": Hostile(in_stem("    a {\n  b\n\n")),
    "open braces in lines": Hostile(in_stem("{\n[\n(\n")),
    "braces opened in options": Hostile(options("a(# {\n\n")),
    # Options
    "the same option": Hostile(
        lambda n: question(options="Respuesta correcta\nx\n\n" + filled("Venus\n\n", n) + "y")
    ),
    "options without end": Hostile(options("Planet number #\n\n")),
    "options nearly equal": Hostile(options("The planet which is nearest to the Sun is called #\n\n")),
    "options of letters": Hostile(options("A. Planet #\n\n")),
    "options with bullets": Hostile(options("- Planet #\n\n")),
    "options of several lines": Hostile(options("Planet #\nis a planet\n\n")),
    "options, all right": Hostile(
        lambda n: question(options=numbered("Respuesta correcta\nPlanet #\n\n", n))
    ),
    "options, all explained": Hostile(
        lambda n: question(
            options="Respuesta correcta\nMercury\n\n" + numbered("Planet #\n\n", n // 2),
            explanation=numbered("Planet # is wrong, since it is far.\n\n", n // 2),
        )
    ),
    "options, all quoted as wrong": Hostile(
        lambda n: question(
            options="Respuesta correcta\nMercury\n\n" + numbered("Planet #\n\n", n // 2),
            explanation="Incorrect options:\n\n" + numbered("**Planet #** - It is far.\n\n", n // 2),
        )
    ),
    "options with reasons": Hostile(
        lambda n: question(options=numbered("Respuesta correcta\nPlanet #\nExplicación\nIt is #.\n\n", n))
    ),
    "one option of many words": Hostile(in_option("near ")),
    "one option of many lines": Hostile(in_option("near\n")),
    "True and False": Hostile(
        lambda n: question(options="Respuesta correcta\n" + filled("True\n\nFalse\n\n", n))
    ),
    # Explanations
    "one paragraph": Hostile(in_explanation("The planet # is one. ")),
    "paragraphs": Hostile(in_explanation("The planet # is one.\n\n")),
    "paragraphs that name options": Hostile(in_explanation("Venus is incorrect, since # it is not.\n\n")),
    "lines that name options": Hostile(in_explanation("Mars\n")),
    "letters that are named": Hostile(in_explanation("Option A is wrong, B is right. ")),
    "quotes that open": Hostile(in_explanation('“Venus is "Mars ')),
    "URLs": Hostile(in_explanation("https://example.org/#\n")),
    "URLs on one line": Hostile(in_explanation("https://example.org/# ")),
    "URLs, the same": Hostile(in_explanation("https://example.org/a\n")),
    "URLs with brackets": Hostile(in_explanation("(https://example.org/a_(b ")),
    "URLs joined": Hostile(in_explanation("https://a.b/c?")),
    "a URL without end": Hostile(in_explanation("a/b&c=d%20", begin="https://example.org/")),
    "a URL of dots": Hostile(in_explanation(".)", begin="https://example.org/")),
    "a URL broken over lines": Hostile(in_explanation("abc-\n", begin="https://example.org/")),
    "a host without end": Hostile(in_explanation("a.", begin="https://")),
    "schemes without end": Hostile(in_explanation("https://")),
    "malformed URLs, letters encoded twice": Hostile(in_explanation("Ã© http://[:: ")),
    "malformed URLs, letters in parts": Hostile(in_explanation("e\u0301 http://[:: ")),
    "Markdown links": Hostile(in_explanation("[a#](https://example.org/#) ")),
    "Markdown links that open": Hostile(in_explanation("[a](https://example.org/")),
    "references headings": Hostile(in_explanation("References:\n")),
    "references listed": Hostile(in_explanation("https://example.org/#\n", begin="References:\n")),
    "credits": Hostile(in_explanation("Photo by # on https://example.org/#\n")),
    # Sets
    "questions": Hostile(lambda n: questions(n, one=own)),
    "the same question": Hostile(lambda n: questions(n, one=same)),
    "questions nearly equal": Hostile(lambda n: questions(n, one=near)),
    "questions without header": Hostile(
        lambda n: questions(n, one=lambda number: own(number).split("\n", 2)[2])
    ),
    "questions without key": Hostile(lambda n: questions(n, one=own).replace("Respuesta correcta\n", "")),
    "questions, one number": Hostile(
        lambda n: questions(n, one=lambda number: own(number).replace(f"Pregunta {number}", "Pregunta 1", 1))
    ),
    "questions, each corrected": Hostile(lambda n: questions(n, one=own), works=(corrected,)),
    "one question, corrections without end": Hostile(lambda n: filled("Pregunta 1\n", n), works=(corrected,)),
    # Other forms
    "a page, deep": Hostile(lambda n: page(n, before="<div>", after="</div>"), "page.html"),
    "a page, deep lists": Hostile(lambda n: page(n, before="<ul><li>", after="</li></ul>"), "page.html"),
    "a page, unclosed bold": Hostile(lambda n: page(n, before="<b>"), "page.html"),
    "a page, unclosed formatting": Hostile(lambda n: page(n, before="<b><i><p>"), "page.html"),
    "a page, unclosed links": Hostile(lambda n: page(n, before="<a href='https://a.b/c'>x"), "page.html"),
    "a page, deep answers": Hostile(lambda n: page(n, before="<div data-purpose='answer'>"), "page.html"),
    "a page, deep prompts": Hostile(lambda n: page(n, before="<div id='question-prompt'>"), "page.html"),
    "a page, deep explanations": Hostile(
        lambda n: page(n, before="<div id='overall-explanation'>"), "page.html"
    ),
    "a page, deep tables": Hostile(lambda n: page(n, before="<table><tr><td>"), "page.html"),
    "a page, code": Hostile(lambda n: page(n, before="<pre>x\n</pre>"), "page.html"),
    "a page, images": Hostile(lambda n: page(n, before="<img src='a' alt='b'>"), "page.html"),
    "a page, wide": Hostile(lambda n: page(n, before="<p>word</p>"), "page.html"),
    "a page, text not in place": Hostile(lambda n: page(n, before="<p>a&amp;b &lt; word</p>"), "page.html"),
    "a page, spaces": Hostile(lambda n: page(n, before="<p> \n </p>"), "page.html"),
    "a page, answers": Hostile(wide_page, "page.html"),
    "a page, questions": Hostile(pages, "page.html"),
    "a page, tags that open": Hostile(lambda n: page(n, before="<a "), "page.html"),
    "a page, signs that nearly fit": Hostile(lambda n: "<" + filled("<a data-purpose=", n), "page.html"),
    "a page, one long tag": Hostile(lambda n: "<a " + "b " * n, "page.html"),
    "an upload table, one cell": Hostile(lambda n: upload_table(n, cell="near "), "table.csv"),
    "an upload table, line ends": Hostile(lambda n: upload_table(n, cell="\n"), "table.csv"),
    "an upload table, quotes": Hostile(lambda n: upload_table(n, cell='""'), "table.csv"),
    "an upload table, rows": Hostile(lambda n: upload_table(0, rows=n // 60), "table.csv"),
    "an upload table, columns": Hostile(lambda n: upload_table(0, columns=min(n // 30, 9000)), "table.csv"),
    "an upload table, unclosed": Hostile(lambda n: upload_table(0) + '\n"' + filled("a,b\n", n), "table.csv"),
    "assessments, one cell": Hostile(lambda n: assessments(n, cell="near "), "x.json"),
    "assessments, deep HTML": Hostile(lambda n: assessments(n, cell="<div>"), "x.json"),
    "assessments, tags that open": Hostile(lambda n: assessments(n, cell="<p <"), "x.json"),
    "assessments, many": Hostile(lambda n: assessments(0, count=n // 150), "x.json"),
    "JSON, deep": Hostile(deep_json, "x.json"),
    "assessments, deep JSON": Hostile(deep_assessments, "x.json"),
    "JSON of questions": Hostile(lambda n: json_of(questions(n // 4, one=own)), "x.json"),
    "JSON of one giant question": Hostile(
        lambda n: json_of(in_explanation("The planet # is one.\n\n")(n)), "x.json"
    ),
    "JSON with unknown keys": Hostile(
        lambda n: json_of(question(), **{f"k{at}": at for at in range(n // 20)}), "x.json"
    ),
    "JSON with bad options": Hostile(
        lambda n: json_of(question(), options=[{"id": 1}] * (n // 20)), "x.json"
    ),
    "JSON with a key again and again": Hostile(
        lambda n: b'{"schema_version": "1", "questions": [], ' + b'"a": 1, ' * (n // 8) + b'"b": 1}', "x.json"
    ),
    "JSON with findings without end": Hostile(
        lambda n: json_of(question(), findings=["P101"] * (n // 14)), "x.json"
    ),
    "JSON with surrogates": Hostile(
        lambda n: json_of(question()).replace(b"Venus", b"\\ud800" * (n // 6)), "x.json"
    ),
    "JSON with a number without end": Hostile(
        lambda n: json_of(question()).replace(b'"number": 1', b'"number": ' + b"1" * n),
        "x.json",
        works=(validated, mended),
    ),
    "JSON of broken strings": Hostile(lambda n: b'{"questions": ["' + b'a" "' * (n // 4), "x.json"),
    "JSON Lines of questions": Hostile(
        lambda n: b"\n".join(
            json.dumps(each, ensure_ascii=False).encode()
            for each in json.loads(json_of(questions(n // 4, one=own)))["questions"]
        ),
        "x.jsonl",
    ),
    "JSON Lines, broken": Hostile(lambda n: b'{"stem": "x", \n' * (n // 16), "x.jsonl"),
    "JSON Lines, empty objects": Hostile(lambda n: b'{"stem": "x", "options": []}\n' * (n // 30), "x.jsonl"),
    "CSV of questions": Hostile(lambda n: csv_of(questions(n // 3, one=own)), "x.csv"),
    "CSV of one giant cell": Hostile(
        lambda n: csv_of(in_explanation("The planet # is one.\n\n")(n)), "x.csv"
    ),
    "CSV, broken rows": Hostile(lambda n: csv_of(question()) + b'"a"b,c\n' * (n // 7), "x.csv"),
    "CSV, short rows": Hostile(lambda n: csv_of(question()) + b"a,b\n" * (n // 4), "x.csv"),
    "CSV, unclosed quote": Hostile(lambda n: csv_of(question()) + b'"a\n' * (n // 3), "x.csv"),
    "CSV of commas": Hostile(lambda n: csv_of(question()) + b"," * n, "x.csv"),
    "CSV of columns": Hostile(
        lambda n: b"stem,option_a,option_b" + b",x" * (n // 4) + b"\n" + b"a," * (n // 4), "x.csv"
    ),
}


@dataclass(frozen=True)
class Growth:
    """How the time of something grows."""

    sizes: tuple[int, ...]
    seconds: tuple[float, ...]

    @property
    def factor(self) -> float:
        """By how much the time grows with each doubling, over all of them; 0 where it takes none."""
        if self.seconds[-1] < LONG_ENOUGH:
            return 0
        doublings = math.log2(self.sizes[-1] / self.sizes[0])
        return (self.seconds[-1] / max(self.seconds[0], 1e-6)) ** (1 / doublings)


def growth(hostile: Hostile, works: Iterable[Work], sizes: Iterable[int], turns: int = 1) -> Growth:
    """The processor time of what is done with inputs of growing size, the least of some turns."""
    inputs = [hostile.input(size) for size in sizes]
    seconds = tuple(
        sum(min(_seconds(work, data, hostile.file) for _ in range(turns)) for work in works)
        for data in inputs
    )
    return Growth(tuple(map(len, inputs)), seconds)


def _seconds(work: Work, data: bytes, file: str) -> float:
    gc.disable()
    try:
        begin = time.process_time()
        with suppress(IngestError):  # a broken file, or one that a limit refuses
            work(data, file)
        return time.process_time() - begin
    finally:
        gc.enable()


def main() -> int:
    """Prints the table. 1 where something grows faster than it should."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("words", nargs="*", metavar="WORD", help="only inputs whose names have these words")
    parser.add_argument("--times", type=float, default=1, metavar="N", help="N times as large")
    arguments = parser.parse_args()
    print("| input | kB | seconds at 1x, 2x, 4x | growth with each doubling |")
    print("| --- | ---: | ---: | ---: |")
    fast = []
    for name, hostile in HOSTILE.items():
        if not all(word in name for word in arguments.words):
            continue
        size = int(hostile.size * arguments.times)
        for work in hostile.works:  # what is loaded when it is first used is no growth
            _seconds(work, hostile.input(2000), hostile.file)
        sizes = (size, 2 * size, 4 * size)
        found = growth(hostile, hostile.works, sizes)
        if found.factor > MOST_GROWTH:
            found = growth(hostile, hostile.works, sizes, turns=3)
        shown = ", ".join(f"{each:.2f}" for each in found.seconds)
        print(f"| {name} | {found.sizes[0] // 1000} | {shown} | {found.factor:.1f} |", flush=True)
        if found.factor > MOST_GROWTH:
            fast.append(name)
    print(f"\n{len(fast)} grow by more than {MOST_GROWTH}{': ' if fast else ''}{', '.join(fast)}")
    return int(bool(fast))


if __name__ == "__main__":
    sys.exit(main())
