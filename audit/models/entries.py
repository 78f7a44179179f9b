"""One append-only table: plain ids and labels, no foreign keys: nothing in the trail depends on what it tells of."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.ids import new_id


class Severity(models.TextChoices):
    """How much an act deserves a look."""

    LOW = "low", _("low")
    MEDIUM = "medium", _("medium")
    HIGH = "high", _("high")
    CRITICAL = "critical", _("critical")


class Entry(models.Model):
    """One thing that happened. The application's roles may insert and read, never change (migration 0002).

    `details` and `changes` ({field: [before, after]}) are facts and stay. What names or locates a person (labels,
    address, browser, `personal`) stands beside them and can be erased: the chain holds a salted digest of it alone.

    The last six columns are PostgreSQL's own work (migration 0005): nobody else can give them a value. `sequence`,
    `previous` and `hash` (SHA-256) are the entry's place in its organization's chain, empty until it is linked; `salt`
    is gone once what it salts was erased.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    at = models.DateTimeField(_("time"), auto_now_add=True)
    action = models.CharField(_("action"), max_length=60)
    severity = models.CharField(_("severity"), max_length=8, choices=Severity, default=Severity.LOW)
    actor_id = models.UUIDField(_("actor"), null=True)
    actor_label = models.CharField(_("actor's name"), max_length=254, blank=True)
    real_actor_id = models.UUIDField(_("real actor"), null=True)
    real_actor_label = models.CharField(_("real actor's name"), max_length=254, blank=True)
    organization_id = models.UUIDField(_("organization"), null=True)
    target_type = models.CharField(_("target type"), max_length=60, blank=True)
    target_id = models.UUIDField(_("target"), null=True)
    details = models.JSONField(_("details"), default=dict)
    changes = models.JSONField(_("before and after"), default=dict)
    personal = models.JSONField(_("personal details"), default=dict)
    address = models.GenericIPAddressField(_("address"), null=True)
    user_agent = models.CharField(_("browser"), max_length=300, blank=True)
    request_id = models.CharField(_("request"), max_length=64, blank=True)
    salt = models.BinaryField(null=True)
    personal_digest = models.BinaryField(null=True)
    digest = models.BinaryField(null=True)
    sequence = models.BigIntegerField(_("place in the chain"), null=True)
    previous = models.BinaryField(null=True)
    hash = models.BinaryField(null=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization_id", "-id"], name="audit_organization"),
            models.Index(fields=["target_id", "-id"], name="audit_target"),
            models.Index(fields=["actor_id", "-id"], name="audit_actor"),
            models.Index(
                fields=["real_actor_id", "-id"], name="audit_real_actor", condition=Q(real_actor_id__isnull=False)
            ),
            models.Index(
                fields=["organization_id", "severity", "-id"],
                name="audit_severity",
                condition=Q(severity__in=[Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL]),
            ),
            models.Index(fields=["-id"], name="audit_critical", condition=Q(severity=Severity.CRITICAL)),
            models.Index(fields=["id"], name="audit_unlinked", condition=Q(sequence__isnull=True)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(severity__in=Severity.values), name="audit_severity_known"),
        ]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.action}"
