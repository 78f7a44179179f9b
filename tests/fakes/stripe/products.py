"""Products: what is sold."""

from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

FIELDS = (
    "name",
    "active",
    "description",
    "images",
    "metadata",
    "tax_code",
    "unit_label",
    "url",
    "statement_descriptor",
)


def create(world: World, params: Params) -> Object:
    """A product, with its default price if one is described."""
    from tests.fakes.stripe import prices

    own = params.get("id")
    if own and world.store.find(own):
        raise invalid("Product already exists.", "id", "resource_already_exists")
    blank: Object = dict.fromkeys(("default_price", "description", "package_dimensions", "shippable", "tax_details"))
    blank |= dict.fromkeys(("statement_descriptor", "tax_code", "unit_label", "url"))
    product = world.new("product", "prod_", **blank, **({"id": own} if own else {}))
    product |= {"active": True, "images": [], "marketing_features": [], "type": "service", "updated": world.now}
    product |= {name: params[name] for name in FIELDS if name in params}
    world.emit("product.created", product)
    if described := params.get("default_price_data"):
        price = prices.create(world, described | {"product": product["id"]})
        with world.changing(product):
            product["default_price"] = price["id"]
    return product


def update(world: World, params: Params, identifier: str) -> Object:
    """Change what it is called or whether it is sold."""
    product = world.get("product", identifier)
    if params.get("default_price"):
        world.get("price", params["default_price"], "default_price")
    with world.changing(product):
        change(product, params, (*FIELDS, "default_price"))
        product["updated"] = world.now
    return product


def delete(world: World, _params: Params, identifier: str) -> Object:
    """Remove it; refused while it has prices."""
    product = world.get("product", identifier)
    if any(price["product"] == identifier for price in world.store.all("price")):
        raise invalid("This product cannot be deleted because it has one or more user-created prices.")
    world.emit("product.deleted", product)
    world.store.remove(product)
    return {"id": identifier, "object": "product", "deleted": True}


def change(one: Object, params: Params, fields: tuple[str, ...]) -> None:
    """Set the fields that the call names: "" empties one, a metadata value "" removes its name."""
    for name in fields:
        if name not in params:
            continue
        if name == "metadata":
            merged = {**one["metadata"], **params[name]} if params[name] else {}
            one["metadata"] = {key: str(value) for key, value in merged.items() if value != ""}
        else:
            one[name] = None if params[name] == "" else params[name]
