"""Pages of a provider that are opened for somebody: to pay, to add a card, to see what it has."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from billing.jobs.errands import customers
from billing.jobs.errands.outcomes import Impossible, Outcome, key, subject
from billing.models import Errand, Interval, Purchase, PurchaseState
from billing.providers.base import CheckoutOrder, CheckoutSeen, NotFound, PaymentProvider
from billing.transitions import purchases


def open_checkout(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Open the page where a purchase is paid, and close those that were opened for another plan before it."""
    purchase = _purchase(errand)
    if purchase.state != PurchaseState.PREPARING:
        raise Impossible(_("This purchase is no longer open."))
    if purchase.livemode != provider.livemode:
        raise Impossible(_("Payments have been set up anew: start again."))
    _close_earlier(purchase, provider)
    back = _address("billing:purchase", errand, purchase.pk)
    seen = provider.create_checkout(
        CheckoutOrder(
            mode="payment" if purchase.price.interval == Interval.ONCE else "subscription",
            customer_id=customers.ensure(errand, provider),
            success_url=back,
            cancel_url=back,
            price_id=errand.arguments["price"],
            quantity=purchase.quantity,
            trial_days=errand.arguments["trial_days"],
            reference=str(purchase.pk),
            language=_language(),
            metadata={"organization": str(errand.organization_id), "purchase": str(purchase.pk)},
        ),
        key=key(errand),
    )
    return Outcome({"url": seen.url}, record=lambda: _opened(errand, seen))


def _close_earlier(purchase: Purchase, provider: PaymentProvider) -> None:
    """Close pages of plans that were opened before this one of a plan. Raises Impossible when one was just paid."""
    for checkout_id in _earlier(purchase) if purchase.price.plan_id else []:
        with suppress(NotFound):
            if provider.expire_checkout(checkout_id).status == "complete":
                raise Impossible(_("Another plan has just been paid: look at your plan, and change it there."))


@transaction.atomic
def _earlier(purchase: Purchase) -> list[str]:
    rows = Purchase.objects.of(purchase.organization).filter(price__plan__isnull=False, pk__lt=purchase.pk)
    still_open = rows.filter(state=PurchaseState.OPEN, provider_id__isnull=False, livemode=purchase.livemode)
    return [found for found in still_open.values_list("provider_id", flat=True) if found]


def _opened(errand: Errand, seen: CheckoutSeen) -> None:
    purchase = _purchase(errand, lock=True)
    purchase.replace(provider_id=seen.id, url=seen.url, expires_at=seen.expires_at)
    purchases.move(purchase, PurchaseState.OPEN, by=errand.by)


@transaction.atomic
def _purchase(errand: Errand, *, lock: bool = False) -> Purchase:
    rows = Purchase.objects.of(errand.organization).select_related("price__plan", "price__pack")
    return (rows.select_for_update(of=("self",)) if lock else rows).get(pk=subject(errand))


def open_card_page(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Open a page where a card is added."""
    back = _address("billing:cards", errand)
    seen = provider.create_checkout(
        CheckoutOrder(
            mode="setup",
            customer_id=customers.ensure(errand, provider),
            success_url=back,
            cancel_url=back,
            currency=errand.arguments["currency"],
            language=_language(),
            metadata={"organization": str(errand.organization_id)},
        ),
        key=key(errand),
    )
    return Outcome({"url": seen.url})


def open_portal(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Open the page where the provider shows a customer what it has of them; good for minutes."""
    customer = customers.ensure(errand, provider)
    url = provider.portal(customer, return_url=_address("billing:home", errand), language=_language())
    return Outcome({"url": url})


def _address(name: str, errand: Errand, *ids: object) -> str:
    return f"{settings.SITE_URL}{reverse(name, args=[errand.organization.slug, *ids])}"


def _language() -> str:
    return (get_language() or settings.LANGUAGE_CODE)[:2]
