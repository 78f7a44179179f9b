"""The conversation beside a book: questions to the language model and its answers, ideas among them."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from books.models.books import Book
from books.models.runs import Run
from organizations.models import TenantRow

LONGEST_QUESTION = 2000


class ChatKind(models.TextChoices):
    """What is asked of the model: an answer, or five ideas."""

    QUESTION = "question", _("question")
    TITLES = "titles", _("ideas for titles")
    OPENINGS = "openings", _("ideas for openings")
    SCENES = "scenes", _("ideas for scenes")


class Chat(TenantRow):
    """One person's conversation about one book. What they say is theirs: others of the organization do not see it."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="chats", verbose_name=_("book"))
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="chats", verbose_name=_("person")
    )
    title = models.CharField(_("title"), max_length=120, blank=True)

    class Meta:
        verbose_name = _("chat")
        verbose_name_plural = _("chats")
        ordering = ["-id"]
        indexes = [models.Index(fields=["book", "person", "-id"], name="chat_list")]
        constraints = [models.UniqueConstraint(fields=["organization", "id"], name="chat_in_organization")]

    def __str__(self) -> str:
        return self.title


class ChatTurn(TenantRow):
    """A question and its answer; the answer stands here once the journal has it. `ideas` are an answer's parts."""

    chat = models.ForeignKey(Chat, on_delete=models.CASCADE, related_name="turns", verbose_name=_("chat"))
    run = models.OneToOneField(Run, on_delete=models.CASCADE, related_name="chat_turn", verbose_name=_("run"))
    position = models.PositiveIntegerField(_("number"))
    kind = models.CharField(_("kind"), max_length=10, choices=ChatKind, default=ChatKind.QUESTION)
    question = models.CharField(_("question"), max_length=LONGEST_QUESTION, blank=True)
    answer = models.TextField(_("answer"), blank=True)
    ideas = ArrayField(models.TextField(), verbose_name=_("ideas"), default=list, blank=True)
    # One per form shown: a double submit finds the turn of the first.
    request_key = models.UUIDField(_("request key"), null=True, blank=True)

    class Meta:
        verbose_name = _("chat turn")
        verbose_name_plural = _("chat turns")
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["chat", "position"], name="chat_turn_once"),
            models.UniqueConstraint(fields=["chat", "request_key"], name="chat_turn_request_once"),
            models.CheckConstraint(condition=models.Q(kind__in=ChatKind.values), name="chat_turn_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind=ChatKind.QUESTION) | ~models.Q(question=""), name="chat_question_given"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
