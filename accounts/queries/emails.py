"""A change of e-mail on its way, and whose an address is."""

from allauth.account.models import EmailAddress

from accounts.models import User

SESSION_KEY = "email_change"  # {"email": …} and what accounts.queries.codes keeps: of the old address, of the new one


def is_taken(email: str) -> bool:
    """Whether somebody has this address already."""
    held: bool = EmailAddress.objects.filter(email=email.lower(), verified=True).exists()
    return held or User.objects.filter(email=email.lower()).exists()
