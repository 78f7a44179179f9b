"""That this month's credits run low."""

from django.db.models import Min

from billing.queries.usage import CREDITS, month_level, month_lots
from organizations.actions import limits
from organizations.models import LimitWarning, Organization


def warn(organization: Organization) -> None:
    """Tell who sees the bill at 80 and 95 per cent of the credits that the plan brings a month, once a month each."""
    level = month_level(organization)
    if level is None:
        return
    began = month_lots(organization).aggregate(at=Min("created_at"))["at"]
    told = LimitWarning.objects.of(organization).filter(meter=CREDITS.key, created_at__lt=began)
    # Warnings of another month say nothing of this one, which began with nothing spent.
    before = level.plus(-level.used) if told.exists() else level
    limits.warn(organization=organization, before=before, after=level)
