"""Payment methods: saved cards."""

from tests.fakes.stripe import cards, products, slow_payments
from tests.fakes.stripe.errors import invalid, missing
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World


def create(world: World, params: Params) -> Object:
    """A card from a token or a test number, nobody's yet."""
    if params.get("type", "card") != "card":
        raise invalid("The sandbox has cards only.", "type")
    asked = params.get("card") or {}
    card = cards.of_token(str(asked.get("token") or asked.get("number") or ""))
    if card is None:
        raise invalid("Your card number is incorrect.", "card[number]", "incorrect_number", 402)
    method = make(world, card)
    products.change(method, params, ("metadata",))
    method["billing_details"] |= params.get("billing_details") or {}
    return method


def make(world: World, card: cards.Card) -> Object:
    """A new payment method of that card."""
    none: Object = dict.fromkeys(("address", "email", "name", "phone", "tax_id"))
    checks = {"address_line1_check": None, "address_postal_code_check": None, "cvc_check": "pass"}
    return world.new(
        "payment_method",
        "pm_",
        allow_redisplay="unspecified",
        billing_details=none,
        card={
            "brand": card.brand,
            "checks": checks,
            "country": "FR",
            "display_brand": card.brand,
            "exp_month": 12,
            "exp_year": 2034,
            "fingerprint": f"sandbox{card.last4}{card.brand}",
            "funding": "credit",
            "generated_from": None,
            "last4": card.last4,
            "networks": {"available": [card.brand], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        customer=None,
        type="card",
        _behaviour=card.behaviour,
        _set_up=False,
    )


def named(world: World, identifier: str, param: str = "payment_method") -> Object:
    """The payment method with that id; a test token such as pm_card_visa is a new one each time."""
    if identifier in slow_payments.TOKENS:
        return slow_payments.make(world, identifier)
    card = cards.of_token(identifier) if identifier.startswith("pm_card_") else None
    if card:
        return make(world, card)
    found = world.store.find(identifier, "payment_method")
    if found is None:
        raise missing("PaymentMethod", identifier, param, status=404 if param == "id" else 400)
    return found


def attach(world: World, params: Params, identifier: str) -> Object:
    """Save it with a customer. Raises Refused (402) for a card that its bank refuses."""
    method = named(world, identifier, "id")
    customer = world.get("customer", params["customer"], "customer")
    if method["customer"] not in {None, customer["id"]}:
        raise invalid("The payment method you provided has already been attached to a customer.")
    if method.get("_detached"):
        raise invalid(
            "This PaymentMethod was previously used without being attached to a Customer or was detached from a "
            "Customer, and may not be used again."
        )
    verdict = cards.saved(method["_behaviour"])
    if not verdict.paid:
        raise verdict.refusal()
    keep(world, method, customer["id"])
    return method


def keep(world: World, method: Object, customer: str) -> None:
    """It is that customer's from now on."""
    if method["customer"] != customer:
        method["customer"] = customer
        world.emit("payment_method.attached", method)


def detach(world: World, _params: Params, identifier: str) -> Object:
    """Forget it; it can never be attached again."""
    method = world.get("payment_method", identifier)
    if method["customer"] is None:
        raise invalid("The payment method you provided is not attached to a customer so detachment is impossible.")
    owner = world.get("customer", method["customer"])
    _forget(world, owner, identifier)
    was = {"customer": method["customer"]}
    method |= {"customer": None, "_detached": True}
    world.emit("payment_method.detached", method, was)
    return method


def update(world: World, params: Params, identifier: str) -> Object:
    """Another expiry date or other metadata."""
    method = world.get("payment_method", identifier)
    with world.changing(method):
        products.change(method, params, ("metadata", "allow_redisplay"))
        method["billing_details"] |= params.get("billing_details") or {}
        method["card"] |= params.get("card") or {}
    return method


def asks(method: Object) -> bool:
    """Whether its bank asks its owner when it is charged now."""
    return cards.charged(method["_behaviour"], off_session=False, set_up=method["_set_up"]).asks


def renew(world: World, method: Object) -> Object:
    """The bank sent a new card: the network tells Stripe, and the saved one goes on."""
    with world.changing(method, "automatically_updated"):
        method["card"] = method["card"] | {"exp_year": method["card"]["exp_year"] + 4}
    return method


def _forget(world: World, owner: Object, identifier: str) -> None:
    with world.changing(owner):
        if owner["invoice_settings"]["default_payment_method"] == identifier:
            owner["invoice_settings"]["default_payment_method"] = None
    for subscription in world.store.all("subscription"):
        if subscription["default_payment_method"] == identifier:
            with world.changing(subscription):
                subscription["default_payment_method"] = None
