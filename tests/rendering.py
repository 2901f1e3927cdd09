"""Questions rendered as copies of the review page: every layout, in every language.

``render(questions, layout, locale, seed)`` gives the text that a person would have copied. The sitter's
answers are made up from the seed, so that all six option states occur.
"""

from __future__ import annotations

import html
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.locales import load
from ingest.model.block import Part
from ingest.model.question import Option, Question, option_id
from ingest.parts.code import is_code, is_code_line

FILL_IN = next(word for word, label in load("en").labels if label.part is Part.FILL_IN)


@dataclass(frozen=True)
class Words:
    """The words of the page in one language; the first one where there are several."""

    header: str
    space: str
    statuses: dict[str, str]
    marks: dict[tuple[bool, bool, bool], str]
    """By right, chosen, several."""
    explanation: str
    reason: str
    topic: str
    options: str
    answer: str
    fill_in: str


def words_of(code: str) -> Words:
    labels = load(code).labels

    def first(part: Part) -> str:
        return next((word for word, label in labels if label.part is part), "")

    marks = {}
    for word, label in labels:
        if label.part is Part.MARK and not label.follows:
            marks.setdefault((label.correct, label.chosen, label.several), word)
    statuses: dict[str, str] = {}
    for word, label in labels:
        if label.part is Part.STATUS and label.status:
            statuses.setdefault(label.status, word)
    return Words(
        header=first(Part.HEADER),
        space="" if code == "ja" else " ",
        statuses=statuses,
        marks=marks,
        explanation=first(Part.EXPLANATION),
        reason=first(Part.REASON),
        topic=first(Part.TOPIC),
        options=first(Part.OPTIONS),
        answer=first(Part.ANSWER),
        fill_in=first(Part.FILL_IN) or load("en").labels[0][0],
    )


@dataclass(frozen=True)
class Sat:
    """A question with what a sitter did."""

    question: Question
    number: int
    chosen: frozenset[int]
    status: str
    is_fill_in: bool = False
    """Whether the options are what was accepted and typed."""

    def mark(self, words: Words, place: int) -> str | None:
        option = self.question.options[place]
        chosen = place in self.chosen
        if not option.correct and not chosen:
            return None
        if self.is_fill_in:
            chosen = not option.correct
        return words.marks[(option.correct, chosen, self.question.type == "multi_select")]


def sit(questions: Sequence[Question], seed: int) -> Iterator[Sat]:
    chance = random.Random(seed)
    for number, question in enumerate(questions, 1):
        if question.type == "fill_in":
            yield _typed(question, number, chance.choice(["correct", "incorrect"]))
            continue
        right = frozenset(place for place, option in enumerate(question.options) if option.correct)
        status = chance.choice(["correct", "incorrect", "skipped"])
        chosen = right
        if status == "skipped":
            chosen = frozenset()
        elif status == "incorrect":
            wrong = [place for place in range(len(question.options)) if place not in right]
            kept = set(chance.sample(sorted(right), max(len(right) - 1, 0)))
            chosen = frozenset({*kept, chance.choice(wrong)}) if wrong else frozenset(kept)
        yield Sat(question, number, chosen, status)


def _typed(question: Question, number: int, status: str) -> Sat:
    """A question with a blank, as the page shows it: the instruction, the stem, what was typed where that is
    wrong, what is accepted."""
    texts = [(text, True) for text in question.accepted]
    if status == "incorrect":
        texts.insert(0, ("what was typed", False))
    options = tuple(
        Option(option_id(place), text, is_right, None) for place, (text, is_right) in enumerate(texts)
    )
    answer = tuple(each.id for each in options if each.correct)
    wrong = frozenset(place for place, each in enumerate(options) if not each.correct)
    shown = replace(question, options=options, answer=answer, stem=f"{FILL_IN}\n\n{question.stem}")
    return Sat(shown, number, wrong, status, is_fill_in=True)


def header(sat: Sat, words: Words) -> str:
    return f"{words.header}{words.space}{sat.number}"


def tail(question: Question, words: Words, blank: str) -> Iterator[str]:
    if question.explanation:
        yield from (words.explanation, *([blank] if blank is not None else []), question.explanation)


