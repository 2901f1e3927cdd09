"""A converted file, or a line or row of it, cannot be read: it is no JSON or no CSV.

Why it matters: what cannot be read is not checked, and no program can use it.
Found by reading converted files. Example: a comma is missing between two options, or a quote that opens a
cell is never closed.
How to mend it: correct the syntax at the place that is shown, and validate again: other findings may follow.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
