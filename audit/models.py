"""One append-only table: plain ids and labels, no foreign keys: nothing in the trail depends on what it tells of."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import new_id


class Entry(models.Model):
    """One thing that happened. The application's roles may insert and read, never change (migration 0002)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    action = models.CharField(_("action"), max_length=60)
    actor_id = models.UUIDField(_("actor"), null=True)
    actor_label = models.CharField(_("actor's name"), max_length=254, blank=True)
    organization_id = models.UUIDField(_("organization"), null=True)
    target_type = models.CharField(_("target type"), max_length=60, blank=True)
    target_id = models.UUIDField(_("target"), null=True)
    details = models.JSONField(_("details"), default=dict)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="audit_organization"),
            models.Index(fields=["target_id", "-id"], name="audit_target"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
