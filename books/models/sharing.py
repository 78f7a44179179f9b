"""Who else may work on a book, and who may read it from outside."""

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from books.models.books import Book
from books.querysets import CollaboratorQuerySet
from books.querysets.rights import CollaboratorRole
from core.fields import EncryptedTextField
from core.models import Entity
from organizations.models import Organization, TenantRow


class CollaboratorState(models.TextChoices):
    """Whether a grant holds."""

    PENDING = "pending", _("invited")
    ACTIVE = "active", _("active")
    INACTIVE = "inactive", _("inactive")


class Collaborator(TenantRow):
    """A grant on one book, for the person who accepted it; before that, for whoever holds the link that was mailed."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="collaborators", verbose_name=_("book"))
    email = models.EmailField(_("e-mail"), max_length=254)
    role = models.CharField(_("role"), max_length=9, choices=CollaboratorRole, default=CollaboratorRole.COMMENTER)
    state = models.CharField(_("state"), max_length=8, choices=CollaboratorState, default=CollaboratorState.PENDING)
    message = models.CharField(_("message"), max_length=500, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="collaborations",
        verbose_name=_("person"),
    )  # fmt: skip
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("invited by")
    )
    expires_at = models.DateTimeField(_("invitation expires"), null=True, blank=True)
    sent_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    accepted_at = models.DateTimeField(_("accepted"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    objects = CollaboratorQuerySet.as_manager()  # type: ignore[misc]  # narrower than every tenant row's, on purpose

    class Meta:
        verbose_name = _("collaborator")
        verbose_name_plural = _("collaborators")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["book", "state", "-id"], name="collaborator_list"),
            models.Index(fields=["person", "state"], name="collaborator_grants"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="collaborator_in_organization"),
            models.UniqueConstraint(
                fields=["book", "email"], condition=~models.Q(state="inactive"), name="collaborator_email_once"
            ),
            models.UniqueConstraint(
                fields=["book", "person"], condition=~models.Q(state="inactive"), name="collaborator_person_once"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="collaborator_email_lower"),
            models.CheckConstraint(condition=models.Q(role__in=CollaboratorRole.values), name="collaborator_role"),
            models.CheckConstraint(condition=models.Q(state__in=CollaboratorState.values), name="collaborator_state"),
            models.CheckConstraint(
                condition=~models.Q(state="active") | models.Q(person__isnull=False),
                name="collaborator_active_is_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} ({self.get_state_display()})"


class ShareLink(TenantRow):
    """A link by which anybody who has it reads the book, until it expires or is revoked; perhaps with a password."""

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="share_links", verbose_name=_("book"))
    label = models.CharField(_("for whom"), max_length=100, blank=True)
    token = EncryptedTextField(_("token"))  # so that whoever made it can copy it again
    password = models.CharField(_("password, hashed"), max_length=128, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("made by")
    )

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        ordering = ["-id"]
        indexes = [models.Index(fields=["book", "-id"], name="share_link_list")]
        constraints = [models.UniqueConstraint(fields=["organization", "id"], name="share_link_in_organization")]

    def __str__(self) -> str:
        return self.label or str(self.pk)


class BookKeyKind(models.TextChoices):
    """What a key opens."""

    COLLABORATOR = "collaborator", _("invitation of a collaborator")
    SHARE_LINK = "share_link", _("share link")
    PUBLIC_PAGE = "public_page", _("public page")


class BookKey(Entity):
    """Finds what a link leads to before any tenant is known (ruling 4): no content, only whose it is and its id.

    `key` is the digest of a token or, for a public page, its slug.
    """

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, verbose_name=_("organization"))
    kind = models.CharField(_("kind"), max_length=12, choices=BookKeyKind)
    key = models.CharField(_("key"), max_length=120)
    subject_id = models.UUIDField(_("what it opens"))  # a collaborator's, share link's or book's id

    class Meta:
        verbose_name = _("key to a book")
        verbose_name_plural = _("keys to books")
        indexes = [models.Index(fields=["subject_id"], name="book_key_subject")]
        constraints = [
            models.UniqueConstraint(fields=["kind", "key"], name="book_key_once"),
            models.CheckConstraint(condition=models.Q(kind__in=BookKeyKind.values), name="book_key_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject_id}"


class VisitCount(TenantRow):
    """Visits of a book from outside on one day (UTC), by share link or, without one, of its public page.

    Visitors are estimated from salted digests that live for the day alone: no cookie, no address is kept.
    """

    book = models.ForeignKey(Book, on_delete=models.CASCADE, related_name="+", verbose_name=_("book"))
    link = models.ForeignKey(
        ShareLink, on_delete=models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("share link")
    )
    day = models.DateField(_("day"))
    visits = models.PositiveIntegerField(_("visits"), default=0)
    visitors = models.PositiveIntegerField(_("visitors"), default=0)

    class Meta:
        verbose_name = _("visits of a day")
        verbose_name_plural = _("visits of days")
        ordering = ["-day"]
        constraints = [
            models.UniqueConstraint(fields=["book", "link", "day"], nulls_distinct=False, name="visit_count_once")
        ]

    def __str__(self) -> str:
        return f"{self.day}: {self.visits}"
