"""A person has checked or corrected the question.

The values of its entry in `x.corrections.toml` were applied, and its doubts are settled.

Why it matters: the record may say something else than the dump.
Found by the interpret stage. Example: a key that was corrected.
How to mend it: nothing needs to be done.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.INFO
