"""Subscriptions: what a change costs, the change, its end and going on after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from billing.jobs.errands.outcomes import Impossible, Outcome, key, subject
from billing.models import ENDED_STATES, Errand, Subscription
from billing.providers.base import PaymentProvider, SubscriptionSeen


def preview(errand: Errand, provider: PaymentProvider) -> Outcome:
    """What changing to a price costs now, line by line."""
    seen = _alive(errand, provider)
    found = provider.preview_change(seen.id, item_id=seen.item_id, price_id=errand.arguments["price"])
    lines = [{"description": line.description, "amount": line.money.amount} for line in found.lines]
    due = found.due
    return Outcome({"due": due.amount, "currency": due.currency, "lines": lines, "at": found.at.isoformat()})


def change(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Change to the price whose cost was shown, reckoned at the same moment. What is so already is not asked again."""
    seen = _alive(errand, provider)
    price = errand.arguments["price"]
    if seen.price_id != price:
        at = datetime.fromisoformat(errand.arguments["at"])
        provider.change_plan(seen.id, item_id=seen.item_id, price_id=price, at=at, key=key(errand))
    return Outcome(about=("subscription", seen.id))


def cancel(errand: Errand, provider: PaymentProvider) -> Outcome:
    """End with the period."""
    return _set_cancelling(errand, provider, True)


def resume(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Go on after all."""
    return _set_cancelling(errand, provider, False)


def _set_cancelling(errand: Errand, provider: PaymentProvider, cancelling: bool) -> Outcome:
    seen = _alive(errand, provider)
    if seen.cancel_at_period_end != cancelling:
        provider.set_cancelling(seen.id, cancelling, key=key(errand))
    return Outcome(about=("subscription", seen.id))


def end(errand: Errand, provider: PaymentProvider) -> Outcome:
    """End now; what has ended already is only read again."""
    identifier = _known(errand, provider)
    provider.end_subscription(identifier, key=key(errand))
    return Outcome(about=("subscription", identifier))


def _alive(errand: Errand, provider: PaymentProvider) -> SubscriptionSeen:
    """The subscription as it stands there. Raises Impossible when it has ended."""
    seen = provider.subscription(_known(errand, provider))
    if seen.status in ENDED_STATES:
        raise Impossible(_("This subscription has ended: choose a plan."))
    return seen


@transaction.atomic
def _known(errand: Errand, provider: PaymentProvider) -> str:
    """The subscription's id there. Raises Impossible for one of another mode."""
    row = Subscription.objects.of(errand.organization).get(pk=subject(errand))
    if row.livemode != provider.livemode:
        raise Impossible(_("Payments have been set up anew: start again."))
    return row.provider_id
