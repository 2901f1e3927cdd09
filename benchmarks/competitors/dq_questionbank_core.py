"""Loads every field into its model, checks the model (ids, types, keys that name options) and writes it
again; all problems are told, with their place in the model. It does not look at what the texts say, nor for
repeated options, and gives no lines."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import ingest

REQUIREMENTS = ("dq-questionbank-core==1.1.1",)
FORM = "its JSON → JSON"
MOST = None


def write(questions: Sequence[ingest.Question], folder: Path) -> None:
    whole = {
        "schema_version": "1.0",
        "id": "questions",
        "title": "Questions",
        "language": "en",
        "questions": [_record(question) for question in questions],
    }
    (folder / "questions.json").write_text(json.dumps(whole, ensure_ascii=False), encoding="utf-8")


def _record(question: ingest.Question) -> dict[str, Any]:
    several = len(question.answer) > 1
    return {
        "schema_version": "1.0",
        "id": f"{question.id}-{question.occurrence}",
        "type": "multiple_choice" if several else "single_choice",
        "language": "en",
        "subject": question.topic,
        "stem": _content(question.stem),
        "choices": [
            {
                "id": option.id,
                "content": _content(option.text),
                "metadata": {"explanation": option.explanation or ""},
            }
            for option in question.options
        ],
        "answer": {
            "kind": "choices" if several else "choice",
            "value": list(question.answer) if several else question.answer[0],
        },
        "analysis": _content(question.explanation or ""),
        "metadata": {"references": [each.url for each in question.references]},
    }


def _content(text: str) -> dict[str, Any]:
    return {"blocks": [{"type": "text", "text": text}]}


def command(binaries: Path) -> Sequence[str | Path]:
    return (binaries / "dq", "import", "questions.json", "-o", "out.json")


def count(folder: Path) -> int:
    return len(json.loads((folder / "out.json").read_text(encoding="utf-8"))["questions"])
