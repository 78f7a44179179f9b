"""Codes on their way by mail: kept as digests in the session of the browser that asked, for a quarter of an hour."""

import re
import time
from collections.abc import Mapping
from typing import Any

from django.utils.crypto import constant_time_compare, salted_hmac

SECONDS, TRIES = 15 * 60, 3
_FILLING = re.compile(r"[\s-]+")


def digest(code: str) -> str:
    """What is kept of a code: however it is typed, it is the same."""
    return salted_hmac("accounts.codes", _FILLING.sub("", code).upper(), algorithm="sha256").hexdigest()


def fits(code: str, kept: str) -> bool:
    """Whether this is the code of which `kept` is the digest."""
    return constant_time_compare(digest(code), kept)


def fresh(*kept: str) -> dict[str, Any]:
    """What a session remembers of codes just mailed: {"codes": digests, "until": seconds, "tries": number}."""
    return {"codes": list(kept), "until": time.time() + SECONDS, "tries": 0}


def living(pending: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What is remembered, unless there is nothing, it is too old, or too many codes were wrong."""
    if not pending or pending["until"] < time.time() or pending["tries"] >= TRIES:
        return None
    return dict(pending)
