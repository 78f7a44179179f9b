"""Leaving: an account is closed at once, can come back for two weeks, and is erased then."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import signals
from accounts.errors import AccountRefused, AddressTaken
from accounts.models import Closing, User
from accounts.queries import closing as queries
from accounts.queries import emails
from accounts.transitions import erasing, privacy_letters
from audit import actions as audit
from audit.models import Severity
from core import digests, leases

UNDOABLE = timedelta(days=14)


@transaction.atomic
def close_account(*, person: User) -> Closing:
    """Close the person's account at once: no way in, every session over, the e-mail free, a link to undo it mailed.

    Rooms above veto before (signals.person_closing) and close what is the person's alone after (person_closed).
    Closing twice is refused.
    """
    person = User.objects.select_for_update(no_key=True).get(pk=person.pk)
    _refuse_closing(person)
    email, name, token = person.email, person.name, digests.new_token()
    closing = Closing.objects.create(
        person=person, email=email, token_digest=digests.of_token(token), erase_at=timezone.now() + UNDOABLE
    )
    details = {"erase_at": closing.erase_at.isoformat()}
    audit.record("person.closed", actor=person, target=person, details=details, severity=Severity.CRITICAL)
    signals.person_closed.send(sender=User, person=person)
    person.email, person.is_active, person.closed_at = erasing.vacant(person.pk, "closed"), False, timezone.now()
    person.save(update_fields=["email", "is_active", "closed_at", "updated_at"])
    EmailAddress.objects.filter(user=person).delete()
    for session in UserSession.objects.filter(user=person):
        session.end()
    leases.offer(closing.pk, erasing.TASK, organization=None, not_before=closing.erase_at)
    privacy_letters.closed(closing, token=token, name=name, language=person.language)
    return closing


@transaction.atomic
def reopen_account(*, closing: Closing, email: str) -> User:
    """Undo a closing: all is where it was, with this address. Raises AddressTaken, or AccountRefused when too late."""
    closing = Closing.objects.select_for_update().select_related("person").get(pk=closing.pk)
    if closing.undone_at or closing.erased_at or closing.erase_at <= timezone.now():
        raise AccountRefused(_("This account cannot come back any more."), code="too_late")
    if emails.is_taken(email):
        raise AddressTaken(_("This address has an account by now. Choose another one."), code="taken")
    person = closing.person
    person.email, person.is_active, person.closed_at = email.lower(), True, None
    person.save(update_fields=["email", "is_active", "closed_at", "updated_at"])
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    closing.undone_at, closing.email, closing.token_digest = timezone.now(), "", ""
    closing.save(update_fields=["undone_at", "email", "token_digest", "updated_at"])
    leases.withdraw(closing.pk)
    audit.record("person.reopened", actor=person, target=person, severity=Severity.CRITICAL)
    signals.person_reopened.send(sender=User, person=person)
    privacy_letters.reopened(person.email, name=person.name, language=person.language)
    return person


@transaction.atomic
def ask_new_address(*, closing: Closing, email: str) -> None:
    """The old address is somebody else's: mail a link to the new one, unless that has an account too; nothing tells."""
    if not emails.is_taken(email):
        token = queries.new_address_token(closing, email)
        privacy_letters.confirm_new_address(email, token=token, language=closing.person.language)
    audit.record("person.new_address_asked", target=closing.person, severity=Severity.HIGH)


def _refuse_closing(person: User) -> None:
    """Raises AccountRefused, with the first thing that stands in the way."""
    if person.closed_at is not None:
        raise AccountRefused(_("This account is closed already."), code="closed")
    if person.is_staff or person.is_superuser:
        said = _("You are on the staff of this site: let a colleague take your rights away first.")
        raise AccountRefused(said, code="staff")
    for obstacle in queries.obstacles(person):
        raise AccountRefused(f"{obstacle.title}: {obstacle.reason}", code="obstacle")
