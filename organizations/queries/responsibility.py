"""Who answers for others."""

from django.db.models import Exists, OuterRef

from accounts.models import User
from organizations.models import Membership, Role


def answers_for_others(person: User) -> bool:
    """Whether the person owns an organization that others work in."""
    others = Membership.objects.filter(organization=OuterRef("organization")).exclude(person=person)
    return Membership.objects.filter(Exists(others), person=person, role=Role.OWNER).exists()
