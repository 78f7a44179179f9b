"""Saved cards: which one pays, and which are forgotten."""

from django.db import transaction

from billing.jobs.errands.outcomes import Outcome, key, subject
from billing.models import Errand, SavedCard
from billing.providers.base import PaymentProvider


def prefer(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Pay with this card from now on."""
    card = _card(errand)
    provider.set_default_card(card.customer.provider_id, card.provider_id, key=key(errand))
    return Outcome(about=("customer", card.customer.provider_id))


def remove(errand: Errand, provider: PaymentProvider) -> Outcome:
    """Have the provider forget a card."""
    card = _card(errand)
    provider.remove_card(card.provider_id, key=key(errand))
    return Outcome(about=("customer", card.customer.provider_id))


@transaction.atomic
def _card(errand: Errand) -> SavedCard:
    return SavedCard.objects.of(errand.organization).select_related("customer").get(pk=subject(errand))
