"""How much a tenant may use."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from organizations.models.organizations import TenantRow

CUSTOM = "CUSTOM"  # the plan of limits that staff set by hand: no other plan writes over them


class Limits(TenantRow):
    """How much an organization may use, as data: written by staff now and by plans later; None is unlimited."""

    plan = models.CharField(_("plan"), max_length=20, default="FREE")
    members = models.PositiveIntegerField(_("members"), null=True, blank=True, default=1)
    books = models.PositiveIntegerField(_("books"), null=True, blank=True, default=10)
    books_a_month = models.PositiveIntegerField(_("books a month"), null=True, blank=True, default=5)
    storage_bytes = models.PositiveBigIntegerField(_("storage (bytes)"), null=True, blank=True, default=10**9)
    api_requests_an_hour = models.PositiveIntegerField(_("API requests an hour"), null=True, blank=True, default=100)
    generations_a_month = models.PositiveIntegerField(
        _("personalized generations a month"), null=True, blank=True, default=100
    )

    class Meta:
        verbose_name = _("limits")
        verbose_name_plural = _("limits")
        constraints = [models.UniqueConstraint(fields=["organization"], name="limits_once")]

    def __str__(self) -> str:
        return self.plan


class LimitWarning(TenantRow):
    """That owners were told of a limit's share, once until usage fell below it again."""

    meter = models.CharField(_("meter"), max_length=20)
    percent = models.PositiveSmallIntegerField(_("percent"))

    class Meta:
        verbose_name = _("limit warning")
        verbose_name_plural = _("limit warnings")
        constraints = [
            models.UniqueConstraint(fields=["organization", "meter", "percent"], name="limit_warning_once"),
            models.CheckConstraint(condition=models.Q(percent__in=[80, 95]), name="limit_warning_percent_known"),
        ]

    def __str__(self) -> str:
        return f"{self.meter} {self.percent} %"
