"""What things cost in credits: one table, versioned, so that what was sold keeps its price."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.models import Entity


class Act(models.TextChoices):
    """What is priced."""

    OUTLINE = "outline", _("outline")
    WORDS = "words", _("planned words")
    REWRITE = "rewrite", _("rewritten words")
    TRANSLATE = "translate", _("translated words")
    SUGGEST = "suggest", _("words read for suggestions")
    IDEA = "idea", _("ideas")
    CHAT = "chat", _("answers in the chat")
    ARTICLE = "article", _("article")
    IMAGE = "image", _("image")
    PERSONALIZED = "personalized", _("personalized generation")


class Tariff(Entity):
    """One version of the whole price table; the newest one that has begun is in force."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    in_force_from = models.DateTimeField(_("in force from"), default=timezone.now)

    class Meta:
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"


class CreditPrice(Entity):
    """Credits for one act, per started `per` units (a flat act has `per` 1 and is counted once)."""

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="prices", verbose_name=_("tariff"))
    act = models.CharField(_("act"), max_length=20, choices=Act)
    credits = models.PositiveIntegerField(_("credits"))
    per = models.PositiveIntegerField(_("per started"), default=1)

    class Meta:
        verbose_name = _("price in credits")
        verbose_name_plural = _("prices in credits")
        ordering = ["act"]
        constraints = [
            models.UniqueConstraint(fields=["tariff", "act"], name="credit_price_once"),
            models.CheckConstraint(condition=models.Q(per__gte=1), name="credit_price_per_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.get_act_display()} ({self.credits}/{self.per})"
