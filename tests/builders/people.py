"""People and organizations."""

from datetime import timedelta
from itertools import count
from time import time
from typing import Any

from django.db import transaction
from django.test import Client
from django.utils import timezone

from accounts.models import Consent, LegalKind, User
from billing.models import EntryKind, LedgerEntry
from billing.transitions import ledger
from billing.transitions.ledger import Posting
from core import digests, tenancy
from core.ids import new_id
from organizations.models import Invitation, InvitationKey, Limits, Membership, Organization

numbers = count(1)  # what must be unique among the rows of a test
AMPLE = 1_000_000  # credits
UNLIMITED = {"members": None, "books": None, "books_a_month": None}


@transaction.atomic
def make_person(*, password: str | None = None, **overrides: Any) -> User:
    """A person with a verified address; without `password` nobody can sign in as them but `client_of`."""
    from allauth.account.models import EmailAddress

    fields = {"email": f"person-{next(numbers)}@example.org", "display_name": "Some Person"} | overrides
    person = User.objects.create_user(password=password, **fields)
    EmailAddress.objects.create(user=person, email=person.email, primary=True, verified=True)
    Consent.objects.bulk_create(Consent(person=person, kind=kind, version=1, language="en") for kind in LegalKind)
    return person


def show_factor(client: Client, person: User) -> None:
    """Give the person an app of one-time codes, if they have none, and let their session have seen it just now."""
    from allauth.mfa.models import Authenticator

    factor, _made = Authenticator.objects.get_or_create(
        user=person, type=Authenticator.Type.TOTP, defaults={"data": {"secret": "unused"}}
    )
    prove(client, person, method="mfa", id=factor.pk, type=factor.type)


def prove(client: Client, person: User, **how: Any) -> None:
    """Let the person's session have proved just now who they are."""
    session = client.session
    session["account_authentication_methods"] = [{"at": time(), "reauthenticated": True, **how}]
    session["account_authentication_methods_user"] = str(person.pk)
    session.save()


@transaction.atomic
def make_organization(*, limits: dict[str, Any] | None = None, balance: int = AMPLE, **overrides: Any) -> Organization:
    """An organization without members; nothing but storage is limited unless `limits` says so, nor are its credits."""
    number = next(numbers)
    organization = Organization.objects.create(
        **({"name": f"Organization {number}", "slug": f"organization-{number}"} | overrides)
    )
    with tenancy.declared(organization.pk):
        Limits.objects.create(**({"organization": organization} | UNLIMITED | (limits or {})))
        give_credits(organization, balance)
    return organization


@transaction.atomic
def lift_limits(organization: Organization) -> None:
    """Nothing but storage is limited from now on, and there are ample credits."""
    with tenancy.declared(organization.pk):
        Limits.objects.of(organization).update(**UNLIMITED)
        give_credits(organization, AMPLE)


@transaction.atomic
def give_credits(organization: Organization, amount: int, **overrides: Any) -> LedgerEntry | None:
    """Credits that never expire unless `expires_at` says so; none leave the account unopened."""
    if not amount:
        return None
    with tenancy.declared(organization.pk):
        posting = Posting(EntryKind.BONUS, f"builders:{new_id()}")
        return ledger.grant(ledger.lock(organization), posting, amount, **overrides)


@transaction.atomic
def make_member(organization: Organization, role: str, **overrides: Any) -> User:
    """A person with that role in the organization."""
    person = make_person(**overrides)
    Membership.objects.create(organization=organization, person=person, role=role)
    return person


@transaction.atomic
def make_invitation(organization: Organization, invited_by: User, *, token: str = "", **overrides: Any) -> Invitation:
    """An open invitation as a member, found by the link's token."""
    number = next(numbers)
    now = timezone.now()
    fields: dict[str, Any] = {
        "email": f"invited-{number}@example.org",
        "invited_by": invited_by,
        "sent_at": now - timedelta(hours=1),
        "expires_at": now + timedelta(days=6),
    }
    with tenancy.declared(organization.pk):
        invitation = Invitation.objects.create(organization=organization, **(fields | overrides))
    if not (invitation.accepted_at or invitation.declined_at or invitation.revoked_at):
        InvitationKey.objects.create(
            organization=organization,
            invitation_id=invitation.pk,
            token_digest=digests.of_token(token or digests.new_token()),
            email_digest=digests.of_email(invitation.email),
        )
    return invitation
