r"""Bytes to text: the encoding, the line ends, damaged and composed letters.

Promises one text with LF line ends in NFC whose offsets every later stage uses, and one ``Repair``
for each kind of thing it changed. A ``>`` may end a tag, and ``\n`` be an escape of JSON, so no mark behind
them makes another letter of their last one: there alone the text may not be in NFC. Never raises. Leaves the
meaning of the text to the lex stage; it only asks which reading of the bytes shows known labels.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Sequence

from ingest.model.diagnostic import Finding
from ingest.model.source import Repair, SourceText, Span
from ingest.parts.composing import composed
from ingest.parts.counted import counted

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
_NO_BREAK = re.compile("[\u00a0\u2007\u202f]")
_RARE = re.compile("[\u00a0\u00ad\u2007\u200b\u202f\u2060\ufeff]")
# Printable letters, tabs and line ends to spaces; white space that is none of these to another control.
_BLANKED = bytes(
    0x20 if 0x20 <= byte < 0x7F or byte in b"\t\n" else 0x01 if byte in b"\r\v\f" else byte
    for byte in range(256)
)
_APART = re.compile(r"(?=[^\0-\u02ff]) (?: (?<=>) | (?<=\\[bfnrt]) | (?<=\\u[0-9A-Fa-f]{4}) )", re.VERBOSE)
"""Where a text may begin with a mark, of which U+0300 is the first: behind a tag, or an escape of JSON."""
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What the bytes of one UTF-8 letter look like when they are read as cp1252 or Mac Roman: a first byte,
# then one that no text has directly after such a letter.
_CONTINUATIONS = bytes(range(0x80, 0xC0))
# A line of a mail that was answered, or of a quote in Markdown.
_QUOTE = re.compile("^>[ ]?", re.MULTILINE)
_MOST_LINES = 0.9
_MOST_QUOTES = 5
"""One in another."""
_LINES_AT_A_TIME = 65_536
"""In bytes, or letters."""
_MOJIBAKE = re.compile(
    rf"[Â-ô][{re.escape(_CONTINUATIONS.decode('cp1252', 'ignore') + _CONTINUATIONS.decode('latin-1'))}]"
    rf"|[¬√‚„][{re.escape(_CONTINUATIONS.decode('mac_roman'))}]"
)


def decode(data: bytes, file: str, words: tuple[str, ...]) -> tuple[SourceText, list[Finding]]:
    """The text of an input, its offsets fixed.

    ``words`` are the known labels: of several possible encodings the one that shows most of them
    wins.

    Codes: T001 when bytes fit no encoding (what can be read is kept), T002 for double encoding that
    was undone, T004 when the encoding is not UTF-8, T005 for control and bidirectional characters
    (kept), T006 for quotation signs and invisible characters that were taken out and spaces made plain.
    """
    text, encoding, lost = _to_text(data, words)
    repairs: list[Repair] = []
    if text.startswith("\ufeff"):
        text = text[1:]
        repairs.append(Repair("byte-order-mark", 1))
    if "\r" in text:
        repairs.append(Repair("line-ends", text.count("\r")))
        text = _line_ends(text)
    given = text
    text, signs = _unquoted(text)
    repairs += [Repair("quoted", count) for count in signs]
    is_given = encoding == "utf-8" and not repairs and not lost
    odd = _odd_letters(data if is_given else text.encode("utf-8", "surrogatepass"))
    if not odd.isascii():
        text, inside = _repair_letters(text, words, odd)
        repairs += inside
    source = SourceText(
        file=file,
        text=text,
        sha256=hashlib.sha256(data).hexdigest(),
        encoding=encoding,
        repairs=tuple(repairs),
        given=None if text == given else given,
    )
    found = _repair_findings(source)
    if source.given or _CONTROL.search(odd):
        found += _control_findings(source.text)
    return source, [*_encoding_findings(source, lost), *found]


def replay(text: str, repairs: Sequence[Repair]) -> str:
    r"""A text as given, or any part of a line of it, with the repairs done that were done to the whole.

    >>> replay("Tema\u0301tica", [Repair("composed", 1)])
    'Temática'
    """
    for repair in repairs:
        text = _REPLAY[repair.kind](text)
    return text


def _to_text(data: bytes, words: tuple[str, ...]) -> tuple[str, str, int]:
    """The text, its encoding, and how many characters could not be read; U+FFFD stands for them."""
    marked = next((encoding for mark, encoding in _BYTE_ORDER_MARKS if data.startswith(mark)), None)
    if marked or b"\0" not in data:
        encoding = marked or "utf-8"
        try:
            return data.decode(encoding), encoding, 0
        except UnicodeDecodeError:
            if marked:
                text = data.decode(encoding, errors="replace")
                return text, encoding, text.count("\ufffd")
    # Single-byte encodings accept nearly every file, so labels and damage decide.
    candidates = ("utf-8", "utf-16-le", "utf-16-be") if b"\0" in data else ("utf-8", "cp1252", "mac_roman")
    readings = [(data.decode(encoding, errors="replace"), encoding) for encoding in candidates]
    best = max(readings, key=lambda reading: (_hits(reading[0], words), -_damage(reading[0])))
    text, encoding = best if _hits(best[0], words) else readings[0]
    return text, encoding, text.count("\ufffd")


def _hits(text: str, words: tuple[str, ...]) -> int:
    """How many lines begin with a known label."""
    text, _ = _unquoted(_line_ends(text))
    return sum(text.count(f"\n{word}") for word in words) + text.startswith(words)


def _damage(text: str) -> int:
    return text.count("\ufffd") + sum(1 for _ in _MOJIBAKE.finditer(text))


def _line_ends(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _unquoted(text: str) -> tuple[str, list[int]]:
    """The text without the signs of quotes before its lines, and how many these were, from the outermost
    quote to the innermost; the text as it is where not nearly all lines that are not empty have one."""
    signs: list[int] = []
    # Most texts are not divided into their lines to see that.
    while len(signs) < _MOST_QUOTES and (text.startswith(">") or text.find("\n>", 0, _LINES_AT_A_TIME) >= 0):
        count = text.startswith(">") + text.count("\n>")
        if count < _MOST_LINES * sum(map(bool, map(str.strip, text.split("\n")))):
            break
        signs.append(count)
        text = _QUOTE.sub("", text)
    return text, signs


def _odd_letters(data: bytes) -> str:
    """The runs of letters that are not printable ASCII, tabs or line ends, divided by spaces: next to
    nothing, so that patterns which find nothing there need not walk the whole text. ``data`` is UTF-8."""
    runs: list[bytes] = []
    start = 0
    while start < len(data):
        # Some lines at a time, since copies of a large text cost more than looking at it.
        end = data.find(b"\n", start + _LINES_AT_A_TIME)
        end = len(data) if end < 0 else end
        runs += data[start:end].translate(_BLANKED).split()
        start = end
    return b" ".join(runs).decode("utf-8", "surrogatepass")


def _repair_letters(text: str, words: tuple[str, ...], odd: str) -> tuple[str, list[Repair]]:
    """The text with its letters repaired, line by line the same lines. ``odd`` are its odd letters."""
    repairs = []
    if _MOJIBAKE.search(odd):
        whole = _undo_whole(text)
        kind = "double-encoding" if whole and _hits(whole, words) > _hits(text, words) else "mojibake"
        fixed = _REPLAY[kind](text)
        changed = sum(a != b for a, b in zip(text.split("\n"), fixed.split("\n"), strict=True))
        if changed:
            repairs.append(Repair(kind, changed))
            text = fixed
    rare = (("invisible", _INVISIBLE), ("spaces", _NO_BREAK)) if _RARE.search(odd) else ()
    for kind, pattern in rare:
        if count := sum(1 for _ in pattern.finditer(text)):
            repairs.append(Repair(kind, count))
            text = _REPLAY[kind](text)
    if (repairs or any(map(_may_compose, set(odd)))) and not unicodedata.is_normalized("NFC", text):
        given, text = text, _composed(text)
        if text != given:
            repairs.append(Repair("composed", len(given) - len(text)))
    return text, repairs


def _composed(text: str) -> str:
    """The text with its letters composed, but for what may end a tag or an escape of JSON: U+0338 would make
    one letter with a ``>``, U+0301 with the n of a line end."""
    return "".join(map(composed, _APART.split(text)))


def _may_compose(letter: str) -> bool:
    """Whether a text that holds the letter may not be in NFC: it is a mark, a Jamo, or stands for another
    letter."""
    is_jamo = "\u1100" <= letter <= "\u11ff"
    return is_jamo or unicodedata.category(letter)[0] == "M" or not unicodedata.is_normalized("NFC", letter)


def _undo_whole(text: str) -> str | None:
    """The text if all of it was UTF-8 read as cp1252 or Latin-1, else null."""
    import ftfy.bad_codecs  # noqa: F401 - registers the codec

    for encoding in ("sloppy-windows-1252", "latin-1", "mac_roman"):
        try:
            fixed = text.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        return fixed if fixed.count("\n") == text.count("\n") else None
    return None


def _undo_by_line(text: str) -> str:
    """The text with double encoding undone in the lines that show it, by ftfy's judgement."""
    import ftfy

    # Its other fixes change clean text: curly quotes, ligatures, full-width letters.
    settings = ftfy.TextFixerConfig(
        unescape_html=False,
        remove_terminal_escapes=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        fix_surrogates=False,
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )
    return "\n".join(
        ftfy.fix_text(line, settings).replace("\n", " ") if _MOJIBAKE.search(line) else line
        for line in text.split("\n")
    )


