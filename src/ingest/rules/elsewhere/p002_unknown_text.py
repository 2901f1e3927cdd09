"""Text stands outside the questions and is of no known kind.

Why it matters: it may be a part of a question whose label was lost. It is kept whole as a rejected
block.
Found by the segment stage. Example: some lines between a question's topic and the next header; more than 200
lines before the first question.
How to mend it: if it belongs to a question, put the lost label back; if not, delete it.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
