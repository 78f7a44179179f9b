"""The staff's view of money: what is sold, what was paid, what providers sent."""

from billing.admin import catalogue, events, revenue, tariffs

__all__ = ["catalogue", "events", "revenue", "tariffs"]
