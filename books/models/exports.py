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


class PageSize(models.TextChoices):
    """Trim sizes of a printed book; books.providers.exports has their measures. Other formats have none."""

    A5 = "a5", "A5 (148 × 210 mm)"
    A4 = "a4", "A4 (210 × 297 mm)"
    SIX_BY_NINE = "6x9", "6 × 9 in"
    FIVE_BY_EIGHT = "5x8", "5 × 8 in"


def stored_bytes(name: str) -> models.Index:
    """What the sum of an organization's stored bytes is read from, without the rows."""
    return models.Index(fields=["organization"], include=["size"], condition=models.Q(size__gt=0), name=name)


class StoredFile(TenantRow):
    """What becomes of a file that a worker makes: stored, with its size and hash, or given up for a reason."""

    state = models.CharField(_("state"), max_length=10, choices=ExportState, default=ExportState.PENDING)
    file = models.FileField(_("file"), max_length=200, blank=True)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    size = models.PositiveBigIntegerField(_("size (bytes)"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    problem = models.CharField(_("problem"), max_length=500, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True


class Export(StoredFile):
    """One file of one format of one version of a book: asked for twice, made once. Only a PDF has a page size."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="exports", verbose_name=_("book"))
    format = models.CharField(_("format"), max_length=10)
    page_size = models.CharField(_("page size"), max_length=3, choices=PageSize, blank=True)
    # SHA-256 over everything that enters the file: the version of the book it was made from.
    content_hash = models.CharField(_("hash of the content"), max_length=64)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="exports", verbose_name=_("requested by")
    )

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-id"]
        indexes = [stored_bytes("export_bytes")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="export_in_organization"),
            models.UniqueConstraint(
                fields=["book", "format", "page_size", "content_hash"], name="export_once_per_version"
            ),
            models.CheckConstraint(
                condition=models.Q(page_size="") | models.Q(format="pdf", page_size__in=PageSize.values),
                name="export_page_size_of_pdf",
            ),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="export_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.READY) | (~models.Q(file="") & ~models.Q(sha256="")),
                name="export_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} ({self.get_state_display()})"


class Download(TenantRow):
    """That somebody fetched a file, or all of them in a bundle."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="downloads", verbose_name=_("export"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="downloads", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("download")
        verbose_name_plural = _("downloads")
        ordering = ["-id"]
        indexes = [models.Index(fields=["export", "-id"], name="download_list")]

    def __str__(self) -> str:
        return f"{self.export_id} ({self.person_id})"


class Bundle(StoredFile):
    """A ZIP of several files, of one book or of many: made when each of them is ready or has failed."""

    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="bundles", verbose_name=_("requested by")
    )
    exports: "models.ManyToManyField[Export, BundleItem]" = models.ManyToManyField(
        Export, through="BundleItem", related_name="bundles", verbose_name=_("files")
    )
    # One per form shown: a double submit finds the bundle of the first.
    request_key = models.UUIDField(_("request key"), null=True, blank=True)

    class Meta:
        verbose_name = _("bundle of files")
        verbose_name_plural = _("bundles of files")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "requested_by", "-id"], name="bundle_list"),
            stored_bytes("bundle_bytes"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="bundle_in_organization"),
            models.UniqueConstraint(fields=["organization", "request_key"], name="bundle_request_once"),
            models.CheckConstraint(condition=models.Q(state__in=ExportState.values), name="bundle_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state=ExportState.READY) | (~models.Q(file="") & ~models.Q(sha256="")),
                name="bundle_ready_has_file",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.file_name} ({self.get_state_display()})"


class BundleItem(TenantRow):
    """One file of a bundle."""

    bundle = models.ForeignKey(Bundle, on_delete=models.CASCADE, related_name="items", verbose_name=_("bundle"))
    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="bundle_items", verbose_name=_("file"))

    class Meta:
        verbose_name = _("file of a bundle")
        verbose_name_plural = _("files of bundles")
        constraints = [models.UniqueConstraint(fields=["bundle", "export"], name="bundle_item_once")]

    def __str__(self) -> str:
        return f"{self.bundle_id}: {self.export_id}"
