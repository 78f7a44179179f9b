"""Digests that stand for what must not be stored or searched in the clear."""

import hashlib
import secrets

from django.utils.crypto import salted_hmac

TOKEN_BYTES = 32


def new_token() -> str:
    """A random token for a link: 43 URL-safe characters."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def of_token(token: str) -> str:
    """What is stored of a link's token: it has entropy enough to need neither salt nor key. 64 hexadecimal digits."""
    return hashlib.sha256(token.encode()).hexdigest()


def of_email(email: str) -> str:
    """Finds rows of an address without telling it to who reads the table (keyed by SECRET_KEY): 64 hex digits."""
    return salted_hmac("core.digests.email", email.strip().lower(), algorithm="sha256").hexdigest()
