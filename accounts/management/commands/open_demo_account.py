"""`manage.py open_demo_account EMAIL PASSWORD_FILE`: a staff account to look around with; never in production."""

import os
import secrets
from pathlib import Path
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from accounts import actions
from accounts.models import User


class Command(BaseCommand):
    """Make the account once, with a random password kept in a file that only its owner may read."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("email")
        parser.add_argument("password_file", type=Path)

    def handle(self, *args: Any, email: str, password_file: Path, **options: Any) -> None:
        if settings.PRODUCTION:
            raise CommandError("A demo account is not for production. Use createsuperuser.")
        if not password_file.exists():
            password_file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with open(password_file, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(secrets.token_urlsafe(12))
        open_account(email, password_file.read_text().strip())


@transaction.atomic
def open_account(email: str, password: str) -> User:
    """The account with that password, made if there is none; its address counts as verified."""
    person = User.objects.filter(email=email.lower()).first()
    if person is None:
        person = User.objects.create_superuser(email, password, display_name="Demo")
        EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
        actions.open_person(person=person)
    elif not person.check_password(password):
        person.set_password(password)
        person.save(update_fields=["password", "updated_at"])
    return person
