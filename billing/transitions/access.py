"""The plan in force, written down as the organization's limits: called by whatever may have changed it."""

from typing import Any

from accounts.models import User
from billing.queries.access import Access, access
from organizations.actions import limits
from organizations.models import Organization

TASK = "billing.tasks.settle_plan"  # a plan itself has changed
LIMITED = ("members", "books", "books_a_month", "storage_bytes", "api_requests_an_hour", "generations_a_month")


def settle_limits(organization: Organization, *, by: User | None = None) -> Access:
    """Bring the limits in line with the plan in force; done twice, it changes nothing the second time."""
    found = access(organization)
    allowed: dict[str, Any] = {name: getattr(found.plan, name) for name in LIMITED}
    limits.set_limits(organization=organization, plan=found.plan.code, by=by, **allowed)
    return found
