"""Erasing a closed account when its two weeks are over: room by room, and whoever is killed half-way loses nothing."""

from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts import signals
from accounts.models import Closing, User
from accounts.queries.emails import is_taken
from accounts.transitions import erasing, privacy_letters, requests
from audit import actions as audit
from audit.models import Entry, Severity
from core import leases, mail, tenancy

# The mails about the closing itself are written within that time after it.
LAST_WORDS = timedelta(minutes=1)


def erase(closing_id: UUID) -> None:
    """Erase one account, if nobody else does, its time is over and it has not come back."""
    leases.carry_out(closing_id, _erase)


def _erase(held: leases.Claim) -> None:
    with transaction.atomic():
        closing = Closing.objects.get(pk=held.subject)
    if closing.undone_at is not None:
        leases.finish(held)
    elif closing.erased_at is not None:
        _forget_address(held)
    elif closing.erase_at > timezone.now():
        leases.defer(held, closing.erase_at - timezone.now())
    else:
        _erase_person(held)


def _erase_person(held: leases.Claim) -> None:
    # Each room says what it erases on every round: a certificate made after a fall says the same as one without.
    record = erasing.Record()
    more = True
    while more:
        with transaction.atomic():
            closing = _lock(held)
            email = _own_address(closing)
            told = signals.person_erased.send(sender=User, person=closing.person, email=email, record=record)
            more = any(left for _receiver, left in told)
            if not more:
                _end(closing, email, record, held)


def _own_address(closing: Closing) -> str:
    """The address it had; "" when that is somebody else's by now, whose mails, invitations and trail stay theirs."""
    return "" if is_taken(closing.email) else closing.email


def _former_addresses(person: User) -> list[str]:
    """Addresses the account had before, as the trail has them, that are nobody else's now."""
    with tenancy.system("a person's former addresses are erased"):
        changes = Entry.objects.filter(action="person.email_changed", target_id=person.pk)
        former = {str(entry.personal.get("before", "")) for entry in changes}
    return sorted(one for one in former if one and not is_taken(one))


def _end(closing: Closing, email: str, record: erasing.Record, held: leases.Claim) -> None:
    """This room's own part, the certificate, and a last mail, where the address is still theirs."""
    person, language = closing.person, closing.person.language
    audit.record("person.erased", target=person, severity=Severity.CRITICAL)
    for former in _former_addresses(person):
        signals.address_erased.send(sender=User, email=former, record=record)
        erasing.erase_address(former, record)
    erasing.erase_person(person, email, record)
    if not email:
        mail.forget(closing.email, naming=[], before=closing.created_at + LAST_WORDS)
    closing.erased_at, closing.token_digest = timezone.now(), ""
    closing.save(update_fields=["erased_at", "token_digest", "updated_at"])
    certificate = record.issue(person.pk)
    if email:
        privacy_letters.erased(email, language=language, certificate=certificate, subject_id=person.pk)
    leases.finish(held)
    leases.offer(closing.pk, erasing.TASK, organization=None, not_before=timezone.now() + requests.LOOK_AGAIN)


@transaction.atomic
def _forget_address(held: leases.Claim) -> None:
    """The certificate is sent: the address it went to is forgotten as well."""
    closing = _lock(held)
    if (email := _own_address(closing)) and mail.is_on_its_way_to(email):
        leases.defer(held, requests.LOOK_AGAIN)
        return
    if email:
        mail.forget(email, naming=[email])
    closing.email = ""
    closing.save(update_fields=["email", "updated_at"])
    leases.finish(held)


def _lock(held: leases.Claim) -> Closing:
    """The closing, its person and our lease, all locked."""
    rows = Closing.objects.select_for_update(of=("self", "person")).select_related("person")
    closing = rows.get(pk=held.subject)
    leases.confirm(held)
    return closing
