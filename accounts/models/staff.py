"""The staff: what its groups may do in the admin, and acting as somebody else."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity


class StaffGroup(models.TextChoices):
    """What a member of the staff is: Django groups of these names, made and kept by every `migrate`."""

    ADMINISTRATOR = "administrator", _("administrator")
    EDITOR = "editor", _("editor")
    CORRECTOR = "corrector", _("corrector")
    SUPPORT = "support", _("support")
    FINANCE = "finance", _("finance")


MAY_APPOINT = "auth.change_group"
MAY_ACT = "accounts.add_impersonation"
# `app.codename` with * and ?, also of apps that are yet to come. Rows that actions keep are read-only in the admin
# whatever stands here; nobody but a superuser deletes there. docs/decisions/staff.md tells it in words.
STAFF_RIGHTS: dict[StaffGroup, tuple[str, ...]] = {
    StaffGroup.ADMINISTRATOR: ("*.view_*", "*.add_*", "*.change_*"),
    StaffGroup.EDITOR: ("cms.*", "accounts.view_legaltext", "accounts.add_legaltext", "accounts.change_legaltext"),
    StaffGroup.CORRECTOR: (
        "support.*_correction*", "books.view_book", "books.view_chapter", "organizations.view_organization",
    ),
    StaffGroup.SUPPORT: (
        "accounts.view_*", "accounts.add_impersonation", "accounts.add_betainvite", "organizations.view_*",
        "audit.view_*", "books.view_*", "books.change_run", "billing.view_*", "core.view_*", "support.*", "messaging.*",
    ),
    StaffGroup.FINANCE: (
        "billing.*", "organizations.view_organization", "organizations.view_limits", "organizations.change_limits",
        "books.view_run", "books.view_languagemodelcall", "accounts.view_user",
    ),
}  # fmt: skip

ACTING = timedelta(minutes=30)


class Impersonation(Entity):
    """A member of the staff acting as a person, for a reason, until `ends_at` at the latest (ruling 27)."""

    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("staff")
    )
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("person")
    )
    reason = models.CharField(_("reason"), max_length=300)
    ends_at = models.DateTimeField(_("ends"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        verbose_name = _("acting as a person")
        verbose_name_plural = _("acting as a person")
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~models.Q(staff=models.F("person")), name="impersonation_of_another"),
            models.CheckConstraint(condition=~models.Q(reason=""), name="impersonation_reason_given"),
            models.UniqueConstraint(
                fields=["staff"], condition=models.Q(ended_at__isnull=True), name="impersonation_one_at_a_time"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.staff_id} as {self.person_id}"
