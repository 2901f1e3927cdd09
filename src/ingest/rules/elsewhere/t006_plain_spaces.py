"""Invisible characters, or the signs of a quote before lines, were taken out; or no-break spaces made plain.

Why it matters: the text is what a reader sees, but not letter for letter what was copied.
Found by the decode stage. Example: a no-break space before a question mark, as word processors put it;
a zero-width space inside a label; a page in a mail that was answered, with `>` before its lines.
How to mend it: nothing needs to be done.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.INFO
