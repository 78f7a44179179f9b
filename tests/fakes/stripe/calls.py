"""Every call that reached the sandbox, for tests that count them."""

import threading
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass
class Call:
    """One request of the API; `status` 0 while it is under way or when its connection was cut without an answer."""

    method: str
    path: str
    idempotency_key: str | None
    params: dict[str, Any] = field(default_factory=dict)
    status: int = 0
    replayed: bool = False
    fault: str = ""


class Calls:
    """The calls, oldest first. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def open(self, method: str, path: str, key: str | None) -> Call:
        """Write down that a call came."""
        call = Call(method, path, key)
        with self._lock:
            self._calls.append(call)
        return call

    def listed(self) -> list[dict[str, Any]]:
        """All calls, as JSON."""
        with self._lock:
            return [asdict(call) for call in self._calls]

    def forget(self) -> None:
        """Count from nothing."""
        with self._lock:
            self._calls.clear()
