"""Who of the staff is told of what."""

from collections.abc import Sequence

from django.conf import settings
from django.db.models import Q

from accounts.models import StaffGroup, User


def told(configured: Sequence[str]) -> list[tuple[str, str]]:
    """(address, language) of those named in a setting, else of whoever looks after money among the staff."""
    if configured:
        known = dict(User.objects.filter(email__in=configured).values_list("email", "language"))
        return [(email, known.get(email, settings.LANGUAGE_CODE)) for email in configured]
    finance = Q(is_superuser=True) | Q(groups__name__in=[StaffGroup.FINANCE, StaffGroup.ADMINISTRATOR])
    staff = User.objects.filter(finance, is_active=True, is_staff=True)
    return list(staff.order_by("email").values_list("email", "language").distinct())
