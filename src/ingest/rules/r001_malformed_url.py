"""A URL cannot be one.

Why it matters: a link that opens nothing; often a slip of the author or a line that was cut.
Found by the references stage. Example: `https:/docs.example.org`, `https://https://docs.example.org`.
How to mend it: correct the address in the source.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
