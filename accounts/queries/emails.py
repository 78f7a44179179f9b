"""A change of e-mail on its way: kept in the session of the browser that asked, for a quarter of an hour."""

import re
import time
from collections.abc import Mapping
from typing import Any

from allauth.account.models import EmailAddress
from django.utils.crypto import constant_time_compare, salted_hmac

from accounts.models import User

SESSION_KEY = "email_change"  # {"email": …, "codes": [old, new], "until": seconds, "tries": number}
SECONDS, TRIES = 15 * 60, 3
_FILLING = re.compile(r"[\s-]+")


def is_taken(email: str) -> bool:
    """Whether somebody has this address already."""
    held: bool = EmailAddress.objects.filter(email=email, verified=True).exists()
    return held or User.objects.filter(email=email).exists()


def digest(code: str) -> str:
    """What is kept of a code: however it is typed, it is the same."""
    return salted_hmac("accounts.emails.code", _FILLING.sub("", code).upper(), algorithm="sha256").hexdigest()


def fits(code: str, kept: str) -> bool:
    """Whether this is the code of which `kept` is the digest."""
    return constant_time_compare(digest(code), kept)


def living(pending: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """The change, unless there is none, it is too old, or too many codes were wrong."""
    if not pending or pending["until"] < time.time() or pending["tries"] >= TRIES:
        return None
    return dict(pending)
