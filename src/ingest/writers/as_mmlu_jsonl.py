r"""JSON Lines as evaluation harnesses read them: the fields of MMLU, one question a line.

``question`` is the stem, ``choices`` the texts of the options in the order of the dump, ``answer`` the
0-based place of the right one, a list of places in a ``multi_select``, ``subject`` the topic or an empty
string, ``id`` the question's id (``q_…``, with ``-2`` where it occurs again).

Left out, with a note: ``fill_in``, which has no choices, and questions without a right one. Data frames want
one kind of answer: a note tells when the file has both. Not held: explanations, feedback of options,
references, printed numbers, findings and places.

Use it: a harness scores one choice a question, so keep the questions whose answer is a number:

```python
import json

with open("exam.mmlu.jsonl", encoding="utf-8") as file:
    single = [line for line in file if isinstance(json.loads(line)["answer"], int)]
with open("exam.single.jsonl", "w", encoding="utf-8") as file:
    file.writelines(single)
print(len(single), single[0])
```

A task of lm-evaluation-harness is then ``exam.yaml``:

```yaml
task: exam
dataset_path: json
dataset_kwargs:
  data_files:
    test: exam.single.jsonl
test_split: test
output_type: multiple_choice
doc_to_text: "{{question}}\nAnswer:"
doc_to_choice: choices
doc_to_target: answer
metric_list:
  - metric: acc
  - metric: acc_norm
```

It is run with ``lm_eval --model hf --model_args pretrained=MODEL --tasks exam --include_path .``.

Tried: the task's templates and columns with Jinja and PyYAML as the harness's guide describes them, the lines
with orjson and polars; the harness itself was not run.

Source: the data set of Hendrycks and others, "Measuring Massive Multitask Language Understanding" (2021); the
harness's "New Task Guide".
"""

from __future__ import annotations

from collections.abc import Iterator

import orjson

from ingest.model.document import Document
from ingest.model.question import Question
from ingest.parts.identity import unique_id
from ingest.parts.quiz import misplaced, overall_explanation, takes_several
from ingest.writers import Note, WriteSettings, notes_of

SUFFIX = ".mmlu.jsonl"
HOLDS = {"stem", "options", "key", "several", "line_ends", "topic", "id"}


def pieces(document: Document, settings: WriteSettings) -> Iterator[bytes]:
    """One line a question."""
    for question in document.questions:
        if not _refusal(question):
            yield orjson.dumps(_record(question), option=orjson.OPT_APPEND_NEWLINE)


def notes(document: Document, settings: WriteSettings) -> list[Note]:
    """The questions without choices; once each, two kinds of answers and what is not held."""
    found = notes_of(document, misplaced, _refusal)
    written = [each for each in document.questions if not _refusal(each)]
    if len(set(map(takes_several, written))) > 1:
        found.append(Note("answer is a number in some lines and a list in others"))
    if any(map(_says_more, written)):
        found.append(Note("explanations and references are not held"))
    return found


def _refusal(question: Question) -> str | None:
    """Why a question cannot be held."""
    if question.type == "fill_in":
        return "no choices"
    return None if question.answer else "no right option"


def _record(question: Question) -> dict[str, object]:
    places = [place for place, option in enumerate(question.options) if option.correct]
    return {
        "question": question.stem,
        "choices": [option.text for option in question.options],
        "answer": places if takes_several(question) else places[0],
        "subject": question.topic or "",
        "id": unique_id(question),
    }


def _says_more(question: Question) -> bool:
    return bool(
        overall_explanation(question)
        or question.references
        or any(option.explanation for option in question.options)
    )