def paragraphs(text: str) -> str:
    """As Chrome copies them: an empty line below prose, three above code and none below it."""
    value = ""
    is_below_code = False
    for each in text.split("\n\n"):
        is_below_code = is_code(each) or (is_code_line(each) and bool(value))
        gap = "\n\n" if is_below_code and value.endswith("\n\n") else ""
        value += gap + each + ("\n" if is_below_code else "\n\n")
    return value


def chrome(sat: Sat, words: Words) -> str:
    question = sat.question
    parts = [f"{header(sat, words)}\n{words.statuses[sat.status]}\n{paragraphs(question.stem)}"]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        parts.append((f"{mark}\n" if mark else "") + paragraphs(option.text))
    if question.explanation:
        parts.append(f"{words.explanation}\n{question.explanation}\n\n")
    if question.topic:
        parts.append(f"{words.topic}\n{question.topic}\n")
    return "".join(parts)


def firefox(sat: Sat, words: Words) -> str:
    question = sat.question
    lines = [f"{header(sat, words)}{words.statuses[sat.status]}", "", question.stem]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        lines += [mark, "", option.text] if mark else ["", option.text]
    if question.explanation:
        lines += [words.explanation, "", question.explanation]
    if question.topic:
        lines += ["", words.topic, question.topic]
    return "\n".join(lines) + "\n\n"


def compact(sat: Sat, words: Words) -> str:
    return "\n".join(line for line in chrome(sat, words).split("\n") if line.strip()) + "\n"


def reasons(sat: Sat, words: Words) -> str:
    question = sat.question
    parts = [f"{header(sat, words)}\n{words.statuses[sat.status]}\n{paragraphs(question.stem)}"]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        parts.append((f"{mark}\n" if mark else "") + paragraphs(option.text))
        reason = (option.explanation or "It is so.").split("\n\n")[0].replace("\n", " ")
        # Some explanations are paragraphs, others bare text.
        parts.append(f"{words.reason}\n{reason}\n" + ("\n" if (sat.number + place) % 2 else ""))
    parts.append(f"{words.explanation}\n{question.explanation or 'As above.'}\n\n")
    if question.topic:
        parts.append(f"{words.topic}\n{question.topic}\n")
    return "".join(parts)


def compact_reasons(sat: Sat, words: Words) -> str:
    return "\n".join(line for line in reasons(sat, words).split("\n") if line.strip()) + "\n"


def firefox_reasons(sat: Sat, words: Words) -> str:
    question = sat.question
    lines = [f"{header(sat, words)}{words.statuses[sat.status]}", "", question.stem]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        lines += [mark, "", option.text] if mark else ["", option.text]
        reason = (option.explanation or "It is so.").split("\n\n")[0].replace("\n", " ")
        lines += [words.reason, "", reason]
    lines += [words.explanation, "", question.explanation or "As above."]
    if question.topic:
        lines += ["", words.topic, question.topic]
    return "\n".join(lines) + "\n\n"


def old_page(sat: Sat, words: Words) -> str:
    question = sat.question
    parts = [f"{header(sat, words)}: {words.statuses[sat.status]}\n{question.stem}\n\n"]
    for place, option in enumerate(question.options):
        indented = "\n".join(f"    {line}" for line in option.text.split("\n"))
        status = "correct" if option.correct else "incorrect" if place in sat.chosen else None
        mark = f"    ({words.statuses[status]})\n" if status else ""
        parts.append(f"{indented}\n{mark}\n")
    if question.explanation:
        parts.append(f"{words.reason}\n{question.explanation}\n\n")
    return "".join(parts)


def word_processor(sat: Sat, words: Words) -> str:
    question = sat.question
    stem = escaped(question.stem)
    lines = [f"{header(sat, words)}{words.statuses[sat.status]}  ", f"{stem}  "]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        lines += [f"**{mark}**  "] if mark else []
        lines.append("  \n".join(f"**{line}**" for line in escaped(option.text).split("\n")) + "  ")
    if question.explanation:
        lines += [f"{words.explanation}  ", escaped(question.explanation)]
    if question.topic:
        lines += [f"{words.topic}  ", f"{escaped(question.topic)}  "]
    return "\n".join(lines) + "\n"


