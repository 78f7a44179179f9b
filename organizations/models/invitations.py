"""Invitations by e-mail."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import Entity
from organizations.models.organizations import Organization, TenantRow
from organizations.models.permissions import Role
from organizations.querysets import InvitationQuerySet


class Invitation(TenantRow):
    """An offer of a place, for whoever holds the link that was mailed: single use, until `expires_at`."""

    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=6, choices=Role, default=Role.MEMBER)
    message = models.CharField(_("message"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("expires"))
    sent_at = models.DateTimeField(_("last sent"))
    sendings = models.PositiveSmallIntegerField(_("sendings"), default=1)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("accepted by"),
    )  # fmt: skip
    declined_at = models.DateTimeField(_("declined"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()  # type: ignore[misc]  # narrower than every tenant row's, on purpose

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "-id"], name="invitation_list")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="invitation_in_organization"),
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(accepted_at__isnull=True, declined_at__isnull=True, revoked_at__isnull=True),
                name="invitation_one_open",
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="invitation_email_lower"),
            models.CheckConstraint(
                condition=models.Q(role__in=[Role.ADMIN, Role.MEMBER, Role.GUEST]), name="invitation_role_offered"
            ),
            models.CheckConstraint(
                condition=models.Q(accepted_at__isnull=True)
                | models.Q(revoked_at__isnull=True, declined_at__isnull=True),
                name="invitation_ends_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.id}"


class InvitationKey(Entity):
    """Finds an invitation by its link, or by the address it was sent to, before any tenant is known (ruling 4)."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, verbose_name=_("organization"))
    invitation_id = models.UUIDField(_("invitation"), unique=True)
    token_digest = models.CharField(_("digest of the link"), max_length=64, unique=True)
    email_digest = models.CharField(_("digest of the e-mail"), max_length=64, db_index=True)

    class Meta:
        verbose_name = _("key of an invitation")
        verbose_name_plural = _("keys of invitations")

    def __str__(self) -> str:
        return str(self.invitation_id)
