"""The file holds bytes that fit no known encoding.

Why it matters: the characters in their place are lost; words may be wrong.
Found by the decode stage. Example: a picture or a word processor's own file given as a dump, or a
text file that was cut inside a character.
How to mend it: open the copy in the program it came from and save it as plain text in UTF-8.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.ERROR
