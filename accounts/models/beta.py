"""Invites to the closed beta."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.querysets import BetaInviteQuerySet
from core.models import Entity


class BetaInvite(Entity):
    """One sign-up for one address. The code is worth nothing without the address, which sign-up verifies."""

    code = models.CharField(_("code"), max_length=16, unique=True)
    email = models.EmailField(_("e-mail"), max_length=254)
    language = models.CharField(_("language"), max_length=2, default="en")
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("invited by")
    )
    mailed_at = models.DateTimeField(_("mailed"), null=True, blank=True)
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("used by"),
    )  # fmt: skip
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    objects = BetaInviteQuerySet.as_manager()

    class Meta:
        verbose_name = _("beta invite")
        verbose_name_plural = _("beta invites")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(code__regex="^[0-9A-F]{16}$"), name="beta_invite_code_shape"),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="beta_invite_email_lower"),
            models.UniqueConstraint(
                fields=["email"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True),
                name="beta_invite_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="beta_invite_used_or_revoked",
            ),
        ]

    def __str__(self) -> str:
        return self.email
