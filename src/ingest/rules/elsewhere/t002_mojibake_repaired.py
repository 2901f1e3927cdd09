"""Letters were encoded twice; they were repaired.

Why it matters: the repair is almost always right, but a letter that had no place in the wrong encoding
is lost for good.
Found by the decode stage. Example: `SelecciÃ³n correcta` for `Selección correcta`.
How to mend it: look at a few accented letters in the output; to be sure, copy the page again and save
it as UTF-8.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
