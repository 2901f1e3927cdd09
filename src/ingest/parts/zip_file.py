"""Several files as one ZIP file."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable

_DATE = (1980, 1, 1, 0, 0, 0)
_UNIX = 3


def zipped(files: Iterable[tuple[str, bytes]]) -> bytes:
    """A ZIP file of files given by name: the same bytes for the same files, whenever and wherever."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as package:
        for name, data in files:
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = _UNIX
            package.writestr(entry, data, compresslevel=6)
    return content.getvalue()
