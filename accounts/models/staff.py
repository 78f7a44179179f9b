"""Staff acting as somebody else."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity


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
