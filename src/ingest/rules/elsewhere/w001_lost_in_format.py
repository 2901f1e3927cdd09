"""An output format cannot hold a part of the question, or the question at all.

Found by `ingest convert --to FORMAT`; the record itself is whole, and other formats hold it.

Why it matters: whoever uses that file has less than the dump says, or another question.
Example: a question with two right options in Aiken, which has one.
How to mend it: use another format for such questions; [docs/formats.md](formats.md) says what each holds,
and `ingest formats FORMAT` prints it.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
