"""How much the models may cost, and who was told how near the end is. Money is in millionths of a US dollar."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.runs import Run
from organizations.models import TenantRow


class CapScope(models.TextChoices):
    """What a cap counts."""

    RUN = "run", _("one run")
    MONTH = "month", _("a calendar month (UTC)")
    TOTAL = "total", _("the organization, ever")


class SpendingCaps(TenantRow):
    """An organization's caps on what models cost; None is no cap. A run may have one of its own (`Run.cap_micros`)."""

    run_micros = models.PositiveBigIntegerField(_("cap per run"), null=True, blank=True)
    month_micros = models.PositiveBigIntegerField(_("cap per month"), null=True, blank=True)
    total_micros = models.PositiveBigIntegerField(_("cap in all"), null=True, blank=True)

    class Meta:
        verbose_name = _("spending caps")
        verbose_name_plural = _("spending caps")
        constraints = [models.UniqueConstraint(fields=["organization"], name="spending_caps_once")]

    def __str__(self) -> str:
        return str(self.organization_id)


class SpendingWarning(TenantRow):
    """That people were told, once: so much per cent of this cap is spent. A raised cap warns anew."""

    scope = models.CharField(_("scope"), max_length=5, choices=CapScope)
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, null=True, blank=True, related_name="spending_warnings", verbose_name=_("run")
    )
    # The month's first day, for that scope.
    month = models.DateField(_("month"), null=True, blank=True)
    percent = models.PositiveSmallIntegerField(_("per cent"))
    cap_micros = models.PositiveBigIntegerField(_("cap"))
    spent_micros = models.PositiveBigIntegerField(_("spent"))

    class Meta:
        verbose_name = _("spending warning")
        verbose_name_plural = _("spending warnings")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "scope", "run", "month", "percent", "cap_micros"],
                nulls_distinct=False,
                name="spending_warning_once",
            ),
            models.CheckConstraint(condition=models.Q(scope__in=CapScope.values), name="spending_warning_scope"),
            models.CheckConstraint(
                condition=models.Q(run__isnull=False) | ~models.Q(scope=CapScope.RUN), name="spending_warning_run"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_scope_display()}: {self.percent} %"
