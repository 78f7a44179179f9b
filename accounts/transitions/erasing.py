"""The end of an account: what this room erases of a person or of an address, and the certificate of it."""

from dataclasses import dataclass, field
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from accounts.models import (
    BetaInvite,
    Consent,
    DataRequest,
    DataRequestState,
    ErasureCertificate,
    Impersonation,
    Language,
    Theme,
    User,
)
from accounts.transitions import pictures, requests
from audit import actions as audit
from core import mail

TASK = "accounts.tasks.erase_person"
NOTHING = "—"


@dataclass
class Record:
    """What a certificate will say: message ids, translated for whoever reads it. Said twice is said once."""

    erased: dict[str, None] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)

    def erase(self, what: str) -> None:
        """This is gone."""
        self.erased[what] = None

    def keep(self, what: str, why: str) -> None:
        """This stays, for that reason."""
        self.kept[what] = why

    def issue(self, subject_id: UUID) -> ErasureCertificate:
        """Store the certificate: it names nobody, only the id that is left."""
        kept = [{"what": what, "why": why} for what, why in self.kept.items()]
        return ErasureCertificate.objects.create(subject_id=subject_id, erased=list(self.erased), kept=kept)


def vacant(person_id: UUID, why: str) -> str:
    """An address nobody can have (RFC 2606), one for each person."""
    return f"{why}-{person_id.hex}@{why}.invalid"


def erase_person(person: User, email: str, record: Record) -> None:
    """Everything of a locked, closed person that this room keeps; the row stays, nameless, for what refers to it.

    `email` is "" where their address is somebody else's by now.
    """
    _erase_sign_in(person)
    _erase_requests(person)
    erase_address(email, record, name=person.display_name)
    BetaInvite.objects.filter(used_by=person).update(email=vacant(person.pk, "erased"))
    Impersonation.objects.filter(person=person).update(reason=NOTHING)
    LogEntry.objects.filter(object_id=str(person.pk)).update(object_repr=NOTHING, change_message="")
    consents = Consent.objects.filter(person=person).exists()
    pictures.show(person, "")
    _blank(person)
    audit.forget(person_id=person.pk)
    record.erase(_("Profile, picture, phone, postal address and preferences"))
    record.erase(_("E-mail addresses, password, second factors, linked accounts and sessions"))
    record.erase(_("Copies of your data that were made for you"))
    record.keep(
        _("The facts in the trail of what happened, by a number"), _("It proves who may do what, and names nobody now.")
    )
    if consents:
        record.keep(
            _("That a person agreed to the terms, which version and when"),
            _("We must be able to prove it (GDPR, 7(1))."),
        )


def erase_address(email: str, record: Record, *, name: str = "") -> None:
    """What this room keeps of an address: with an account or without. Mails to others may name who it belonged to."""
    BetaInvite.objects.filter(email=email, used_at__isnull=True).delete()
    record.erase(_("Invitations to the beta"))
    mail.forget(email, naming=[one for one in (email, name) if one])
    record.erase(_("E-mails to this address, and their subjects"))
    if email:
        audit.forget_email(email=email)
    record.erase(_("Names, network addresses and browsers in the trail of what happened"))


def _erase_sign_in(person: User) -> None:
    for session in UserSession.objects.filter(user=person):
        session.end()
    for kept in (UserSession, EmailAddress, Authenticator, SocialAccount):
        kept.objects.filter(user=person).delete()
    person.groups.clear()
    person.user_permissions.clear()


def _erase_requests(person: User) -> None:
    """Requests stay as facts; the file of one that is still offered goes by its own lease."""
    for request in (
        DataRequest.objects.filter(person=person)
        .select_for_update()
        .exclude(state__in=[DataRequestState.EXPIRED, DataRequestState.FAILED])
    ):
        requests.expire_soon(request)


def _blank(person: User) -> None:
    """Nothing of what the person typed or chose."""
    person.email = vacant(person.pk, "erased")
    person.display_name = person.phone = person.bio = person.company = person.job_title = person.website = ""
    person.postal_address, person.language, person.theme = {}, Language.ENGLISH, Theme.AUTO
    person.time_zone, person.last_login, person.erased_at = "UTC", None, timezone.now()
    person.set_unusable_password()
    person.save()
