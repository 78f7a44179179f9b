"""Prices; later ledger, payments, invoices."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BillingConfig(AppConfig):
    """Billing app: the price table in credits."""

    name = "billing"
    verbose_name = _("Billing")

    def ready(self) -> None:
        from accounts import signals
        from audit.queries.acts import Area, contribute
        from billing import receivers
        from billing.queries import access, acts, readings
        from core import metrics
        from organizations.queries import usage
        from organizations.signals import organization_closing, organization_erased, organization_opened

        signals.person_exported.connect(receivers.person_exported, dispatch_uid="billing.person_exported")
        signals.person_erased.connect(receivers.person_erased, dispatch_uid="billing.person_erased")
        organization_opened.connect(receivers.organization_opened, dispatch_uid="billing.organization_opened")
        organization_closing.connect(receivers.organization_closing, dispatch_uid="billing.organization_closing")
        organization_erased.connect(receivers.organization_erased, dispatch_uid="billing.organization_erased")
        metrics.sources.append(readings.of_events)
        contribute(Area("payments", _("Payments")), acts.PAYMENTS, fact_labels=acts.FACTS, value_labels=acts.VALUES)
        contribute(Area("orders", _("Orders")), acts.ORDERS)
        contribute(Area("deliveries", _("Deliveries of payment providers")), acts.DELIVERIES)
        contribute(Area("gifts", _("Gifts")), acts.GIFTS)
        contribute(Area("catalogue", _("Catalogue"), in_organizations=False), acts.CATALOGUE)
        usage.plan_names.append(access.plan_name)
