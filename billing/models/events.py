"""What providers send: an envelope of ids that any worker may read, and the body beside it, which staff alone see."""

from uuid import UUID, uuid5

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Entity

_NAMES = UUID("6f1c7a52-5d0f-4f0e-9a39-2f6a54f2b0c1")  # of this table's keys alone


class EventState(models.TextChoices):
    """What became of an event."""

    RECEIVED = "received", _("to be applied")
    APPLIED = "applied", _("applied")
    IGNORED = "ignored", _("not ours")  # another system's customer, or a kind that says nothing to us
    REFUSED = "refused", _("refused")  # ours, but with another amount, currency or mode: granted nothing
    FAILED = "failed", _("failing")  # tried again with growing pauses, and shown to staff


class ProviderEvent(Entity):
    """The envelope of an event: a resolver (ruling 4), ids alone. The object itself is read at the provider.

    Its key is made of the provider's, so that an event stored twice is one row and one lease.
    """

    provider = models.CharField(_("provider"), max_length=10)
    account = models.CharField(_("account"), max_length=100, blank=True)
    livemode = models.BooleanField(_("live"))
    event_id = models.CharField(_("event there"), max_length=200)
    type = models.CharField(_("type"), max_length=100)
    object_type = models.CharField(_("object"), max_length=60, blank=True)
    object_id = models.CharField(_("object’s id"), max_length=200, blank=True)
    customer_id = models.CharField(_("customer there"), max_length=100, blank=True)
    api_version = models.CharField(_("API version"), max_length=40, blank=True)
    happened_at = models.DateTimeField(_("happened"))
    organization_id = models.UUIDField(_("organization"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=EventState, default=EventState.RECEIVED)
    code = models.CharField(_("code"), max_length=40, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    attempts = models.PositiveIntegerField(_("attempts"), default=0)
    applied_at = models.DateTimeField(_("applied"), null=True, blank=True)

    class Meta:
        verbose_name = _("provider event")
        verbose_name_plural = _("provider events")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["state", "-created_at"], name="provider_event_inbox"),
            models.Index(fields=["-created_at"], name="provider_event_list"),
            models.Index(fields=["object_id"], name="provider_event_object"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "account", "livemode", "event_id"], name="provider_event_known_once"
            ),
            models.CheckConstraint(condition=Q(state__in=EventState.values), name="provider_event_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.event_id}"

    @staticmethod
    def key(provider: str, account: str, livemode: bool, event_id: str) -> UUID:
        """The row's id for an event of a provider."""
        return uuid5(_NAMES, "\n".join([provider, account, str(livemode), event_id]))


class ProviderEventBody(Entity):
    """The bytes as they came. The web role may write them and not read them; they go after 90 days.

    Its id is the envelope's; no foreign key, because a key's check would need the right to read.
    """

    body = models.BinaryField(_("body"))
    headers = models.JSONField(_("headers"), default=dict, blank=True)

    class Meta:
        verbose_name = _("body of a provider event")
        verbose_name_plural = _("bodies of provider events")

    def __str__(self) -> str:
        return str(self.pk)
