"""What a day brings: steps of a grace, plans that were given and end, trials and cards that run out."""

import calendar
from datetime import date, timedelta
from itertools import chain
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from billing.jobs import tenants
from billing.models import PlanGift, SavedCard, Subscription, SubscriptionState
from billing.queries.access import subscription_of
from billing.transitions import gifts, letters, subscriptions
from core import tenancy
from organizations.models import Organization

TRIAL_NOTICE = timedelta(days=3)
GIFT_NOTICE = timedelta(days=7)
CARD_NOTICE = timedelta(days=30)


def settle() -> None:
    """Take every step that is due, in every organization; done twice, the second time changes and tells nothing."""
    with tenancy.system("subscriptions, given plans and cards that come to an end"):
        due = _due()
    tenants.each(due, _settle)


def _due() -> list[UUID]:
    """Organizations with something to look at."""
    rows = (
        Subscription.objects.filter(subscriptions.to_remind() | _trials()),
        PlanGift.objects.filter(_gifts()),
        SavedCard.objects.filter(_cards()),
    )
    found = chain.from_iterable(one.values_list("organization", flat=True) for one in rows)
    return sorted(set(found))


def _settle(organization: Organization) -> None:
    for row in Subscription.objects.of(organization).filter(subscriptions.to_remind()).select_for_update(of=("self",)):
        row.organization = organization
        subscriptions.remind(row)
    for row in Subscription.objects.of(organization).filter(_trials()):
        row.organization = organization
        letters.trial_ending(row)
    for gift in PlanGift.objects.of(organization).filter(_gifts()).select_related("plan"):
        gift.organization = organization
        if gift.until and gift.until <= timezone.now():
            gifts.end(gift)
        else:
            letters.gift_ending(gift)
    _tell_of_cards(organization)


def _tell_of_cards(organization: Organization) -> None:
    """The default card alone, and only while a plan is to be paid with it."""
    subscription = subscription_of(organization)
    if subscription is None or subscription.cancel_at_period_end:
        return
    for card in SavedCard.objects.of(organization).filter(_cards()):
        card.organization = organization
        if _last_day(card) - timezone.now().date() <= CARD_NOTICE:
            letters.card_expiring(card, subscription)


def _trials() -> Q:
    now = timezone.now()
    return Q(
        state=SubscriptionState.TRIALING,
        trial_end__gt=now,
        trial_end__lte=now + TRIAL_NOTICE,
        cancel_at_period_end=False,
        is_surplus=False,
    )


def _gifts() -> Q:
    return Q(ended_at__isnull=True, until__lte=timezone.now() + GIFT_NOTICE)


def _cards() -> Q:
    """Default cards of this month and the next."""
    today = timezone.now().date()
    month, following = (today.year, today.month), _month_after(today)
    dates = Q()
    for year, number in (month, following):
        dates |= Q(exp_year=year, exp_month=number)
    return dates & Q(is_default=True, removed_at__isnull=True)


def _month_after(day: date) -> tuple[int, int]:
    return (day.year + 1, 1) if day.month == 12 else (day.year, day.month + 1)


def _last_day(card: SavedCard) -> date:
    return date(card.exp_year, card.exp_month, calendar.monthrange(card.exp_year, card.exp_month)[1])
