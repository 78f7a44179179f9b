"""The texts a chapter had, and the revisions of a whole book: what there is to compare and to go back to."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from organizations.models import TenantRow

LONGEST_NOTE = 1000


class VersionOrigin(models.TextChoices):
    """Where a version of a chapter came from."""

    WRITTEN = "written", _("first text")
    EDITED = "edited", _("edited")
    REWRITTEN = "rewritten", _("rewritten")
    CORRECTED = "corrected", _("suggestions accepted")
    REPLACED = "replaced", _("found and replaced")
    ARRANGED = "arranged", _("split or merged")
    MERGED = "merged", _("two people’s changes merged")
    RESTORED = "restored", _("restored")


class ChapterVersion(TenantRow):
    """One text a chapter had, by the number its save had (Chapter.version); the newest one is the text that stands.

    `payload` holds text and labels (books.queries.versions): whole where `is_whole`, else as what changed since the
    version before (core.deltas). Saves of one person within minutes of each other are one version.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="versions", verbose_name=_("chapter"))
    number = models.PositiveIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=150)
    origin = models.CharField(_("origin"), max_length=10, choices=VersionOrigin)
    # Who replaced the text before by this one; nobody for the first text, which a run wrote.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="chapter_versions",
        verbose_name=_("made by"),
    )
    note = models.CharField(_("note"), max_length=LONGEST_NOTE, blank=True)
    payload = models.BinaryField(_("text, packed"))
    is_whole = models.BooleanField(_("whole"))
    # Bytes of the payloads since the last whole one: when they outgrow it, the next one is whole.
    chain_bytes = models.PositiveIntegerField(_("bytes since the last whole text"), default=0)
    text_digest = models.CharField(_("digest of the text"), max_length=64)
    word_count = models.PositiveIntegerField(_("words"))

    class Meta:
        verbose_name = _("version of a chapter")
        verbose_name_plural = _("versions of chapters")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="version_in_organization"),
            models.UniqueConstraint(fields=["chapter", "number"], name="chapter_version_once"),
            models.CheckConstraint(condition=models.Q(origin__in=VersionOrigin.values), name="chapter_version_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_origin_display()})"


class RevisionKind(models.TextChoices):
    """Why a revision was made."""

    GENERATED = "generated", _("written")
    IMPORTED = "imported", _("imported")
    PUBLISHED = "published", _("published")
    KEPT = "kept", _("kept by hand")
    BEFORE = "before", _("before a large change")
    DAILY = "daily", _("state of the day")
    RESTORED = "restored", _("restored")


class Revision(TenantRow):
    """One state of a whole book: v1.0, v1.1, v2.0. Its chapters are the revision chapters that reach over its `place`.

    Generation, import and publishing begin a new major number, everything else a minor one (ruling 19).
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="revisions", verbose_name=_("book"))
    place = models.PositiveIntegerField(_("place in the book's history"))  # 1, 2, 3…
    major = models.PositiveIntegerField(_("major number"))
    minor = models.PositiveIntegerField(_("minor number"))
    kind = models.CharField(_("kind"), max_length=10, choices=RevisionKind)
    message = models.CharField(_("message"), max_length=LONGEST_NOTE, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="revisions",
        verbose_name=_("made by"),
    )
    word_count = models.PositiveIntegerField(_("words"))
    chapter_count = models.PositiveIntegerField(_("chapters"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        ordering = ["-place"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="revision_in_organization"),
            models.UniqueConstraint(fields=["book", "place"], name="revision_place_once"),
            models.UniqueConstraint(fields=["book", "major", "minor"], name="revision_number_once"),
            models.CheckConstraint(condition=models.Q(kind__in=RevisionKind.values), name="revision_kind_known"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def number(self) -> str:
        """As people say it: v1.2."""
        return f"v{self.major}.{self.minor}"


class RevisionChapter(TenantRow):
    """A chapter as it stood from one revision of its book to another: storage grows with change, not with size.

    It belongs to the revisions whose place is in `first_place` … `last_place`; None reaches to the newest.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+", verbose_name=_("book"))
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="+", verbose_name=_("chapter"))
    version = models.ForeignKey(ChapterVersion, on_delete=models.CASCADE, related_name="+", verbose_name=_("version"))
    position = models.PositiveSmallIntegerField(_("number"))
    first_place = models.PositiveIntegerField(_("from revision"))
    last_place = models.PositiveIntegerField(_("to revision"), null=True, blank=True)

    class Meta:
        verbose_name = _("chapter of a revision")
        verbose_name_plural = _("chapters of revisions")
        ordering = ["position"]
        indexes = [models.Index(fields=["book", "first_place", "last_place"], name="revision_chapter_reach")]
        constraints = [
            models.UniqueConstraint(
                fields=["book", "chapter"], condition=models.Q(last_place__isnull=True), name="revision_chapter_now"
            ),
            models.CheckConstraint(
                condition=models.Q(last_place__isnull=True) | models.Q(last_place__gte=models.F("first_place")),
                name="revision_chapter_reaches",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}: {self.first_place}–{self.last_place or ''}"
