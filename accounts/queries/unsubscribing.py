"""Links that switch one kind of e-mail off, for a mail's foot and for the reader's own button (RFC 8058)."""

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.functional import Promise

from accounts.models import User

SALT = "accounts.unsubscribing"
VALID_SECONDS = 180 * 24 * 3600
# What can be switched off so; the fields of User that the preferences page shows.
CHOICES = ("mails_about_runs", "mails_about_comments", "mails_about_members", "mails_about_limits")


def link(person: User, choice: str) -> str:
    """The whole address, good for half a year and for that one choice. Raises ValueError for one that is none."""
    if choice not in CHOICES:
        raise ValueError(choice)
    token = signing.dumps([str(person.pk), choice], salt=SALT, compress=True)
    return f"{settings.SITE_URL}{reverse('accounts:unsubscribe', args=[token])}"


def headers(person: User, choice: str) -> dict[str, str]:
    """What a mail carries so that its reader's program can offer the button."""
    return {"List-Unsubscribe": f"<{link(person, choice)}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def read(token: str) -> tuple[User, str]:
    """Whose choice a link is about. Raises signing.BadSignature, and User.DoesNotExist for who has left."""
    person_id, choice = signing.loads(token, salt=SALT, max_age=VALID_SECONDS)
    return User.objects.get(pk=person_id, closed_at__isnull=True), choice


def label(choice: str) -> "str | Promise":
    """The choice in words, as the preferences page names it."""
    name: str | Promise = User._meta.get_field(choice).verbose_name  # type: ignore[union-attr]  # a plain column
    return name
