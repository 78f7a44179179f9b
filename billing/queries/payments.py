"""Payments as an organization reads them, with what was paid back and what is disputed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import Coalesce, Concat
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from billing.models import DisputeState, Payment, PaymentState, Refund, RefundState
from core import keyset
from core.folding import folded
from core.ids import first_id_of
from core.money import Money
from organizations.models import Organization

PAGE = 50
NEWEST = keyset.Order("id")
REFUNDED, DISPUTED = "refunded", "disputed"
STATES = [*PaymentState.values, REFUNDED, DISPUTED]
DISPUTES = {
    DisputeState.OPEN: gettext_lazy("Disputed"),
    DisputeState.WON: gettext_lazy("Dispute won"),
    DisputeState.LOST: gettext_lazy("Taken back"),
}
RELATED = ["purchase__price__plan", "purchase__price__pack", "purchase__price__service", "subscription__price__plan"]


@dataclass(frozen=True)
class Wanted(keyset.Wanted):
    """Which payments: words of what was bought or of the card, a state, days on the reader's clock, both included."""

    q: str = ""
    state: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether some payments only are asked for."""
        return bool(self.q or self.state or self.since or self.until)


@dataclass(frozen=True)
class RefundLine:
    """Money on its way back, or back."""

    at: datetime
    money: Money
    label: str
    reason: str


@dataclass(frozen=True)
class PaymentLine:
    """One payment with its refunds."""

    row: Payment
    refunds: tuple[RefundLine, ...]

    @property
    def what(self) -> str:
        """What was paid for."""
        row = self.row
        price = row.purchase.price if row.purchase else row.subscription.price if row.subscription else None
        return price.item.label if price else _("Payment")

    @property
    def at(self) -> datetime:
        """When it was paid, or tried."""
        return self.row.paid_at or self.row.created_at

    @property
    def label(self) -> str:
        """Its state in a word or two."""
        if self.row.dispute_state:
            said = {
                DisputeState.OPEN: _("Disputed"),
                DisputeState.WON: _("Dispute won"),
                DisputeState.LOST: _("Taken back"),
            }
            return said[DisputeState(self.row.dispute_state)]
        if self.row.refunded:
            return _("Paid back") if self.row.refunded == self.row.amount else _("Partly paid back")
        return str(capfirst(self.row.get_state_display()))

    @property
    def tone(self) -> str:
        """Which tag colour that has."""
        if self.row.state == PaymentState.FAILED or self.row.dispute_state in {DisputeState.OPEN, DisputeState.LOST}:
            return "bad"
        return "wait" if self.row.refunded else "ok"

    @property
    def problem(self) -> str:
        """Why it failed, in words."""
        return failure(self.row.failure_code) if self.row.state == PaymentState.FAILED else ""


@dataclass(frozen=True)
class PaymentsPage(keyset.Paged):
    """One page of payments with cursors to those beside it."""

    lines: tuple[PaymentLine, ...]
    wanted: Wanted
    before: UUID | None
    after: UUID | None


def payments_page(
    organization: Organization, wanted: Wanted, cursor: keyset.Cursor = keyset.FIRST, *, size: int = PAGE
) -> PaymentsPage:
    """A page of payments, the newest first (three queries, four beside a cursor)."""
    found = selection(organization, wanted)
    among = Payment.objects.of(organization)
    page = keyset.cut(found, among=among, order=NEWEST, columns=["id"], size=size, cursor=cursor)
    rows = among.filter(pk__in=[row["id"] for row in page.rows]).select_related(*RELATED).order_by("-id")
    return PaymentsPage(lines_of(organization, rows), wanted, page.before, page.after)


def latest(organization: Organization, number: int) -> tuple[PaymentLine, ...]:
    """The newest payments (two queries)."""
    rows = Payment.objects.of(organization).select_related(*RELATED).order_by("-id")
    return lines_of(organization, rows[:number])


def lines_of(organization: Organization, rows: QuerySet[Payment]) -> tuple[PaymentLine, ...]:
    """Payments with their refunds (two queries, that of the payments included)."""
    payments = list(rows)
    back: dict[UUID, list[RefundLine]] = {payment.pk: [] for payment in payments}
    currencies = {payment.pk: payment.currency for payment in payments}
    for refund in Refund.objects.of(organization).filter(payment__in=back.keys()).order_by("id"):
        back[refund.payment_id].append(_refund_line(refund, currencies[refund.payment_id]))
    return tuple(PaymentLine(payment, tuple(back[payment.pk])) for payment in payments)


def selection(organization: Organization, wanted: Wanted) -> QuerySet[Payment]:
    """The payments that are asked for."""
    rows = Payment.objects.of(organization)
    if wanted.state in PaymentState.values:
        rows = rows.filter(state=wanted.state)
    elif wanted.state == REFUNDED:
        rows = rows.filter(refunded__gt=0)
    elif wanted.state == DISPUTED:
        rows = rows.exclude(dispute_state="")
    if wanted.since:
        rows = rows.filter(pk__gte=first_id_of(wanted.since))
    if wanted.until:
        rows = rows.filter(pk__lt=first_id_of(wanted.until + timedelta(days=1)))
    return _matching(rows, wanted.q) if wanted.q else rows


def failure(code: str) -> str:
    """Why a payment failed, for who made it."""
    if code == "insufficient_funds":
        return _("There was not enough money on the card.")
    if code in {"expired_card", "invalid_expiry_month", "invalid_expiry_year"}:
        return _("The card has expired.")
    if code == "authentication_required":
        return _("The bank asked for a confirmation that did not come.")
    return _("The bank refused it.")


def _refund_line(refund: Refund, currency: str) -> RefundLine:
    label = RefundState(refund.state).label
    return RefundLine(refund.created_at, Money(refund.amount, currency), str(label), refund.reason)


def _matching(rows: QuerySet[Payment], q: str) -> QuerySet[Payment]:
    """Each word stands in what was bought, in either language, or in the card."""
    bought = ["purchase__price__plan", "purchase__price__pack", "subscription__price__plan"]
    names = [Coalesce(F(f"{one}__{name}"), Value("")) for one in bought for name in ("name", "name_fr")]
    parts = [part for name in names for part in (name, Value(" "))]
    rows = rows.alias(told=folded(Concat(*parts, "card")))
    sought = Q(provider_id=q)
    words = Q(*(Q(told__contains=folded(Value(word))) for word in q.split()))
    return rows.filter(sought | words)
