"""The lines of an invoice: what a period costs, what is sold once, what a change in the middle gives back and takes."""

from tests.fakes.stripe import prices
from tests.fakes.stripe.amounts import part, written
from tests.fakes.stripe.calendar import day_of
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def of_period(world: World, subscription: Object, item: Object, *, free: bool = False) -> Object:
    """A whole period of an item; free during a trial."""
    price, quantity = item["price"], item["quantity"]
    name = _name(world, price)
    recurring = price["recurring"]
    every = recurring["interval"] if recurring["interval_count"] == 1 else f"{recurring['interval_count']} months"
    text = f"{quantity} × {name} (at {written(price['unit_amount'], price['currency'])} / {every})"
    return _line(
        world,
        price,
        quantity,
        amount=0 if free else prices.amount_of(price, quantity),
        description=f"Trial period for {name}" if free else text,
        period=(item["current_period_start"], item["current_period_end"]),
        parent=_of_subscription(subscription, item, proration=False),
        metadata=subscription["metadata"],
    )


def of_price(world: World, price: Object, quantity: int) -> Object:
    """Something sold once."""
    return _line(
        world,
        price,
        quantity,
        amount=prices.amount_of(price, quantity),
        description=_name(world, price),
        period=(world.now, world.now),
    )


def of_change(world: World, subscription: Object, old: Object, new: Object | None, at: int) -> list[Object]:
    """Time not used of the item as it was, and, unless it goes, time left of the item as it will be; to the second."""
    start, end = old["current_period_start"], old["current_period_end"]
    left, whole = max(end - at, 0), end - start
    found = []
    for item, sign, word in ((old, -1, "Unused"), (new, 1, "Remaining")):
        if item is None:
            continue
        amount = prices.amount_of(item["price"], item["quantity"])
        shown = f"{item['quantity']} × " if item["quantity"] != 1 else ""
        found.append(
            _line(
                world,
                item["price"],
                item["quantity"],
                amount=sign * part(amount, left, whole),
                description=f"{word} time on {shown}{_name(world, item['price'])} after {day_of(at)}",
                period=(at, end),
                parent=_of_subscription(subscription, item, proration=True),
                metadata=subscription["metadata"],
            )
        )
    return found


def _of_subscription(subscription: Object, item: Object, *, proration: bool) -> Object:
    details = {
        "invoice_item": None,
        "proration": proration,
        "proration_details": {"credited_items": None},
        "subscription": subscription["id"],
        "subscription_item": item["id"],
    }
    return {"invoice_item_details": None, "subscription_item_details": details, "type": "subscription_item_details"}


def _line(
    world: World,
    price: Object,
    quantity: int,
    *,
    amount: int,
    description: str,
    period: tuple[int, int],
    parent: Object | None = None,
    metadata: Object | None = None,
) -> Object:
    details = {"price": price["id"], "product": price["product"]}
    return {
        "id": world.store.identifier("il_"),
        "object": "line_item",
        "amount": amount,
        "currency": price["currency"],
        "description": description,
        "discount_amounts": [],
        "discountable": not (parent and parent["subscription_item_details"]["proration"]),
        "discounts": [],
        "invoice": None,
        "livemode": world.rules.livemode,
        "metadata": dict(metadata or {}),
        "parent": parent,
        "period": {"start": period[0], "end": period[1]},
        "pretax_credit_amounts": [],
        "pricing": {
            "price_details": details,
            "type": "price_details",
            "unit_amount_decimal": price["unit_amount_decimal"],
        },
        "quantity": quantity,
        "quantity_decimal": str(quantity),
        "subtotal": amount,
        "taxes": [],
    }


def _name(world: World, price: Object) -> str:
    return str(world.get("product", price["product"])["name"])
