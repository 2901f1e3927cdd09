"""The file is not UTF-8; it was read in another encoding.

Why it matters: the encoding is a guess, judged by which one shows the page's labels. It is almost
always right, but no file says which single-byte encoding it has.
Found by the decode stage. Example: a text file saved by an old Windows editor (cp1252).
How to mend it: look at a few accented letters in the output; to be sure, save the copy as UTF-8.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.INFO
