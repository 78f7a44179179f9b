"""A plan that is paid for again and again, and a plan that is given."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from billing.models.catalogue import Plan, Price
from billing.models.orders import Purchase
from organizations.models import TenantRow


class SubscriptionState(models.TextChoices):
    """Where a subscription is, in Stripe's words, which every provider's are turned into."""

    INCOMPLETE = "incomplete", _("first payment missing")
    TRIALING = "trialing", _("on trial")
    ACTIVE = "active", _("active")
    PAST_DUE = "past_due", _("payment failed")
    UNPAID = "unpaid", _("unpaid")
    PAUSED = "paused", _("paused")
    CANCELED = "canceled", _("ended")
    INCOMPLETE_EXPIRED = "incomplete_expired", _("never paid")


# An organization has one of these at most.
CURRENT_STATES = [
    SubscriptionState.TRIALING,
    SubscriptionState.ACTIVE,
    SubscriptionState.PAST_DUE,
    SubscriptionState.UNPAID,
    SubscriptionState.PAUSED,
]
ENDED_STATES = [SubscriptionState.CANCELED, SubscriptionState.INCOMPLETE_EXPIRED]
GRACE_DAYS = 7
REMINDED_ON_DAYS = (0, 3, 6)  # of a grace


class Subscription(TenantRow):
    """What the provider says of it, as it was last read there. `price` is the one it was bought at.

    `past_due_since` starts the grace of GRACE_DAYS; `reminders` says how many of its mails were sent. One that was
    bought beside another is `is_surplus`: it is ended and paid back, and gives nothing.
    """

    purchase = models.ForeignKey(Purchase, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    price = models.ForeignKey(Price, on_delete=models.PROTECT, related_name="+", verbose_name=_("price"))
    provider = models.CharField(_("provider"), max_length=10)
    livemode = models.BooleanField(_("live"))
    provider_id = models.CharField(_("subscription there"), max_length=100)
    item_id = models.CharField(_("item there"), max_length=100, blank=True)
    state = models.CharField(_("state"), max_length=20, choices=SubscriptionState)
    period_start = models.DateTimeField(_("period from"), null=True, blank=True)
    period_end = models.DateTimeField(_("period to"), null=True, blank=True)
    trial_end = models.DateTimeField(_("trial until"), null=True, blank=True)
    # Until when what was paid reaches: an invoice that is paid moves it on, a period that begins does not.
    paid_until = models.DateTimeField(_("paid until"), null=True, blank=True)
    cancel_at_period_end = models.BooleanField(_("ends with the period"), default=False)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    past_due_since = models.DateTimeField(_("payment failed since"), null=True, blank=True)
    reminders = models.PositiveSmallIntegerField(_("reminders sent"), default=0)
    is_surplus = models.BooleanField(_("one too many"), default=False)
    read_at = models.DateTimeField(_("last read there"), null=True, blank=True)

    class Meta:
        verbose_name = _("subscription")
        verbose_name_plural = _("subscriptions")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="subscription_list"),
            models.Index(fields=["read_at"], condition=Q(ended_at__isnull=True), name="subscription_to_sweep"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="subscription_in_organization"),
            models.UniqueConstraint(fields=["provider", "livemode", "provider_id"], name="subscription_known_once"),
            models.UniqueConstraint(
                fields=["organization"],
                condition=Q(state__in=CURRENT_STATES, is_surplus=False),
                name="subscription_one_current",
            ),
            models.CheckConstraint(condition=Q(state__in=SubscriptionState.values), name="subscription_state_known"),
        ]

    def __str__(self) -> str:
        return f"{self.price} ({self.get_state_display()})"


class PlanGift(TenantRow):
    """A plan that staff gave, with the reason; until a day, or until it is taken back."""

    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="+", verbose_name=_("plan"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300)
    by_id = models.UUIDField(_("by"))
    ended_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("plan given")
        verbose_name_plural = _("plans given")
        ordering = ["-id"]
        indexes = [models.Index(fields=["until"], condition=Q(ended_at__isnull=True), name="plan_gift_open")]

    def __str__(self) -> str:
        return f"{self.plan} – {self.until or '…'}"
