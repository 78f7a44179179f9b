"""A book and its chapters."""

from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Concat
from django.utils.translation import gettext_lazy as _

from books.querysets import BookQuerySet, ChapterQuerySet
from core.folding import folded
from organizations.models import TenantRow

MAX_CHAPTERS = 50
MIN_WORDS, MAX_WORDS = 200, 5000
KEPT_IN_TRASH = timedelta(days=30)


class BookStatus(models.TextChoices):
    """Where a book is on its way to readers."""

    DRAFT = "draft", _("draft")
    GENERATING = "generating", _("being written")
    REVIEW = "review", _("in review")
    PUBLISHED = "published", _("published")
    ARCHIVED = "archived", _("archived")


class Visibility(models.TextChoices):
    """Who may read a book."""

    PRIVATE = "private", _("only me")
    INTERNAL = "internal", _("my organization")
    PUBLIC = "public", _("everyone")


class Genre(models.TextChoices):
    """What kind of book it is."""

    GUIDE = "guide", _("practical guide")
    ESSAY = "essay", _("essay")
    TEXTBOOK = "textbook", _("textbook")
    BUSINESS = "business", _("business")
    HISTORY = "history", _("history")
    TRAVEL = "travel", _("travel")
    MEMOIR = "memoir", _("memoir")
    NOVEL = "novel", _("novel")
    STORIES = "stories", _("short stories")
    CHILDREN = "children", _("children's book")


class Audience(models.TextChoices):
    """Whom it is for."""

    GENERAL = "general", _("general readers")
    PROFESSIONALS = "professionals", _("professionals")
    STUDENTS = "students", _("students")
    TEENAGERS = "teenagers", _("teenagers")
    CHILDREN = "children", _("children")


class Difficulty(models.TextChoices):
    """How much the reader knows already."""

    BEGINNER = "beginner", _("beginner")
    INTERMEDIATE = "intermediate", _("intermediate")
    ADVANCED = "advanced", _("advanced")
    EXPERT = "expert", _("expert")


class Tone(models.TextChoices):
    """How the book speaks."""

    WARM = "warm", _("warm")
    NEUTRAL = "neutral", _("neutral")
    ACADEMIC = "academic", _("academic")
    LIVELY = "lively", _("lively")
    LITERARY = "literary", _("literary")
    HUMOROUS = "humorous", _("humorous")


class Palette(models.TextChoices):
    """Cover colours (books.providers.exports.cover and static/css/tokens.css draw them)."""

    GARNET = "garnet", _("garnet")
    FOREST = "forest", _("forest")
    INK = "ink", _("ink blue")
    PLUM = "plum", _("plum")
    OCHRE = "ochre", _("ochre")
    SLATE = "slate", _("slate")
    TEAL = "teal", _("teal")
    ROSE = "rose", _("rose")


class BookLanguage(models.TextChoices):
    """Languages a book can be written in now; each is named in itself."""

    ENGLISH = "en", "English"
    FRENCH = "fr", "Français"