def markdown(sat: Sat, words: Words) -> str:
    question = sat.question
    paragraphs = "\n\n".join(f"**{each}**" for each in escaped(question.stem).split("\n\n"))
    parts = [f"## {header(sat, words)}\n\n### {words.statuses[sat.status]}\n\n{paragraphs}\n\n"]
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        parts.append(f"**{mark}**\n\n" if mark else "")
        parts.append(f"- {escaped(option.text)}\n\n")
    if question.explanation:
        parts.append(f"### {words.explanation}\n\n{escaped(question.explanation)}\n\n")
    if question.topic:
        parts.append(f"**{words.topic}:**\n{escaped(question.topic)}\n\n")
    return "".join(parts) + "---\n\n"


def letters(sat: Sat, words: Words) -> str:
    question = sat.question
    lines = [f"#### {header(sat, words)}:  ", "", escaped(question.stem), ""]
    for option in question.options:
        lines += [f"{option.id}. {escaped(option.text)}", ""]
    lines += [f"**{words.answer}:** **{', '.join(question.answer)}**", ""]
    if question.explanation:
        lines += [f"### {words.explanation}", "", escaped(question.explanation), ""]
    return "\n".join(lines) + "\n"


def without_headers(sat: Sat, words: Words) -> str:
    return chrome(sat, words).split("\n", 2)[2] + "\n---\n\n"


def escaped(text: str) -> str:
    """Markdown escapes as word processors write them."""
    text = re.sub(r"[\\`*_\[\]]", r"\\\g<0>", text)
    return re.sub(r"(?m)^(?=#)", r"\\", text)


LAYOUTS: dict[str, Callable[[Sat, Words], str]] = {
    "chrome": chrome,
    "firefox": firefox,
    "compact": compact,
    "reasons": reasons,
    "compact reasons": compact_reasons,
    "firefox reasons": firefox_reasons,
    "old page": old_page,
    "word processor": word_processor,
    "markdown": markdown,
    "letters": letters,
    "without headers": without_headers,
}


def render(questions: Sequence[Question], layout: str, locale: str = "en", seed: int = 1) -> str:
    words = words_of(locale)
    return "".join(LAYOUTS[layout](sat, words) for sat in sit(questions, seed))


def saved_page(questions: Sequence[Question], locale: str = "en", seed: int = 1) -> str:
    """The page's own elements, named by ``data-purpose`` and ids."""
    words = words_of(locale)
    return (
        f"<html><body><div>{''.join(_pane(sat, words) for sat in sit(questions, seed))}</div></body></html>"
    )


def _pane(sat: Sat, words: Words) -> str:
    question = sat.question
    answers = []
    for place, option in enumerate(question.options):
        mark = sat.mark(words, place)
        label = (
            f'<div><span data-purpose="answer-result-header-user-label">{mark}</span></div>' if mark else ""
        )
        answers.append(
            f'<div data-purpose="answer">{label}<div data-purpose="answer-body">'
            f'<div class="rt-scaffolding" id="answer-text">{_rich(option.text)}</div></div></div>'
        )
    explanation = ""
    if question.explanation:
        explanation = (
            f'<div><label>{words.explanation}</label><div class="rt-scaffolding" id="overall-explanation">'
            f"{_rich(question.explanation)}</div></div>"
        )
    topic = ""
    if question.topic:
        topic = (
            f'<div data-purpose="domain-pane"><div>{words.topic}</div>'
            f"<div>{html.escape(question.topic)}</div></div>"
        )
    return (
        f"<div><div><span><span>{header(sat, words)}</span>"
        f'<span data-purpose="question-result-header-status-label">{words.statuses[sat.status]}</span></span>'
        f'<div class="rt-scaffolding" id="question-prompt">{_rich(question.stem)}</div></div>'
        f"<div>{''.join(answers)}{explanation}{topic}</div></div>\n"
    )


def _rich(text: str) -> str:
    paragraphs = text.split("\n\n")
    return "\n\n".join(
        f"<pre>{html.escape(each)}</pre>" if "\n" in each else f"<p>{html.escape(each)}</p>"
        for each in paragraphs
    )


def option_letters(count: int) -> list[str]:
    return [option_id(place) for place in range(count)]
