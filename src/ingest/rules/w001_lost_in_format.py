"""An output format cannot hold a part of the question, or the question at all.

Found by `ingest convert --to FORMAT`; the record itself is whole, and other formats hold it.

Why it matters: whoever uses that file has less than the dump says, or another question.
Example: a question with two right options in Aiken, which has one.
How to mend it: use another format for such questions; the first lines of each writer in
`src/ingest/writers/` say what it keeps.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