_REPLAY: dict[str, Callable[[str], str]] = {
    "byte-order-mark": lambda text: text.removeprefix("\ufeff"),
    "line-ends": _line_ends,
    "quoted": lambda text: _QUOTE.sub("", text),
    "double-encoding": lambda text: _undo_whole(text) or text,
    "mojibake": _undo_by_line,
    "invisible": lambda text: _INVISIBLE.sub("", text),
    "spaces": lambda text: _NO_BREAK.sub(" ", text),
    "composed": _composed,
}


_MADE_PLAIN = {
    "quoted": ("quotation sign", "taken out at the beginning of lines"),
    "invisible": ("invisible character", "taken out"),
    "spaces": ("no-break space", "made plain"),
}


def _encoding_findings(source: SourceText, lost: int) -> list[Finding]:
    if lost:
        at = max(source.text.find("\ufffd"), 0)
        message = f"{counted(lost, 'character')} could not be read in any known encoding"
        return [
            Finding("T001", message, Span(at, at + 1), "save the copy as UTF-8 text and convert it again")
        ]
    if source.encoding != "utf-8":
        return [Finding("T004", f"read as {source.encoding}, not UTF-8", Span(0, 0))]
    return []


def _repair_findings(source: SourceText) -> list[Finding]:
    findings = []
    for repair in source.repairs:
        if repair.kind in ("double-encoding", "mojibake"):
            at = _first_change(source)
            message = f"letters that were encoded twice were repaired in {counted(repair.count, 'line')}"
            findings.append(Finding("T002", message, Span(at, at + 1), "copy the page again as UTF-8"))
        elif repair.kind in _MADE_PLAIN:
            name, done = _MADE_PLAIN[repair.kind]
            findings.append(Finding("T006", f"{counted(repair.count, name)} {done}", Span(0, 0)))
    return findings


def _control_findings(text: str) -> list[Finding]:
    places = [match.span() for match in _CONTROL.finditer(text)]
    if not places:
        return []
    name = f"U+{ord(text[places[0][0]]):04X}"
    message = f"{counted(len(places), 'control or bidirectional character')}, the first is {name}"
    hint = "take them out of the copy, unless they belong there"
    return [Finding("T005", message, Span(*places[0]), hint)]


def _first_change(source: SourceText) -> int:
    given = source.given or source.text
    return next((place for place, (a, b) in enumerate(zip(given, source.text, strict=False)) if a != b), 0)
