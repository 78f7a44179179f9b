"""Mail to staff about critical entries: at most one a minute for each action, which tells of all since the last."""

import logging
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.db.models import Max, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from audit.models import Alert, Entry
from core import mail, tenancy

log = logging.getLogger(__name__)

PAUSE = timedelta(minutes=1)
KEPT = timedelta(days=1)
TOLD_OF = 20  # entries of one mail in full; of more, their number
LOCK = "SELECT pg_try_advisory_xact_lock(hashtext('audit_alert'))"


@transaction.atomic
def tell() -> None:
    """Write the mails that are due, with their alerts marked in the same transaction. One worker at a time."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK)
        if not cursor.fetchone()[0]:
            return
    now = timezone.now()
    Alert.objects.filter(mailed_at__lt=now - KEPT).delete()
    waiting = Q(mailed_at__isnull=True)
    last = dict(Alert.objects.values_list("action").annotate(Max("mailed_at")))
    for action in Alert.objects.filter(waiting).values_list("action", flat=True).distinct().order_by("action"):
        if last[action] is None or last[action] <= now - PAUSE:
            due = list(Alert.objects.filter(waiting, action=action).order_by("entry_id"))
            _write(action, due)
            Alert.objects.filter(pk__in=[alert.pk for alert in due]).update(mailed_at=now)


def _write(action: str, due: Sequence[Alert]) -> None:
    ids = [alert.entry_id for alert in due]
    with tenancy.system("staff are told of a critical act"):
        entries = list(Entry.objects.filter(pk__in=ids[:TOLD_OF]).order_by("id"))
        people = list(_recipients())
    if not people:
        log.warning("nobody to tell of %s", action)
    page = settings.SITE_URL + reverse("admin:audit_critical")
    facts = {"action": action, "entries": entries, "number": len(ids), "more": len(ids) - len(entries), "url": page}
    for email, language in people:
        with override(language):
            mail.write("alert", facts, to=email)


def _recipients() -> Iterable[tuple[str, str]]:
    """(address, language) of AUDIT_ALERT_EMAILS, else of the administrators among the staff."""
    people: Any = get_user_model()._default_manager
    if settings.AUDIT_ALERT_EMAILS:
        known = dict(people.filter(email__in=settings.AUDIT_ALERT_EMAILS).values_list("email", "language"))
        return [(email, known.get(email, settings.LANGUAGE_CODE)) for email in settings.AUDIT_ALERT_EMAILS]
    administrators = Q(is_superuser=True) | Q(groups__name="administrator")
    staff = people.filter(administrators, is_active=True, is_staff=True)
    return list(staff.order_by("email").values_list("email", "language").distinct())
