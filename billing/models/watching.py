"""How far we have looked through what a provider says it sent."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from core.models import Entity


class ProviderWatch(Entity):
    """One account of one provider: its events are listed up to a moment of its own clock; staff are told up to ours.

    Names no organization and nobody.
    """

    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    listed_until = models.DateTimeField(_("events listed until"), null=True, blank=True)
    listed_at = models.DateTimeField(_("last listed"), null=True, blank=True)
    told_until = models.DateTimeField(_("staff told until"), null=True, blank=True)
    late_told_at = models.DateTimeField(_("staff told of what is late"), null=True, blank=True)

    class Meta:
        verbose_name = _("watch of a provider")
        verbose_name_plural = _("watches of providers")
        constraints = [models.UniqueConstraint(fields=["provider", "livemode"], name="provider_watch_once")]

    def __str__(self) -> str:
        return self.provider
