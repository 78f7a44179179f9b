"""Objects as they are shown: without the sandbox's own fields, with today's prices, with what `expand[]` asks."""

from collections.abc import Iterable
from typing import Any

from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.store import Object, Store

# Fields that are there only when they are asked for: (kind, field) → the kind of a list and the field that holds us.
INCLUDED: dict[tuple[str, str], tuple[str, str]] = {
    ("invoice", "payments"): ("invoice_payment", "invoice"),
    ("charge", "refunds"): ("refund", "charge"),
    ("customer", "subscriptions"): ("subscription", "customer"),
}
ADDRESSES = {
    "invoice_payment": "/v1/invoice_payments",
    "refund": "/v1/refunds",
    "subscription": "/v1/subscriptions",
}


def shown(value: Any, store: Store) -> Any:
    """A copy without the sandbox's own fields; prices and plans within are as they are now."""
    if isinstance(value, dict):
        if value.get("object") == "event":
            return dict(value)  # it says how things were then
        if value.get("object") == "price" and (price := store.find(value["id"])):
            return {name: one for name, one in price.items() if not name.startswith("_")}
        if value.get("object") == "plan" and (price := store.find(value["id"])):
            return plan_of(price)
        return {name: shown(one, store) for name, one in value.items() if not name.startswith("_")}
    return [shown(one, store) for one in value] if isinstance(value, list) else value


def plan_of(price: Object) -> Object:
    """The price in the clothes of the older object, which items still carry."""
    recurring = price["recurring"] or {}
    same = ("id", "active", "billing_scheme", "created", "currency", "livemode", "metadata", "nickname", "product")
    return {
        **{name: price[name] for name in same},
        "object": "plan",
        "amount": price["unit_amount"],
        "amount_decimal": price["unit_amount_decimal"],
        "interval": recurring.get("interval"),
        "interval_count": recurring.get("interval_count"),
        "meter": None,
        "tiers_mode": None,
        "transform_quantity": None,
        "trial_period_days": recurring.get("trial_period_days"),
        "usage_type": recurring.get("usage_type"),
    }


def listed(data: list[Any], address: str, *, has_more: bool = False) -> Object:
    """A list as it is answered."""
    return {"object": "list", "data": data, "has_more": has_more, "url": address}


def expanded(answer: Object, paths: Iterable[str], store: Store) -> Object:
    """The same with ids replaced by their objects at `paths` such as "data.latest_invoice.payments"."""
    for path in paths:
        if path.count(".") > 3 + path.startswith("data."):
            raise invalid("You cannot expand more than 4 levels of a property.", "expand")
        _expand(answer, path.split("."), store, path)
    return answer


def _expand(value: Any, names: list[str], store: Store, path: str) -> None:
    if isinstance(value, list):
        for one in value:
            _expand(one, names, store, path)
        return
    if not names or not isinstance(value, dict):
        return
    name, *rest = names
    if name not in value:
        included = INCLUDED.get((value.get("object", ""), name))
        if value.get("object") == "checkout.session" and name == "line_items":
            value[name] = shown(store.find(value["id"])["_line_items"], store)  # type: ignore[index]  # it is there
        elif included:
            kind, holder = included
            found = [shown(one, store) for one in store.newest(kind) if one[holder] == value["id"]]
            value[name] = listed(found, ADDRESSES[kind])
        else:
            raise invalid(f"This property cannot be expanded ({name}).", f"expand[{path}]")
    if isinstance(value[name], str):
        found_one = store.find(value[name])
        if found_one:
            value[name] = shown(found_one, store)
    _expand(value[name], rest, store, path)
