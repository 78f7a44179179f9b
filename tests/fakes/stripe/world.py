"""One Stripe account: its objects, its clock, its events, and the parcels in which they are sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from tests.fakes.stripe import errors
from tests.fakes.stripe.calendar import Agenda, Clock
from tests.fakes.stripe.calls import Calls
from tests.fakes.stripe.delivery import Delivery
from tests.fakes.stripe.faults import Faults
from tests.fakes.stripe.idempotency import Keys
from tests.fakes.stripe.rendering import shown
from tests.fakes.stripe.store import Object, Store, copied, difference

API_VERSION = "2026-10-28.endive"
EVENT_NAMES = {"subscription": "customer.subscription", "dispute": "charge.dispute"}


@dataclass
class Rules:
    """What one sets in the dashboard; `after_retries` is cancel, unpaid or past_due."""

    livemode: bool = False
    retry_days: list[int] = field(default_factory=lambda: [3, 5, 7])
    after_retries: str = "cancel"
    finalize_seconds: int = 3600
    account_name: str = "Scriptorium"


@dataclass
class Cause:
    """What makes events happen: the request under way, or nothing when it is the clock or the dashboard."""

    id: str | None = None
    idempotency_key: str | None = None


class World:
    """Everything the sandbox knows. Whoever reads or writes objects holds `lock`."""

    def __init__(self, *, secret_key: str, endpoint_secret: str, seed: int | None = None, start: int | None = None):
        self.secret_key, self.endpoint_secret = secret_key, endpoint_secret
        self.url = ""
        self.lock = threading.RLock()
        self.store, self.clock, self.agenda = Store(seed), Clock(start), Agenda()
        self.rules, self.cause = Rules(), Cause()
        self.keys, self.calls, self.faults = Keys(), Calls(), Faults()
        self.delivery = Delivery(self, seed)
        self.writes = 0

    @property
    def now(self) -> int:
        """The sandbox's present second."""
        return self.clock.now()

    def new(self, kind: str, prefix: str, **values: Any) -> Object:
        """Make and keep an object: id, kind, moment and mode are given, metadata is there."""
        self.writes += 1
        head = {"id": self.store.identifier(prefix), "object": kind, "created": self.now}
        return self.store.add({**head, "livemode": self.rules.livemode, "metadata": {}, **values})

    def get(self, kind: str, identifier: object, param: str = "id") -> Object:
        """The object with that id. Raises Refused: 404 when the address names it, 400 when a parameter does."""
        found = self.store.find(identifier, kind)
        if found is None or found.get("deleted"):
            raise errors.missing(kind, str(identifier), param, status=404 if param == "id" else 400)
        return found

    @contextmanager
    def changing(self, one: Object, name: str = "updated") -> Iterator[Object]:
        """What changes of the object within is one event, `<its kind>.updated` or another name; nothing, none."""
        before = copied(one)
        yield one
        if (was := difference(before, one)) or before != one:
            self.writes += 1
        if was:
            self.emit(f"{EVENT_NAMES.get(one['object'], one['object'])}.{name}", one, was)

    def emit(self, name: str, one: Object, previous: Object | None = None) -> Object:
        """Write an event into the log and hand it to delivery."""
        self.writes += 1
        data = {"object": shown(one, self.store)} | ({"previous_attributes": previous} if previous else {})
        event = self.store.add(
            {
                "id": self.store.identifier("evt_"),
                "object": "event",
                "api_version": API_VERSION,
                "created": self.now,
                "data": data,
                "livemode": self.rules.livemode,
                "pending_webhooks": 0,
                "request": asdict(self.cause),
                "type": name,
            }
        )
        self.delivery.post(event)
        return event

    def dump(self) -> Object:
        """All of it as JSON, for a later run."""
        return {
            "objects": self.store.dump(),
            "agenda": self.agenda.dump(),
            "clock": {"ahead": self.clock.ahead, "frozen": self.clock.frozen},
            "rules": asdict(self.rules),
            "keys": self.keys.dump(),
            "parcels": self.delivery.dump(),
        }

    def load(self, kept: Object) -> None:
        """Go on where an earlier run ended."""
        self.store.load(kept["objects"])
        self.agenda.load(kept["agenda"])
        self.clock.ahead, self.clock.frozen = kept["clock"]["ahead"], kept["clock"]["frozen"]
        self.set_rules(kept["rules"])
        self.keys.load(kept["keys"])
        self.delivery.load(kept["parcels"])

    def set_rules(self, values: Object) -> Object:
        """Change some of the rules. Raises ValueError for one that does not exist."""
        known = {one.name for one in fields(Rules)}
        if unknown := values.keys() - known:
            raise ValueError(f"no rule {', '.join(sorted(unknown))}; there are {', '.join(sorted(known))}")
        for name, value in values.items():
            setattr(self.rules, name, value)
        return asdict(self.rules)
