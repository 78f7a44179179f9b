"""Mails with a code or about a change: each tells when, from where and with what it was asked for."""

from collections.abc import Mapping
from typing import Any

from django.utils import timezone

from accounts.queries import devices
from core import mail, origin


def write(name: str, said: Mapping[str, Any], *, to: str) -> None:
    """Queue the mail of this name, in the language at hand."""
    came_from = origin.current()
    device = devices.in_words(came_from.user_agent)
    mail.write(name, {"timestamp": timezone.now(), "ip": came_from.address, "device": device, **said}, to=to)
