"""The file holds no label of a review page in any known language, or none that begins or ends a question.

Why it matters: without labels nothing can be told apart, so no question was read. The whole text is
kept as one rejected block.
Found by the lex and segment stages. Example: a dump in a language that has no locale file, or with a bullet
before each label; some other file.
How to mend it: copy the whole page including its headings ("Pregunta 1", "Respuesta correcta");
`ingest locales` lists the known languages.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
