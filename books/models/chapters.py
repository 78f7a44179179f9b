"""What is proposed in a chapter's place, and where its readers are."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from books.models.runs import Run
from organizations.models import TenantRow

LONGEST_INSTRUCTION = 1000
# What a text can be translated into: languages whose letters the fonts of every format hold (ruling 20).
TARGET_LANGUAGES = (
    "af", "ca", "cs", "cy", "da", "de", "en", "eo", "es", "et", "eu", "fi", "fr", "ga", "gl", "hr", "hu", "id", "is",
    "it", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "sk", "sl", "sq", "sv", "sw", "tr",
)  # fmt: skip


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

    def aim(self, words: int) -> int:
        """How many words are asked for of a text of so many."""
        asked = {RewriteTask.SHORTEN: (words + 1) // 2, RewriteTask.LENGTHEN: words * 3 // 2}
        return max(1, asked.get(self, words))

    def room(self, words: int) -> int:
        """As how many words of the book's language the answer counts: other languages need more tokens for a word."""
        return max(words, words * 3 // 2 if self in {RewriteTask.LENGTHEN, RewriteTask.TRANSLATE} else words)


class Rewrite(TenantRow):
    """A chapter or a passage written anew, shown beside the old text until somebody takes or discards it.

    Of a passage, `start` and `end` are its place in the chapter's text: until it is taken they move with every change
    of the text (books.transitions.anchors), and are equal once nothing of it is left. Of a whole chapter both are 0.
    """

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="rewrites", verbose_name=_("chapter"))
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="rewrite", verbose_name=_("run"))
    task = models.CharField(_("task"), max_length=9, choices=RewriteTask, default=RewriteTask.REWRITE)
    instruction = models.CharField(_("instruction"), max_length=LONGEST_INSTRUCTION, blank=True)
    is_whole = models.BooleanField(_("of the whole chapter"), default=True)
    start = models.PositiveIntegerField(_("from character"), default=0)
    end = models.PositiveIntegerField(_("to character"), default=0)
    # The chapter or passage as it was when asked: prompts use it, and what changed since is not overwritten unseen.
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
                fields=["chapter"],
                condition=models.Q(decision=Decision.OPEN, is_whole=True),
                name="rewrite_one_open_per_chapter",
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

    def standing(self, text: str) -> str:
        """What stands in a chapter's text where the proposal would go; empty when the passage is gone."""
        return text if self.is_whole else text[self.start : self.end]

    def put_into(self, text: str) -> str:
        """A chapter's text with the proposal in its place."""
        return self.markdown if self.is_whole else text[: self.start] + self.markdown + text[self.end :]


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
