"""What tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis.internal.conjecture import providers

sys.path.insert(0, str(Path(__file__).parent))

# A test run must not fail by chance: `make fuzz`, which sets GRAMMAR_EXAMPLES, looks at others each time.
settings.register_profile("steady", derandomize=True)
settings.register_profile("long", max_examples=10_000, deadline=None)
if not os.environ.get("GRAMMAR_EXAMPLES"):
    settings.load_profile("steady")
    # It also tries constants of whatever modules are loaded: any change of the code, and which tests ran
    # before, would change the examples. There is no setting for it.
    providers._get_local_constants = lambda: providers._local_constants

ROOT = Path(__file__).parent.parent
REAL_DUMPS = ROOT.parent / "shared" / "dumps"


@pytest.fixture(scope="session")
def real_dumps() -> Path:
    if not REAL_DUMPS.is_dir():
        pytest.skip("the folder of real dumps is not there")
    return REAL_DUMPS


@pytest.fixture(scope="session")
def real_dumps_or_none() -> Path | None:
    return REAL_DUMPS if REAL_DUMPS.is_dir() else None
