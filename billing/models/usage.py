"""What was used: every metered act once, and its sums by day."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from billing.models.tariffs import Act
from organizations.models import TenantRow


class UsageRecord(TenantRow):
    """One metered act that was delivered: units of the act, credits it was settled at, what its models cost.

    `subject_id` (a run) and the act make it single. `book_id` and `person_id` are plain ids: books stand above.
    """

    act = models.CharField(_("act"), max_length=20, choices=Act)
    subject_id = models.UUIDField(_("subject"))
    book_id = models.UUIDField(_("book"), null=True, blank=True)
    person_id = models.UUIDField(_("person"), null=True, blank=True)
    units = models.PositiveIntegerField(_("units"), default=0)
    credits = models.PositiveIntegerField(_("credits"), default=0)
    cost_micros = models.PositiveBigIntegerField(_("cost of models (millionths of a US dollar)"), null=True, blank=True)

    class Meta:
        verbose_name = _("usage record")
        verbose_name_plural = _("usage records")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="usage_record_list"),
            models.Index(fields=["updated_at"], name="usage_record_changed"),
        ]
        constraints = [models.UniqueConstraint(fields=["subject_id", "act"], name="usage_record_once")]

    def __str__(self) -> str:
        return f"{self.act} {self.units}"


class UsageDay(TenantRow):
    """The sums of one act on one day (UTC), made again from the records whenever they may have changed."""

    day = models.DateField(_("day"))
    act = models.CharField(_("act"), max_length=20, choices=Act)
    times = models.PositiveIntegerField(_("times"), default=0)
    units = models.PositiveBigIntegerField(_("units"), default=0)
    credits = models.PositiveBigIntegerField(_("credits"), default=0)
    cost_micros = models.PositiveBigIntegerField(_("cost of models"), default=0)

    class Meta:
        verbose_name = _("usage of a day")
        verbose_name_plural = _("usage by day")
        ordering = ["-day", "act"]
        indexes = [models.Index(fields=["day", "organization"], name="usage_day_all")]
        constraints = [models.UniqueConstraint(fields=["organization", "day", "act"], name="usage_day_once")]

    def __str__(self) -> str:
        return f"{self.day} {self.act} {self.credits}"
