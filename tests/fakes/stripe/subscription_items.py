"""What a subscription is for: prices and quantities, and what they put on an invoice."""

from tests.fakes.stripe import cards, invoice_lines, invoices, prices
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import plan_of
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def chosen(world: World, asked: Params) -> tuple[Object, int]:
    """The recurring price and the quantity of one item that a call names."""
    if asked.get("price_data"):
        price = prices.inline(world, asked["price_data"])
    else:
        price = world.get("price", asked.get("price") or asked.get("plan"), "items[0][price]")
    if not price["active"]:
        raise invalid("The price specified is inactive. This field only accepts active prices.", "items[0][price]")
    if price["type"] != "recurring":
        raise invalid(
            "The price specified is set to `type=one_time` but this field only accepts prices with `type=recurring`.",
            "items[0][price]",
        )
    return price, int(asked.get("quantity", 1))


def make(world: World, subscription: str, price: Object, quantity: int, *, period: tuple[int, int]) -> Object:
    """A new item."""
    return {
        "id": world.store.identifier("si_", 14),
        "object": "subscription_item",
        "billing_thresholds": None,
        "created": world.now,
        "current_period_end": period[1],
        "current_period_start": period[0],
        "discounts": [],
        "metadata": {},
        "plan": plan_of(price),
        "price": price,
        "quantity": quantity,
        "subscription": subscription,
        "tax_rates": [],
    }


def first_lines(world: World, subscription: Object, once: list[tuple[Object, int]]) -> list[Object]:
    """A whole period of every item, free during a trial, and what is sold once beside it."""
    free = subscription["status"] == "trialing"
    items = subscription["items"]["data"]
    lines = [invoice_lines.of_period(world, subscription, item, free=free) for item in items]
    return lines + [invoice_lines.of_price(world, *one) for one in once]


def credit_all(world: World, subscription: Object, customer: Object) -> None:
    """What is not used of the period goes on the customer's next invoice as a credit."""
    for item in subscription["items"]["data"]:
        for line in invoice_lines.of_change(world, subscription, item, None, world.now):
            invoices.keep_waiting(world, customer, line, subscription)


def refuse_if_declined(method: Object) -> None:
    """Raises the 402 that charging this card would end with."""
    verdict = cards.charged(method["_behaviour"], off_session=True, set_up=method["_set_up"])
    if not verdict.paid:
        raise verdict.refusal()


def changed(world: World, current: list[Object], asked: list[Params]) -> list[Object]:
    """The items as a call wants them: by id another price or quantity, or gone; without id a new one."""
    found = {item["id"]: dict(item) for item in current}
    period = (current[0]["current_period_start"], current[0]["current_period_end"])
    for one in asked:
        if one.get("id") not in found and "id" in one:
            raise invalid(f"No such subscription item: '{one['id']}'", "items[0][id]", "resource_missing", 404)
        if one.get("deleted"):
            del found[one["id"]]
        elif "id" in one:
            _alter(world, found[one["id"]], one)
        else:
            made = make(world, current[0]["subscription"], *chosen(world, one), period=period)
            found[made["id"]] = made
    if not found:
        raise invalid("A subscription must have at least one item.", "items")
    if len({item["price"]["currency"] for item in found.values()} | {current[0]["price"]["currency"]}) > 1:
        raise invalid("All prices on a subscription must use the same currency.", "items[0][price]")
    return list(found.values())


def _alter(world: World, item: Object, asked: Params) -> None:
    if asked.get("price") or asked.get("price_data"):
        price, _quantity = chosen(world, asked)
        item |= {"price": price, "plan": plan_of(price)}
    item["quantity"] = asked.get("quantity", item["quantity"])
    if "metadata" in asked:
        item["metadata"] = item["metadata"] | asked["metadata"]
