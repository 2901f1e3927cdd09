"""An Anki package: real multiple choice, one note a question, one deck a set.

The front shows the stem and the options with their letters; a click chooses, and with several answers it
says how many. The back shows which options are right, what is said of each, the rationale (below it, folded,
the whole explanation), the references as links, the topic and the place in the dump. A ``fill_in`` is typed
in and compared with the first accepted answer; the others stand on the back. The options' order stays, since
explanations name their letters. Without scripts the options are a plain list.

Text is plain text: tags, formulas, sounds and template marks of a dump are shown as they stand, and what
looks like code stands in ``<pre>``. The deck is the source file's name without its suffix, with its folders
where another file has that name; the tag is the topic. Anki knows a note by the question's id and occurrence,
so that a second import adds nothing and keeps the schedule.

What it cannot hold: control characters, which become U+FFFD; images, which stay links. Findings, the lines of
references, rejected blocks and what is not a question are left out: JSON holds them.

Use it: in Anki choose *File → Import*, then the file; on a telephone open the file with AnkiDroid or
AnkiMobile. To take over corrections of a set that was imported before, set *Update notes* to *Always* in the
import's window: the same document gives the same bytes, so no time in it can say which of two copies is
newer, and *If newer* leaves some notes as they are.

Tried: Anki's own library imports the package, again and corrected too, and shows both sides; the fields are
read with an HTML parser. The click on an option was not tried in Anki's window, nor the package on a
telephone.

Source: the collection's tables as genanki writes them, and Anki's manual, "Card templates" and "Packaged
decks".
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from html import escape
from itertools import count
from pathlib import PurePosixPath
from types import ModuleType
from typing import Any

from ingest.model.document import Document
from ingest.model.question import Option, Question, Reference
from ingest.parts.code import has_code_line
from ingest.parts.file_names import told_apart
from ingest.parts.quiz import shown_texts, takes_several
from ingest.parts.urls import is_web
from ingest.parts.xml_text import REPLACED, has_unwritable, writable
from ingest.parts.zip_file import zipped
from ingest.writers import Note, WriteSettings, load_extra, notes_of

SUFFIX = ".apkg"
EXTRA = "anki"
HOLDS = {
    *("stem", "options", "key", "several", "fill_in", "line_ends", "select_count", "reasons", "explanation"),
    *("rationale", "references", "roles", "topic", "id", "number", "place"),
}
_CHOICE_MODEL, _FILL_IN_MODEL = 1_763_942_401, 1_763_942_402
_MODELS_CHANGED_S = 1_763_942_400
"""When the templates below were changed last, in seconds since 1970: raise it with each change, so that Anki
takes the new ones."""
_FIRST_CHANGE_S, _CHANGES = 1_000_000_000, 2**28
_FIELDS = (
    *("Stem", "Choose", "Options", "Answers", "Accepted", "Also accepted", "Rationale", "Explanation"),
    *("References", "Topic", "Place", "Id"),
)
_ANKI_MARKS = re.compile(r"\[(?=\[|sound:|anki:|/?latex\]|/?\${1,2}\])", re.IGNORECASE)
"""Where Anki would look for a sound, a spoken text, a formula or a box to type in."""
_NO_TAG = re.compile(r'[\s\x00-\x1f\x7f"\u3000]+')

_CSS = """\
.card { font: 18px/1.45 sans-serif; text-align: start; max-width: 46em; margin: 0 auto; padding: 0 .6em; }
.exam p, .exam .text, .exam pre { white-space: pre-wrap; overflow-wrap: anywhere; }
.exam pre { font-size: .85em; padding: .5em; background: rgba(128, 128, 128, .15); }
.exam .options { list-style: none; padding: 0; }
.exam .options > li { border: 1px solid #8886; border-radius: .4em; margin: .5em 0; padding: .4em .7em; }
.exam .options p { margin: 0 0 .5em; }
.exam .letter { float: inline-start; font-weight: bold; margin-inline-end: .7em; }
.exam .options > [role] { cursor: pointer; }
.exam .options > .chosen { border-color: #1a73e8; box-shadow: inset 0 0 0 2px #1a73e8; }
.exam .options > .right { border-color: #188038; background: rgba(24, 128, 56, .15); }
.exam .right .letter::after { content: " \\2713"; }
.exam .why { border-top: 1px solid #8886; margin-top: .4em; padding-top: .4em; font-size: .9em; }
.exam .choose, .exam .about { opacity: .75; font-size: .85em; }
"""
_BEGIN = (
    '<div class="exam tex2jax_ignore mathjax_ignore" data-id="{{Id}}" data-choose="{{Choose}}">\n{{Stem}}\n'
)
_FRONT = (
    _BEGIN
    + """{{#Choose}}<p class="choose">Choose {{Choose}}</p>{{/Choose}}
{{Options}}
</div>
<script>
(function () {
  var box = document.querySelector(".exam"), key = "exam " + box.dataset.id, single = !box.dataset.choose;
  var options = Array.prototype.slice.call(box.querySelectorAll(".options > li"));
  function keep() {
    var chosen = options.filter(function (each) { return each.classList.contains("chosen"); });
    var letters = chosen.map(function (each) { return each.dataset.option; });
    try { sessionStorage.setItem(key, letters.join(" ")); } catch (error) { /* the back shows no choice */ }
  }
  options.forEach(function (option) {
    option.setAttribute("role", single ? "radio" : "checkbox");
    option.onclick = function () {
      var on = !option.classList.contains("chosen");
      if (single) options.forEach(function (each) { each.classList.remove("chosen"); });
      option.classList.toggle("chosen", on);
      keep();
    };
  });
  keep();
})();
</script>
"""
)
_ABOUT = """
{{#Rationale}}<h3>Why</h3>
{{Rationale}}
{{#Explanation}}<details><summary>Whole explanation</summary>
{{Explanation}}
</details>{{/Explanation}}{{/Rationale}}
{{^Rationale}}{{#Explanation}}<h3>Explanation</h3>
{{Explanation}}{{/Explanation}}{{/Rationale}}
{{#References}}<h3>References</h3>
{{References}}{{/References}}
<p class="about">{{#Topic}}{{Topic}} · {{/Topic}}{{Place}}</p>
</div>
"""
_BACK = (
    _BEGIN
    + "{{Answers}}"
    + _ABOUT
    + """<script>
(function () {
  var box = document.querySelector(".exam"), chosen = "";
  try { chosen = sessionStorage.getItem("exam " + box.dataset.id) || ""; } catch (error) { return; }
  box.querySelectorAll(".options > li").forEach(function (option) {
    option.classList.toggle("chosen", chosen.split(" ").indexOf(option.dataset.option) >= 0);
  });
})();
</script>
"""
)
_FILL_IN_FRONT = _BEGIN + "{{Options}}\n{{type:Accepted}}\n</div>\n"
_FILL_IN_BACK = (
    _BEGIN
    + """{{type:Accepted}}
{{Answers}}
{{#Accepted}}<h3>Answer</h3>
<p class="accepted">{{Accepted}}</p>{{/Accepted}}
{{#Also accepted}}<h3>Also accepted</h3>
{{Also accepted}}{{/Also accepted}}"""
    + _ABOUT
)


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """The package, in one piece. Raises ``IngestError`` where genanki is not installed."""
    genanki = load_extra("genanki", EXTRA)
    yield zipped([("collection.anki2", _collection(genanki, document)), ("media", b"{}")])


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """Control characters that were replaced and images that are not shown."""
    return notes_of(document, _losses)


def _losses(question: Question) -> Iterator[str]:
    if has_unwritable((*shown_texts(question), question.rationale or "", question.source.file)):
        yield REPLACED
    if any(each.role == "image" for each in question.references):
        yield "images are links"


def _collection(genanki: ModuleType, document: Document) -> bytes:
    # In memory: genanki's own file would be a temporary one with the clock's time.
    connection = sqlite3.connect(":memory:")
    try:
        decks = _decks(genanki, document.questions)
        package = genanki.Package(decks)
        package.write_to_db(connection.cursor(), _MODELS_CHANGED_S, count(_MODELS_CHANGED_S * 1000))
        changed = [(_changed_s(note.fields), note.guid) for deck in decks for note in deck.notes]
        connection.execute("CREATE INDEX guids ON notes (guid)")
        connection.executemany("UPDATE notes SET mod = ? WHERE guid = ?", changed)
        connection.execute("DROP INDEX guids")
        connection.commit()
        connection.execute("VACUUM")
        return connection.serialize()
    finally:
        connection.close()


def _changed_s(fields: Iterable[str]) -> int:
    """A time long past that is another one for other content: Anki passes over a note with the time that it
    knows, and prefers what a user has written in Anki since."""
    digest = sha256("\x1f".join(fields).encode()).digest()
    return _FIRST_CHANGE_S + int.from_bytes(digest[:8]) % _CHANGES


def _decks(genanki: ModuleType, questions: Sequence[Question]) -> list[Any]:
    choice = _model(genanki, _CHOICE_MODEL, "Exam: multiple choice", _FRONT, _BACK)
    fill_in = _model(genanki, _FILL_IN_MODEL, "Exam: fill in", _FILL_IN_FRONT, _FILL_IN_BACK)
    names = _deck_names(tuple(dict.fromkeys(each.source.file for each in questions)))
    decks = {file: genanki.Deck(_deck_id(file), name) for file, name in names.items()}
    for place, question in enumerate(questions, 1):
        decks[question.source.file].add_note(
            genanki.Note(
                model=fill_in if question.type == "fill_in" else choice,
                fields=_fields(question),
                tags=_tags(question.topic),
                guid=f"{question.id}.{question.occurrence}",
                due=place,
            )
        )
    return list(decks.values())


def _model(genanki: ModuleType, number: int, name: str, front: str, back: str) -> Any:
    templates = [{"name": "Question", "qfmt": front, "afmt": back}]
    return genanki.Model(number, name, [{"name": each} for each in _FIELDS], templates, _CSS)


def _deck_id(file: str) -> int:
    return 2**30 + int.from_bytes(sha256(file.encode("utf-8", "replace")).digest()[:4]) % 2**30


def _deck_names(files: Sequence[str]) -> dict[str, str]:
    """A name for the deck of each file; of files of one name, the folders tell apart."""
    paths = [PurePosixPath(file) for file in files]
    names = told_apart([path.stem for path in paths], [path.parts for path in paths])
    return dict(zip(files, map(_deck_name, names), strict=True))


def _deck_name(name: str) -> str:
    """Colons in pairs would make decks inside decks."""
    name = writable(name)
    return re.sub(":{2,}", ":", re.sub(r"\s+", " ", name)).strip(" :") or "exam"


def _tags(topic: str | None) -> list[str]:
    """Spaces and quotation marks end a tag; colons in pairs would make tags inside tags."""
    name = re.sub(":{2,}", ":", _NO_TAG.sub("_", writable(topic or "").strip())).strip(":")
    return [name] if name else []


def _fields(question: Question) -> list[str]:
    accepted = [*question.accepted, ""]
    also = "".join(f'<li dir="auto">{_line(each)}</li>\n' for each in question.accepted[1:])
    return [
        _blocks(question.stem),
        _choose(question),
        _list(question.options, _option),
        _list(question.options, _answer),
        _line(accepted[0]),
        f"<ul>\n{also}</ul>" if also else "",
        _blocks(question.rationale or ""),
        _blocks(question.explanation or ""),
        _references(question.references),
        _line(question.topic or ""),
        _line(_place(question)),
        f"{question.id}.{question.occurrence}",
    ]


def _choose(question: Question) -> str:
    """How many options are to be chosen; nothing for one."""
    if not takes_several(question):
        return ""
    return str(question.select_count or len(question.answer) or "all that apply")


def _list(options: tuple[Option, ...], shown: Callable[[Option], str]) -> str:
    entries = "\n".join(map(shown, options))
    return f'<ul class="options">\n{entries}\n</ul>' if entries else ""


def _option(option: Option) -> str:
    return f'<li data-option="{option.id}">{_letter_and_text(option)}</li>'


def _answer(option: Option) -> str:
    why = f'<div class="why">\n{_blocks(option.explanation)}</div>' if option.explanation else ""
    right = ' class="right"' if option.correct else ""
    return f'<li data-option="{option.id}"{right}>{_letter_and_text(option)}{why}</li>'


def _letter_and_text(option: Option) -> str:
    return f'<span class="letter">{option.id}</span>\n<div class="text">{_blocks(option.text)}</div>'


def _references(references: Iterable[Reference]) -> str:
    entries = "\n".join(f'<li class="{each.role}">{_link(each)}</li>' for each in references)
    return f"<ul>\n{entries}\n</ul>" if entries else ""


def _link(reference: Reference) -> str:
    """Only addresses of the web can be followed."""
    if not is_web(reference.canonical):
        return _line(reference.url)
    address = _escaped(reference.canonical).replace("\n", "&#10;")
    return f'<a href="{address}">{_line(reference.url)}</a>'


def _place(question: Question) -> str:
    first, last = question.source.lines
    number = "" if question.number is None else f"question {question.number}, "
    return f"{question.source.file}, {number}lines {first}–{last}"


def _blocks(text: str) -> str:
    """A text as paragraphs, with code set apart."""
    return "\n".join(map(_block, text.split("\n\n"))) if text else ""


def _block(paragraph: str) -> str:
    if has_code_line(paragraph):
        # The first line end inside this element is not part of its text.
        return f"<pre>\n{_escaped(paragraph)}</pre>"
    return f'<p dir="auto">{_line(paragraph)}</p>'


def _line(text: str) -> str:
    return _escaped(text).replace("\n", "<br>")


def _escaped(text: str) -> str:
    plain = escape(writable(text)).replace("\r", "&#13;")
    return _ANKI_MARKS.sub("&#91;", plain) if "[" in plain else plain
