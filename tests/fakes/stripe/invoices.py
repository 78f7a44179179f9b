"""Invoices: drafts, finalized, paid or not. Ours is the legal one; this is how Stripe asks for the money."""

from tests.fakes.stripe import invoice_lines, payment_intents, payment_methods, products, subscription_states
from tests.fakes.stripe.calendar import DAY
from tests.fakes.stripe.cards import Verdict
from tests.fakes.stripe.errors import invalid
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object, shown
from tests.fakes.stripe.world import World

NO_CARD = Verdict("resource_missing", None, "This customer has no attached payment source or default payment method.")
BLANK = (
    "application", "automatically_finalizes_at", "custom_fields", "customer_address", "customer_phone",
    "customer_shipping", "default_payment_method", "default_source", "description", "due_date", "effective_at",
    "ending_balance", "footer", "from_invoice", "hosted_invoice_url", "invoice_pdf", "last_finalization_error",
    "latest_revision", "next_payment_attempt", "number", "on_behalf_of", "receipt_number", "rendering",
    "shipping_cost", "shipping_details", "statement_descriptor", "test_clock", "threshold_reason",
    "webhooks_delivered_at",
)  # fmt: skip


def create(world: World, params: Params) -> Object:
    """A draft of what a customer owes and was not invoiced yet."""
    customer = world.get("customer", params["customer"], "customer")
    pending = [] if params.get("pending_invoice_items_behavior") == "exclude" else waiting(world, customer["id"])
    currency = params.get("currency") or (pending[0]["currency"] if pending else customer["currency"] or "eur")
    invoice = draft(world, customer, currency, pending, reason="manual")
    products.change(invoice, params, ("metadata", "description", "footer", "default_payment_method", "auto_advance"))
    return invoice


def draft(
    world: World,
    customer: Object,
    currency: str,
    lines: list[Object],
    *,
    reason: str,
    subscription: Object | None = None,
    period: tuple[int, int] | None = None,
) -> Object:
    """A new invoice, still a draft; `period` defaults to this second."""
    invoice = described(world, customer, currency, lines, reason=reason, subscription=subscription, period=period)
    world.store.add(invoice)
    for item in world.store.all("invoiceitem"):
        if item["_line"] in lines:
            item["invoice"] = invoice["id"]
    world.emit("invoice.created", invoice)
    return invoice


def described(
    world: World,
    customer: Object,
    currency: str,
    lines: list[Object],
    *,
    reason: str,
    subscription: Object | None = None,
    period: tuple[int, int] | None = None,
) -> Object:
    """The same without keeping it: what a preview shows."""
    identifier, total = world.store.identifier("in_"), sum(line["amount"] for line in lines)
    start, end = period or (world.now, world.now)
    invoice: Object = {"id": identifier, "object": "invoice", "created": world.now, **dict.fromkeys(BLANK)}
    kept = [line | {"invoice": identifier} for line in lines]
    details = subscription and {"metadata": dict(subscription["metadata"]), "subscription": subscription["id"]}
    invoice |= {
        "account_country": "FR",
        "account_name": world.rules.account_name,
        "amount_overpaid": 0,
        "amount_paid": 0,
        "amount_shipping": 0,
        "attempt_count": 0,
        "attempted": False,
        "auto_advance": True,
        "automatic_tax": {"disabled_reason": None, "enabled": False, "liability": None, "status": None},
        "billing_reason": reason,
        "collection_method": "charge_automatically",
        "currency": currency,
        "customer": customer["id"],
        "customer_email": customer["email"],
        "customer_name": customer["name"],
        "customer_tax_exempt": "none",
        "customer_tax_ids": [],
        "default_tax_rates": [],
        "discounts": [],
        "issuer": {"type": "self"},
        "lines": listed(kept, f"/v1/invoices/{identifier}/lines") | {"total_count": len(kept)},
        "livemode": world.rules.livemode,
        "metadata": {},
        "parent": details and {"quote_details": None, "subscription_details": details, "type": "subscription_details"},
        "payment_settings": {"default_mandate": None, "payment_method_options": None, "payment_method_types": None},
        "period_end": end,
        "period_start": start,
        "post_payment_credit_notes_amount": 0,
        "pre_payment_credit_notes_amount": 0,
        "starting_balance": customer["balance"],
        "status": "draft",
        "status_transitions": dict.fromkeys(("finalized_at", "marked_uncollectible_at", "paid_at", "voided_at")),
        "subtotal": total,
        "subtotal_excluding_tax": total,
        "total": total,
        "total_discount_amounts": [],
        "total_excluding_tax": total,
        "total_pretax_credit_amounts": [],
        "total_taxes": [],
    }
    _due(invoice, customer["balance"])
    return invoice


