"""What people and models say about a passage: comments, and suggestions to accept or reject."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book, Chapter
from books.models.runs import Run
from organizations.models import TenantRow

LONGEST_COMMENT, LONGEST_REASON = 4000, 1000


class Anchored(TenantRow):
    """Base of what is fixed to a passage: characters `start` to `end` of the chapter's text as it stands now.

    Every save moves both with the text (books.transitions.anchors). Equal ends: nothing of the passage is left, `quote`
    is what it was.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+", verbose_name=_("book"))
    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="+", verbose_name=_("chapter"))
    start = models.PositiveIntegerField(_("from character"), default=0)
    end = models.PositiveIntegerField(_("to character"), default=0)
    quote = models.TextField(_("passage"), blank=True)

    class Meta:
        abstract = True


class Comment(Anchored):
    """A comment on a passage or, without one, on its chapter; a reply stands below what began its thread."""

    thread = models.ForeignKey(
        "self", on_delete=models.CASCADE, null=True, blank=True, related_name="replies", verbose_name=_("reply to")
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments", verbose_name=_("author")
    )
    text = models.TextField(_("text"), max_length=LONGEST_COMMENT)
    mentions = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through="Mention", related_name="+", verbose_name=_("mentioned"), blank=True
    )
    edited_at = models.DateTimeField(_("edited"), null=True, blank=True)
    # What began a thread that others answered stays without its words.
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("resolved by"),
    )  # fmt: skip
    # One per form shown: a double submit finds the comment of the first.
    request_key = models.UUIDField(_("request key"), null=True, blank=True)

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        ordering = ["id"]
        indexes = [
            models.Index(fields=["book", "-id"], condition=models.Q(thread__isnull=True), name="comment_list"),
            models.Index(fields=["chapter", "id"], name="comment_in_chapter"),
            models.Index(fields=["thread", "id"], name="comment_replies"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="comment_in_organization"),
            models.UniqueConstraint(fields=["organization", "request_key"], name="comment_request_once"),
            models.CheckConstraint(condition=~models.Q(text=""), name="comment_says_something"),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="comment_passage"),
            models.CheckConstraint(
                condition=models.Q(thread__isnull=True) | models.Q(resolved_at__isnull=True, quote="", end=0),
                name="comment_reply_has_its_threads",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:40]


class Mention(TenantRow):
    """Somebody named in a comment, who gets a letter about it."""

    comment = models.ForeignKey(Comment, on_delete=models.CASCADE, related_name="+", verbose_name=_("comment"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )

    class Meta:
        verbose_name = _("mention")
        verbose_name_plural = _("mentions")
        constraints = [models.UniqueConstraint(fields=["comment", "person"], name="mention_once")]

    def __str__(self) -> str:
        return str(self.person_id)


class SuggestionKind(models.TextChoices):
    """What a suggestion is about."""

    SPELLING = "spelling", _("spelling")
    GRAMMAR = "grammar", _("grammar")
    STYLE = "style", _("style")
    COHERENCE = "coherence", _("coherence")
    STRUCTURE = "structure", _("structure")
    FACT_CHECK = "fact_check", _("fact check")


class SuggestionSeverity(models.TextChoices):
    """How much it matters."""

    INFO = "info", _("info")
    WARNING = "warning", _("warning")
    ERROR = "error", _("error")
    CRITICAL = "critical", _("critical")


class SuggestionSource(models.TextChoices):
    """Who made it."""

    PERSON = "person", _("person")
    CHECKER = "checker", _("checker")
    MODEL = "model", _("model")


class SuggestionState(models.TextChoices):
    """What became of it."""

    PENDING = "pending", _("open")
    APPLIED = "applied", _("accepted")
    REJECTED = "rejected", _("rejected")
    IGNORED = "ignored", _("ignored")


class Review(TenantRow):
    """An order to a model to read a chapter and suggest changes; `dropped` quoted what does not stand there."""

    chapter = models.ForeignKey(Chapter, on_delete=models.CASCADE, related_name="reviews", verbose_name=_("chapter"))
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="review", verbose_name=_("run"))
    kinds = ArrayField(models.CharField(max_length=10, choices=SuggestionKind), verbose_name=_("kinds"))
    base_markdown = models.TextField(_("text when asked"))
    made = models.PositiveIntegerField(_("suggestions made"), default=0)
    dropped = models.PositiveIntegerField(_("suggestions dropped"), default=0)

    class Meta:
        verbose_name = _("review by a model")
        verbose_name_plural = _("reviews by models")
        ordering = ["-id"]

    def __str__(self) -> str:
        return ", ".join(self.kinds)


class Suggestion(Anchored):
    """A change somebody proposes: `quote` becomes `proposal`. It can be accepted while `quote` stands at its place."""

    kind = models.CharField(_("kind"), max_length=10, choices=SuggestionKind)
    severity = models.CharField(
        _("severity"), max_length=8, choices=SuggestionSeverity, default=SuggestionSeverity.INFO
    )
    source = models.CharField(_("source"), max_length=7, choices=SuggestionSource)
    source_name = models.CharField(_("name of the checker or model"), max_length=120, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="suggestions",
        verbose_name=_("author"),
    )  # fmt: skip
    run = models.ForeignKey(
        Run, on_delete=models.CASCADE, null=True, blank=True, related_name="suggestions", verbose_name=_("run")
    )
    proposal = models.TextField(_("proposal"), blank=True)
    reason = models.CharField(_("reason"), max_length=LONGEST_REASON, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=SuggestionState, default=SuggestionState.PENDING)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    # Decisions made by one press of a button have one id: what undo takes back together.
    decision = models.UUIDField(_("decision"), null=True, blank=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["start", "id"]
        indexes = [
            # Without `start`: it moves with every save, and what no index holds is moved cheaply.
            models.Index(fields=["chapter", "state", "id"], name="suggestion_in_chapter"),
            models.Index(fields=["book", "state", "-id"], name="suggestion_list"),
            models.Index(
                fields=["decision"], condition=models.Q(decision__isnull=False), name="suggestion_by_decision"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="suggestion_in_organization"),
            models.CheckConstraint(condition=models.Q(kind__in=SuggestionKind.values), name="suggestion_kind"),
            models.CheckConstraint(
                condition=models.Q(severity__in=SuggestionSeverity.values), name="suggestion_severity"
            ),
            models.CheckConstraint(condition=models.Q(source__in=SuggestionSource.values), name="suggestion_source"),
            models.CheckConstraint(condition=models.Q(state__in=SuggestionState.values), name="suggestion_state"),
            models.CheckConstraint(
                condition=~models.Q(proposal=models.F("quote")), name="suggestion_changes_something"
            ),
            models.CheckConstraint(condition=models.Q(end__gte=models.F("start")), name="suggestion_passage"),
        ]

    def __str__(self) -> str:
        return f"{self.quote[:20]} → {self.proposal[:20]}"
