"""What is proposed in a chapter's place, and where its readers are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from books.models.runs import Run
from organizations.models import TenantRow

LONGEST_INSTRUCTION = 1000


class Decision(models.TextChoices):
    """What the author said of a proposal."""

    OPEN = "open", _("not decided")
    ACCEPTED = "accepted", _("taken")
    DISCARDED = "discarded", _("discarded")


class RewriteTask(models.TextChoices):
    """What the model is asked to do with the text."""

    REWRITE = "rewrite", _("rewrite")
    SHORTEN = "shorten", _("shorten")
    LENGTHEN = "lengthen", _("lengthen")
    TRANSLATE = "translate", _("translate")


class Rewrite(TenantRow):
    """A chapter or a passage written anew, shown beside the old text until somebody takes or discards it.

    Of a passage, `start` and `end` say where it stood in the chapter when it was ordered; of a chapter both are 0.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="rewrites", verbose_name=_("chapter"))
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="rewrite", verbose_name=_("run"))
    task = models.CharField(_("task"), max_length=9, choices=RewriteTask, default=RewriteTask.REWRITE)
    instruction = models.CharField(_("instruction"), max_length=LONGEST_INSTRUCTION, blank=True)
    start = models.PositiveIntegerField(_("from character"), default=0)
    end = models.PositiveIntegerField(_("to character"), default=0)
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
            models.CheckConstraint(condition=models.Q(task__in=RewriteTask.values), name="rewrite_task_known"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="rewrite_passage"),
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
