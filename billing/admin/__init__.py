"""The staff's view of money: what is sold, what was paid, what providers sent."""

from billing.admin import accounts, catalogue, events, gifts, payments, revenue, tariffs

__all__ = ["accounts", "catalogue", "events", "gifts", "payments", "revenue", "tariffs"]