def _due(invoice: Object, balance: int) -> None:
    """What is to be paid once the customer's credit (a balance below 0) is used, and the balance then."""
    after = balance + invoice["total"]
    invoice |= {"amount_due": max(after, 0), "amount_remaining": max(after, 0), "ending_balance": min(after, 0)}


def waiting(world: World, customer: str, subscription: str | None = None) -> list[Object]:
    """Lines that the customer's next invoice takes along."""
    items = [one for one in world.store.all("invoiceitem") if one["customer"] == customer and not one["invoice"]]
    return [one["_line"] for one in items if not subscription or one["_subscription"] in {None, subscription}]


def keep_waiting(world: World, customer: Object, line: Object, subscription: Object | None = None) -> Object:
    """A line for the customer's next invoice."""
    details = line["parent"] and line["parent"]["subscription_item_details"]
    item = world.new(
        "invoiceitem",
        "ii_",
        amount=line["amount"],
        currency=line["currency"],
        customer=customer["id"],
        date=world.now,
        description=line["description"],
        invoice=None,
        parent=subscription
        and {"subscription_details": {"subscription": subscription["id"]}, "type": "subscription_details"},
        period=line["period"],
        pricing=line["pricing"],
        proration=bool(details and details["proration"]),
        quantity=line["quantity"],
        _line=line,
        _subscription=subscription and subscription["id"],
    )
    if details:
        details["invoice_item"] = item["id"]
    world.emit("invoiceitem.created", item)
    return item


def create_item(world: World, params: Params) -> Object:
    """Something for a customer's next invoice: a price, so many times."""
    customer = world.get("customer", params["customer"], "customer")
    price = world.get("price", (params.get("pricing") or {}).get("price"), "pricing[price]")
    return keep_waiting(world, customer, invoice_lines.of_price(world, price, params.get("quantity", 1)))


def finalize(world: World, params: Params, identifier: str) -> Object:
    """Give a draft its number and ask for its payment; what costs nothing is paid."""
    invoice = world.get("invoice", identifier)
    if invoice["status"] != "draft":
        raise invalid("This invoice is already finalized, you can't re-finalize a non-draft invoice.")
    if "auto_advance" in params:
        invoice["auto_advance"] = params["auto_advance"]
    customer = world.get("customer", invoice["customer"])
    _due(invoice, customer["balance"])
    invoice["starting_balance"] = customer["balance"]
    invoice["number"] = f"{customer['invoice_prefix']}-{customer['next_invoice_sequence']:04d}"
    customer["next_invoice_sequence"] += 1
    with world.changing(customer):
        customer |= {"currency": invoice["currency"], "balance": invoice["ending_balance"]}
    page = f"{world.url}/i/{invoice['id']}"
    invoice |= {"status": "open", "hosted_invoice_url": page, "effective_at": world.now}
    invoice |= {"automatically_finalizes_at": None}
    invoice["status_transitions"]["finalized_at"] = world.now
    if invoice["amount_due"]:
        _ask(world, invoice)
    world.emit("invoice.finalized", invoice)
    if not invoice["amount_due"]:
        settle(world, invoice)
    return invoice


def _ask(world: World, invoice: Object) -> None:
    intent = payment_intents.make(world, invoice["amount_due"], invoice["currency"], invoice["customer"])
    details = invoice["parent"]
    intent |= {
        "_invoice": invoice["id"],
        "setup_future_usage": "off_session" if details else None,
        "description": "Subscription update" if invoice["billing_reason"] == "subscription_update" else "Invoice",
    }
    world.emit("payment_intent.created", intent)
    payment = world.new(
        "invoice_payment",
        "inpay_",
        amount_paid=None,
        amount_requested=invoice["amount_due"],
        currency=invoice["currency"],
        invoice=invoice["id"],
        is_default=True,
        payment={"payment_intent": intent["id"], "type": "payment_intent"},
        status="open",
        status_transitions={"canceled_at": None, "paid_at": None},
    )
    del payment["metadata"]


def payment_of(world: World, invoice: Object) -> Object | None:
    """The open or paid payment of an invoice."""
    return next((one for one in world.store.newest("invoice_payment") if one["invoice"] == invoice["id"]), None)


def collect(world: World, invoice: Object, method: Object | None = None, confirmed: bool | None = None) -> Verdict:
    """Charge the card for an open invoice, and let the subscription know what came of it."""
    payment = payment_of(world, invoice)
    if payment is None:
        raise invalid("Invoice is already paid")
    intent = world.get("payment_intent", payment["payment"]["payment_intent"])
    method = method or card_for(world, invoice)
    verdict = NO_CARD
    invoice |= {"attempted": True, "attempt_count": invoice["attempt_count"] + 1, "next_payment_attempt": None}
    if method:
        verdict = payment_intents.attempt(world, intent, method, off_session=confirmed is None, confirmed=confirmed)
    if verdict.paid:
        settle(world, invoice)
        return verdict
    if verdict.asks:
        world.emit("invoice.payment_action_required", invoice)
    _plan_retry(world, invoice)
    world.emit("invoice.payment_failed", invoice)
    subscription_states.failed(world, invoice)
    return verdict


