"""Customers: who pays."""

from tests.fakes.stripe import payment_methods, products
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

FIELDS = ("address", "balance", "description", "email", "metadata", "name", "phone", "preferred_locales", "shipping")


def create(world: World, params: Params) -> Object:
    """A customer, with a first card if one is named."""
    blank: Object = dict.fromkeys(("address", "currency", "default_source", "description", "discount", "email"))
    blank |= dict.fromkeys(("name", "phone", "shipping", "test_clock"))
    settings: Object = dict.fromkeys(("custom_fields", "default_payment_method", "footer", "rendering_options"))
    customer = world.new("customer", "cus_", **blank, invoice_settings=settings)
    customer |= {"balance": 0, "delinquent": False, "next_invoice_sequence": 1, "tax_exempt": "none"}
    customer |= {"invoice_prefix": world.store.identifier("", 8).upper(), "preferred_locales": []}
    if params.get("test_clock"):
        customer["test_clock"] = world.get("test_helpers.test_clock", params["test_clock"], "test_clock")["id"]
    products.change(customer, params, FIELDS)
    world.emit("customer.created", customer)
    if params.get("payment_method"):
        payment_methods.attach(world, {"customer": customer["id"]}, params["payment_method"])
    if params.get("invoice_settings"):
        update(world, {"invoice_settings": params["invoice_settings"]}, customer["id"])
    return customer


def update(world: World, params: Params, identifier: str) -> Object:
    """Change a customer; the default card must be theirs."""
    customer = world.get("customer", identifier)
    settings = params.get("invoice_settings") or {}
    default = settings.get("default_payment_method")
    if default:
        default = payment_methods.named(world, default, "invoice_settings[default_payment_method]")["id"]
        if world.get("payment_method", default)["customer"] != identifier:
            raise invalid(
                "The customer does not have a payment method with the ID " + default + ". "
                "The payment method must be attached to the customer.",
                "invoice_settings[default_payment_method]",
                "resource_missing",
            )
    with world.changing(customer):
        products.change(customer, params, FIELDS)
        if "default_payment_method" in settings:
            customer["invoice_settings"]["default_payment_method"] = default or None
    return customer


def delete(world: World, _params: Params, identifier: str) -> Object:
    """Remove them, and end what they pay for at once."""
    from tests.fakes.stripe import subscription_states

    customer = world.get("customer", identifier)
    for subscription in world.store.all("subscription"):
        if subscription["customer"] == identifier and subscription["status"] not in subscription_states.OVER:
            subscription_states.end(world, subscription, "cancellation_requested")
    world.emit("customer.deleted", customer)
    customer["deleted"] = True
    return {"id": identifier, "object": "customer", "deleted": True}


def retrieve(world: World, _params: Params, identifier: str) -> Object:
    """The customer; of one who was removed only that."""
    customer = world.store.find(identifier, "customer")
    if customer and customer.get("deleted"):
        return {"id": identifier, "object": "customer", "deleted": True}
    return world.get("customer", identifier)


def cards(world: World, customer: str) -> Object:
    """Their cards, newest first."""
    world.get("customer", customer)
    found = [one for one in world.store.newest("payment_method") if one["customer"] == customer]
    return listed(found, f"/v1/customers/{customer}/payment_methods")


def card(world: World, _params: Params, customer: str, identifier: str) -> Object:
    """One of their cards."""
    found = world.get("payment_method", identifier)
    if found["customer"] != customer:
        raise invalid(f"No such PaymentMethod: '{identifier}'", "payment_method", "resource_missing", 404)
    return found
