"""Saved cards, as the provider has them now."""

from collections.abc import Sequence

from django.utils import timezone

from billing.models import Customer, SavedCard
from billing.providers.base import CardSeen
from organizations.models import Organization


def settle_cards(organization: Organization, customer: Customer, cards: Sequence[CardSeen]) -> None:
    """Write down which there are and which is the default; those that are gone are kept as removed."""
    rows = SavedCard.objects.of(organization).filter(customer=customer)
    known = {row.provider_id: row for row in rows.select_for_update(of=("self",)).order_by("pk")}
    # First those that are default no longer: the database allows one.
    default = next((card.id for card in cards if card.is_default), "")
    for row in known.values():
        if row.provider_id not in {card.id for card in cards}:
            row.replace(is_default=False, removed_at=row.removed_at or timezone.now())
        elif row.provider_id != default:
            row.replace(is_default=False)
    for card in cards:
        said = {
            "brand": card.brand[:30],
            "last4": card.last4[:4],
            "exp_month": card.exp_month,
            "exp_year": card.exp_year,
            "is_default": card.id == default,
            "removed_at": None,
        }
        if card.id in known:
            known[card.id].replace(**said)
        else:
            SavedCard.objects.create(organization=organization, customer=customer, provider_id=card.id, **said)
