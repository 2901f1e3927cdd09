"""A correction no longer fits the dump.

An entry of `x.corrections.toml` holds for a question with its number and fingerprint. Reported when no
question has both, or when the entry names a line, an option or a text that the question does not have.
The entry is not applied.

Why it matters: the question is read without what a person once found out about it.
Found by the interpret stage. Example: the dump was copied again, and an option of question 12 now reads
otherwise.
How to mend it: compare the question with the page again; `ingest correct FILE --question 12` writes a
new entry; delete the old one.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
