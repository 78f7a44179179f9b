"""One ledger for credits and money: entries of lines that add up to nothing, never changed and never deleted."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models import TenantRow

CREDIT = "credit"  # a line's unit, where it is no currency


class EntryKind(models.TextChoices):
    """Why something was posted."""

    PURCHASE = "purchase", _("purchase")
    SUBSCRIPTION = "subscription", _("subscription")
    BONUS = "bonus", _("gift")
    RESERVE = "reserve", _("reserved")
    SETTLE = "settle", _("delivered")
    RELEASE = "release", _("given back")
    REFUND = "refund", _("refund")
    DISPUTE = "dispute", _("dispute")
    EXPIRY = "expiry", _("expired")
    ADJUSTMENT = "adjustment", _("adjustment")
    DEBT = "debt", _("debt paid")


class Account(models.TextChoices):
    """Where lines stand. Of credits: an organization's, and where they come from and go to; of money: the two sides."""

    AVAILABLE = "available", _("available")
    RESERVED = "reserved", _("reserved")
    DEBT = "debt", _("owed")  # negative: credits that were taken back after they had been spent
    ISSUED = "issued", _("issued")  # negative: all that was ever given, less what was withdrawn
    SPENT = "spent", _("spent")
    EXPIRED = "expired", _("expired")
    CASH = "cash", _("at the provider")
    SALES = "sales", _("sales")  # negative


class CreditAccount(TenantRow):
    """How many credits an organization has. Whoever posts locks this row: postings of one follow one another.

    Sums of the lines of AVAILABLE and RESERVED, and of DEBT with its sign turned; the database keeps them from
    falling below nothing.
    """

    available = models.BigIntegerField(_("available"), default=0)
    reserved = models.BigIntegerField(_("reserved"), default=0)
    debt = models.BigIntegerField(_("owed"), default=0)

    class Meta:
        verbose_name = _("credit account")
        verbose_name_plural = _("credit accounts")
        constraints = [
            models.UniqueConstraint(fields=["organization"], name="credit_account_once"),
            models.CheckConstraint(condition=Q(available__gte=0), name="credit_available_not_negative"),
            models.CheckConstraint(condition=Q(reserved__gte=0), name="credit_reserved_not_negative"),
            models.CheckConstraint(condition=Q(debt__gte=0), name="credit_debt_not_negative"),
        ]

    def __str__(self) -> str:
        return str(self.available)


class LedgerEntry(TenantRow):
    """One thing that happened. `reference` makes it single, whoever posts it and however often.

    `subject_id` is what it is about (a run, a payment, a subscription), `by_id` whose act it was; plain ids.
    """

    kind = models.CharField(_("kind"), max_length=12, choices=EntryKind)
    reference = models.CharField(_("reference"), max_length=200, unique=True)
    subject_type = models.CharField(_("subject"), max_length=40, blank=True)
    subject_id = models.UUIDField(_("subject’s id"), null=True, blank=True)
    by_id = models.UUIDField(_("by"), null=True, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["organization", "-id"], name="ledger_entry_list"),
            models.Index(fields=["organization", "subject_id", "id"], name="ledger_entry_subject"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="ledger_entry_in_organization"),
            models.CheckConstraint(condition=Q(kind__in=EntryKind.values), name="ledger_entry_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind=EntryKind.ADJUSTMENT) | (~Q(reason="") & Q(by_id__isnull=False)),
                name="ledger_adjustment_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class CreditLot(TenantRow):
    """Credits that came together and expire together; the one that expires soonest is spent first (ruling 29)."""

    entry = models.OneToOneField(LedgerEntry, on_delete=models.PROTECT, related_name="lot", verbose_name=_("entry"))
    granted = models.BigIntegerField(_("granted"))
    available = models.BigIntegerField(_("available"))
    reserved = models.BigIntegerField(_("reserved"), default=0)
    withdrawn = models.BigIntegerField(_("taken back"), default=0)
    expires_at = models.DateTimeField(_("expires"), null=True, blank=True)

    class Meta:
        verbose_name = _("lot of credits")
        verbose_name_plural = _("lots of credits")
        indexes = [
            models.Index(
                F("organization"),
                F("expires_at").asc(nulls_last=True),
                F("id"),
                condition=Q(available__gt=0),
                name="credit_lot_spending",
            ),
            models.Index(
                fields=["expires_at"],
                condition=Q(available__gt=0, expires_at__isnull=False),
                name="credit_lot_expiring",
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["organization", "id"], name="credit_lot_in_organization"),
            models.CheckConstraint(
                condition=Q(granted__gt=0, available__gte=0, reserved__gte=0, withdrawn__gte=0),
                name="credit_lot_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(granted__gte=F("available") + F("reserved")) & Q(granted__gte=F("withdrawn")),
                name="credit_lot_within_grant",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.available}/{self.granted}"


class LedgerLine(TenantRow):
    """One side of an entry; the lines of an entry add up to nothing in each unit (a trigger holds it at commit)."""

    entry = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="lines", verbose_name=_("entry"))
    account = models.CharField(_("account"), max_length=10, choices=Account)
    unit = models.CharField(_("unit"), max_length=6)  # CREDIT or an ISO 4217 code, then in minor units
    amount = models.BigIntegerField(_("amount"))
    lot = models.ForeignKey(CreditLot, on_delete=models.PROTECT, null=True, blank=True, related_name="lines")

    class Meta:
        verbose_name = _("ledger line")
        verbose_name_plural = _("ledger lines")
        constraints = [
            models.CheckConstraint(condition=~Q(amount=0), name="ledger_line_not_nothing"),
            models.CheckConstraint(condition=Q(account__in=Account.values), name="ledger_line_account_known"),
            models.CheckConstraint(
                condition=(Q(unit=CREDIT) & ~Q(account__in=[Account.CASH, Account.SALES]))
                | (~Q(unit=CREDIT) & Q(account__in=[Account.CASH, Account.SALES], lot__isnull=True)),
                name="ledger_line_unit_fits",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account} {self.amount} {self.unit}"
