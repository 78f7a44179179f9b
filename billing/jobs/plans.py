"""What a plan allows has changed: everybody who has it is brought in line."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction

from billing.jobs import tenants
from billing.models import Plan
from billing.transitions.access import settle_limits
from core import leases, tenancy
from core.leases import Claim
from organizations.models import Limits


def settle(plan_id: UUID) -> None:
    """Write the plan's limits into those of each organization that has it; done twice, the second changes nothing."""
    leases.carry_out(plan_id, _settle)


def _settle(held: Claim) -> None:
    with transaction.atomic():
        plan = Plan.objects.get(pk=held.subject)
    with tenancy.system(f"limits of plan {plan.code}"):
        having = list(Limits.objects.filter(plan=plan.code).values_list("organization_id", flat=True))
    tenants.each(having, settle_limits)
    with transaction.atomic():
        now = Plan.objects.select_for_update().get(pk=plan.pk)
        if now.updated_at == plan.updated_at:
            leases.finish(held)
        else:  # changed again meanwhile: those that were done first have the limits of before
            leases.defer(held, timedelta(0))
