"""What goes wrong on purpose with calls to the API, scripted for the next calls on a path."""

import threading
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from typing import Any

# The moment at which each fault strikes. What is answered with `500_after` is kept under the idempotency key, as
# Stripe keeps it; `500` comes before anything began and is not.
BEFORE = frozenset({"500", "429", "409", "hangup_before", "slow"})
AFTER = frozenset({"500_after", "hangup_after", "slow_after"})


@dataclass
class Fault:
    """One scripted fault for `times` calls (0: until cleared) whose method and path (`*` stands for anything) fit."""

    kind: str
    path: str = "*"
    method: str = "*"
    times: int = 1
    seconds: float = 0.0

    def __post_init__(self) -> None:
        if self.kind not in BEFORE | AFTER:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(sorted(BEFORE | AFTER))}")


class Faults:
    """The faults still to come. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        """Script one."""
        with self._lock:
            self._faults.append(fault)

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that this call suffers."""
        with self._lock:
            for fault in self._faults:
                if fnmatch(method, fault.method) and fnmatch(path, fault.path):
                    if fault.times == 1:
                        self._faults.remove(fault)
                    elif fault.times:
                        fault.times -= 1
                    return fault
        return None

    def listed(self) -> list[dict[str, Any]]:
        """Those still to come, as JSON."""
        with self._lock:
            return [asdict(fault) for fault in self._faults]

    def clear(self) -> None:
        """Nothing goes wrong any more."""
        with self._lock:
            self._faults.clear()
