"""Events on their way: signed, sent in a thread of their own, again until they are taken, or spoiled on purpose."""

import heapq
import json
import random
import threading
import time
from collections.abc import Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from stripe import WebhookSignature

from tests.fakes.stripe import old_shapes
from tests.fakes.stripe.parcels import Attempt, DeliveryFault, Parcel
from tests.fakes.stripe.rendering import shown
from tests.fakes.stripe.store import Object

if TYPE_CHECKING:
    from tests.fakes.stripe.world import World

Send = Callable[[str, bytes, dict[str, str]], tuple[int, str]]
BACKOFF = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6)  # seconds between attempts; `python -m` waits longer
ANSWER_SECONDS = 20
SHOWN_ANSWER = 300
OLD = 3600


class Delivery:
    """All parcels and the thread that sends them. Its lock is taken within the world's, never the other way round."""

    def __init__(self, world: "World", seed: int | None) -> None:
        self._world = world
        self._wake = threading.Condition()
        self._parcels: list[Parcel] = []
        self._of_event: dict[str, list[Parcel]] = {}
        self._queue: list[tuple[float, int, Parcel]] = []
        self._held: list[Parcel] = []
        self._faults: list[DeliveryFault] = []
        self._chaos: dict[str, float] = {}
        self._random = random.Random(seed)
        self._order, self._sending = 0, 0
        self._paused = self._hurried = self._stopped = False
        self.backoff: tuple[float, ...] = BACKOFF

    # What happens to an event

    def post(self, event: Object) -> None:
        """One parcel for every endpoint that wants the event."""
        for endpoint in self._world.store.all("webhook_endpoint"):
            wanted = endpoint["enabled_events"]
            if endpoint["status"] == "enabled" and ("*" in wanted or event["type"] in wanted):
                with self._wake:
                    self._pack(event, endpoint)

    def _pack(self, event: Object, endpoint: Object) -> None:
        fault = self._fault_of(event["type"])
        kind = fault.kind if fault else ""
        for _copy in range(fault.copies if fault and kind == "duplicate" else 1):
            parcel = Parcel(len(self._parcels) + 1, event["id"], event["type"], endpoint["id"], fault=kind)
            self._parcels.append(parcel)
            self._of_event.setdefault(event["id"], []).append(parcel)
            match kind:
                case "drop" | "lost":
                    parcel.state = "dropped" if kind == "drop" else "lost"
                case "reorder" if fault:
                    self._hold(parcel, fault)
                case _:
                    self._enqueue(parcel, fault.seconds if fault and kind == "delay" else 0)
        self._count(event)

    def _hold(self, parcel: Parcel, fault: DeliveryFault) -> None:
        parcel.state = "held"
        self._held.append(parcel)
        if len(self._held) >= fault.hold:
            self._let_go(random.Random(fault.seed))

    def _let_go(self, order: random.Random) -> None:
        held, self._held = self._held, []
        was = list(held)
        order.shuffle(held)
        for parcel in held if held != was or len(held) < 2 else reversed(held):
            parcel.state = "waiting"
            self._enqueue(parcel, 0)

    def _enqueue(self, parcel: Parcel, seconds: float) -> None:
        self._order += 1
        heapq.heappush(self._queue, (time.monotonic() + seconds, self._order, parcel))
        self._wake.notify_all()

    def _fault_of(self, name: str) -> DeliveryFault | None:
        for fault in self._faults:
            if fault.fits(name):
                if fault.times == 1:
                    self._faults.remove(fault)
                elif fault.times:
                    fault.times -= 1
                return fault
        drawn = self._random.random() if self._chaos else 1.0
        for kind, share in self._chaos.items():
            if drawn < share:
                return DeliveryFault(kind, hold=3, seconds=0.05, seed=self._random.randrange(10**6))
            drawn -= share
        return None

    def _count(self, event: Object) -> None:
        event["pending_webhooks"] = sum(not one.succeeded for one in self._of_event.get(event["id"], []))

    # The thread

    def run(self) -> None:
        """Send what is due until stopped."""
        while (parcel := self._next()) is not None:
            try:
                self.attempt(parcel, send)
            finally:
                with self._wake:
                    self._sending -= 1
                    self._wake.notify_all()

    def _next(self) -> Parcel | None:
        with self._wake:
            while not self._stopped:
                left = self._queue[0][0] - time.monotonic() if self._queue else None
                if left is not None and not self._paused and (left <= 0 or self._hurried):
                    self._sending += 1
                    return heapq.heappop(self._queue)[2]
                self._wake.wait(None if self._paused or left is None else left)
        return None

    def attempt(self, parcel: Parcel, transport: Send) -> Attempt:
        """Send it once and write down what came of it."""
        with self._world.lock:
            event = self._world.store.find(parcel.event)
            endpoint = self._world.store.find(parcel.endpoint)
        if event is None or endpoint is None:
            parcel.state = "failed"
            return Attempt(0, 0, "The endpoint is gone.")
        fault = parcel.fault if not parcel.attempts else ""
        body, headers = self.signed(event, endpoint, fault)
        status, answer = (
            (500, "The endpoint was away.") if fault == "500" else transport(endpoint["url"], body, headers)
        )
        if fault == "timeout":
            status, answer = 0, "The answer did not come in time."
        attempt = Attempt(self._world.now, status, answer[:SHOWN_ANSWER], fault)
        with self._world.lock, self._wake:
            self._note(parcel, attempt)
            self._count(event)
            self._world.writes += 1
        return attempt

    def _note(self, parcel: Parcel, attempt: Attempt) -> None:
        parcel.attempts.append(attempt)
        if 200 <= attempt.status < 300:
            parcel.state = "delivered"
        elif parcel.state != "delivered" and len(parcel.attempts) <= len(self.backoff):
            parcel.state = "waiting"
            self._enqueue(parcel, self.backoff[len(parcel.attempts) - 1])
        elif parcel.state != "delivered":
            parcel.state = "failed"

    def signed(self, event: Object, endpoint: Object, fault: str = "") -> tuple[bytes, dict[str, str]]:
        """Body and headers as that endpoint gets them."""
        version = endpoint["api_version"] or event["api_version"]
        body = json.dumps(old_shapes.event(shown(event, self._world.store), version, self._world.store), indent=2)
        secret = endpoint["_secret"] if fault != "wrong_signature" else "whsec_of_somebody_else"
        moment = int(time.time()) - (OLD if fault == "old_timestamp" else 0)
        signature = WebhookSignature.generate_signature_header(body, secret, moment)
        return body.encode(), {
            "Content-Type": "application/json; charset=utf-8",
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            "Stripe-Signature": signature,
        }

    # Orders

    def fault(self, fault: DeliveryFault) -> None:
        """Script a fault."""
        with self._wake:
            self._faults.append(fault)

    def clear(self, chaos: dict[str, float] | None = None, seed: int = 0) -> None:
        """Nothing goes wrong any more; or every event suffers each of these faults with that probability."""
        with self._wake:
            self._faults, self._chaos, self._random = [], dict(chaos or {}), random.Random(seed)

    def pause(self, *, paused: bool = True) -> None:
        """Send nothing until resumed."""
        with self._wake:
            self._paused = paused
            self._wake.notify_all()

    def nudge(self) -> None:
        """What waits for its next attempt is due now."""
        with self._wake:
            self._queue = [(0.0, order, parcel) for _due, order, parcel in sorted(self._queue, key=_by_order)]
            heapq.heapify(self._queue)
            self._wake.notify_all()

    def flush(self, seconds: float = 10.0) -> None:
        """Wait until nothing is on its way: delays, held parcels and retries are due at once.

        Raises TimeoutError, also when delivery is paused.
        """
        until = time.monotonic() + seconds
        with self._wake:
            self._hurried = True
            try:
                self._let_go(self._random)
                while self._queue or self._sending:
                    self._wake.notify_all()
                    if self._paused or not self._wake.wait(max(until - time.monotonic(), 0)):
                        waiting = len(self._queue) + self._sending
                        raise TimeoutError(f"{waiting} events wait{', delivery is paused' if self._paused else ''}")
            finally:
                self._hurried = False

    def deliver(self, event_id: str, transport: Send | None = None) -> list[Attempt]:
        """Send an event now to its endpoints, once more if it was sent before."""
        parcels = {one.endpoint: one for one in self.parcels(event_id)}
        event = self._world.store.find(event_id, "event")
        if event is None:
            raise ValueError(f"no event {event_id}")
        if not parcels:
            with self._world.lock:
                self.post(event)
            parcels = {one.endpoint: one for one in self.parcels(event_id)}
        with self._wake:
            mine = {one.number for one in parcels.values()}
            self._queue = [entry for entry in self._queue if entry[2].number not in mine]
            heapq.heapify(self._queue)
        return [self.attempt(one, transport or send) for one in parcels.values()]

    def again(self, event_id: str) -> None:
        """Put an event on its way once more, without waiting for it."""
        event = self._world.store.find(event_id, "event")
        if event is None:
            raise ValueError(f"no event {event_id}")
        with self._world.lock:
            self.post(event)

    def drain(self, transport: Send) -> int:
        """Send all that waits through `transport`, in the calling thread, with its faults and retries; how many."""
        with self._wake:
            self._let_go(self._random)
        sent = 0
        while True:
            with self._wake:
                parcel = heapq.heappop(self._queue)[2] if self._queue else None
            if parcel is None:
                return sent
            self.attempt(parcel, transport)
            sent += 1

    def stop(self) -> None:
        """End the thread."""
        with self._wake:
            self._stopped = True
            self._wake.notify_all()

    # What is known

    @property
    def paused(self) -> bool:
        """Whether nothing is sent."""
        return self._paused

    def parcels(self, event_id: str = "") -> list[Parcel]:
        """All parcels, or those of an event."""
        with self._wake:
            return list(self._of_event.get(event_id, []) if event_id else self._parcels)

    def succeeded(self, event_id: str) -> bool:
        """Whether Stripe believes that every endpoint has it."""
        return all(one.succeeded for one in self._of_event.get(event_id, []))

    def dump(self) -> list[dict[str, Any]]:
        """All parcels, as JSON."""
        return [asdict(one) for one in self.parcels()]

    def load(self, kept: list[dict[str, Any]]) -> None:
        """Take those of an earlier run; what waited goes on."""
        with self._wake:
            for one in map(Parcel.of, kept):
                self._parcels.append(one)
                self._of_event.setdefault(one.event, []).append(one)
                if one.open:
                    one.state = "waiting"
                    self._enqueue(one, 0)


def send(url: str, body: bytes, headers: dict[str, str]) -> tuple[int, str]:
    """Post it; (status, the answer's beginning), status 0 when nobody answered."""
    try:
        with OPENER.open(Request(url, body, headers), timeout=ANSWER_SECONDS) as answer:  # noqa: S310  # ours
            return answer.status, answer.read(SHOWN_ANSWER).decode(errors="replace")
    except HTTPError as refused:
        with refused:
            return refused.code, refused.read(SHOWN_ANSWER).decode(errors="replace")
    except OSError as error:
        return 0, str(error)


class _NoRedirect(HTTPRedirectHandler):
    """An endpoint that leads elsewhere has not taken the event."""

    def redirect_request(self, *_answer: Any) -> None:
        """Go nowhere."""


OPENER = build_opener(ProxyHandler({}), _NoRedirect)


def _by_order(entry: tuple[float, int, Parcel]) -> int:
    return entry[1]
