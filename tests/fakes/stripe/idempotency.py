"""Idempotency keys: the first answer is given again to the same request, refused to another, 409 while under way."""

import hashlib
import json
import threading
from collections.abc import Mapping
from typing import Any

from tests.fakes.stripe.errors import in_flight, mismatch

KEPT_SECONDS = 24 * 3600
Answer = tuple[int, dict[str, Any]]


class Keys:
    """The keys of the last 24 hours with what they were used for. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._kept: dict[str, dict[str, Any]] = {}
        self._under_way: set[str] = set()

    def begin(self, key: str, request: str, now: int) -> Answer | None:
        """Take the key; the answer of the first time if there was one. Raises Refused (400 or 409)."""
        with self._lock:
            if key in self._under_way:
                raise in_flight()
            kept = self._kept.get(key)
            if kept and kept["at"] + KEPT_SECONDS > now:
                if kept["request"] != request:
                    raise mismatch()
                return kept["status"], kept["body"]
            self._under_way.add(key)
            return None

    def keep(self, key: str, request: str, answer: Answer, now: int) -> None:
        """Remember the answer for the next time."""
        with self._lock:
            self._kept[key] = {"request": request, "at": now, "status": answer[0], "body": answer[1]}

    def end(self, key: str) -> None:
        """The request with this key is over."""
        with self._lock:
            self._under_way.discard(key)

    def dump(self) -> dict[str, Any]:
        """The kept answers, as JSON."""
        with self._lock:
            return dict(self._kept)

    def load(self, kept: dict[str, Any]) -> None:
        """Take those of an earlier run."""
        with self._lock:
            self._kept = dict(kept)


def digest(method: str, path: str, params: Mapping[str, Any]) -> str:
    """What makes two requests the same."""
    text = json.dumps([method, path, params], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()
