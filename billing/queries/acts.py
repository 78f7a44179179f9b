"""What billing's acts are called on screen."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from billing.models import DisputeState, ErrandKind, Interval, RefundState, SubscriptionState

PAYMENTS = {
    "purchase.open": _("opened a payment page"),
    "purchase.paid": _("paid for a purchase"),
    "purchase.failed": _("could not pay for a purchase"),
    "purchase.abandoned": _("did not complete a purchase"),
    "purchase.review": _("put a purchase aside to be checked"),
    "payment.received": _("received a payment"),
    "payment.failed": _("failed to collect a payment"),
    "payment.refunded": _("saw a refund move on"),
    "payment.disputed": _("saw a dispute move on"),
    "subscription.surplus": _("found a subscription too many"),
    "subscription.changed": _("saw a subscription change"),
    "subscription.grace_over": _("ended the grace of a missing payment"),
}
GIFTS = {
    "plan.given": _("gave a plan"),
    "plan.taken_back": _("took a given plan back"),
    "plan.gift_over": _("ended a given plan on its day"),
    "credits.given": _("gave credits"),
    "credits.taken_back": _("took given credits back"),
    "credits.adjusted": _("put the number of credits right"),
}
ORDERS = {
    "purchase.began": _("ordered something"),
    "plan.change_asked": _("asked to change the plan"),
    "plan.cancel_asked": _("asked to end the subscription"),
    "plan.resume_asked": _("asked to go on with the subscription"),
    "card.page_asked": _("asked to add a card"),
    "card.preferred": _("chose the card that pays"),
    "card.removed": _("removed a card"),
    "portal.asked": _("asked for the payment provider’s page"),
    "payment.refund_asked": _("asked to pay back"),
    "errand.failed": _("did not get it done at the payment provider"),
}
DELIVERIES = {
    "delivery.refused": _("refused a forged delivery"),
    "event.refused": _("refused an event of a payment provider"),
    "event.replayed": _("applied an event of a payment provider again"),
}
CATALOGUE = {
    "catalogue.added": _("put something new in the catalogue"),
    "catalogue.edited": _("edited the catalogue"),
    "catalogue.delays_set": _("set the delays of a service"),
    "catalogue.priced": _("set a price"),
    "catalogue.retired": _("retired a price"),
    "catalogue.synced": _("had the price list brought to a payment provider"),
}
FACTS = {
    "amount": _("amount"),
    "currency": _("currency"),
    "price": _("price"),
    "quantity": _("quantity"),
    "due": _("due"),
    "code": _("code"),
    "state": _("state"),
    "provider": _("provider"),
    "type": _("type"),
    "event": _("event"),
    "why": _("reason"),
    "subscription": _("subscription"),
    "interval": _("interval"),
    "cancelled": _("to end with the period"),
    "until": _("until"),
    "reason": _("reason"),
}
VALUES: dict[str, Any] = {
    "state": dict(RefundState.choices) | dict(DisputeState.choices) | dict(SubscriptionState.choices),
    "interval": dict(Interval.choices),
    "kind": dict(ErrandKind.choices),
}
