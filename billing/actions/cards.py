"""Saved cards and the provider's own page: what a person asks for, and a worker has done."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from audit import actions as audit
from billing.actions.shopping import open_provider
from billing.errors import PaymentRefused
from billing.models import Currency, Errand, ErrandKind, SavedCard
from billing.queries.access import subscription_of
from billing.transitions import errands
from organizations.models import Organization
from organizations.transitions.locking import lock


@transaction.atomic
def add_card(*, organization: Organization, by: User) -> Errand:
    """Ask for a page where a card is added; its address is the errand's result."""
    organization = lock(organization)
    provider = open_provider(organization)
    if not provider.capabilities.add_card:
        raise PaymentRefused(_("Cards are added with the next payment here."), code="not_offered")
    subscription = subscription_of(organization)
    currency = subscription.price.currency if subscription else Currency.EUR
    arguments = {"currency": str(currency)}
    audit.record("card.page_asked", actor=by, target=organization, organization=organization.pk)
    return errands.offer(organization, ErrandKind.ADD_CARD, provider=provider.name, by=by, arguments=arguments)


@transaction.atomic
def open_portal(*, organization: Organization, by: User) -> Errand:
    """Ask for the provider's own page; its address is the errand's result, good for minutes."""
    organization = lock(organization)
    provider = open_provider(organization)
    if not provider.capabilities.portal:
        raise PaymentRefused(_("This payment provider has no page of its own."), code="not_offered")
    audit.record("portal.asked", actor=by, target=organization, organization=organization.pk)
    return errands.offer(organization, ErrandKind.PORTAL, provider=provider.name, by=by)


@transaction.atomic
def set_default(*, card: SavedCard, by: User) -> Errand:
    """Pay with this card from now on."""
    card = _locked(card)
    audit.record("card.preferred", actor=by, target=card, organization=card.organization_id)
    return _offer(ErrandKind.DEFAULT_CARD, card, by)


@transaction.atomic
def remove_card(*, card: SavedCard, by: User) -> Errand:
    """Have a card forgotten; not the one that a running plan is paid with."""
    card = _locked(card)
    subscription = subscription_of(card.organization)
    if card.is_default and subscription and not subscription.cancel_at_period_end:
        raise PaymentRefused(_("Your plan is paid with this card. Choose another one for it first."), code="in_use")
    audit.record("card.removed", actor=by, target=card, organization=card.organization_id)
    return _offer(ErrandKind.REMOVE_CARD, card, by)


def _locked(card: SavedCard) -> SavedCard:
    """The card as it is now, under its organization's lock. Raises PaymentRefused for one that is gone."""
    organization = lock(card.organization)
    open_provider(organization)
    found = SavedCard.objects.of(organization).select_related("customer", "organization").get(pk=card.pk)
    if found.removed_at:
        raise PaymentRefused(_("This card was removed already."), code="removed")
    return found


def _offer(kind: ErrandKind, card: SavedCard, by: User) -> Errand:
    return errands.offer(card.organization, kind, provider=card.customer.provider, subject_id=card.pk, by=by)
