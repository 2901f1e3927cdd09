"""Bytes to text: the encoding, the line ends, composed letters.

Promises one text with LF line ends in NFC whose offsets every later stage uses, and one ``Repair``
for each thing it changed. Never raises. Leaves the meaning of the text to the lex stage; it only
asks which reading of the bytes shows known labels.
"""

from __future__ import annotations

import hashlib
import unicodedata

from ingest.model.diagnostic import Finding
from ingest.model.source import Repair, SourceText, Span

# Single-byte encodings accept nearly every file, so they are tried last and judged by the labels.
_SINGLE_BYTE = ("cp1252", "mac_roman")
_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def decode(data: bytes, file: str, words: tuple[str, ...]) -> tuple[SourceText, list[Finding]]:
    """The text of an input, its offsets fixed.

    Codes: T001 when no encoding fits (what can be read is kept), T004 when the encoding is not
    UTF-8. ``words`` are the known labels: of several possible encodings the one that shows most of
    them wins.
    """
    repairs: list[Repair] = []
    findings: list[Finding] = []
    text, encoding, undecodable = _to_text(data, words)
    if text.startswith("\ufeff"):
        text = text[1:]
        repairs.append(Repair("byte-order-mark", 1))
    if "\r" in text:
        repairs.append(Repair("line-ends", text.count("\r")))
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        composed = unicodedata.normalize("NFC", text)
        repairs.append(Repair("composed", len(text) - len(composed)))
        text = composed
    if undecodable:
        at = max(text.find("\ufffd"), 0)
        findings.append(
            Finding(
                "T001",
                f"{undecodable} bytes fit no known encoding",
                Span(at, at + 1),
                "save the copy as UTF-8 text and convert it again",
            )
        )
    elif encoding != "utf-8":
        findings.append(Finding("T004", f"read as {encoding}, not UTF-8", Span(0, 0)))
    digest = hashlib.sha256(data).hexdigest()
    return SourceText(file, text, digest, encoding, tuple(repairs)), findings


def _to_text(data: bytes, words: tuple[str, ...]) -> tuple[str, str, int]:
    """The text, its encoding, and how many bytes could not be read."""
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            text = data.decode(encoding, errors="replace")
            return text, encoding, text.count("\ufffd")
    if b"\0" not in data:
        try:
            return data.decode("utf-8"), "utf-8", 0
        except UnicodeDecodeError:
            pass
    return _guess(data, words)


def _guess(data: bytes, words: tuple[str, ...]) -> tuple[str, str, int]:
    candidates = ("utf-16-le", "utf-16-be") if b"\0" in data else _SINGLE_BYTE
    best = ("", "", 0)
    for encoding in candidates:
        text = data.decode(encoding, errors="replace").replace("\r\n", "\n").replace("\r", "\n")
        hits = sum(text.count(f"\n{word}") for word in words)
        if hits > best[2]:
            best = (text, encoding, hits)
    if best[2]:
        return best[0], best[1], best[0].count("\ufffd")
    text = data.decode("utf-8", errors="replace")
    return text, "utf-8", text.count("\ufffd")
