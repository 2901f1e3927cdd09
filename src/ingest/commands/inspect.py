"""``ingest inspect``: how a dump was read."""

from __future__ import annotations

import click

from ingest.inputs import numbers_of, read_input, reading_options
from ingest.terminal import fail


@click.command("inspect")
@click.argument("path", metavar="INPUT")
@click.option("--question", "number", type=int, metavar="N", help="Only the question with this number.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_options
def command(path: str, number: int | None, form: str, labels: str | None) -> None:
    """Show how a dump was read: every line with its role, and the evidence.

    INPUT is a file, or - for standard input. For each question stands where its options begin, what
    each piece of evidence says (log-odds; 3 is about 20 : 1), and the margin to the next best place.

    \b
    Examples:
      ingest inspect exam.txt | less
      ingest inspect exam.txt --question 12
    """
    from ingest import inspection

    result = read_input(path, labels)
    report = inspection.inspect(result, number)
    if number is not None and not report.questions:
        fail(f"{path} has no question {number}{numbers_of(result)}")
    if form == "json":
        import orjson

        option = orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE
        click.echo(orjson.dumps(report, option=option), nl=False)
        return
    from ingest.parts.visible import visible

    for line in inspection.render(report):
        click.echo(visible(line))
