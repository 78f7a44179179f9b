"""Telling staff of payments that need a person: at once of what was refused, hourly of what does not move."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.queries.staff import told
from billing.jobs.events import WAITING
from billing.models import Dispute, EventState, ProviderEvent, ProviderWatch, Purchase, PurchaseState
from billing.providers import registry
from core import mail, tenancy

LATE = timedelta(minutes=15)
LATE_AGAIN = timedelta(hours=1)


@dataclass(frozen=True)
class Concerns:
    """Numbers since staff were last told; `late` counts what waits now, whoever was told, the oldest since `since`."""

    refused: int
    reviewed: int
    disputed: int
    late: int
    since: datetime | None

    @property
    def is_new(self) -> bool:
        """Whether something happened that nobody was told of."""
        return bool(self.refused or self.reviewed or self.disputed)


def watch() -> None:
    """Every minute by beat: one mail for all there is, where there is something."""
    for provider in registry.providers().values():
        ProviderWatch.objects.get_or_create(provider=provider.name, livemode=provider.livemode)
    for row in ProviderWatch.objects.order_by("pk"):
        now = timezone.now()
        concerns = look(row, now)
        late_is_news = concerns.late and (row.late_told_at is None or row.late_told_at < now - LATE_AGAIN)
        if concerns.is_new or late_is_news:
            _tell(row, concerns, now)


def look(row: ProviderWatch, now: datetime) -> Concerns:
    """What there is to tell (four queries)."""
    since = row.told_until or row.created_at
    events = ProviderEvent.objects.filter(provider=row.provider)
    late = events.filter(state__in=WAITING, created_at__lt=now - LATE)
    with tenancy.counted():
        reviewed = Purchase.objects.filter(state=PurchaseState.REVIEW, provider=row.provider)
        disputes = Dispute.objects.filter(payment__provider=row.provider)
        return Concerns(
            refused=events.filter(state=EventState.REFUSED, updated_at__gt=since, updated_at__lte=now).count(),
            reviewed=reviewed.filter(updated_at__gt=since, updated_at__lte=now).count(),
            disputed=disputes.filter(created_at__gt=since, created_at__lte=now).count(),
            late=late.count(),
            since=late.aggregate(oldest=Min("created_at"))["oldest"],
        )


@transaction.atomic
def _tell(row: ProviderWatch, concerns: Concerns, now: datetime) -> None:
    """Unless another worker has just told them."""
    locked = ProviderWatch.objects.select_for_update().get(pk=row.pk)
    if (locked.told_until, locked.late_told_at) != (row.told_until, row.late_told_at):
        return
    locked.replace(told_until=now, late_told_at=now if concerns.late else locked.late_told_at)
    page = settings.SITE_URL + reverse("admin:billing_providerevent_changelist")
    for email, language in told(settings.BILLING_ALERT_EMAILS):
        with override(language):
            mail.write("billing_alert", {"concerns": concerns, "url": page}, to=email)
