"""Practice-exam dumps to validated question records.

    bytes ─ decode ─ lex ─ segment ─ interpret ─ references ─ build ─ lint ─ assemble ─ write
            SourceText marks Block   Reading     Reference    Question findings Document files

>>> import ingest
>>> result = ingest.read_text('''Pregunta 1
...
... Which planet is nearest to the Sun?
...
... Venus
...
... Respuesta correcta
... Mercury
...
... Temática
... Planets
... ''')
>>> question = result.questions[0]
>>> question.stem, [option.text for option in question.options], question.answer
('Which planet is nearest to the Sun?', ['Venus', 'Mercury'], ('B',))
>>> [diagnostic.code for diagnostic in result.diagnostics]
['Q011']
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.batch import convert
    from ingest.converting import Conversion, ConvertSettings
    from ingest.errors import IngestError
    from ingest.files import read, read_document, read_text, write
    from ingest.model.checked import Checked
    from ingest.model.diagnostic import Diagnostic, Severity
    from ingest.model.document import Document, Furniture, Rejected
    from ingest.model.question import Item, Option, Question, Reference
    from ingest.model.result import Result
    from ingest.pipeline import read_bytes
    from ingest.reading import ReadSettings
    from ingest.selecting import Selected, Selection, select
    from ingest.tables import to_arrow, to_pandas, to_polars
    from ingest.validating import validate
    from ingest.validation import CheckSettings
    from ingest.writers import WriteSettings

__all__ = [
    "CheckSettings",
    "Checked",
    "Conversion",
    "ConvertSettings",
    "Diagnostic",
    "Document",
    "Furniture",
    "IngestError",
    "Item",
    "Option",
    "Question",
    "ReadSettings",
    "Reference",
    "Rejected",
    "Result",
    "Selected",
    "Selection",
    "Severity",
    "WriteSettings",
    "convert",
    "read",
    "read_bytes",
    "read_document",
    "read_text",
    "select",
    "to_arrow",
    "to_pandas",
    "to_polars",
    "validate",
    "write",
]
__version__ = "1.0.0"

_HOMES = {
    "ingest.batch": ("convert",),
    "ingest.converting": ("Conversion", "ConvertSettings"),
    "ingest.errors": ("IngestError",),
    "ingest.files": ("read", "read_document", "read_text", "write"),
    "ingest.model.checked": ("Checked",),
    "ingest.model.diagnostic": ("Diagnostic", "Severity"),
    "ingest.model.document": ("Document", "Furniture", "Rejected"),
    "ingest.model.question": ("Item", "Option", "Question", "Reference"),
    "ingest.model.result": ("Result",),
    "ingest.pipeline": ("read_bytes",),
    "ingest.reading": ("ReadSettings",),
    "ingest.selecting": ("Selected", "Selection", "select"),
    "ingest.tables": ("to_arrow", "to_pandas", "to_polars"),
    "ingest.validating": ("validate",),
    "ingest.validation": ("CheckSettings",),
    "ingest.writers": ("WriteSettings",),
}


def __getattr__(name: str) -> object:
    """Loads a public name when it is first used, so that the command starts fast."""
    from importlib import import_module

    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
