"""Sets of tenant rows: the `.of(organization)` gate that all code reads through."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from django.db import models

if TYPE_CHECKING:
    from accounts.models import User
    from organizations.models import Organization

Row = TypeVar("Row", bound=models.Model)


class TenantQuerySet(models.QuerySet[Row]):
    """Rows that belong to an organization."""

    def of(self, organization: Organization) -> TenantQuerySet[Row]:
        """Only this organization's rows. PostgreSQL refuses the others again (core.tenancy)."""
        return self.filter(organization=organization)


class OrganizationQuerySet(models.QuerySet["Organization"]):
    """Organizations."""

    def with_member(self, person: User) -> OrganizationQuerySet:
        """Those the person belongs to."""
        return self.filter(membership__person=person)
