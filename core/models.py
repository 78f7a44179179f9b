"""Kernel models: the base of every row, leases on durable work, and mail waiting to leave."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.ids import new_id

Changes = dict[str, tuple[Any, Any]]  # field: (before, after), as the trail takes them


class Entity(models.Model):
    """Base of every model: a UUIDv7 key and two times."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        abstract = True

    def replace(self, **given: Any) -> Changes:
        """Store those of these values that differ from the row's; what was changed."""
        changes = {name: (before, value) for name, value in given.items() if (before := getattr(self, name)) != value}
        for name, (_before, value) in changes.items():
            setattr(self, name, value)
        if changes:
            self.save(update_fields=[*changes, "updated_at"])
        return changes


class Lease(models.Model):
    """How far one piece of durable work is: who may start it, who holds it, and until when.

    Its id is the subject's id (a step, an export, a mail). It carries no content, so the sweep may read it across
    organizations without leaving the web role (rulings 4, 17). `holder` is the fencing token: whoever commits a result
    must still be the holder.
    """

    id = models.UUIDField(primary_key=True)
    task = models.CharField(_("task"), max_length=100)
    organization_id = models.UUIDField(_("organization"), null=True)
    available_at = models.DateTimeField(_("on offer from"))
    holder = models.UUIDField(_("holder"), null=True)
    held_until = models.DateTimeField(_("held until"), null=True)
    sent_at = models.DateTimeField(_("last sent"), null=True)
    sendings = models.PositiveIntegerField(_("sendings"), default=0)

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        indexes = [models.Index(fields=["available_at"], name="lease_available")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(holder__isnull=True, held_until__isnull=True)
                | models.Q(holder__isnull=False, held_until__isnull=False),
                name="lease_holder_and_term_together",
            )
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"


class MailState(models.TextChoices):
    """Where a mail is."""

    WAITING = "waiting", _("waiting")
    SENT = "sent", _("sent")
    FAILED = "failed", _("failed")


class Mail(Entity):
    """One message on its way out; its content is erased once it has left."""

    recipients = models.JSONField(_("recipients"), default=list)
    subject = models.CharField(_("subject"), max_length=255)
    content = models.BinaryField(_("content"), blank=True)
    state = models.CharField(_("state"), max_length=10, choices=MailState, default=MailState.WAITING)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    error = models.CharField(_("error"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("mail")
        verbose_name_plural = _("mails")
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=models.Q(state__in=MailState.values), name="mail_state_known")]

    def __str__(self) -> str:
        return self.subject
