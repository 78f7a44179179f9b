"""Who belongs to a tenant."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from organizations.models.organizations import Organization
from organizations.models.permissions import PERMISSIONS, Role
from organizations.querysets import MembershipQuerySet


class Membership(Entity):
    """A person's place in an organization: the resolver that says which tenant a request may declare (rulings 4).

    `granted` adds codenames to those of the role; a suspended member keeps the place and may nothing.
    """

    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, verbose_name=_("organization"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("person")
    )
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    granted = ArrayField(models.CharField(max_length=40), verbose_name=_("also may"), default=list, blank=True)
    suspended_at = models.DateTimeField(_("suspended"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organization", "id"], name="membership_list"),
            models.Index(fields=["organization", "role", "id"], name="membership_list_by_role"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "person"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
            models.CheckConstraint(
                condition=models.Q(suspended_at__isnull=True) | ~models.Q(role=Role.OWNER),
                name="membership_owner_not_suspended",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} ({self.get_role_display()})"

    @property
    def permissions(self) -> frozenset[str]:
        """Codenames this member has: of the role, and granted besides; none while suspended."""
        if self.suspended_at is not None:
            return frozenset()
        return frozenset(
            name
            for name, one in PERMISSIONS.items()
            if self.role in one.roles or (one.grantable and name in self.granted)
        )
