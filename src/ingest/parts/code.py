"""What looks like code: told by how lines end and begin, since copies carry no mark of it."""

from __future__ import annotations

import re

_SIGNS = (" = ", " := ", " ~> ", " => ", " += ")
_CALL = re.compile(r"[a-z_$][\w.$]*\(.*\)")
# Words with which lines of code begin, and lines of prose hardly do.
_KEYWORD = re.compile(
    r"(?:SELECT|FROM|WHERE|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|JOIN|LEFT|INNER|GROUP BY|ORDER BY"
    r"|HAVING|VALUES|LIMIT|UNION|CASE|WHEN|ELSE|END|AND|OR)\b"
    r"|(?:def|class|for|while|if|elif|else|try|except|with|return|import|from|print|echo|sudo|var|let"
    r"|const)\b.*[:;)\w]\Z"
    r"|[$#>] |</?\w"
)
_SET_OFF = re.compile(r"^(?:[ ]{2,}|\t|[{}\[\]();]+,?$)", re.MULTILINE)


def is_code_line(line: str) -> bool:
    """Whether a line reads as prose does not: it opens or closes brackets at its end, ends in a comma or
    semicolon, is indented, assigns, or names a field.

    >>> is_code_line('  name = "web"'), is_code_line("}"), is_code_line("Use a load balancer (ALB)")
    (True, True, False)
    """
    end = line.rstrip()
    if not end:
        return False
    first, last = line[0], end[-1]
    if last in "{([;," or first in " \t":
        return True
    if last in "])}" and not end.strip("])},; \t"):
        return True
    if end[0] == '"' and '":' in end:
        return True
    if ("=" in line or "~" in line) and any(sign in line for sign in _SIGNS):
        return True
    return last == ")" and _CALL.fullmatch(end) is not None


def is_code(text: str) -> bool:
    """Whether a paragraph of several lines reads like code: at least half of its lines do."""
    if "\n" not in text:
        return False
    lines = [line for line in text.split("\n") if line.strip()]
    found = sum(is_code_line(line) or _KEYWORD.match(line) is not None for line in lines)
    return len(lines) > 1 and 2 * found >= len(lines)


def has_code_line(text: str) -> bool:
    """Whether a line of a paragraph is indented like code, or holds nothing but brackets: such lines are
    to be shown as they stand."""
    return _SET_OFF.search(text) is not None


def ends_in_prose(text: str) -> bool:
    """Whether the last line of a paragraph of code reads like prose."""
    *above, last = [line for line in text.split("\n") if line.strip()] or [""]
    return (
        len(above) > 1 and not is_code_line(last) and not _KEYWORD.match(last) and is_code("\n".join(above))
    )
