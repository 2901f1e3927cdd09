"""What Moodle takes, whichever of its formats brings it: weights, categories, refusals.

Source: Moodle's own imports, question/format/gift/format.php and question/format/xml/format.php.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.quiz import misplaced, takes_several

# Moodle takes no other weights between 5 and 100 % that are one part of several.
_PARTS = ("100", "50", "33.33333", "25", "20", "16.66667", "14.28571", "12.5", "11.11111", "10")
_MOST_RIGHT = 20


def refusal(question: Question) -> str | None:
    """Why Moodle would refuse a question."""
    if question.type == "fill_in":
        return None if accepted_answers(question) else "no accepted answer"
    if len(question.options) < 2:
        return "fewer than two options"
    if not question.answer:
        return "no right option"
    if len(question.answer) > _MOST_RIGHT:
        return f"more than {_MOST_RIGHT} right options"
    return None


def losses(question: Question) -> list[str]:
    """What of a question that Moodle takes it has no place for."""
    found = list(misplaced(question))
    if question.type != "fill_in" and not all(option.text.strip() for option in question.options):
        found.append("Moodle drops an option without text")
    return found


def weights(question: Question) -> tuple[str, ...]:
    """The weight of each option in per cent, from Moodle's list of such weights; at least one is right."""
    if not takes_several(question):
        return tuple("100" if option.correct else "0" for option in question.options)
    right = len(question.answer)
    wrong = len(question.options) - right
    shares = iter(_shares(right))
    penalty = f"-{_PARTS[min(wrong, len(_PARTS)) - 1]}"
    return tuple(next(shares) if option.correct else penalty for option in question.options)


def _shares(count: int) -> list[str]:
    """The weights of the right options: 100 % together."""
    if count <= len(_PARTS):
        return [_PARTS[count - 1]] * count
    tens = _MOST_RIGHT - count
    return ["10"] * tens + ["5"] * (count - tens)


def category(document: Document, question: Question) -> str:
    """The path of the category of a question: its topic's, else the file's, below the course's top one.
    Slashes in its name are doubled, as Moodle wants it."""
    file = PurePosixPath(document.source.file).stem
    name = next(
        (line for text in (question.topic or "", file) if (line := " ".join(text.split()))), "questions"
    )
    name = name.replace("/", "//")
    # Three slashes in a row would not be told apart; Moodle trims names.
    return f"$course$/top/{' ' if name[0] == '/' else ''}{name}"


def accepted_answers(question: Question) -> list[str]:
    """The accepted answers as Moodle compares them, without empty ones: a bare star would stand for
    anything."""
    return [each.replace("*", "\\*") for each in question.accepted if each.strip()]
