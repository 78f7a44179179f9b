"""The addresses of the API: method, path, the parameters that the SDK declares, and who answers."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from tests.fakes.stripe import (
    checkout,
    customers,
    disputes,
    invoices,
    movable_clocks,
    paging,
    payment_intents,
    payment_methods,
    portal,
    prices,
    products,
    refunds,
    setup_intents,
    subscription_changes,
    subscription_states,
    subscriptions,
    webhook_endpoints,
)  # fmt: skip
from tests.fakes.stripe.forms import Params
from tests.fakes.stripe.rendering import listed
from tests.fakes.stripe.store import Object
from tests.fakes.stripe.world import World

Answer = Callable[..., Object]


@dataclass(frozen=True)
class Route:
    """One call of the API. `{id}` in a path stands for an object's id."""

    method: str
    path: str
    answer: Answer
    declared: str = ""

    @property
    def pattern(self) -> re.Pattern[str]:
        """The path as an expression with a group per id."""
        return re.compile("/v1/" + re.sub(r"\{\w+\}", "([^/]+)", self.path))


def _retrieve(kind: str) -> Answer:
    def answer(world: World, _params: Params, identifier: str) -> Object:
        return world.get(kind, identifier)

    return answer


def _list(kind: str, path: str, fits: Callable[[Object, Params], bool] = paging.equal) -> Answer:
    def answer(world: World, params: Params) -> Object:
        return paging.page(world, kind, params, f"/v1/{path}", fits)

    return answer


def _prices(one: Object, params: Params) -> bool:
    keys, recurring = params.get("lookup_keys"), params.get("recurring") or {}
    plain = {name: value for name, value in params.items() if name not in {"lookup_keys", "recurring"}}
    if keys and one["lookup_key"] not in keys:
        return False
    return paging.equal(one, plain) and all((one["recurring"] or {}).get(n) == value for n, value in recurring.items())


def _products(one: Object, params: Params) -> bool:
    plain = {name: value for name, value in params.items() if name != "ids"}
    return paging.equal(one, plain) and ("ids" not in params or one["id"] in params["ids"])


def _subscriptions(one: Object, params: Params) -> bool:
    status = params.get("status")
    plain: Params = {name: params[name] for name in ("customer", "collection_method") if name in params}
    if params.get("price") and params["price"] not in {item["price"]["id"] for item in one["items"]["data"]}:
        return False
    wanted = {None: one["status"] not in subscription_states.OVER, "all": True}
    wanted["ended"] = one["status"] in subscription_states.OVER
    return paging.equal(one, plain) and wanted.get(status, one["status"] == status)


def _invoices(one: Object, params: Params) -> bool:
    plain: Params = {name: params[name] for name in ("customer", "status", "collection_method") if name in params}
    details = (one["parent"] or {}).get("subscription_details") or {}
    return paging.equal(one, plain) and params.get("subscription") in {None, details.get("subscription")}


def _invoice_payments(one: Object, params: Params) -> bool:
    intent = (params.get("payment") or {}).get("payment_intent")
    plain = {name: value for name, value in params.items() if name != "payment"}
    return paging.equal(one, plain) and intent in {None, one["payment"]["payment_intent"]}


def _sessions(one: Object, params: Params) -> bool:
    plain = {name: value for name, value in params.items() if name != "customer_details"}
    email = (params.get("customer_details") or {}).get("email")
    return paging.equal(one, plain) and email in {None, (one["customer_details"] or {}).get("email")}


def _items_waiting(one: Object, params: Params) -> bool:
    plain = {name: value for name, value in params.items() if name != "pending"}
    return paging.equal(one, plain) and ("pending" not in params or params["pending"] == (one["invoice"] is None))


def events(world: World, params: Params) -> Object:
    """The event log, by type and by whether every endpoint has it."""
    types = params.get("types") or ([params["type"]] if "type" in params else None)
    succeeded = params.get("delivery_success")

    def fits(one: Object, _params: Params) -> bool:
        if types is not None and one["type"] not in types:
            return False
        return succeeded is None or world.delivery.succeeded(one["id"]) == succeeded

    return paging.page(world, "event", params, "/v1/events", fits)


