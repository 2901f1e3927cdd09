"""The public record of one question: what every writer writes and every consumer reads.

Standard dataclasses, so that converting a dump does not pay for a validation library; pydantic
validates the same classes where records come from outside (``ingest.schema``).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Literal, NamedTuple

from ingest.model.integer import Integer

QuestionType = Literal["single_select", "multi_select", "fill_in"]
Role = Literal["reference", "credit", "inline", "image"]
Status = Literal["correct", "incorrect", "skipped"]

_CONFIG = {"extra": "forbid", "use_attribute_docstrings": True}


class Pattern(NamedTuple):
    """A regular expression that a string must match; read by pydantic, which it loads itself."""

    regex: str

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.str_schema(pattern=self.regex)


QuestionId = Annotated[str, Pattern("^q_[0-9a-f]{16}$")]
OptionId = Annotated[str, Pattern("^[A-Z]+$")]
Code = Annotated[str, Pattern("^[A-Z][0-9]{3}$")]


@cache
def option_id(index: int) -> str:
    """The letter of the option at a 0-based place: A … Z, then AA, AB …

    >>> option_id(0), option_id(25), option_id(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@dataclass(frozen=True, slots=True)
class Option:
    """One option, without its letter or bullet."""

    id: OptionId
    """Its letter: A for the first one of the dump."""
    text: str
    correct: bool
    explanation: str | None
    """What the dump says about this option; null where it says nothing."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Item:
    """One of the numbered things that options such as ``2,4,3`` refer to."""

    id: Annotated[str, Pattern("^[0-9]+$")]
    text: str

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Reference:
    """One distinct URL of a question."""

    url: str
    """As printed where it stands first."""
    canonical: str
    """Scheme and host in lower case, default port and known trackers dropped; query and fragment
    kept. Nothing is fetched."""
    role: Role
    """``reference``: listed under a heading such as "References:"; ``credit``: stands only after
    "via -"; ``inline``: elsewhere in prose; ``image``: the address of an image."""
    lines: tuple[Integer, ...]
    """Every line of the dump where it stands, 1-based."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the sitter did; written only when asked for."""

    status: Status | None
    selected: tuple[OptionId, ...]
    typed: str | None

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Place:
    """Where a question stands."""

    file: str
    lines: tuple[Integer, Integer]
    """First and last line, 1-based."""

    __pydantic_config__ = _CONFIG


@dataclass(frozen=True, slots=True)
class Question:
    """One question of a practice exam."""

    id: QuestionId
    """``q_`` and 16 hex digits over the folded stem and the sorted folded options: stays the same
    when options are shuffled or the key is corrected."""
    occurrence: Integer
    """1; 2, 3 … for later questions of the document with the same id."""
    fingerprint: Annotated[str, Pattern("^[0-9a-f]{16}$")]
    """Hash of the whole content, to see that something changed."""
    number: Integer | None
    """As printed, or null."""
    type: QuestionType
    stem: str
    """Plain text; paragraphs are joined by a blank line."""
    select_count: Integer | None
    """How many options are to be selected; null for ``fill_in``."""
    options: tuple[Option, ...]
    """In the order of the dump."""
    answer: tuple[OptionId, ...]
    """The key: ids of the options marked correct, in option order."""
    accepted: tuple[str, ...]
    """Accepted answers of a ``fill_in``."""
    items: tuple[Item, ...]
    """The numbered things that the options' number codes refer to."""
    explanation: str | None
    """The whole overall explanation as printed."""
    rationale: str | None
    """Why the key is right: the explanation without headings, restated options, the parts about
    wrong options and reference lists."""
    references: tuple[Reference, ...]
    topic: str | None
    """Domain of the exam, as printed."""
    attempt: Attempt | None
    findings: tuple[Code, ...]
    """Codes of the findings that concern this question, sorted."""
    source: Place

    __pydantic_config__ = _CONFIG

    def __post_init__(self) -> None:
        key = [option.id for option in self.options if option.correct]
        if list(self.answer) != key:
            raise ValueError(f"answer {list(self.answer)} is not the options marked correct {key}")
