"""Finished files."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book
from organizations.models import TenantRow


class ExportState(models.TextChoices):
    """Where a file is."""

    PENDING = "pending", _("being made")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class Export(TenantRow):
    """One file of one format of one version of a book: asked for twice, made once."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="exports", verbose_name=_("book"))
    format = models.CharField(_("format"), max_length=10)
    # SHA-256 over everything that enters the file: the version of the book it was made from.
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports", verbose_name=_("requested by")
    )
    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.PENDING)
    file = models.FileField(_("file"), max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["book", "format", "content_hash"], name="export_once_per_version"),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.READY) | (~models.Q(file="") & ~models.Q(sha256="")),
                name="export_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} ({self.get_state_display()})"
