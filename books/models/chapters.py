"""What a chapter was before, what is proposed in its place, and where its readers are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from books.models.runs import Run
from organizations.models import TenantRow

LONGEST_INSTRUCTION = 1000


class VersionOrigin(models.TextChoices):
    """Where a version of a chapter came from."""

    WRITTEN = "written", _("first text")
    REWRITTEN = "rewritten", _("rewritten")
    RESTORED = "restored", _("restored")


class ChapterVersion(TenantRow):
    """One text a chapter had, numbered from 1: what there is to go back to. Written before a text is replaced."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="versions", verbose_name=_("chapter"))
    number = models.PositiveIntegerField(_("number"))
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
    note = models.CharField(_("note"), max_length=LONGEST_INSTRUCTION, blank=True)
    markdown = models.TextField(_("text"))
    word_count = models.PositiveIntegerField(_("words"))

    class Meta:
        verbose_name = _("version of a chapter")
        verbose_name_plural = _("versions of chapters")
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["chapter", "number"], name="chapter_version_once"),
            models.CheckConstraint(condition=models.Q(origin__in=VersionOrigin.values), name="chapter_version_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.number} ({self.get_origin_display()})"


class Decision(models.TextChoices):
    """What the author said of a proposal."""

    OPEN = "open", _("not decided")
    ACCEPTED = "accepted", _("taken")
    DISCARDED = "discarded", _("discarded")


class Rewrite(TenantRow):
    """A chapter written anew by an instruction, shown beside the old text until somebody takes or discards it."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="rewrites", verbose_name=_("chapter"))
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="rewrite", verbose_name=_("run"))
    instruction = models.CharField(_("instruction"), max_length=LONGEST_INSTRUCTION)
    # The chapter as it was when asked: prompts use it, and a chapter changed since is not overwritten unseen.
    base_markdown = models.TextField(_("text before"))
    markdown = models.TextField(_("proposed text"), blank=True)
    word_count = models.PositiveIntegerField(_("words"), default=0)
    decision = models.CharField(_("decision"), max_length=10, choices=Decision, default=Decision.OPEN)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decided_rewrites",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("rewrite of a chapter")
        verbose_name_plural = _("rewrites of chapters")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["chapter"], condition=models.Q(decision=Decision.OPEN), name="rewrite_one_open_per_chapter"
            ),
            models.CheckConstraint(condition=models.Q(decision__in=Decision.values), name="rewrite_decision_known"),
            models.CheckConstraint(
                condition=~models.Q(decision=Decision.ACCEPTED) | ~models.Q(markdown=""), name="rewrite_taken_has_text"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instruction[:40]} ({self.get_decision_display()})"


class ReadingPlace(TenantRow):
    """Where a person is in a book: a chapter and the paragraph at the top of their screen, counted from 0."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reading_places", verbose_name=_("person")
    )
    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="reading_places", verbose_name=_("book"))
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="+", verbose_name=_("chapter"))
    paragraph = models.PositiveIntegerField(_("paragraph"), default=0)

    class Meta:
        verbose_name = _("reading place")
        verbose_name_plural = _("reading places")
        constraints = [models.UniqueConstraint(fields=["person", "book"], name="reading_place_once")]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.chapter_id}"
