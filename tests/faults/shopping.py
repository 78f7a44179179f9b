"""`python -m tests.faults.shopping order PLAN`, or `refund ORGANIZATION`: what customers and staff ask for."""

import json
import os
import sys
from uuid import UUID, uuid4

import django


def main() -> None:
    """Ask by the same actions as the site; prints the ids of what was made."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    made = {"order": order, "refund": refund}[sys.argv[1]](sys.argv[2])
    sys.stdout.write(json.dumps(made))


def order(plan: str) -> dict[str, str]:
    """A new organization orders a plan."""
    from billing.actions.checkout import start_checkout
    from core import tenancy
    from tests import builders
    from tests.billing.conftest import mirror
    from tests.builders.money import price_of

    name = uuid4().hex
    organization = builders.make_organization(slug=name, name="Shop", balance=0)
    owner = builders.make_member(organization, "owner", email=f"{name}@example.org")
    price = price_of(plan)
    mirror(price)
    with tenancy.declared(organization.pk):
        purchase = start_checkout(organization=organization, price=price, by=owner)
    return {"organization": str(organization.pk), "purchase": str(purchase.pk)}


def refund(organization: str) -> dict[str, str]:
    """Staff pay the newest payment back, all of it."""
    from django.db import transaction

    from billing.actions.refunds import refund
    from billing.models import Payment
    from core import tenancy
    from tests import builders

    staff = builders.make_person(email=f"{uuid4().hex}@example.org", is_staff=True)
    with transaction.atomic(), tenancy.declared(UUID(organization)):
        payment = Payment.objects.filter(organization_id=organization).select_related("organization").latest("pk")
        errand = refund(payment=payment, amount=payment.amount, reason="They asked.", by=staff)
        return {"errand": str(errand.pk)}


if __name__ == "__main__":
    main()
