"""Drive a sandbox from a test, in this process or another: `/_sandbox/…` over HTTP."""

import json
from contextlib import closing
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

Object = dict[str, Any]


class Control:
    """The orders that the sandbox at `url` takes. Each raises ValueError with its message when it cannot be done."""

    def __init__(self, url: str) -> None:
        self.url = url

    # People

    def pay(
        self, session: str, card: str = "pm_card_visa", *, confirmed: bool | None = True, email: str = ""
    ) -> Object:
        """Press "Pay" on a checkout page: {"paid", "code", "decline_code", "leads_to"}.

        `card` is a test token or a saved card, or pm_sepa_debit, which is paid (pm_sepa_debit_fails: is not) three days
        later; `confirmed` is what its owner answers where their bank asks (None: they
        leave there).
        """
        return self._ask("pay", session=session, card=card, confirmed=confirmed, email=email)

    def settle(self, session: str, *, comes: bool) -> None:
        """The bank answers a debit (`card="pm_sepa_debit"`) now, instead of three days later."""
        self._ask("settle", session=session, comes=comes)

    def give_up(self, session: str) -> str:
        """Go back without paying; the address that leads to."""
        return str(self._ask("give_up", session=session)["leads_to"])

    def card_does(self, card: str, does: str) -> None:
        """What a saved card does from now on: good, declined, insufficient_funds, fails_later, asks, asks_once."""
        self._ask("card", card=card, does=does)

    def renew_card(self, card: str) -> Object:
        """The bank sends a new card: payment_method.automatically_updated."""
        return self._ask("renew_card", card=card)

    def open_dispute(self, of: str, reason: str = "fraudulent", amount: int | None = None) -> Object:
        """A customer disputes a charge (`of`: its id or the payment intent's)."""
        return self._ask("open_dispute", of=of, reason=reason, amount=amount)

    def close_dispute(self, dispute: str, outcome: str) -> Object:
        """The bank decides: "won" or "lost"."""
        return self._ask("close_dispute", dispute=dispute, outcome=outcome)

    # The dashboard

    def refund(self, of: str, amount: int | None = None, reason: str | None = None) -> Object:
        """Refund a charge or a payment intent, without our code knowing."""
        return self._ask("refund", of=of, amount=amount, reason=reason)

    def fail_refund(self, refund: str) -> Object:
        """The bank sends a refund back: refund.failed."""
        return self._ask("fail_refund", refund=refund)

    def rules(self, **values: Any) -> Object:
        """Set `livemode`, `retry_days`, `after_retries`, `finalize_seconds`, `account_name`, `backoff`."""
        return self._ask("rules", **values)

    def endpoint(
        self, url: str, *, api_version: str | None = None, events: list[str] | None = None, secret: str = ""
    ) -> Object:
        """Send events to an address, in the shape of an API version; the answer has "id" and "secret"."""
        return self._ask("endpoint", url=url, api_version=api_version, events=events, secret=secret)

    def objects(self, kind: str) -> list[Object]:
        """All objects of a kind ("subscription", "event", "checkout.session"…), oldest first."""
        return list(self._ask("objects", kind=kind)["objects"])

    def object(self, identifier: str) -> Object:
        """One object. Raises ValueError."""
        found = self._ask("objects", id=identifier)["objects"]
        if not found:
            raise ValueError(f"nothing is {identifier}")
        return dict(found[0])

    def events(self, types: str = "") -> list[Object]:
        """The event log, oldest first; of one type or of those that begin so."""
        return [one for one in self.objects("event") if one["type"].startswith(types)]

    def emit(self, name: str, *, of: str = "", value: Object | None = None) -> Object:
        """An event that nothing caused, of an object here or of a made-up one."""
        return self._ask("emit", type=name, id=of, object=value)

    # The clock

    @property
    def now(self) -> int:
        """The sandbox's present second."""
        return int(self._ask("clock")["now"])

    def freeze(self, moment: int) -> None:
        """Make the clock stand."""
        self._ask("clock", freeze=moment)

    def advance(self, *, to: int | None = None, **span: float) -> int:
        """Move it on (`days=`, `hours=`, `seconds=`…, or `to=`); what falls due happens. The new time."""
        return int(self._ask("advance", **({"to": to} if to is not None else span))["now"])

    # Events on their way

    def flush(self, seconds: float = 10.0) -> None:
        """Wait until every event has arrived or was given up. Raises ValueError after `seconds`."""
        self._ask("flush", seconds=seconds)

    def deliver(self, event: str) -> list[Object]:
        """Send an event now, again if it was sent before; its attempts: {"at", "status", "answer", "fault"}."""
        return list(self._ask("deliver", event=event)["attempts"])

    def signed(self, event: str, **how: Any) -> tuple[bytes, dict[str, str]]:
        """Body and headers of an event as an endpoint gets them; `wrong=True`, `old=True`, `api_version=`."""
        found = self._ask("signed", event=event, **how)
        return found["body"].encode(), found["headers"]

    def attempts(self, event: str = "") -> list[Object]:
        """Every parcel with its attempts, or an event's."""
        return list(self._ask("attempts", event=event)["parcels"])

    def pause(self) -> None:
        """Send nothing."""
        self._ask("pause", paused=True)

    def resume(self) -> None:
        """Go on sending."""
        self._ask("pause", paused=False)

    def delivery_fault(self, kind: str, **options: Any) -> None:
        """Spoil the next deliveries, see parcels.DeliveryFault."""
        self._ask("delivery_fault", kind=kind, **options)

    def chaos(self, seed: int, **shares: float) -> None:
        """Every event suffers these faults with these probabilities: `chaos(7, drop=0.1, duplicate=0.3)`."""
        self._ask("chaos", seed=seed, shares={name.removeprefix("_"): share for name, share in shares.items()})

    # Calls

    def fault(self, kind: str, **options: Any) -> None:
        """Spoil the next calls, see faults.Fault."""
        self._ask("fault", kind=kind, **options)

    def clear_faults(self) -> None:
        """Nothing goes wrong any more."""
        self._ask("clear_faults")

    def calls(self, path: str = "", *, forget: bool = False) -> list[Object]:
        """The calls so far, those on a path; see calls.Call."""
        return [one for one in self._ask("calls", forget=forget)["calls"] if path in {"", one["path"]}]

    def _ask(self, what: str, **body: Any) -> Object:
        with closing(HTTPConnection(urlsplit(self.url).netloc, timeout=30)) as connection:
            connection.request("POST", f"/_sandbox/{what}", json.dumps(body).encode())
            response = connection.getresponse()
            answer: Object = json.load(response)
        if response.status != 200:
            raise ValueError(answer["error"]["message"])
        return answer
