"""What looks like code: told by how lines end and begin, since copies carry no mark of it."""

from __future__ import annotations

_SIGNS = (" = ", " := ", " ~> ", " => ", " += ")


def is_code_line(line: str) -> bool:
    """Whether a line reads as prose does not: it opens or closes brackets at its end, ends in a comma or
    semicolon, is indented, assigns, or names a field.

    >>> is_code_line('  name = "web"'), is_code_line("}"), is_code_line("Use a load balancer (ALB)")
    (True, True, False)
    """
    end = line.rstrip()
    if end[-1:] in "{([;," or line[:1] in " \t":
        return True
    if end[-1:] in "])}" and not end.strip("])},; \t"):
        return True
    if end[:1] == '"' and '":' in end:
        return True
    return ("=" in line or "~" in line) and any(sign in line for sign in _SIGNS)


def is_code(text: str) -> bool:
    """Whether a paragraph of several lines reads like code: at least half of its lines do."""
    if "\n" not in text:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    return len(lines) > 1 and 2 * sum(map(is_code_line, lines)) >= len(lines)
