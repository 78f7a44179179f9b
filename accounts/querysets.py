"""Sets of people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Func, TextField, Value
from django.db.models.functions import Concat, LTrim

from core.folding import folded

if TYPE_CHECKING:
    from accounts.models import BetaInvite, User  # noqa: F401  # the first is named in a base class below


def called(person: str = "") -> Func:
    """What people are looked for and sorted by: name and e-mail, folded. `person` leads to them (`person__`).

    Two indexes of accounts.User hold exactly this expression: a trigram index and one in its order.
    """
    return folded(LTrim(Concat(f"{person}display_name", Value(" "), f"{person}email", output_field=TextField())))


class UserManager(BaseUserManager["User"]):
    """People by e-mail, whatever its case."""

    def get_by_natural_key(self, username: str | None) -> User:
        """Find by e-mail without regard to case (Django's sign-in calls this)."""
        return self.get(email=(username or "").strip().lower())

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person with a lower-cased e-mail and a hashed (or unusable) password."""
        person = self.model(email=email.strip().lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Make a person of the staff with every right (Django's createsuperuser calls this)."""
        return self.create_user(email, password, **fields, is_staff=True, is_superuser=True)


class BetaInviteQuerySet(models.QuerySet["BetaInvite"]):
    """Invitations to the closed beta."""

    def open(self) -> BetaInviteQuerySet:
        """Those that can still be used."""
        return self.filter(used_at=None, revoked_at=None)
