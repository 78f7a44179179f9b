"""Changing, ending and resuming the plan that is paid for."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing.actions.shopping import mirror_of, open_provider, subscription_in_force
from billing.errors import PaymentRefused
from billing.models import Errand, ErrandKind, ErrandState, Price, ProviderPrice, Subscription, SubscriptionState
from billing.transitions import errands
from organizations.models import Organization
from organizations.transitions.locking import lock

PREVIEW_HOLDS = timedelta(hours=1)
CHANGEABLE = {SubscriptionState.ACTIVE, SubscriptionState.TRIALING}


@transaction.atomic
def preview_change(*, organization: Organization, price: Price, by: User) -> Errand:
    """Ask what changing to that price costs now: the errand's result has `due`, `currency`, `lines` and `at`."""
    organization = lock(organization)
    subscription, mirror = _changeable(organization, price)
    arguments = {"price": mirror.provider_id, "price_id": str(price.pk)}
    return _offer(ErrandKind.PREVIEW, subscription, by, arguments)


@transaction.atomic
def change_plan(*, preview: Errand, by: User) -> Errand:
    """Change to the price whose cost was shown, at that cost. Raises PaymentRefused when it was shown too long ago."""
    organization = lock(preview.organization)
    shown = Errand.objects.of(organization).get(pk=preview.pk, kind=ErrandKind.PREVIEW)
    subscription, mirror = _changeable(organization, Price.objects.get(pk=shown.arguments["price_id"]))
    is_fresh = shown.state == ErrandState.DONE and shown.updated_at > timezone.now() - PREVIEW_HOLDS
    if not is_fresh or shown.subject_id != subscription.pk or shown.arguments["price"] != mirror.provider_id:
        raise PaymentRefused(_("This was reckoned too long ago. Choose the plan again to see what is due."), code="old")
    under_way = Errand.objects.of(organization).filter(kind=ErrandKind.CHANGE, state=ErrandState.WAITING)
    arguments = {"price": mirror.provider_id, "at": shown.result["at"]}
    if under_way.filter(subject_id=subscription.pk).exclude(arguments=arguments).exists():
        raise PaymentRefused(_("Another change is under way. Wait until it is done."), code="under_way")
    details = {"price": mirror.price.lookup_key, "due": shown.result["due"], "currency": shown.result["currency"]}
    audit.record("plan.change_asked", actor=by, target=subscription, organization=organization.pk, details=details)
    return _offer(ErrandKind.CHANGE, subscription, by, arguments)


@transaction.atomic
def cancel(*, organization: Organization, by: User) -> Errand:
    """End the subscription with the period that is paid."""
    subscription = _running(organization)
    if subscription.cancel_at_period_end:
        raise PaymentRefused(_("The subscription ends with its period already."), code="cancelled")
    audit.record("plan.cancel_asked", actor=by, target=subscription, organization=organization.pk)
    return _offer(ErrandKind.CANCEL, subscription, by)


@transaction.atomic
def resume(*, organization: Organization, by: User) -> Errand:
    """Go on with a subscription that was to end."""
    subscription = _running(organization)
    if not subscription.cancel_at_period_end:
        raise PaymentRefused(_("The subscription goes on as it is."), code="not_cancelled")
    audit.record("plan.resume_asked", actor=by, target=subscription, organization=organization.pk)
    return _offer(ErrandKind.RESUME, subscription, by)


def _running(organization: Organization) -> Subscription:
    organization = lock(organization)
    open_provider(organization)
    return subscription_in_force(organization)


def _changeable(organization: Organization, price: Price) -> tuple[Subscription, ProviderPrice]:
    """The subscription and the price it can be changed to. Raises PaymentRefused with the way on."""
    provider = open_provider(organization)
    subscription = subscription_in_force(organization)
    if not provider.capabilities.proration or subscription.provider != provider.name:
        raise PaymentRefused(_("Cancel this subscription and choose another plan when it ends."), code="not_offered")
    if subscription.state not in CHANGEABLE:
        raise PaymentRefused(
            _("The last payment failed. Pay it on the provider’s page, then change the plan."), code="past_due"
        )
    if subscription.cancel_at_period_end:
        raise PaymentRefused(_("The subscription is to end. Resume it first, then change the plan."), code="cancelled")
    mirror = mirror_of(price, provider)
    if price.plan_id is None:
        raise PaymentRefused(_("This is no plan. Look at the plans again."), code="not_sold")
    if price.pk == subscription.price_id:
        raise PaymentRefused(_("This is the plan you have."), code="same")
    if price.currency != subscription.price.currency:
        raise PaymentRefused(
            _("A subscription keeps its currency, %(currency)s: choose a price in it.")
            % {"currency": subscription.price.currency},
            code="currency",
        )
    return subscription, mirror


def _offer(kind: ErrandKind, subscription: Subscription, by: User, arguments: dict[str, str] | None = None) -> Errand:
    return errands.offer(
        subscription.organization,
        kind,
        provider=subscription.provider,
        subject_id=subscription.pk,
        by=by,
        arguments=arguments,
    )
