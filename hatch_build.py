"""Compiles the stages of a wheel (mypyc): the same code, in a fifth less time.

Only where it is asked for, with ``HATCH_BUILD_HOOK_ENABLE_CUSTOM=1`` and a C compiler: otherwise the wheel is
plain Python, and so is what is installed for development, since a compiled module would hide the file that is
being changed. What is compiled is listed in pyproject.toml; the Python files stay beside it.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_SOURCE = "src"


class CompiledStages(BuildHookInterface[Any]):
    """What hatchling finds in this file."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Adds the compiled modules to a wheel."""
        if version == "editable":
            return
        # Away from the sources, which a compiled module beside them would hide.
        self._folder = TemporaryDirectory()
        patterns: list[str] = self.config["modules"]
        source = Path(self.root, _SOURCE)
        files = sorted({path for pattern in patterns for path in source.glob(pattern)})
        if unmatched := [pattern for pattern in patterns if not any(source.glob(pattern))]:
            raise ValueError(f"no such modules: {', '.join(unmatched)}")
        made = _compiled(source, [str(path.relative_to(source)) for path in files], Path(self._folder.name))
        build_data["force_include"].update({str(path): name for name, path in made.items()})
        build_data["pure_python"] = False
        build_data["infer_tag"] = True

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:  # noqa: ARG002 - hatchling's signature
        """Lets go of what was compiled."""
        if version != "editable":
            self._folder.cleanup()


def _compiled(source: Path, files: list[str], folder: Path) -> dict[str, Path]:
    """The compiled modules by their names in the wheel."""
    from mypyc.build import mypycify
    from setuptools import Distribution

    with contextlib.chdir(source):  # modules are called by their paths from here
        # What ingest needs need not be there: `make types` checks the types, and nothing of it is compiled.
        options = ["--config-file=", "--ignore-missing-imports", f"--cache-dir={folder / 'cache'}"]
        extensions = mypycify(
            [*options, *files],
            opt_level="3",
            debug_level="0",
            strip_asserts=False,
            target_dir=str(folder / "c"),
        )
        command = Distribution({"name": "ingest", "ext_modules": extensions}).get_command_obj("build_ext")
        command.build_lib, command.build_temp = str(folder / "lib"), str(folder / "temp")
        command.ensure_finalized()
        command.run()
    made = Path(folder, "lib")
    return {path.relative_to(made).as_posix(): path for path in made.rglob("*") if path.is_file()}
