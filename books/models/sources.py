"""Texts an author gives a book to follow, cut into passages, and which passage served where."""

from django.conf import settings
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book
from books.models.runs import Run
from organizations.models import TenantRow

MAX_SOURCES = 10
MAX_SOURCE_BYTES = 2 * 1024 * 1024


class Source(TenantRow):
    """One text, pasted or uploaded (TXT, Markdown): stored as normalized text (LF, NFC), at most 2 MB of UTF-8."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="sources", verbose_name=_("book"))
    title = models.CharField(_("title"), max_length=150)
    file_name = models.CharField(_("file name"), max_length=150, blank=True)
    text = models.TextField(_("text"))
    size = models.PositiveIntegerField(_("size (bytes)"))
    word_count = models.PositiveIntegerField(_("words"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="sources", verbose_name=_("added by")
    )

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["organization"], include=["size"], condition=models.Q(size__gt=0), name="source_bytes")
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="source_in_organization"),
            models.UniqueConstraint(fields=["book", "sha256"], name="source_once_per_book"),
            models.CheckConstraint(condition=models.Q(size__lte=MAX_SOURCE_BYTES), name="source_size_bounded"),
        ]

    def __str__(self) -> str:
        return self.title


class SourcePassage(TenantRow):
    """A few paragraphs of a source: what full-text search finds for a section. `search` is in the book's language."""

    source = models.ForeignKey(Source, on_delete=models.CASCADE, related_name="passages", verbose_name=_("source"))
    position = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))
    word_count = models.PositiveIntegerField(_("words"))
    search = SearchVectorField(_("search vector"))

    class Meta:
        verbose_name = _("passage of a source")
        verbose_name_plural = _("passages of sources")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="source_passage_in_org"),
            models.UniqueConstraint(fields=["source", "position"], name="source_passage_once"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"


class PassageUse(TenantRow):
    """A passage that a section had to follow, chosen before it was written and kept though its source be removed.

    `chapter` is the chapter's number in the outline, 0 for the outline itself; `section` counts from 1 inside it.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="passage_uses", verbose_name=_("run"))
    chapter = models.PositiveSmallIntegerField(_("chapter"))
    section = models.PositiveSmallIntegerField(_("section"))
    rank = models.PositiveSmallIntegerField(_("rank"))
    # Nothing of the rest depends on it: the text and its source's title stand here themselves.
    passage = models.ForeignKey(
        SourcePassage, on_delete=models.SET_NULL, null=True, related_name="uses", verbose_name=_("passage")
    )
    source_title = models.CharField(_("source"), max_length=150)
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("use of a passage")
        verbose_name_plural = _("uses of passages")
        ordering = ["chapter", "section", "rank"]
        constraints = [models.UniqueConstraint(fields=["run", "chapter", "section", "rank"], name="passage_use_once")]

    def __str__(self) -> str:
        return f"{self.chapter}.{self.section}: {self.source_title}"
