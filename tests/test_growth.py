"""Whatever a stranger's input is made of, its time grows with its size, and not with the square.

The inputs are those of benchmarks/hostile.py, smaller: each is made larger until it takes long enough to be
measured, and then four times as large.
"""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest

from conftest import ROOT


def _hostile() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hostile", ROOT / "benchmarks" / "hostile.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["hostile"] = module
    spec.loader.exec_module(module)
    return module


hostile = _hostile()
_SMALLEST, _LARGEST = 3_000, 200_000
_LONG_ENOUGH = 0.01
"""In seconds: four times as much is no chance."""
_MOST_GROWTH = 3.2
"""With each doubling, where the square is 4: more than in the benchmark, since tests disturb each other."""
_TURNS = (1, 3, 5, 9)
"""Tried until one of them shows no growth: other programs run beside the tests."""


@pytest.mark.parametrize("name", hostile.HOSTILE)
def test_time_grows_with_size(name: str) -> None:
    given = hostile.HOSTILE[name]
    for work in (hostile.converted, hostile.validated) if hostile.converted in given.works else given.works:
        hostile.growth(given, [work], [1000])  # what is loaded when it is first used is no growth
        size = _SMALLEST
        while hostile.growth(given, [work], [size]).seconds[0] < _LONG_ENOUGH and size < _LARGEST:
            size *= 2
        factors = (hostile.growth(given, [work], (size, 4 * size), turns).factor for turns in _TURNS)
        assert any(factor < _MOST_GROWTH for factor in factors), work.__name__
