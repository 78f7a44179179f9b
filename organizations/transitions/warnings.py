"""That a limit comes near: written down once for each meter and threshold, told by mail, forgotten when usage falls."""

from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import override

from accounts.models import User
from accounts.queries import unsubscribing
from audit import actions as audit
from core import mail
from organizations.models import PERMISSIONS, LimitWarning, Membership, Organization
from organizations.queries.usage import WARNED_AT, Level


def settle(organization: Organization, taken: Iterable[tuple[Level, Level]]) -> None:
    """Warn of what was brought over a threshold (the level before, the level after); forget what usage fell below.

    Whatever raises usage comes through here, so what it has fallen to meanwhile need not be watched.
    """
    told = set(LimitWarning.objects.of(organization).values_list("meter", "percent"))
    for before, after in taken:
        key = before.meter.key
        stale = {one for one in WARNED_AT if (key, one) in told and before.percent < one}
        if stale:
            LimitWarning.objects.of(organization).filter(meter=key, percent__in=stale).delete()
        due = [one for one in WARNED_AT if after.percent >= one and (one in stale or (key, one) not in told)]
        if due:
            _warn(organization, after, due)


def _warn(organization: Organization, level: Level, due: list[int]) -> None:
    """One mail, however many thresholds were passed at once."""
    key = level.meter.key
    rows = [LimitWarning(organization=organization, meter=key, percent=one) for one in due]
    LimitWarning.objects.bulk_create(rows)
    figures = {"meter": key, "percent": max(due), "used": level.used, "limit": level.limit}
    audit.record("limits.warned", target=organization, details=figures)
    _write(organization, level)


def _write(organization: Organization, level: Level) -> None:
    """To who sees the bill and wants such mails, each in their language."""
    url = f"{settings.SITE_URL}/o/{organization.slug}/usage/"
    for person in _told(organization):
        with override(person.language):
            end_url = unsubscribing.link(person, "mails_about_limits")
            facts = {"person": person, "organization": organization, "level": level, "url": url, "end_url": end_url}
            mail.write("limit", facts, to=person.email, headers=unsubscribing.headers(person, "mails_about_limits"))


def _told(organization: Organization) -> list[User]:
    rows = Membership.objects.allowed(PERMISSIONS["billing.see"]).filter(
        organization=organization, person__is_active=True, person__mails_about_limits=True
    )
    return [row.person for row in rows.select_related("person").order_by("id")]