def _cards(world: World, params: Params, customer: str) -> Object:
    world.get("customer", customer)
    plain = {name: value for name, value in params.items() if name in paging.PAGING or name == "type"}
    address = f"/v1/customers/{customer}/payment_methods"
    return paging.page(world, "payment_method", plain | {"customer": customer}, address, paging.equal)


def _lines(world: World, _params: Params, identifier: str) -> Object:
    found: Object = world.get("invoice", identifier)["lines"]
    return found


def _refunds_of(world: World, _params: Params, charge: str) -> Object:
    found = [one for one in world.store.newest("refund") if one["charge"] == charge]
    return listed(found, f"/v1/charges/{charge}/refunds")


def _of(kind: str, path: str, name: str, **fits: Any) -> list[Route]:
    """The two calls that every kind has: retrieve and list."""
    folder, _, plain = name.rpartition(".")
    prefix = f"{folder}." if folder else ""
    return [
        Route("GET", f"{path}/{{id}}", _retrieve(kind), f"{prefix}{plain}RetrieveParams"),
        Route("GET", path, _list(kind, path, **fits), f"{prefix}{plain}ListParams"),
    ]


_post = partial(Route, "POST")
_delete = partial(Route, "DELETE")

ROUTES = [
    _post("products", products.create, "ProductCreateParams"),
    _post("products/{id}", products.update, "ProductUpdateParams"),
    _delete("products/{id}", products.delete),
    *_of("product", "products", "Product", fits=_products),
    _post("prices", prices.create, "PriceCreateParams"),
    _post("prices/{id}", prices.update, "PriceUpdateParams"),
    *_of("price", "prices", "Price", fits=_prices),
    _post("customers", customers.create, "CustomerCreateParams"),
    _post("customers/{id}", customers.update, "CustomerUpdateParams"),
    _delete("customers/{id}", customers.delete),
    Route("GET", "customers/{id}", customers.retrieve, "CustomerRetrieveParams"),
    Route("GET", "customers/{id}/payment_methods", _cards, "CustomerPaymentMethodListParams"),
    Route("GET", "customers/{id}/payment_methods/{card}", customers.card, "CustomerPaymentMethodRetrieveParams"),
    *_of("customer", "customers", "Customer"),
    _post("payment_methods", payment_methods.create, "PaymentMethodCreateParams"),
    _post("payment_methods/{id}", payment_methods.update, "PaymentMethodUpdateParams"),
    _post("payment_methods/{id}/attach", payment_methods.attach, "PaymentMethodAttachParams"),
    _post("payment_methods/{id}/detach", payment_methods.detach, "PaymentMethodDetachParams"),
    *_of("payment_method", "payment_methods", "PaymentMethod"),
    _post("setup_intents", setup_intents.create, "SetupIntentCreateParams"),
    _post("setup_intents/{id}/confirm", setup_intents.confirm, "SetupIntentConfirmParams"),
    _post("setup_intents/{id}/cancel", setup_intents.cancel, "SetupIntentCancelParams"),
    *_of("setup_intent", "setup_intents", "SetupIntent"),
    _post("checkout/sessions", checkout.create, "checkout.SessionCreateParams"),
    _post("checkout/sessions/{id}", checkout.update, "checkout.SessionUpdateParams"),
    _post("checkout/sessions/{id}/expire", checkout.expire, "checkout.SessionExpireParams"),
    Route("GET", "checkout/sessions/{id}/line_items", checkout.line_items, "checkout.SessionLineItemListParams"),
    *_of("checkout.session", "checkout/sessions", "checkout.Session", fits=_sessions),
    _post("billing_portal/sessions", portal.create, "billing_portal.SessionCreateParams"),
    _post("subscriptions", subscriptions.create, "SubscriptionCreateParams"),
    _post("subscriptions/{id}", subscription_changes.update, "SubscriptionUpdateParams"),
    _post("subscriptions/{id}/resume", subscriptions.resume, "SubscriptionResumeParams"),
    _delete("subscriptions/{id}", subscriptions.cancel, "SubscriptionCancelParams"),
    *_of("subscription", "subscriptions", "Subscription", fits=_subscriptions),
    _post("invoices/create_preview", subscription_changes.preview, "InvoiceCreatePreviewParams"),
    _post("invoices", invoices.create, "InvoiceCreateParams"),
    _post("invoices/{id}", invoices.update, "InvoiceUpdateParams"),
    _post("invoices/{id}/finalize", invoices.finalize, "InvoiceFinalizeInvoiceParams"),
    _post("invoices/{id}/pay", invoices.pay, "InvoicePayParams"),
    _post("invoices/{id}/void", invoices.void, "InvoiceVoidInvoiceParams"),
    _post("invoices/{id}/mark_uncollectible", invoices.mark_uncollectible, "InvoiceMarkUncollectibleParams"),
    Route("GET", "invoices/{id}/lines", _lines, "InvoiceLineItemListParams"),
    *_of("invoice", "invoices", "Invoice", fits=_invoices),
    *_of("invoice_payment", "invoice_payments", "InvoicePayment", fits=_invoice_payments),
    _post("invoiceitems", invoices.create_item, "InvoiceItemCreateParams"),
    *_of("invoiceitem", "invoiceitems", "InvoiceItem", fits=_items_waiting),
    _post("payment_intents", payment_intents.create, "PaymentIntentCreateParams"),
    _post("payment_intents/{id}", payment_intents.update, "PaymentIntentUpdateParams"),
    _post("payment_intents/{id}/confirm", payment_intents.confirm, "PaymentIntentConfirmParams"),
    _post("payment_intents/{id}/cancel", payment_intents.cancel, "PaymentIntentCancelParams"),
    *_of("payment_intent", "payment_intents", "PaymentIntent"),
    *_of("charge", "charges", "Charge"),
    Route("GET", "charges/{id}/refunds", _refunds_of, "ChargeListRefundsParams"),
    _post("refunds", refunds.create, "RefundCreateParams"),
    _post("refunds/{id}", refunds.update, "RefundUpdateParams"),
    *_of("refund", "refunds", "Refund"),
    _post("disputes/{id}", disputes.update, "DisputeUpdateParams"),
    _post("disputes/{id}/close", disputes.close, "DisputeCloseParams"),
    *_of("dispute", "disputes", "Dispute"),
    Route("GET", "events", events, "EventListParams"),
    Route("GET", "events/{id}", _retrieve("event"), "EventRetrieveParams"),
    *_of("balance_transaction", "balance_transactions", "BalanceTransaction"),
    _post("webhook_endpoints", webhook_endpoints.create, "WebhookEndpointCreateParams"),
    _post("webhook_endpoints/{id}", webhook_endpoints.update, "WebhookEndpointUpdateParams"),
    _delete("webhook_endpoints/{id}", webhook_endpoints.delete),
    *_of("webhook_endpoint", "webhook_endpoints", "WebhookEndpoint"),
    _post("test_helpers/test_clocks", movable_clocks.create, "test_helpers.TestClockCreateParams"),
    _post("test_helpers/test_clocks/{id}/advance", movable_clocks.advance, "test_helpers.TestClockAdvanceParams"),
    *_of("test_helpers.test_clock", "test_helpers/test_clocks", "test_helpers.TestClock"),
]
_PATTERNS = [(route, route.pattern) for route in ROUTES]


def find(method: str, path: str) -> tuple[Route, tuple[str, ...]] | None:
    """The route of a call and the ids in its path."""
    for route, pattern in _PATTERNS:
        if route.method == method and (match := pattern.fullmatch(path)):
            return route, match.groups()
    return None
