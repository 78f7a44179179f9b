"""Who has to be told of what."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Alert(models.Model):
    """A critical entry that staff are to be told of: written in its transaction, mailed by audit.tasks.alert."""

    entry_id = models.UUIDField(primary_key=True)
    action = models.CharField(_("action"), max_length=60)
    mailed_at = models.DateTimeField(_("mailed"), null=True)

    class Meta:
        verbose_name = _("alert")
        verbose_name_plural = _("alerts")
        indexes = [models.Index(fields=["action", "mailed_at"], name="audit_alert_action")]

    def __str__(self) -> str:
        return f"{self.action} {self.entry_id}"
