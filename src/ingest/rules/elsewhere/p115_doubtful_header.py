"""A line reads like the header of a question, and may be one, or text.

Looked at: such a line among the options and what is said of them; one inside an explanation that no topic
ends, where the header that follows has the same number, does not run on from the one before, or is missing;
and a header below a question that lacks the label with which most questions of the file end, where that
question, or what stands below the header, has no right answer, or the numbers do not rise. Below questions
without headers, also a header that no rule stands before, or text that belongs to no question.

Why it matters: the beginning of a question may have been read as the end of the one before it, or the other
way round.
Found by the segment stage. Example: "Question 2" stands there twice, with nothing but text between.
How to mend it: compare the questions above and below the line with the page; delete the line where it is not
on the page.
"""

from ingest.model.diagnostic import Severity

SEVERITY = Severity.WARNING
