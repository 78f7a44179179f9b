"""What goes wrong on purpose: scripted faults, each for the n-th call or for prompts that hold some words."""

import threading
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from itertools import count

KINDS = frozenset({
    # before anything is answered
    "400", "401", "403", "404", "429", "500", "503", "overloaded", "context", "quota", "prompt_filter",
    "timeout", "reset", "hold",
    # in the middle of a stream
    "stall", "cut", "error_event", "malformed",
    # after the last event: the connection stays open
    "linger",
    # a whole answer nobody can use
    "invalid_json", "refusal", "content_filter", "length", "window", "paused", "html",
})  # fmt: skip


@dataclass
class Fault:
    """One scripted fault, for `times` calls.

    `nth` counts calls from 1 since the last reset; `match` is looked for in the prompt's text, `purpose`
    compared with the guessed one; a fault without any of them takes the next calls. `after` is the number of
    tokens sent before a stall, cut, malformed event, error event or hold (a hold without `after` comes before
    the first byte). `retry_after` is what the header says: seconds, or an HTTP date as it stands.
    """

    kind: str
    times: int = 1
    nth: int | None = None
    match: str = ""
    purpose: str = ""
    after: int | None = None
    retry_after: str | int | float | None = None
    taken: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(sorted(KINDS))}")

    def fits(self, sequence: int, prompt: str, purpose: str) -> bool:
        """Whether this call is to suffer it."""
        return (
            self.taken < self.times
            and self.nth in {None, sequence}
            and self.match in prompt
            and self.purpose in {"", purpose}
        )


class Script:
    """The faults still to come, and the gate behind which held calls wait. Safe to use from many threads."""

    def __init__(self) -> None:
        self._lock = threading.Condition()
        self._faults: list[Fault] = []
        self._sequence = count(1)
        self._waiting: dict[int, str] = {}

    def number(self) -> int:
        """The next call's sequence number, from 1."""
        with self._lock:
            return next(self._sequence)

    def add(self, fault: Fault) -> None:
        """Script one more fault; the earliest that fits a call is the one it suffers."""
        with self._lock:
            self._faults.append(fault)

    def take(self, sequence: int, prompt: str, purpose: str) -> Fault | None:
        """The fault this call suffers, counted as used; None for a call that goes well."""
        with self._lock:
            found = next((fault for fault in self._faults if fault.fits(sequence, prompt, purpose)), None)
            if found:
                found.taken += 1
            return found

    def pending(self) -> list[Mapping[str, object]]:
        """The faults that have not been used up."""
        with self._lock:
            return [asdict(fault) for fault in self._faults if fault.taken < fault.times]

    def hold(self, sequence: int, kind: str) -> None:
        """Note that this call waits now."""
        with self._lock:
            self._waiting[sequence] = kind

    def held(self, sequence: int, seconds: float) -> bool:
        """Wait at most `seconds` for the call's release; whether it is still held."""
        with self._lock:
            return not self._lock.wait_for(lambda: sequence not in self._waiting, timeout=seconds)

    def release(self, sequence: int | None = None) -> list[int]:
        """Let one held call go on, or all of them; the sequences that were waiting."""
        with self._lock:
            freed = [one for one in self._waiting if sequence in {None, one}]
            for one in freed:
                del self._waiting[one]
            self._lock.notify_all()
            return freed

    def waiting(self) -> list[int]:
        """The calls that hang now: held, stalled or left without an answer."""
        with self._lock:
            return sorted(self._waiting)

    def reset(self) -> None:
        """Forget every fault, count from 1 again and let held calls go."""
        with self._lock:
            self._faults.clear()
            self._sequence = count(1)
        self.release()
