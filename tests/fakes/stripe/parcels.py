"""What is sent to endpoints: one parcel per event and endpoint, what is to go wrong with it, and its attempts."""

from dataclasses import dataclass, field
from fnmatch import fnmatch
from typing import Any

# Before it leaves: several, later, in another order, never (Stripe knows it was not delivered), never (Stripe thinks
# it was). On its first attempt: it does not arrive and 500 comes back; it arrives, but the answer is lost; it is
# signed with another secret; it is signed an hour ago.
FAULTS = frozenset(
    {"duplicate", "delay", "reorder", "drop", "lost", "500", "timeout", "wrong_signature", "old_timestamp"}
)


@dataclass
class DeliveryFault:
    """One scripted fault for the next `times` events (0: until cleared) whose type fits `types` (`*` for anything).

    `copies` of a duplicate in all; `seconds` of a delay; `hold` events are gathered and sent in another order.
    """

    kind: str
    types: str = "*"
    times: int = 1
    copies: int = 2
    seconds: float = 0.5
    hold: int = 5
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in FAULTS:
            raise ValueError(f"no fault {self.kind!r}; there are {', '.join(sorted(FAULTS))}")

    def fits(self, name: str) -> bool:
        """Whether an event of that type suffers it."""
        return fnmatch(name, self.types)


@dataclass
class Attempt:
    """One time that it was sent; `status` 0: nobody answered."""

    at: int
    status: int
    answer: str
    fault: str = ""


@dataclass
class Parcel:
    """One event on its way to one endpoint. `state`: waiting, held, delivered, failed, dropped or lost."""

    number: int
    event: str
    type: str
    endpoint: str
    state: str = "waiting"
    fault: str = ""
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def open(self) -> bool:
        """Whether it will still be sent."""
        return self.state in {"waiting", "held"}

    @property
    def succeeded(self) -> bool:
        """What Stripe believes."""
        return self.state in {"delivered", "lost"}

    @classmethod
    def of(cls, kept: dict[str, Any]) -> "Parcel":
        """As an earlier run wrote it."""
        return cls(**{**kept, "attempts": [Attempt(**one) for one in kept["attempts"]]})
