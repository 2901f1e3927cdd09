"""A value does not fit the JSON Schema of its record.

All places are reported, not the first one only.

Why it matters: programs that rely on the schema stop at such a file, or read it wrong.
Found by reading converted files. Example: a number in quotes, a key with a typo, a missing `stem`.
How to mend it: `ingest schema question` and `ingest schema document` print what is allowed; correct the
program that wrote the file, or the value.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
