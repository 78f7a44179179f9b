"""Pictures in the text of a book."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book
from organizations.models import TenantRow

LONGEST_ALT = 500
LONGEST_NAME = 150
MAX_PICTURES = 500
SMALL = 1000  # pixels of the longer side of the file for screens
MAX_PICTURE_BYTES = 20 * 1024 * 1024  # of an upload


class Picture(TenantRow):
    """A picture that the Markdown of a book's chapters names as `picture:<id>`: drawn anew from what was uploaded.

    Two sizes are stored, `file` for print and `small_file` for screens; `size` is the bytes of both.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="pictures", verbose_name=_("book"))
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    alt = models.CharField(_("what it shows"), max_length=LONGEST_ALT, blank=True)
    # A picture that only decorates has no description, and somebody said so.
    is_decorative = models.BooleanField(_("only decorates"), default=False)
    media_type = models.CharField(_("media type"), max_length=20)
    width = models.PositiveIntegerField(_("width in pixels"))
    height = models.PositiveIntegerField(_("height in pixels"))
    size = models.PositiveIntegerField(_("bytes"))
    digest = models.CharField(_("digest of what was uploaded"), max_length=64)
    file = models.CharField(_("stored file"), max_length=200)
    small_file = models.CharField(_("stored small file"), max_length=200)
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by")
    )

    @property
    def extension(self) -> str:
        """How the names of its files end, without the dot."""
        return self.file.rpartition(".")[2]

    class Meta:
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization"], include=["size"], name="picture_bytes")]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="picture_in_organization"),
            models.UniqueConstraint(fields=["book", "digest"], name="picture_once"),
            models.CheckConstraint(
                condition=~models.Q(alt="") | models.Q(is_decorative=True), name="picture_described_or_decorative"
            ),
        ]

    def __str__(self) -> str:
        return self.name
