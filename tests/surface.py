"""All that others may rely on, as names: what a minor version may add to, and never takes away from.

docs/compatibility.md says what each part promises.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from enum import Enum
from importlib import import_module
from typing import Any

import click

import ingest
from ingest import cli, differences, reports, schema
from ingest.model.document import SCHEMA_VERSION
from ingest.rules import catalogue, rule
from ingest.writers import formats, writer

# Fields that hold what the stages hand on to each other, or are for other commands.
_INNER = frozenset(("every_rule", "kept", "outside", "readings", "roles", "source"))
_MADE_BY_CALLERS = ("Settings", "Selection")

Names = dict[str, Any]
"""Names below names; at the ends sorted lists of names, or one name."""


def surface() -> Names:
    return {
        "api": {name: _of_public(getattr(ingest, name)) for name in sorted(ingest.__all__)},
        "commands": {name: _of_command(name) for name in cli.main.list_commands(click.Context(cli.main))},
        "differences": list(differences.formats()),
        "fields": {
            name: sorted(set(_paths(schema.json_schema(name), schema.json_schema(name))))
            for name in schema.names()
        },
        "formats": {name: _of_format(name) for name in formats()},
        "reports": list(reports.formats()),
        "rules": {code: rule(code).name for code in sorted(catalogue())},
        "schema_version": SCHEMA_VERSION,
    }


def missing(wanted: Any, found: Any, path: str = "") -> Iterator[str]:
    """What of the one is not in the other."""
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            if key in found:
                yield from missing(value, found[key], f"{path}/{key}")
            else:
                yield f"{path}/{key}"
    elif isinstance(wanted, list) and isinstance(found, list):
        yield from (f"{path}/{each}" for each in wanted if each not in found)
    elif wanted != found:
        yield f"{path}: {wanted} became {found}"


def _of_public(thing: Any) -> Names | list[str]:
    """The parameters of a function; the fields and methods of a class, and the parameters of one that callers
    make."""
    if not inspect.isclass(thing):
        return _parameters(thing)
    if issubclass(thing, Enum):
        return [each.value for each in thing]
    names = {name for name in vars(thing) if not name.startswith("_")}
    names |= {each.name for each in fields(thing)} if is_dataclass(thing) else set()
    inner = _INNER if thing.__name__ in ("Result", "ReadSettings") else ()
    is_made = thing.__name__.endswith(_MADE_BY_CALLERS)
    parameters = [each for each in _parameters(thing) if each.rstrip("=") not in inner] if is_made else []
    return {"names": sorted(names.difference(inner)), "parameters": parameters}


def _parameters(thing: Any) -> list[str]:
    """In order; one that need not be given ends in "=", one that is given by name only begins with "*"."""
    return [
        ("*" if each.kind is each.KEYWORD_ONLY else "")
        + each.name
        + ("" if each.default is each.empty else "=")
        for each in inspect.signature(thing).parameters.values()
    ]


def _of_command(name: str) -> list[str]:
    command = import_module(f"ingest.commands.{name}").command
    found = []
    for each in command.params:
        found += each.opts if isinstance(each, click.Option) else [each.make_metavar(click.Context(command))]
        if isinstance(each.type, click.Choice):
            found += [f"{each.opts[0]} {choice}" for choice in each.type.choices]
    return sorted(found)


def _of_format(name: str) -> Names:
    return {
        "extra": writer(name).extra,
        "holds": sorted(writer(name).holds),
        "names": list(writer(name).names),
    }


def _paths(node: Any, whole: Any, path: str = "") -> Iterator[str]:
    """The keys of a schema, each with its types, such as ``/questions[]/stem string``."""
    if "$ref" in node:
        node = whole["$defs"][node["$ref"].rpartition("/")[2]]
    branches = node.get("anyOf", [node])
    for branch in branches:
        if branch is not node:
            yield from _paths(branch, whole, path)
            continue
        kind = branch.get("type", "any")
        yield from (f"{path} {each}" for each in branch.get("enum", [branch.get("const", kind)]))
        for key, value in branch.get("properties", {}).items():
            if key == "schema_version":
                continue
            yield from _paths(value, whole, f"{path}/{key}")
        for inner in [branch["items"]] if "items" in branch else []:
            yield from _paths(inner, whole, f"{path}[]")
