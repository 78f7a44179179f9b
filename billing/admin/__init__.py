"""The staff's view of money: what is sold, what was paid, what providers sent."""

from billing.admin import catalogue, events, payments, revenue, tariffs

__all__ = ["catalogue", "events", "payments", "revenue", "tariffs"]