def _plan_retry(world: World, invoice: Object) -> None:
    tries = invoice["attempt_count"] - 1
    repeated = invoice["billing_reason"] in {"subscription_cycle", "subscription_update"} and invoice["auto_advance"]
    if repeated and tries < len(world.rules.retry_days):
        invoice["next_payment_attempt"] = world.now + world.rules.retry_days[tries] * DAY
        world.agenda.add(invoice["next_payment_attempt"], "invoice.retry", invoice["id"])


def card_for(world: World, invoice: Object) -> Object | None:
    """The card that is charged: the invoice's, the subscription's, the customer's default."""
    subscription = subscription_states.of_invoice(world, invoice)
    customer = world.get("customer", invoice["customer"])
    named = (
        invoice["default_payment_method"]
        or (subscription and subscription["default_payment_method"])
        or customer["invoice_settings"]["default_payment_method"]
    )
    return world.store.find(named, "payment_method")


def settle(world: World, invoice: Object) -> None:
    """It is paid."""
    if invoice["status"] == "paid":
        return
    payment = payment_of(world, invoice)
    if payment and payment["status"] == "open":
        payment |= {"status": "paid", "amount_paid": invoice["amount_due"]}
        payment["status_transitions"]["paid_at"] = world.now
        world.emit("invoice_payment.paid", payment)
    invoice |= {"status": "paid", "attempted": True, "amount_paid": invoice["amount_due"], "amount_remaining": 0}
    invoice["next_payment_attempt"] = None
    invoice["status_transitions"]["paid_at"] = world.now
    world.emit("invoice.paid", invoice)
    world.emit("invoice.payment_succeeded", invoice)
    subscription_states.paid(world, invoice)


def pay(world: World, params: Params, identifier: str) -> Object:
    """Pay it now. Raises Refused (402) when the bank refuses."""
    invoice = world.get("invoice", identifier)
    if invoice["status"] == "draft":
        finalize(world, {}, identifier)
    if invoice["status"] not in {"open", "uncollectible"}:
        if invoice["status"] == "paid" and not invoice["amount_due"]:
            return invoice
        raise invalid(f"Invoice is already {invoice['status']}", code="invoice_not_editable")
    if params.get("paid_out_of_band"):
        _call_off(world, invoice)
        settle(world, invoice)
        return invoice
    named = params.get("payment_method")
    method = payment_methods.named(world, named) if named else None
    verdict = collect(world, invoice, method)
    if not verdict.paid:
        payment = payment_of(world, invoice)
        intent = payment and world.store.find(payment["payment"]["payment_intent"])
        raise verdict.refusal(payment_intent=shown(intent))
    return invoice


def void(world: World, _params: Params, identifier: str) -> Object:
    """It is not owed any more."""
    invoice = world.get("invoice", identifier)
    if invoice["status"] not in {"open", "uncollectible"}:
        raise invalid("You can only void open or uncollectible invoices.", code="invoice_not_editable")
    _call_off(world, invoice)
    invoice |= {"status": "void", "next_payment_attempt": None, "amount_remaining": 0}
    invoice["status_transitions"]["voided_at"] = world.now
    world.emit("invoice.voided", invoice)
    return invoice


def mark_uncollectible(world: World, _params: Params, identifier: str) -> Object:
    """Nobody expects it to be paid."""
    invoice = world.get("invoice", identifier)
    if invoice["status"] != "open":
        raise invalid("You can only mark an open invoice as uncollectible.", code="invoice_not_editable")
    invoice["status"] = "uncollectible"
    invoice["status_transitions"]["marked_uncollectible_at"] = world.now
    world.emit("invoice.marked_uncollectible", invoice)
    return invoice


def update(world: World, params: Params, identifier: str) -> Object:
    """Other metadata, description or card."""
    invoice = world.get("invoice", identifier)
    with world.changing(invoice):
        products.change(invoice, params, ("metadata", "description", "default_payment_method", "auto_advance"))
    return invoice


def _call_off(world: World, invoice: Object) -> None:
    payment = payment_of(world, invoice)
    if payment is None:
        return
    payment["status"] = "canceled"
    payment["status_transitions"]["canceled_at"] = world.now
    intent = world.get("payment_intent", payment["payment"]["payment_intent"])
    if intent["status"] in payment_intents.CONFIRMABLE:
        payment_intents.cancel(world, {"cancellation_reason": "void_invoice"}, intent["id"])
