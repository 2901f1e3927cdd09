"""How long something takes, as far as chance has no say in it."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable

_TURNS = 3


def seconds(call: Callable[[], object]) -> float:
    """The processor time of a call: the least of three, without the collector, which walks all that other
    tests have left."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        return min(_once(call) for _ in range(_TURNS))
    finally:
        if was_enabled:
            gc.enable()


def _once(call: Callable[[], object]) -> float:
    begin = time.process_time()
    call()
    return time.process_time() - begin
