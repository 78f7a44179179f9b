"""Events for endpoints of an earlier API version: before basil (2025-03-31) some fields lay elsewhere."""

from typing import Any

from tests.fakes.stripe.store import Object, Store, copied

BASIL = "2025-03-31"


def event(found: Object, version: str, store: Store) -> Object:
    """The event in the shape of that API version."""
    answer: Object = copied(found)
    answer["api_version"] = version
    if version[:10] < BASIL:
        data = answer["data"]
        data["object"] = _whole(data["object"], store)
        if data["object"]["object"] == "subscription" and "previous_attributes" in data:
            data["previous_attributes"] |= _periods(data["previous_attributes"].get("items"))
    return answer


def _whole(one: Object, store: Store) -> Object:
    match one["object"]:
        case "subscription":
            return _subscription(one)
        case "invoice":
            return _invoice(one, store)
        case "charge":
            return one | {"invoice": _invoice_of(one["payment_intent"], store)}
        case "payment_intent":
            return one | {"invoice": _invoice_of(one["id"], store), "charges": None}
    return one


def _subscription(one: Object) -> Object:
    first = one["items"]["data"][0]
    top = {"plan": first["plan"], "quantity": first["quantity"], **_periods(one["items"])}
    for item in one["items"]["data"]:
        del item["current_period_start"], item["current_period_end"]
    del one["billing_mode"]
    return one | top


def _periods(items: Any) -> Object:
    if not items or "current_period_end" not in items["data"][0]:
        return {}
    first = items["data"][0]
    return {name: first[name] for name in ("current_period_start", "current_period_end")}


def _invoice(one: Object, store: Store) -> Object:
    details = (one.pop("parent") or {}).get("subscription_details")
    payment = next((p for p in store.newest("invoice_payment") if p["invoice"] == one["id"]), None)
    intent = store.find(payment["payment"]["payment_intent"]) if payment else None
    lines = [_line(line) for line in one["lines"]["data"]]
    top = {
        "subscription": details["subscription"] if details else None,
        "subscription_details": {"metadata": details["metadata"]} if details else None,
        "payment_intent": intent and intent["id"],
        "charge": intent and intent["latest_charge"],
        "paid": one["status"] == "paid",
        "tax": None,
    }
    del one["total_taxes"]
    return one | top | {"lines": one["lines"] | {"data": lines}}


def _line(line: Object) -> Object:
    details = (line.pop("parent") or {}).get("subscription_item_details") or {}
    pricing = line.pop("pricing")
    return line | {
        "type": "subscription" if details else "invoiceitem",
        "proration": details.get("proration", False),
        "subscription": details.get("subscription"),
        "subscription_item": details.get("subscription_item"),
        "price": pricing and {"id": pricing["price_details"]["price"], "object": "price"},
    }


def _invoice_of(intent: str | None, store: Store) -> str | None:
    payments = store.newest("invoice_payment")
    return next((p["invoice"] for p in payments if p["payment"]["payment_intent"] == intent), None)
