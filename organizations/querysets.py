"""Sets of tenant rows: the `.of(organization)` gate that all code reads through; sets of members and invitations."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self, TypeVar

from django.db import models
from django.db.models import Q
from django.utils import timezone

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import (
        Invitation,  # noqa: F401  # named in a base class below
        Membership,  # noqa: F401  # the same
        Organization,
        Permission,
    )

Row = TypeVar("Row", bound=models.Model)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows that belong to an organization."""

    def of(self, organization: Organization) -> Self:
        """Only this organization's rows. PostgreSQL refuses the others again (core.tenancy)."""
        return self.filter(organization=organization)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations."""

    def with_member(self, person: User) -> OrganizationQuerySet:
        """Those the person belongs to."""
        return self.filter(membership__person=person)


class MembershipQuerySet(models.QuerySet["Membership"]):
    """Places in organizations."""

    def allowed(self, permission: Permission) -> MembershipQuerySet:
        """Those that have a permission of the registry, by their role or granted besides; none that is suspended."""
        having = Q(role__in=permission.roles)
        if permission.grantable:
            having |= Q(granted__contains=[permission.codename])
        return self.filter(having, suspended_at__isnull=True)

    def answering(self) -> MembershipQuerySet:
        """Owners who can act: whose account is closed answers for nothing any more."""
        return self.filter(role="owner", person__is_active=True)

    def seated(self) -> MembershipQuerySet:
        """Those that take a seat: all but guests (ruling 22); who is suspended keeps theirs."""
        return self.exclude(role="guest")


class InvitationQuerySet(TenantQuerySet["Invitation"]):
    """Offers of a place."""

    def unanswered(self) -> InvitationQuerySet:
        """Neither accepted nor declined nor revoked; perhaps too old to be accepted."""
        return self.filter(accepted_at__isnull=True, declined_at__isnull=True, revoked_at__isnull=True)

    def open(self) -> InvitationQuerySet:
        """Those that can be accepted now."""
        return self.unanswered().filter(expires_at__gt=timezone.now())
