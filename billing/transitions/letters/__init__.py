"""E-mails about money: each is part of the move it tells of, and says nothing that our rows do not."""

from billing.transitions.letters.cards import card_expiring
from billing.transitions.letters.gifts import credits_given, credits_taken_back, gift_ending, gift_over, plan_given
from billing.transitions.letters.payments import disputed, refunded
from billing.transitions.letters.purchases import purchase_failed, purchased
from billing.transitions.letters.subscriptions import (
    began,
    cancelled,
    changed,
    ended,
    failed,
    fallen,
    paused,
    recovered,
    renewed,
    resumed,
    trial_ending,
)

__all__ = [
    "began",
    "cancelled",
    "card_expiring",
    "changed",
    "credits_given",
    "credits_taken_back",
    "disputed",
    "ended",
    "failed",
    "fallen",
    "gift_ending",
    "gift_over",
    "paused",
    "plan_given",
    "purchase_failed",
    "purchased",
    "recovered",
    "refunded",
    "renewed",
    "resumed",
    "trial_ending",
]
