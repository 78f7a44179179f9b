"""What the shell of every signed-in page shows."""

from organizations.models import Limits, Organization


def plan_of(organization: Organization) -> str:
    """The plan's name, for the switcher (one query)."""
    return Limits.objects.of(organization).values_list("plan", flat=True).get()
