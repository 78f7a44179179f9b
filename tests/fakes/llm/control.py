"""Script and count a fake from a test, in this process or another: `/_fake/…` over HTTP."""

import json
import time
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit


class Control:
    """The control surface of the fake at `root` (its URL, with `/v1` or without)."""

    def __init__(self, root: str) -> None:
        self._address = urlsplit(root).netloc

    def calls(self) -> list[dict[str, Any]]:
        """Every call since the last reset, oldest first; see `tests.fakes.llm.calls.Call`."""
        found: list[dict[str, Any]] = self._ask("calls")["calls"]
        return found

    def waiting(self) -> list[int]:
        """Sequence numbers of the calls that hang now."""
        found: list[int] = self._ask("waiting")["waiting"]
        return found

    def fault(self, kind: str, **options: Any) -> None:
        """Script a fault; `options` are the fields of `tests.fakes.llm.faults.Fault`."""
        self._ask("faults", {"kind": kind, **options})

    def faults(self) -> list[dict[str, Any]]:
        """The faults not used up yet."""
        found: list[dict[str, Any]] = self._ask("faults")["faults"]
        return found

    def latency(self, **milliseconds: float) -> None:
        """Set `first_byte_ms` and `token_ms`, for calls that begin from now on and those under way."""
        self._ask("latency", milliseconds)

    def release(self, sequence: int | None = None) -> list[int]:
        """Let one held call go on, or all."""
        found: list[int] = self._ask("release", {"sequence": sequence})["released"]
        return found

    def reset(self) -> None:
        """Forget calls and faults, count from 1, release what is held."""
        self._ask("reset", {})

    def wait_for_waiting(self, count: int = 1, *, seconds: float = 10.0) -> list[int]:
        """Wait until at least `count` calls hang. Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while len(found := self.waiting()) < count:
            if time.monotonic() > deadline:
                raise TimeoutError(f"{len(found)} calls hang, not {count}")
            time.sleep(0.01)
        return found

    def wait_for_state(self, sequence: int, state: str, *, seconds: float = 10.0) -> dict[str, Any]:
        """Wait until the call has that state (completed, cut, refused). Raises TimeoutError."""
        deadline = time.monotonic() + seconds
        while True:
            found = next((call for call in self.calls() if call["sequence"] == sequence), None)
            if found and found["state"] == state:
                return found
            if time.monotonic() > deadline:
                raise TimeoutError(f"call {sequence} is {found['state'] if found else 'missing'}, not {state}")
            time.sleep(0.01)

    def _ask(self, what: str, body: object = None) -> dict[str, Any]:
        data = None if body is None else json.dumps(body).encode()
        with closing(HTTPConnection(self._address, timeout=10)) as connection:
            connection.request("GET" if data is None else "POST", f"/_fake/{what}", data)
            response = connection.getresponse()
            answer: dict[str, Any] = json.load(response)
        if response.status != 200:
            raise ValueError(answer["error"]["message"])
        return answer
