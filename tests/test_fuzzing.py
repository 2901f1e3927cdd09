"""What fuzzing begins with and what it has found: every seed and every regression holds."""

from __future__ import annotations

from pathlib import Path

import pytest

from fuzzing.run import failure_of
from fuzzing.seeds import REGRESSIONS, seeds
from fuzzing.targets import TARGETS

KEPT = sorted(REGRESSIONS.rglob("*.bin"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: f"{path.parent.name}: {path.stem}")
def test_what_failed_once_holds(path: Path) -> None:
    TARGETS[path.parent.name](path.read_bytes())


@pytest.mark.parametrize("target", TARGETS)
def test_seeds_hold(target: str) -> None:
    for seed in seeds(target):
        failure = failure_of(TARGETS[target], seed)
        if failure is not None:
            raise AssertionError(seed) from failure
