"""What looks like code: told by how lines end and begin, since copies carry no mark of it."""

from __future__ import annotations

import re

# Lines that prose does not have: they open or close brackets at their end, end in a comma or semicolon,
# are indented, assign, or name a field.
_LINE = re.compile(
    r"[ \t]*[\])}]+[,;)]*[ \t]*|.*[{(\[;,][ \t]*|.* (?:=|:=|~>|=>|\+=) .*|[ \t]+.*|[ \t]*\"[^\"]*\":.*"
)


def is_code_line(line: str) -> bool:
    """Whether a line reads like code.

    >>> is_code_line('  name = "web"'), is_code_line("Use a load balancer.")
    (True, False)
    """
    return _LINE.fullmatch(line) is not None


def is_code(text: str) -> bool:
    """Whether a paragraph of several lines reads like code: at least half of its lines do."""
    if "\n" not in text:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and 2 * sum(map(is_code_line, lines)) >= len(lines)
