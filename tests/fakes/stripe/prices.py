"""Prices: what a product costs. Amounts never change; a lookup key can move from one price to another."""

from tests.fakes.stripe import products
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """A price of a product, which may be described in the same call (`product_data`)."""
    if "unit_amount" not in params and "unit_amount_decimal" not in params:
        raise invalid("You must specify either `unit_amount` or `unit_amount_decimal`.", "unit_amount")
    if params.get("product_data"):
        product = products.create(world, params["product_data"])
    elif params.get("product"):
        product = world.get("product", params["product"], "product")
    else:
        raise invalid("You must specify either `product` or `product_data` when creating a price.", "product")
    _take_lookup_key(world, params)
    amount = int(params["unit_amount"] if "unit_amount" in params else params["unit_amount_decimal"])
    price = world.new(
        "price",
        "price_",
        active=params.get("active", True),
        billing_scheme="per_unit",
        currency=params["currency"].lower(),
        custom_unit_amount=None,
        lookup_key=params.get("lookup_key"),
        nickname=params.get("nickname"),
        product=product["id"],
        recurring=_recurring(params.get("recurring")),
        tax_behavior=params.get("tax_behavior", "unspecified"),
        tiers_mode=None,
        transform_quantity=None,
        type="recurring" if params.get("recurring") else "one_time",
        unit_amount=amount,
        unit_amount_decimal=str(amount),
    )
    price["metadata"] = params.get("metadata") or {}
    world.emit("price.created", price)
    return price


def update(world: World, params: Params, identifier: str) -> Object:
    """Archive it, name it otherwise, give it a lookup key."""
    price = world.get("price", identifier)
    _take_lookup_key(world, params, price)
    with world.changing(price):
        products.change(price, params, ("active", "lookup_key", "metadata", "nickname", "tax_behavior"))
    return price


def inline(world: World, described: Params) -> Object:
    """A price described within a line (`price_data`): made for this line only."""
    return create(world, described)


def amount_of(price: Object, quantity: int) -> int:
    """What that many cost."""
    return int(price["unit_amount"]) * quantity


def _take_lookup_key(world: World, params: Params, own: Object | None = None) -> None:
    key = params.get("lookup_key")
    holder = next((one for one in world.store.all("price") if key and one["lookup_key"] == key), None)
    if holder is None or holder is own:
        return
    if not params.get("transfer_lookup_key"):
        raise invalid(
            f"A price (`{holder['id']}`) already uses that lookup key.", "lookup_key", "resource_already_exists"
        )
    with world.changing(holder):
        holder["lookup_key"] = None


def _recurring(asked: Params | None) -> Object | None:
    if not asked:
        return None
    return {
        "interval": asked["interval"],
        "interval_count": asked.get("interval_count", 1),
        "meter": None,
        "trial_period_days": asked.get("trial_period_days"),
        "usage_type": asked.get("usage_type", "licensed"),
    }
