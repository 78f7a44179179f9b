"""The counter of every call: what was asked (as a hash), what became of it, and when."""

import hashlib
import json
import threading
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

HEADERS = ("authorization", "api-key", "x-api-key", "anthropic-version", "openai-organization", "openai-project")
TEXT_FIELDS = frozenset({"messages", "system"})
TRANSPORT_FIELDS = frozenset({"stream", "stream_options", "user", "metadata", "store"})


@dataclass
class Call:
    """One call.

    `state` is open, completed (its last byte was sent), cut (by a fault or a client that left) or refused.

    `digest` is the SHA-256 of the canonical body without the fields that do not decide the answer. Times are
    Unix seconds; `first_byte_at` is that of the first byte of the body. `path` is what was asked for, query included,
    `headers` those of `HEADERS` that came, `fields` the body without its texts.
    """

    sequence: int
    digest: str
    purpose: str
    prompt: str
    streamed: bool
    started_at: float
    state: str = "open"
    status: int = 0
    fault: str = ""
    tokens: int = 0
    first_byte_at: float | None = None
    ended_at: float | None = None
    path: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    fields: Mapping[str, object] = field(default_factory=dict)


class Calls:
    """All calls since the last reset, oldest first. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []

    def open(
        self,
        sequence: int,
        path: str,
        headers: Mapping[str, str],
        body: Mapping[str, object],
        purpose: str,
        prompt: str,
    ) -> Call:
        """Write down a call that has just come in; `headers` by their small names."""
        call = Call(
            sequence=sequence,
            digest=digest(body),
            purpose=purpose,
            prompt=prompt[-400:],
            streamed=bool(body.get("stream")),
            started_at=time.time(),
            path=path,
            headers={name: headers[name] for name in HEADERS if name in headers},
            fields={name: value for name, value in body.items() if name not in TEXT_FIELDS},
        )
        with self._lock:
            self._calls.append(call)
        return call

    def listed(self) -> list[dict[str, object]]:
        """Every call as plain JSON."""
        with self._lock:
            return [asdict(call) for call in self._calls]

    def reset(self) -> None:
        """Forget them all."""
        with self._lock:
            self._calls.clear()


def digest(body: Mapping[str, object]) -> str:
    """SHA-256 of the body as sorted, compact JSON, without what only concerns the transport."""
    deciding = {name: value for name, value in body.items() if name not in TRANSPORT_FIELDS}
    return hashlib.sha256(json.dumps(deciding, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
