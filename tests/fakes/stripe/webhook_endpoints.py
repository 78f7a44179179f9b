"""Webhook endpoints: where events are sent. The shape of what one gets is that of the API version it was made with."""

from tests.fakes.stripe import products
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """An endpoint; its secret is in this answer and in no other."""
    secret = world.store.identifier("whsec_", 32)
    endpoint = make(world, params["url"], params["enabled_events"], params.get("api_version"), secret)
    products.change(endpoint, params, ("metadata", "description"))
    return endpoint | {"secret": secret}


def make(world: World, url: str, events: list[str], version: str | None, secret: str) -> Object:
    """An endpoint with a secret that was agreed on before."""
    if not url.startswith(("http://", "https://")):
        raise invalid("Not a valid URL", "url", "url_invalid")
    return world.new(
        "webhook_endpoint",
        "we_",
        api_version=version,
        application=None,
        description=None,
        enabled_events=list(events),
        status="enabled",
        url=url,
        _secret=secret,
    )


def update(world: World, params: Params, identifier: str) -> Object:
    """Another address, other events, on or off."""
    endpoint = world.get("webhook_endpoint", identifier)
    products.change(endpoint, params, ("url", "enabled_events", "metadata", "description"))
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    world.writes += 1
    return endpoint


def delete(world: World, _params: Params, identifier: str) -> Object:
    """Send nothing there any more."""
    world.store.remove(world.get("webhook_endpoint", identifier))
    return {"id": identifier, "object": "webhook_endpoint", "deleted": True}
