"""The question has more options than `options` under `[limits]` allows (100).

Why it matters: no question on a page has so many. Labels were lost, or the dump is made to be slow; what is
done with pairs of options takes the square of their number. The block is rejected and kept whole.
Example: the explanation's label is missing on every question, so that all paragraphs look like options.
How to mend it: copy the question again; or raise the limit: `ingest convert --limit options=200`, or
`options = 200` under `[limits]` in ingest.toml.
"""

from collections.abc import Iterator

from ingest.model.diagnostic import Severity
from ingest.rules import Problem, QuestionSet

SEVERITY = Severity.ERROR
REJECTS = True


def check(questions: QuestionSet) -> Iterator[Problem]:
    most = questions.limits.options
    for index, question in enumerate(questions.questions):
        if len(question.options) > most:
            yield Problem(
                index,
                f"{len(question.options):,} options, more than the {most:,} that options allows",
                f"options.{most}",
                "copy the question again, or raise the limit: --limit options=N, or under [limits]",
            )
