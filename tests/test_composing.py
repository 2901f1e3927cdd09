"""Normal forms are those of the standard library, also of long runs of marks."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from ingest.parts.composing import composed

MARKS = (
    "".join(chr(code) for code in range(0x300, 0x370))
    + "\u0f71\u0f72\u0f73\u0f81\u0344\u05b0\u3099\U0001d165"
)
LETTERS = st.text(st.sampled_from(MARKS + "aäé한가가質ﬁ"), min_size=60, max_size=200)


@given(LETTERS, st.sampled_from(("NFC", "NFKC")))
def test_long_runs(text: str, form: str) -> None:
    assert composed(text, form) == unicodedata.normalize(form, text)  # type: ignore[arg-type]


@given(st.text(min_size=60), st.sampled_from(("NFC", "NFKC")))
def test_any_text(text: str, form: str) -> None:
    assert composed(text, form) == unicodedata.normalize(form, text)  # type: ignore[arg-type]
