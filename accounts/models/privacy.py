"""What people agreed to, what they asked about their data, and how they leave."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from core.fields import EncryptedTextField
from core.models import Entity


class LegalKind(models.TextChoices):
    """Which text."""

    TERMS = "terms", _("terms of use")
    PRIVACY = "privacy", _("privacy notice")


class LegalText(Entity):
    """One version of a text people agree to, in one language; a published version never changes."""

    kind = models.CharField(_("text"), max_length=10, choices=LegalKind)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2)
    title = models.CharField(_("title"), max_length=100)
    markdown = models.TextField(_("text"))
    in_force_from = models.DateTimeField(_("in force from"))

    class Meta:
        verbose_name = _("legal text")
        verbose_name_plural = _("legal texts")
        ordering = ["kind", "-version", "language"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "version", "language"], name="legal_text_once"),
            models.CheckConstraint(condition=models.Q(kind__in=LegalKind.values), name="legal_text_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.title} v{self.version}"


class Consent(Entity):
    """That a person agreed to a version of a text (`created_at`), and, where it can be, took it back."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="consents", verbose_name=_("person")
    )
    kind = models.CharField(_("text"), max_length=10, choices=LegalKind)
    version = models.PositiveSmallIntegerField(_("version"))
    language = models.CharField(_("language"), max_length=2)
    withdrawn_at = models.DateTimeField(_("withdrawn"), null=True, blank=True)

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["person", "kind", "version"],
                condition=models.Q(withdrawn_at__isnull=True),
                name="consent_once",
            ),
            models.CheckConstraint(condition=models.Q(kind__in=LegalKind.values), name="consent_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} v{self.version}"


class DataRequestKind(models.TextChoices):
    """What is asked."""

    EXPORT = "export", _("copy of the data")
    ERASE = "erase", _("erasure")


class DataRequestState(models.TextChoices):
    """How far it is. Without an account the address confirms first."""

    UNCONFIRMED = "unconfirmed", _("waiting for the address to confirm")
    WAITING = "waiting", _("waiting")
    READY = "ready", _("ready")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    EXPIRED = "expired", _("expired")


class DataRequest(Entity):
    """Somebody's wish to see or erase what is kept about them; without an account, about an e-mail address.

    `email_digest` (keyed, core.digests) finds requests of an address whose text is encrypted. The file of an export is
    offered until `expires_at`, then deleted.
    """

    kind = models.CharField(_("wish"), max_length=6, choices=DataRequestKind)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="data_requests",
        verbose_name=_("person"),
    )  # fmt: skip
    email = EncryptedTextField(_("e-mail"), blank=True)
    email_digest = models.CharField(_("digest of the e-mail"), max_length=64, blank=True)
    language = models.CharField(_("language"), max_length=2, default="en")
    state = models.CharField(_("state"), max_length=11, choices=DataRequestState, default=DataRequestState.WAITING)
    token_digest = models.CharField(_("digest of the link"), max_length=64, blank=True)
    file = models.CharField(_("file"), max_length=200, blank=True)
    file_size = models.PositiveBigIntegerField(_("size"), default=0)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    error = models.CharField(_("error"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        verbose_name = _("data request")
        verbose_name_plural = _("data requests")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["person", "-id"], name="data_request_person"),
            models.Index(fields=["email_digest", "-id"], name="data_request_email"),
            models.Index(
                fields=["expires_at"], condition=models.Q(expires_at__isnull=False), name="data_request_expiry"
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=DataRequestKind.values), name="data_request_kind_known"),
            models.CheckConstraint(
                condition=models.Q(state__in=DataRequestState.values), name="data_request_state_known"
            ),
            models.UniqueConstraint(
                fields=["token_digest"], condition=~models.Q(token_digest=""), name="data_request_link_once"
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=models.Q(state="waiting", person__isnull=False),
                name="data_request_one_at_a_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


class Closing(Entity):
    """A closed account that can come back until `erase_at`, with its old e-mail if that is still free (ruling 23)."""

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="closings", verbose_name=_("person")
    )
    email = EncryptedTextField(_("e-mail"), blank=True)
    token_digest = models.CharField(_("digest of the link"), max_length=64, blank=True)
    erase_at = models.DateTimeField(_("to be erased"))
    undone_at = models.DateTimeField(_("undone"), null=True, blank=True)
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True)

    class Meta:
        verbose_name = _("closed account")
        verbose_name_plural = _("closed accounts")
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["erase_at"],
                condition=models.Q(undone_at__isnull=True, erased_at__isnull=True),
                name="closing_due",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(undone_at__isnull=True, erased_at__isnull=True),
                name="closing_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(undone_at__isnull=True) | models.Q(erased_at__isnull=True),
                name="closing_undone_or_erased",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person_id)


class ErasureCertificate(Entity):
    """What was erased, what was kept and why, without saying whose it was: `subject_id` is the id that is left."""

    subject_id = models.UUIDField(_("subject"))
    erased = models.JSONField(_("erased"), default=list)
    kept = models.JSONField(_("kept"), default=list)

    class Meta:
        verbose_name = _("certificate of erasure")
        verbose_name_plural = _("certificates of erasure")
        ordering = ["-id"]
        indexes = [models.Index(fields=["subject_id"], name="certificate_subject")]

    def __str__(self) -> str:
        return str(self.id)

    @property
    def erased_lines(self) -> list[str]:
        """What was erased, in the language at hand: message ids are stored."""
        return [gettext(what) for what in self.erased]

    @property
    def kept_lines(self) -> list[tuple[str, str]]:
        """(what was kept, why), in the language at hand."""
        return [(gettext(one["what"]), gettext(one["why"])) for one in self.kept]
