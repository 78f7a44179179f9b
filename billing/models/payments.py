"""Money that moved: payments, what was paid back of them, and what is disputed."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from billing.models.catalogue import Currency
from billing.models.orders import Purchase
from billing.models.subscriptions import Subscription
from core.money import Money
from organizations.models import TenantRow


class PaymentState(models.TextChoices):
    """What became of a payment; how much of it was paid back, and whether it is disputed, stand beside it."""

    SUCCEEDED = "succeeded", _("paid")
    FAILED = "failed", _("failed")


class RefundState(models.TextChoices):
    """Where a refund is."""

    PENDING = "pending", _("on its way")
    SUCCEEDED = "succeeded", _("paid back")
    FAILED = "failed", _("failed")
    CANCELED = "canceled", _("cancelled")


class DisputeState(models.TextChoices):
    """Where a dispute is."""

    OPEN = "open", _("open")
    WON = "won", _("won")
    LOST = "lost", _("lost")


class Payment(TenantRow):
    """One payment as the provider has it; `credited` are the credits it brought, which a refund takes back."""

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, null=True, blank=True, related_name="payments")
    subscription = models.ForeignKey(
        Subscription, on_delete=models.PROTECT, null=True, blank=True, related_name="payments"
    )
    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    provider_id = models.CharField(_("payment there"), max_length=100)
    invoice_id = models.CharField(_("invoice there"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=PaymentState)
    amount = models.PositiveBigIntegerField(_("amount (minor units)"))
    currency = models.CharField(_("currency"), max_length=3, choices=Currency)
    refunded = models.PositiveBigIntegerField(_("paid back (minor units)"), default=0)
    dispute_state = models.CharField(_("dispute"), max_length=5, choices=DisputeState, blank=True)
    failure_code = models.CharField(_("why it failed"), max_length=60, blank=True)
    card = models.CharField(_("card"), max_length=40, blank=True)
    paid_at = models.DateTimeField(_("paid"), null=True, blank=True)

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="payment_list"),
            models.Index(fields=["paid_at"], name="payment_by_day"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="payment_in_organization"),
            models.UniqueConstraint(fields=["provider", "livemode", "provider_id"], name="payment_known_once"),
            models.CheckConstraint(condition=Q(refunded__lte=F("amount")), name="payment_refunded_within"),
            models.CheckConstraint(condition=Q(state__in=PaymentState.values), name="payment_state_known"),
            models.CheckConstraint(
                condition=Q(dispute_state="") | Q(dispute_state__in=DisputeState.values), name="payment_dispute_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.money} {self.get_state_display()}"

    @property
    def money(self) -> Money:
        """What was paid."""
        return Money(self.amount, self.currency)

    @property
    def kept(self) -> Money:
        """What is left of it after refunds."""
        return Money(self.amount - self.refunded, self.currency)

    @property
    def is_kept(self) -> bool:
        """Whether anything of it is still with us."""
        return self.amount > self.refunded and self.dispute_state != DisputeState.LOST


class Refund(TenantRow):
    """Money paid back, asked for by our staff or seen at the provider."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="refunds", verbose_name=_("payment"))
    provider_id = models.CharField(_("refund there"), max_length=100)
    amount = models.PositiveBigIntegerField(_("amount (minor units)"))
    state = models.CharField(_("state"), max_length=10, choices=RefundState)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by_id = models.UUIDField(_("by"), null=True, blank=True)

    class Meta:
        verbose_name = _("refund")
        verbose_name_plural = _("refunds")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_id"], name="refund_known_once"),
            models.CheckConstraint(condition=Q(amount__gte=1), name="refund_of_something"),
            models.CheckConstraint(condition=Q(state__in=RefundState.values), name="refund_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_state_display()}"


class Dispute(TenantRow):
    """A payment that the holder of the card has called back."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="disputes", verbose_name=_("payment"))
    provider_id = models.CharField(_("dispute there"), max_length=100)
    amount = models.PositiveBigIntegerField(_("amount (minor units)"))
    state = models.CharField(_("state"), max_length=5, choices=DisputeState, default=DisputeState.OPEN)
    reason = models.CharField(_("reason"), max_length=60, blank=True)

    class Meta:
        verbose_name = _("dispute")
        verbose_name_plural = _("disputes")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["payment", "provider_id"], name="dispute_known_once"),
            models.CheckConstraint(condition=Q(state__in=DisputeState.values), name="dispute_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.amount} {self.get_state_display()}"
