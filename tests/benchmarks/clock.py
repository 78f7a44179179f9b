"""Times that can be compared: measured in turns, so that whatever else the machine does falls on all of them."""

import time
from collections.abc import Callable
from statistics import median


def medians(*calls: Callable[[], object], rounds: int) -> list[float]:
    """Median milliseconds of each call over that many rounds; a first round warms up and does not count."""
    took: list[list[float]] = [[] for _call in calls]
    for turn in range(rounds + 1):
        for call, times in zip(calls, took, strict=True):
            began = time.perf_counter()
            call()
            if turn:
                times.append((time.perf_counter() - began) * 1000)
    return [median(times) for times in took]
