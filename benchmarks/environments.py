"""An environment of its own for each tool that ingest is measured beside; made once, then kept."""

from __future__ import annotations

import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

_FOLDER = Path(__file__).parent / ".environments"


class NoEnvironmentError(Exception):
    """An environment could not be made; says why."""


def environment(requirements: Sequence[str]) -> Path:
    """The folder of the commands of an environment that holds these packages in these versions. Raises
    ``NoEnvironmentError``, for instance without a network."""
    folder = _FOLDER / requirements[0].replace("==", "-")
    binaries = folder / "bin"
    wanted = "\n".join((sys.version, *requirements))
    made = folder / "made.txt"
    if made.exists() and made.read_text(encoding="utf-8") == wanted:
        return binaries
    print(f"making an environment for {requirements[0]} …", file=sys.stderr)
    venv.create(folder, clear=True, with_pip=True, symlinks=True)
    install = (binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    done = subprocess.run((*install, *requirements), check=False, capture_output=True, text=True)
    if done.returncode:
        last = done.stderr.strip().rpartition("\n")[2]
        raise NoEnvironmentError(f"{requirements[0]} could not be installed: {last}")
    made.write_text(wanted, encoding="utf-8")
    return binaries
