"""A label has one damaged letter; it was read as the label.

Looked for only where a label is missing: a question without right option, explanation or topic, or a
gap in the numbers.

Why it matters: if the line is no label, the question was cut at the wrong place.
Found by the lex and segment stages. Example: `Respuesta corecta`.
How to mend it: correct the line.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
