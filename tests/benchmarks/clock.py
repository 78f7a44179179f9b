"""Times that can be compared: measured in turns, so that whatever else the machine does falls on all of them."""

import time
from collections.abc import Callable


def in_turns(*calls: Callable[[], object], rounds: int) -> list[list[float]]:
    """Milliseconds of each call in each round; a first round warms up and does not count."""
    took: list[list[float]] = [[] for _call in calls]
    for turn in range(rounds + 1):
        for call, times in zip(calls, took, strict=True):
            began = time.perf_counter()
            call()
            if turn:
                times.append((time.perf_counter() - began) * 1000)
    return took


def fastest(*calls: Callable[[], object], rounds: int) -> list[float]:
    """Milliseconds of each call's fastest round: the one that other work on the machine disturbed least."""
    return [min(times) for times in in_turns(*calls, rounds=rounds)]