class Book(TenantRow):
    """A manuscript and what it is meant to be: the brief its run follows."""

    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="books", verbose_name=_("author")
    )
    byline = models.CharField(_("author's name on the cover"), max_length=100, blank=True)
    title = models.CharField(_("title"), max_length=100)
    subtitle = models.CharField(_("subtitle"), max_length=150, blank=True)
    topic = models.CharField(_("topic"), max_length=200)
    goal = models.CharField(_("goal"), max_length=1000, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=BookLanguage, default=BookLanguage.ENGLISH)
    genre = models.CharField(_("genre"), max_length=20, choices=Genre, default=Genre.GUIDE)
    audience = models.CharField(_("audience"), max_length=20, choices=Audience, default=Audience.GENERAL)
    difficulty = models.CharField(_("difficulty"), max_length=20, choices=Difficulty, default=Difficulty.BEGINNER)
    tone = models.CharField(_("tone"), max_length=20, choices=Tone, default=Tone.WARM)
    chapter_count = models.PositiveSmallIntegerField(
        _("number of chapters"), default=6, validators=[MinValueValidator(1), MaxValueValidator(MAX_CHAPTERS)]
    )
    words_per_chapter = models.PositiveSmallIntegerField(
        _("words per chapter"), default=1500, validators=[MinValueValidator(MIN_WORDS), MaxValueValidator(MAX_WORDS)]
    )
    palette = models.CharField(_("cover colour"), max_length=10, choices=Palette, default=Palette.GARNET)
    blurb = models.TextField(_("back-cover text"), blank=True)
    status = models.CharField(_("status"), max_length=10, choices=BookStatus, default=BookStatus.DRAFT)
    # What an archived book goes back to.
    archived_from = models.CharField(_("archived from"), max_length=10, choices=BookStatus, blank=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)
    # Of an erased book nothing but its runs' numbers is left: what models cost was paid, and caps count it.
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)
    visibility = models.CharField(_("visibility"), max_length=8, choices=Visibility, default=Visibility.PRIVATE)
    # The last change of anything a reader sees: the only date that enters a file (same book, same bytes).
    content_changed_at = models.DateTimeField(_("text changed"), auto_now_add=True)
    # One per form shown: a double submit finds the book of the first.
    request_key = models.UUIDField(_("request key"), null=True, blank=True)
    # What the list searches and sorts by, the title first.
    folded = models.GeneratedField(
        expression=folded(
            Concat("title", models.Value("\n"), "subtitle", models.Value("\n"), "topic", models.Value("\n"), "byline")
        ),
        output_field=models.TextField(),
        db_persist=True,
        verbose_name=_("search text"),
    )

    objects = BookQuerySet.as_manager()  # type: ignore[misc]  # narrower than every tenant row's, on purpose

    class Meta:
        verbose_name = _("book")
        verbose_name_plural = _("books")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-content_changed_at", "-id"], name="book_list_by_change"),
            models.Index(fields=["organization", "folded", "id"], name="book_list_by_title"),
            models.Index(fields=["trashed_at"], condition=models.Q(trashed_at__isnull=False), name="book_trash"),
            models.Index(fields=["organization"], condition=models.Q(trashed_at__isnull=True), name="book_counted"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="book_in_organization"),
            models.UniqueConstraint(fields=["organization", "request_key"], name="book_request_once"),
            models.CheckConstraint(
                condition=models.Q(chapter_count__range=(1, MAX_CHAPTERS)), name="book_chapter_count_range"
            ),
            models.CheckConstraint(
                condition=models.Q(words_per_chapter__range=(MIN_WORDS, MAX_WORDS)), name="book_words_range"
            ),
            models.CheckConstraint(condition=models.Q(status__in=BookStatus.values), name="book_status_known"),
            models.CheckConstraint(condition=models.Q(visibility__in=Visibility.values), name="book_visibility_known"),
            models.CheckConstraint(condition=~models.Q(title=""), name="book_title_given"),
            models.CheckConstraint(
                condition=models.Q(archived_from="") | models.Q(status=BookStatus.ARCHIVED), name="book_archived_from"
            ),
            models.CheckConstraint(
                condition=models.Q(erased_at__isnull=True) | models.Q(trashed_at__isnull=False),
                name="book_erased_from_trash",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def planned_words(self) -> int:
        """Words of the whole book as briefed."""
        return self.chapter_count * self.words_per_chapter


class StandingChapters(models.Manager["Chapter"]):
    """Chapters that stand in their book: none in the trash."""

    def get_queryset(self) -> models.QuerySet["Chapter"]:
        return super().get_queryset().filter(trashed_at__isnull=True)


class Chapter(TenantRow):
    """One chapter: Markdown exactly as stored (LF, NFC). It exists from the outline's approval on.

    `objects` are the chapters that stand in their book, `everything` those in the trash too; one in the trash keeps the
    number it had.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="chapters", verbose_name=_("book"))
    position = models.PositiveSmallIntegerField(_("number"))
    title = models.CharField(_("title"), max_length=150)
    summary = models.TextField(_("summary"), blank=True)
    points = ArrayField(models.CharField(max_length=300), verbose_name=_("points"), default=list, blank=True)
    planned_words = models.PositiveIntegerField(_("planned words"))
    # What its author aims at; None keeps to what was planned.
    target_words = models.PositiveIntegerField(_("target in words"), null=True, blank=True)
    markdown = models.TextField(_("text"), blank=True)
    word_count = models.PositiveIntegerField(_("words"), default=0)
    # Rises with every save of title or text: what an editor says it began with (books.transitions.texts).
    version = models.PositiveIntegerField(_("version"), default=1)
    # One label per block of the text (core.blocks, books.models.provenance), and words by kind of label.
    labels = models.JSONField(_("labels"), default=list, blank=True)
    label_words = models.JSONField(_("words by origin"), default=dict, blank=True)
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, blank=True)

    objects = StandingChapters.from_queryset(ChapterQuerySet)()  # type: ignore[misc,assignment]  # as Book.objects
    everything = ChapterQuerySet.as_manager()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="chapter_in_organization"),
            # And PostgreSQL holds (migration 0018) that no two chapters outside the trash have one place in a book:
            # chapter_position_once, EXCLUDE (book WITH =, position WITH =) WHERE trashed_at IS NULL, deferred.
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"

    @property
    def is_written(self) -> bool:
        """Whether the chapter has its text: it is stored whole or not at all."""
        return bool(self.markdown)

    @property
    def goal_words(self) -> int:
        """Words its author aims at."""
        return self.planned_words if self.target_words is None else self.target_words
