"""Columns that are encrypted at rest: what is personal and never searched by.

Keys come from FIELD_KEYS, newest first: the first encrypts, all decrypt. `manage.py rotate_fields` writes every value
with the newest key, after which the others may go. They have nothing to do with SECRET_KEY, which may change alone.
"""

import json
from collections.abc import Callable
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# Secrets that a library keeps in columns of its own: whose they are, and what writes them with the newest key.
kept_by_libraries: dict[str, Callable[[], int]] = {}


@cache
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(key) for key in keys])


def cipher() -> MultiFernet:
    """The cipher of the keys in force. Raises ImproperlyConfigured when one is no Fernet key."""
    try:
        return _cipher(tuple(settings.FIELD_KEYS))
    except ValueError:
        raise ImproperlyConfigured("FIELD_KEYS: each must be 32 bytes in URL-safe base64.") from None


class EncryptedTextField(models.TextField):  # type: ignore[type-arg]  # generic in the stubs alone
    """Text that is a Fernet token in the database; "" stays "". It cannot be searched, sorted or unique."""

    def get_prep_value(self, value: Any) -> Any:
        if value in {None, ""}:
            return value
        return cipher().encrypt(str(value).encode()).decode()

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> Any:
        """Plain text. Raises ValueError when no key in force reads it."""
        if value in {None, ""}:
            return value
        try:
            return cipher().decrypt(str(value)).decode()
        except InvalidToken:
            raise ValueError(f"{self.model.__name__}.{self.name}: no key of FIELD_KEYS reads this value.") from None


class EncryptedJSONField(EncryptedTextField):
    """A JSON value that is a Fernet token in the database; an empty value is ""."""

    def get_prep_value(self, value: Any) -> Any:
        return super().get_prep_value(json.dumps(value, ensure_ascii=False) if value else "")

    def from_db_value(self, value: str | None, expression: object, connection: BaseDatabaseWrapper) -> Any:
        plain = super().from_db_value(value, expression, connection)
        return json.loads(plain) if plain else {}
