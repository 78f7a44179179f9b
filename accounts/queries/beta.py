"""Invitations to the closed beta, as they are typed and found."""

import re
from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from accounts.models import BetaInvite, User

SESSION_KEY = "beta"  # {"code": …, "email": …} of the link that was followed
REFUSED = _("This code does not fit this address. A code works once, for the address it was sent to.")
_FILLING = re.compile(r"[\s\u200b-]+")


def normalized(typed: str) -> str:
    """A code as it is stored: upper case, without the spaces and dashes people put in."""
    return _FILLING.sub("", typed).upper()


def prefilled(code: str) -> dict[str, str]:
    """What the link of an invitation fills in: the code, and the address as long as it can be used."""
    said = normalized(code)[:16]
    invite = BetaInvite.objects.open().filter(code=said).first()
    return {"code": said, "email": invite.email} if invite else {"code": said}


def known(emails: Iterable[str]) -> set[str]:
    """Which of these addresses have an unused invitation or an account."""
    lowered = [email.strip().lower() for email in emails]
    invited = BetaInvite.objects.open().filter(email__in=lowered).values_list("email", flat=True)
    return {*invited, *User.objects.filter(email__in=lowered).values_list("email", flat=True)}
