"""The docstrings of leaves, which are manuals."""

from __future__ import annotations

import pkgutil
from importlib import import_module


def docstring(name: str) -> str:
    """The docstring of a module; of a compiled one, which has none, that of the Python file beside it."""
    if found := import_module(name).__doc__:
        return found.strip()
    import ast

    package, _, leaf = name.rpartition(".")
    source = pkgutil.get_data(package, f"{leaf}.py") or b""
    return (ast.get_docstring(ast.parse(source), clean=False) or "").strip()
