"""Every letter about money, written from rows as they would be, for the tests that read them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.utils import timezone

from accounts.models import User
from billing.actions import gifts
from billing.models import (
    Dispute,
    DisputeState,
    EntryKind,
    Payment,
    Purchase,
    PurchaseState,
    Refund,
    RefundState,
    Subscription,
    SubscriptionState,
)
from billing.transitions import ledger, letters, subscriptions
from billing.transitions.access import settle_limits
from billing.transitions.ledger import Posting
from core.ids import new_id
from organizations.models import Organization
from tests import builders
from tests.builders.money import make_card, make_gift, make_payment, make_purchase, make_subscription, price_of

Write = Callable[[Organization, User], object]


def _pack(organization: Organization, owner: User) -> tuple[Purchase, Payment]:
    bought = make_purchase(organization, owner, price_of("credits-50", "once"), quantity=2, amount=1_800)
    payment = make_payment(organization, 1_800, purchase=bought)
    posting = Posting(EntryKind.PURCHASE, f"purchase:{payment.pk}", ("payment", payment.pk))
    ledger.grant(ledger.lock(organization), posting, 100, money=payment.money)
    return bought, payment


def _plan(organization: Organization, owner: User, code: str = "PRO", **how: object) -> Subscription:
    bought = make_purchase(organization, owner, price_of(code))
    return make_subscription(organization, price_of(code), purchase=bought, **how)


def _credits_bought(organization: Organization, owner: User) -> None:
    letters.purchased(*_pack(organization, owner))


def _began(organization: Organization, owner: User) -> None:
    row = _plan(organization, owner)
    assert row.purchase is not None
    letters.purchased(row.purchase, make_payment(organization, purchase=row.purchase, subscription=row))


def _trial_began(organization: Organization, owner: User) -> None:
    ends = timezone.now() + timedelta(days=14)
    row = _plan(organization, owner, state=SubscriptionState.TRIALING, trial_end=ends, period_end=ends)
    assert row.purchase is not None
    letters.purchased(row.purchase, None)


def _not_paid(organization: Organization, owner: User) -> None:
    letters.purchase_failed(make_purchase(organization, owner, price_of("PRO"), state=PurchaseState.FAILED))


def _renewed(organization: Organization, owner: User) -> None:
    row = _plan(organization, owner)
    letters.renewed(row, make_payment(organization, subscription=row))


def _failing(reminders: int, days: int) -> Write:
    def write(organization: Organization, owner: User) -> None:
        since = timezone.now() - timedelta(days=days)
        row = _plan(
            organization,
            owner,
            state=SubscriptionState.PAST_DUE,
            past_due_since=since,
            reminders=reminders,
        )
        subscriptions.remind(row)

    return write


def _of(write: Callable[[Subscription], None], **how: Any) -> Write:
    return lambda organization, owner: write(_plan(organization, owner, **how))


def _downgraded(organization: Organization, owner: User) -> None:
    for _number in range(6):
        builders.make_member(organization, "guest")
    for _number in range(11):
        builders.make_book(organization, owner)
    row = _plan(organization, owner, "STARTER")
    settle_limits(organization)
    letters.changed(row, price_of("PRO"))


def _ended(organization: Organization, owner: User) -> None:
    for _number in range(11):
        builders.make_book(organization, owner)
    settle_limits(organization)
    letters.ended(_plan(organization, owner, state=SubscriptionState.CANCELED, ended_at=timezone.now()))


def _upgraded(organization: Organization, owner: User) -> None:
    letters.changed(_plan(organization, owner, "PRO"), price_of("STARTER"), added=280)


def _switched(organization: Organization, owner: User) -> None:
    row = make_subscription(organization, price_of("PRO", "year"))
    letters.changed(row, price_of("PRO"))


def _refund(amount: int, state: RefundState = RefundState.SUCCEEDED, *, spent: bool = False) -> Write:
    def write(organization: Organization, owner: User) -> None:
        _bought, payment = _pack(organization, owner)
        refund = Refund.objects.create(
            organization=organization, payment=payment, provider_id="re_1", amount=amount, state=state
        )
        account = ledger.lock(organization)
        if spent:
            run = ("run", new_id())
            ledger.hold(account, Posting(EntryKind.RESERVE, "run:1:reserve:1", run), account.available)
        posting = Posting(EntryKind.REFUND, f"refund:{refund.pk}", ("payment", payment.pk))
        if state == RefundState.SUCCEEDED:
            ledger.withdraw(account, posting, amount // 18, lot=None)
        letters.refunded(refund)

    return write


def _dispute(state: DisputeState) -> Write:
    def write(organization: Organization, owner: User) -> None:
        row = _plan(organization, owner)
        payment = make_payment(organization, subscription=row)
        letters.disputed(
            Dispute.objects.create(
                organization=organization, payment=payment, provider_id="dp_1", amount=payment.amount, state=state
            )
        )

    return write


def _card(organization: Organization, owner: User) -> None:
    today = timezone.now()
    letters.card_expiring(
        make_card(organization, exp_month=today.month, exp_year=today.year), _plan(organization, owner)
    )


def _gift_ending(organization: Organization, owner: User) -> None:
    letters.gift_ending(make_gift(organization, owner, until=timezone.now() + timedelta(days=6)))


def _gift_over(organization: Organization, owner: User) -> None:
    gifts.take_back_plan(gift=make_gift(organization, owner), by=owner)


def _credits_given(organization: Organization, owner: User) -> None:
    gifts.give_credits(organization=organization, amount=25, reason="Sorry", by=owner, key=new_id())


def _credits_back(organization: Organization, owner: User) -> None:
    account = ledger.lock(organization)
    entry = ledger.grant(account, Posting(EntryKind.BONUS, "gift:1"), 25)
    assert entry is not None
    gifts.take_back_credits(entry=entry, reason="A mistake", by=owner)


LETTERS: dict[str, Write] = {
    "credits_bought": _credits_bought,
    "began": _began,
    "trial_began": _trial_began,
    "not_paid": _not_paid,
    "renewed": _renewed,
    "recovered": _of(letters.recovered),
    "failed 0": _failing(0, 0),
    "failed 3": _failing(1, 3),
    "failed 6": _failing(2, 6),
    "fallen": _failing(3, 8),
    "cancelled": _of(letters.cancelled, cancel_at_period_end=True),
    "resumed": _of(letters.resumed),
    "paused": _of(letters.paused, state=SubscriptionState.PAUSED),
    "ended": _ended,
    "upgraded": _upgraded,
    "downgraded": _downgraded,
    "switched": _switched,
    "trial_ending": _of(
        letters.trial_ending, state=SubscriptionState.TRIALING, trial_end=timezone.now() + timedelta(days=2)
    ),
    "refunded": _refund(1_800),
    "refunded in part": _refund(900),
    "refunded and owed": _refund(1_800, spent=True),
    "refund_failed": _refund(1_800, RefundState.FAILED),
    "dispute_opened": _dispute(DisputeState.OPEN),
    "dispute_won": _dispute(DisputeState.WON),
    "dispute_lost": _dispute(DisputeState.LOST),
    "card_expiring": _card,
    "plan_given": lambda organization, owner: letters.plan_given(make_gift(organization, owner)),
    "gift_ending": _gift_ending,
    "gift_over": _gift_over,
    "credits_given": _credits_given,
    "credits_taken_back": _credits_back,
}
