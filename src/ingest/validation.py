"""One file's bytes, or several files', to findings: dumps and converted files alike.

A dump goes through the pipeline, with every rule; a converted file is checked against its schema, its
records by the rules, and what it carries from its dump is told again. Opens no file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

from ingest.converted import Form, is_carried
from ingest.converted.text import FileText
from ingest.locales import join_course_words, load_all
from ingest.model.checked import Checked
from ingest.model.correction import Correction
from ingest.model.diagnostic import Diagnostic, Finding
from ingest.model.source import LineIndex, SourceText, Span
from ingest.parts.attempt_lines import lines_without_attempt
from ingest.parts.bounds import Bounds
from ingest.pipeline import read_bytes
from ingest.reading import ReadSettings
from ingest.rules import QuestionSet, catalogue, rule
from ingest.sets import form_of_file
from ingest.stages.assemble import Places, diagnose
from ingest.stages.lint import Place, finding_of, lint, place_in_dump


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How files are validated."""

    codes: frozenset[str] = field(default_factory=lambda: frozenset(catalogue()))
    """The findings that count."""
    reading: ReadSettings = field(default_factory=ReadSettings)


class Checking:
    """One file being validated: its own findings, and what comparing it with other files needs."""

    def __init__(
        self,
        questions: QuestionSet,
        codes: frozenset[str],
        place: Place,
        position: Callable[[int], tuple[int, int]],
        source: FileText,
    ) -> None:
        self.questions = questions
        self.codes = codes
        self.place = place
        self.position = position
        self.source = source
        self.instead: Callable[[int], str | None] = lambda _: None
        """What stands for a line of a dump that tells what the sitter did; null for others."""
        self.findings: list[Finding] = []
        """Those that count; of a dump only what comparing adds."""
        self.diagnostics: list[Diagnostic] = []

    def add(self, findings: Sequence[Finding]) -> None:
        """Adds those findings that count."""
        found = [each for each in findings if each.code in self.codes]
        self.findings += found
        self.diagnostics += (
            diagnose(each, self.questions.file, self.position, self.questions.questions) for each in found
        )

    def line(self, number: int) -> str:
        """A line of the file. Through the questions' owner, so that they are not taken apart before the
        process ends, which takes as long as checking them."""
        instead = self.instead(number)
        return self.source.line(number) if instead is None else instead

    def checked(self) -> Checked:
        """What came of it."""
        found = sorted(self.diagnostics, key=lambda each: (each.line, each.column, each.code, each.message))
        return Checked(self.questions.file, len(self.questions.questions), tuple(found), self.line)


def check_file(
    data: bytes, file: str, settings: CheckSettings, corrections: Sequence[Correction] = ()
) -> Checking:
    """One file with its own findings. ``file`` is the name that they carry, and its suffix counts where the
    content does not tell the form.

    Never raises for bad input; raises ``LimitError`` for one that holds more than the limits allow.
    """
    form = form_of_file(data, file)
    if form is None:
        return _check_dump(data, file, settings, corrections)
    return _check_converted(data, file, form, settings)


def compare(checkings: Sequence[Checking]) -> None:
    """Adds what only shows when the files are seen together: repeats across sets."""
    sets = [each.questions for each in checkings]
    for code in sorted(frozenset[str]().union(*(each.codes for each in checkings))):
        entry = rule(code)
        for index, problem in entry.check_sets(sets) if entry.check_sets else ():
            checking = checkings[index]
            checking.add([finding_of(entry, problem, checking.place)])


def _check_dump(
    data: bytes, file: str, settings: CheckSettings, corrections: Sequence[Correction]
) -> Checking:
    result = read_bytes(data, file, replace(settings.reading, every_rule=True), corrections)
    readings = tuple(result.readings[index] for index in result.kept)
    words = join_course_words((*load_all(), *settings.reading.own_labels))
    questions = QuestionSet(
        result.questions, readings, words, settings.reading.topics, file, settings.reading.limits
    )
    source = result.source

    @cache
    def places() -> Places:
        return Places(source, LineIndex(source.text, source.places))

    checking = Checking(
        questions,
        settings.codes,
        place_in_dump(source.text, readings),
        lambda offset: places().position(offset),
        _as_given(data, source),
    )

    @cache
    def hidden() -> dict[int, str]:
        return lines_without_attempt(source.text, result.readings)

    # The lines of a saved page are those of its HTML, with everything that stands there.
    checking.instead = lambda number: "" if source.places else hidden().get(number)
    checking.diagnostics = [each for each in result.diagnostics if each.code in settings.codes]
    return checking


def _as_given(data: bytes, source: SourceText) -> FileText:
    """The file of a dump, for its lines."""
    if any(repair.kind == "line-ends" for repair in source.repairs) or source.encoding != "utf-8":
        text = data.decode(source.encoding, errors="replace").removeprefix("\ufeff")
        data = text.replace("\r\n", "\n").replace("\r", "\n").encode()
    return FileText(data)


def _check_converted(data: bytes, file: str, form: Form, settings: CheckSettings) -> Checking:
    limits = settings.reading.limits
    bounds = Bounds(file, limits)
    bounds.check("converted_size", len(data), "{} bytes")
    source = FileText(data, bounds)
    loaded = form.load(source)
    words = join_course_words((*load_all(), *settings.reading.own_labels))
    questions = QuestionSet(loaded.questions, (), words, settings.reading.topics, file, limits)
    checking = Checking(questions, settings.codes, loaded.place, loaded.position, source)
    chosen = (rule(code) for code in sorted(settings.codes) if not is_carried(code))
    doubled = loaded.doubled() if "S003" in settings.codes else ()
    checking.add(
        [*source.findings(), *loaded.findings, *doubled, *lint(questions, loaded.place, chosen, loaded.unfit)]
    )
    if not loaded.questions and not loaded.findings:
        checking.add([Finding("S001", "the file holds no question", Span(0, 0))])
    return checking


def check_files(
    files: Sequence[tuple[bytes, str]], settings: CheckSettings | None = None
) -> Iterator[Checked]:
    """Several files by their content and name, also compared with each other."""
    checkings = [check_file(data, file, settings or CheckSettings()) for data, file in files]
    compare(checkings)
    return (each.checked() for each in checkings)
