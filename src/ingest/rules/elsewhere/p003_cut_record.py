"""A question has lost its header.

Why it matters: text of the question before the place where it begins may be missing as well.
Found by the segment stage: answer marks follow a topic, or stand before the first header.
Example: a copy that begins in the middle of a question.
How to mend it: copy the page again from its first line, or write the header line back.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
