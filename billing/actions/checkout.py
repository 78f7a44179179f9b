"""Buying a plan or credits: the purchase, whose page a worker has the provider open."""

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing.actions.shopping import mirror_of, open_provider
from billing.errors import PaymentRefused
from billing.models import ErrandKind, Price, Purchase, PurchaseState, Subscription
from billing.queries.access import subscription_of
from billing.transitions import errands, looking
from organizations.models import Organization
from organizations.transitions.locking import lock

MOST_AT_ONCE = 100  # packs in one purchase
MOST_OPEN = 10  # pages of an organization that wait for a payment
WAITING = [PurchaseState.PREPARING, PurchaseState.OPEN]


@transaction.atomic
def start_checkout(*, organization: Organization, price: Price, by: User, quantity: int = 1) -> Purchase:
    """Order something at a price of today. Ordered again while it waits for its payment, it is the same purchase.

    Its `amount` is what is due on the page: nothing, where a trial begins. Raises PaymentRefused with the way on.
    """
    organization = lock(organization)
    provider = open_provider(organization)
    mirror = mirror_of(price, provider)
    _refuse_quantity(price, quantity)
    trial = _trial_days(organization, price) if price.plan_id else 0
    waiting = list(_waiting(organization))
    same = (price.pk, quantity, provider.livemode)
    if again := next((one for one in waiting if (one.price_id, one.quantity, one.livemode) == same), None):
        return again
    if len(waiting) >= MOST_OPEN:
        raise PaymentRefused(_("Too many purchases wait for their payment. Pay or leave one of them."), code="too_many")
    purchase = Purchase.objects.create(
        organization=organization,
        by=by,
        price=price,
        quantity=quantity,
        amount=0 if trial else price.amount * quantity,
        currency=price.currency,
        provider=provider.name,
        livemode=provider.livemode,
    )
    errands.offer(
        organization,
        ErrandKind.CHECKOUT,
        provider=provider.name,
        subject_id=purchase.pk,
        by=by,
        arguments={"price": mirror.provider_id, "trial_days": trial},
    )
    details = {"price": price.lookup_key, "quantity": quantity, "amount": purchase.amount, "currency": price.currency}
    audit.record("purchase.began", actor=by, target=purchase, organization=organization.pk, details=details)
    return purchase


@transaction.atomic
def look_again(*, purchase: Purchase) -> None:
    """Have a worker read at the provider what became of a purchase; nothing is believed of who asks."""
    if purchase.state != PurchaseState.PAID and purchase.provider_id:
        looking.look_again(purchase.organization_id, purchase.pk)


def _refuse_quantity(price: Price, quantity: int) -> None:
    if not 1 <= quantity <= (MOST_AT_ONCE if price.pack_id else 1):
        raise PaymentRefused(
            _("Between 1 and %(most)d packs can be bought at once.") % {"most": MOST_AT_ONCE}, code="quantity"
        )


def _trial_days(organization: Organization, price: Price) -> int:
    """Days without payment: of an organization's first plan alone. Raises PaymentRefused beside a running one."""
    if subscription_of(organization):
        raise PaymentRefused(_("There is a subscription already. Change its plan instead."), code="has_subscription")
    had_one = Subscription.objects.of(organization).exists()
    return 0 if had_one else price.trial_days


def _waiting(organization: Organization) -> QuerySet[Purchase]:
    """Purchases whose page is or will be open."""
    rows = Purchase.objects.of(organization).filter(state__in=WAITING)
    return rows.exclude(expires_at__lte=timezone.now())
