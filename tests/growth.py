"""Measure how time grows. Other work on the machine makes a time longer, never shorter: the least of several counts."""

from __future__ import annotations

import gc
import math
import time
from collections.abc import Callable

TRIES = 8  # at most; a machine that is busy for a while needs more than one
SHORTEST = 0.005  # seconds, which clocks and the start of things may take


def time_growth(prepare: Callable[[int], Callable[[], object]], small: int, large: int, most: float) -> float:
    """Return how many times as long `large` takes as `small`, in processor time; measured again while that is `most`.

    `prepare` returns what is to be measured for a size.
    """
    least = {small: math.inf, large: math.inf}
    growth = math.inf
    for _ in range(TRIES):
        for size in (small, large):
            least[size] = min(least[size], _time(prepare(size)))
        growth = least[large] / max(least[small], SHORTEST)
        if growth < most:
            break
    return growth


def _time(work: Callable[[], object]) -> float:
    gc.disable()  # its runs grow with all that is alive, not with the work
    try:
        begun = time.process_time()
        work()
        return time.process_time() - begun
    finally:
        gc.enable()
