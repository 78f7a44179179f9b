"""Stripe: the one package that imports its SDK."""

from billing.providers.stripe.adapter import StripeProvider

__all__ = ["StripeProvider"]
