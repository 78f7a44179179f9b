"""Portal sessions: a customer's own page of cards, invoices and subscriptions."""

from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

FLOWS = ("payment_method_update", "subscription_cancel", "subscription_update", "subscription_update_confirm")


def create(world: World, params: Params) -> Object:
    """A link to the customer's page; `flow_data` opens it at one place."""
    customer = world.get("customer", params.get("customer"), "customer")
    flow = params.get("flow_data") or {}
    if flow and flow["type"] not in FLOWS:
        raise invalid("Invalid flow_data[type].", "flow_data[type]")
    session = world.new(
        "billing_portal.session",
        "bps_",
        configuration="bpc_sandbox",
        customer=customer["id"],
        flow=flow or None,
        locale=params.get("locale"),
        on_behalf_of=None,
        return_url=params.get("return_url"),
    )
    del session["metadata"]
    session["url"] = f"{world.url}/p/session/{session['id']}"
    return session
