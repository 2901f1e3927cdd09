"""The file holds no label of a review page in any known language.

Why it matters: without labels nothing can be told apart, so no question was read. The whole text is
kept as one rejected block.
Found by the lex stage. Example: a dump in a language that has no locale file, or some other file.
How to mend it: copy the whole page including its headings ("Pregunta 1", "Respuesta correcta");
`ingest locales` lists the known languages.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
