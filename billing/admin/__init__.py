"""The staff's view of money: what is sold, what was paid, what providers sent."""

from billing.admin import tariffs

__all__ = ["tariffs"]
