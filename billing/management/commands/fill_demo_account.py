"""`manage.py fill_demo_account EMAIL`: credits to look around with; never in production."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts.models import User
from billing.actions import credits as credit_actions
from core import tenancy
from organizations.actions import ensure_personal_organization

LEAST = 1_000


class Command(BaseCommand):
    """Give the personal organization of that account a thousand credits, or what is missing of them."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")

    def handle(self, *args: Any, email: str, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("A demo account is not for production: adjust credits in the admin.")
        person = User.objects.filter(email=email.lower()).first()
        if person is None:
            raise CommandError(f"Nobody has the address {email}.")
        organization = ensure_personal_organization(person=person)
        with transaction.atomic(), tenancy.declared(organization.pk):
            credit_actions.top_up(organization=organization, least=LEAST, reason="To look around with", by=person)
