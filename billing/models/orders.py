"""What people ask for: a purchase, and each thing that has to be asked of a provider for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.catalogue import Currency, Price
from core.money import Money
from organizations.models import TenantRow


class PurchaseState(models.TextChoices):
    """Where a purchase is; billing.transitions.purchases holds the legal moves."""

    PREPARING = "preparing", _("being prepared")
    OPEN = "open", _("waiting for payment")
    PAID = "paid", _("paid")
    FAILED = "failed", _("failed")
    ABANDONED = "abandoned", _("not completed")
    REVIEW = "review", _("being checked by us")  # paid, but not what was asked: nothing is granted


class Purchase(TenantRow):
    """An order to pay, at a price fixed by us; what the provider answers is compared with it before it grants."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("by"))
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+", verbose_name=_("price"))
    quantity = models.PositiveSmallIntegerField(_("quantity"), default=1)
    amount = models.PositiveBigIntegerField(_("amount (minor units)"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    state = models.CharField(_("state"), max_length=10, choices=PurchaseState, default=PurchaseState.PREPARING)
    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    provider_id = models.CharField(_("checkout there"), max_length=200, null=True, blank=True, unique=True)
    url = models.CharField(_("where it is paid"), max_length=2000, blank=True)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("purchase")
        verbose_name_plural = _("purchases")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="purchase_list"),
            models.Index(
                fields=["created_at"],
                condition=Q(state__in=[PurchaseState.PREPARING, PurchaseState.OPEN]),
                name="purchase_unsettled",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="purchase_in_organization"),
            models.CheckConstraint(condition=Q(state__in=PurchaseState.values), name="purchase_state_known"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="purchase_of_something"),
        ]

    def __str__(self) -> str:
        return f"{self.price} ({self.get_state_display()})"

    @property
    def money(self) -> Money:
        """What is to be paid."""
        return Money(self.amount, self.currency)


class ErrandKind(models.TextChoices):
    """What a provider is asked to do."""

    CHECKOUT = "checkout", _("open a payment page")
    ADD_CARD = "add_card", _("open a page to add a card")
    PORTAL = "portal", _("open the provider’s page")
    PREVIEW = "preview", _("reckon what a change costs")
    CHANGE = "change", _("change the plan")
    CANCEL = "cancel", _("cancel at the end of the period")
    RESUME = "resume", _("go on after all")
    DEFAULT_CARD = "default_card", _("pay with this card")
    REMOVE_CARD = "remove_card", _("remove a card")
    REFUND = "refund", _("refund")
    END = "end", _("end a subscription at once")


class ErrandState(models.TextChoices):
    """Where an errand is."""

    WAITING = "waiting", _("waiting")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class Errand(TenantRow):
    """One thing to be asked of a provider by a worker. Its id is the idempotency key: asked twice, it is done once.

    `arguments` are ids and plain values fixed by the action; `result` what the page that waits for it shows.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=ErrandKind)
    state = models.CharField(_("state"), max_length=10, choices=ErrandState, default=ErrandState.WAITING)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    provider = models.CharField(_("provider"), max_length=10)
    subject_id = models.UUIDField(_("subject"), null=True, blank=True)
    arguments = models.JSONField(_("arguments"), default=dict, blank=True)
    result = models.JSONField(_("result"), default=dict, blank=True)
    problem = models.CharField(_("problem"), max_length=300, blank=True)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)

    class Meta:
        verbose_name = _("errand")
        verbose_name_plural = _("errands")
        ordering = ["-id"]
        indexes = [models.Index(fields=["organization", "subject_id", "-id"], name="errand_subject")]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=ErrandKind.values), name="errand_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ErrandState.values), name="errand_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"
