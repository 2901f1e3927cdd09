"""The text holds control characters, or characters that turn its direction.

They are kept.

Why it matters: they are invisible, other programs may refuse or misread them, and
direction marks can make a text show other words than it holds.
Found by the decode stage. Example: a form feed from a printed page; U+202E.
How to mend it: take them out of the copy, unless they belong there.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
