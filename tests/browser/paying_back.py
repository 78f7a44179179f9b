"""`python -m tests.browser.paying_back SLUG`: staff pay the newest payment of an organization back, all of it."""

import json
import os
import sys

import django


def main() -> None:
    """Ask for it by the site's own action; prints how much it was."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    from django.db import transaction

    from billing.actions.refunds import refund
    from billing.models import Payment, PaymentState
    from core import tenancy
    from organizations.models import Organization
    from tests import builders

    organization = Organization.objects.get(slug=sys.argv[1])
    staff = builders.make_person(email=f"finance-{organization.pk}@example.org", is_staff=True)
    with transaction.atomic(), tenancy.declared(organization.pk):
        paid = Payment.objects.of(organization).filter(state=PaymentState.SUCCEEDED)
        payment = paid.select_related("organization").latest("paid_at", "pk")
        refund(payment=payment, amount=payment.amount, reason="They asked.", by=staff)
    sys.stdout.write(json.dumps(payment.amount))


if __name__ == "__main__":
    main()
