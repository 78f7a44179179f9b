"""Prices; later ledger, payments, invoices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """Billing app: the price table in credits."""

    name = "billing"
    verbose_name = _("Billing")
