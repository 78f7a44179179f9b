"""Setting the caps on what models may cost."""

from django.db import transaction

from accounts.models import User
from audit import actions as audit
from books.models import Run, SpendingCaps
from books.transitions import runs
from organizations.models import Organization


@transaction.atomic
def set_caps(
    *,
    organization: Organization,
    by: User,
    run_micros: int | None,
    month_micros: int | None,
    total_micros: int | None,
) -> None:
    """Set the organization's caps, in millionths of a US dollar; None is no cap."""
    SpendingCaps.objects.of(organization).get_or_create(organization=organization)
    row = SpendingCaps.objects.of(organization).select_for_update().get()
    row.run_micros, row.month_micros, row.total_micros = run_micros, month_micros, total_micros
    row.save(update_fields=["run_micros", "month_micros", "total_micros", "updated_at"])
    figures = {"run": run_micros, "month": month_micros, "total": total_micros}
    audit.record("spending.caps_set", actor=by, target=row, details=figures)


@transaction.atomic
def set_run_cap(*, run: Run, by: User, cap_micros: int | None) -> None:
    """Give one run a cap of its own, before the organization's cap per run; None leaves it to that."""
    run = runs.lock(run)
    run.cap_micros = cap_micros
    run.save(update_fields=["cap_micros", "updated_at"])
    audit.record("run.cap_set", actor=by, target=run, details={"cap": cap_micros})
