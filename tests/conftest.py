"""What tests share."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

sys.path.insert(0, str(Path(__file__).parent))

# A test run must not fail by chance: `make fuzz`, which sets GRAMMAR_EXAMPLES, looks at others each time.
settings.register_profile("steady", derandomize=True)
settings.register_profile("long", max_examples=10_000, deadline=None)
if not os.environ.get("GRAMMAR_EXAMPLES"):
    settings.load_profile("steady")

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
