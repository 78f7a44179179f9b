"""Tables of the billing app."""

from billing.models.catalogue import (
    FREE,
    CreditPack,
    Currency,
    Interval,
    PageTier,
    Plan,
    Price,
    ProviderPrice,
    Service,
    ServiceDelay,
    ServiceKind,
)
from billing.models.customers import Customer, SavedCard
from billing.models.events import EventState, ProviderEvent, ProviderEventBody
from billing.models.ledger import CREDIT, Account, CreditAccount, CreditLot, EntryKind, LedgerEntry, LedgerLine
from billing.models.notices import Notice
from billing.models.orders import Errand, ErrandKind, ErrandState, Purchase, PurchaseState
from billing.models.payments import Dispute, DisputeState, Payment, PaymentState, Refund, RefundState
from billing.models.subscriptions import (
    CURRENT_STATES,
    ENDED_STATES,
    GRACE_DAYS,
    REMINDED_ON_DAYS,
    PlanGift,
    Subscription,
    SubscriptionState,
)
from billing.models.tariffs import Act, CreditPrice, Tariff
from billing.models.usage import UsageDay, UsageRecord
from billing.models.watching import ProviderWatch

__all__ = [
    "CREDIT",
    "CURRENT_STATES",
    "ENDED_STATES",
    "FREE",
    "GRACE_DAYS",
    "REMINDED_ON_DAYS",
    "Account",
    "Act",
    "CreditAccount",
    "CreditLot",
    "CreditPack",
    "CreditPrice",
    "Currency",
    "Customer",
    "Dispute",
    "DisputeState",
    "EntryKind",
    "Errand",
    "ErrandKind",
    "ErrandState",
    "EventState",
    "Interval",
    "LedgerEntry",
    "LedgerLine",
    "Notice",
    "PageTier",
    "Payment",
    "PaymentState",
    "Plan",
    "PlanGift",
    "Price",
    "ProviderEvent",
    "ProviderEventBody",
    "ProviderPrice",
    "ProviderWatch",
    "Purchase",
    "PurchaseState",
    "Refund",
    "RefundState",
    "SavedCard",
    "Service",
    "ServiceDelay",
    "ServiceKind",
    "Subscription",
    "SubscriptionState",
    "Tariff",
    "UsageDay",
    "UsageRecord",
]
