"""Usage by day, made again from its records wherever these have changed; and who is told that credits run low."""

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from django.db import connection
from django.db.models import Max, Q
from django.db.models.functions import TruncDate

from billing.jobs import tenants
from billing.models import UsageDay, UsageRecord
from billing.queries.usage import by_day, written_on
from billing.transitions import warnings
from core import tenancy

# A record may be committed so long after it says it was written: the longest transaction there can be, and more.
MARGIN = timedelta(hours=1)
AT_ONCE = 1_000
LOCK = "SELECT pg_advisory_xact_lock(hashtext('billing_roll_up'))"
SUMS = ["times", "units", "credits", "cost_micros"]
Key = tuple[UUID, date, str]


def roll_up() -> int:
    """Bring the days up to date, then warn whose credits run low; how many sums were written.

    Two at once follow one another; done twice, the second writes nothing. A record that changes later, or that is
    committed late, makes its day new at the next turn.
    """
    with tenancy.system("usage is added up by day"):
        with connection.cursor() as cursor:
            cursor.execute(LOCK)
        last = UsageDay.objects.aggregate(last=Max("updated_at"))["last"]
        changed = _changed(last - MARGIN if last else None)
        written = _write(_sums(changed))
    tenants.each(sorted({organization for organization, _day in changed}), warnings.warn)
    return written


def _changed(since: datetime | None) -> set[tuple[UUID, date]]:
    """Organizations and days with a record that was written or changed since then."""
    records = UsageRecord.objects.filter(updated_at__gte=since) if since else UsageRecord.objects.all()
    days = records.order_by().annotate(day=TruncDate("created_at", tzinfo=UTC)).values_list("organization_id", "day")
    return set(days.distinct())


def _sums(changed: set[tuple[UUID, date]]) -> dict[Key, UsageDay]:
    """What these days come to, from all of their records."""
    within = Q(pk__in=[])
    for day in {day for _organization, day in changed}:
        within |= written_on(day)
    records = UsageRecord.objects.filter(within, organization_id__in={one for one, _day in changed})
    return {
        (row["organization_id"], row["day"], row["act"]): UsageDay(
            organization_id=row["organization_id"],
            day=row["day"],
            act=row["act"],
            times=row["times"],
            units=row["sum_units"],
            credits=row["sum_credits"],
            cost_micros=row["sum_cost"],
        )
        for row in by_day(records)
        if (row["organization_id"], row["day"]) in changed
    }


def _write(sums: dict[Key, UsageDay]) -> int:
    """Write those that differ from what stands."""
    keys = {(organization, day) for organization, day, _act in sums}
    rows = UsageDay.objects.filter(organization_id__in={one for one, _day in keys}, day__in={day for _one, day in keys})
    standing = {(row.organization_id, row.day, row.act): row for row in rows}
    news = [one for key, one in sums.items() if _figures(standing.get(key)) != _figures(one)]
    UsageDay.objects.bulk_create(
        news,
        update_conflicts=True,
        unique_fields=["organization", "day", "act"],
        update_fields=[*SUMS, "updated_at"],
        batch_size=AT_ONCE,
    )
    return len(news)


def _figures(row: UsageDay | None) -> list[int]:
    return [getattr(row, name) for name in SUMS] if row else []
