"""Who may come into the closed beta."""

import secrets
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.jobs.beta import MAIL_TASK
from accounts.models import BetaInvite, User
from accounts.queries import beta
from audit import actions as audit
from audit.models import Severity
from core import leases
from core.errors import Conflict, DomainError


def _new(email: str, language: str, by: User | None) -> BetaInvite:
    return BetaInvite(code=secrets.token_hex(8).upper(), email=email.strip().lower(), language=language, invited_by=by)


def _offer_mail(subject: UUID) -> None:
    leases.offer(subject, MAIL_TASK, organization=None)


@transaction.atomic
def invite(*, email: str, language: str, by: User | None) -> BetaInvite:
    """Invite one address and mail it the code. Raises Conflict when it has an unused invitation or an account."""
    if beta.known([email]):
        raise Conflict(_("This address has an unused invitation or an account already."))
    made = _new(email, language, by)
    made.save(force_insert=True)
    audit.record("beta.invited", actor=by, target=made, personal={"email": made.email}, severity=Severity.MEDIUM)
    _offer_mail(made.pk)
    return made


@transaction.atomic
def invite_all(*, people: Iterable[tuple[str, str]], by: User | None) -> int:
    """Invite many (address, language) at once, none of them known; a worker mails them. Returns how many."""
    invites = BetaInvite.objects.bulk_create([_new(email, language, by) for email, language in people], batch_size=500)
    for made in invites:
        audit.record("beta.invited", actor=by, target=made, personal={"email": made.email}, severity=Severity.MEDIUM)
    if invites:
        _offer_mail(invites[0].pk)
    return len(invites)


@transaction.atomic
def resend(*, invite: BetaInvite, by: User) -> None:
    """Mail an unused invitation once more. Raises Conflict when it is used or revoked."""
    held = _open(invite)
    held.mailed_at = None
    held.save(update_fields=["mailed_at", "updated_at"])
    audit.record("beta.resent", actor=by, target=held)
    _offer_mail(held.pk)


@transaction.atomic
def revoke(*, invite: BetaInvite, by: User) -> None:
    """Make an unused code worthless. Raises Conflict when it is used or revoked."""
    held = _open(invite)
    held.revoked_at = timezone.now()
    held.save(update_fields=["revoked_at", "updated_at"])
    audit.record("beta.revoked", actor=by, target=held, severity=Severity.MEDIUM)


def _open(invite: BetaInvite) -> BetaInvite:
    held = BetaInvite.objects.open().select_for_update().filter(pk=invite.pk).first()
    if held is None:
        raise Conflict(_("This invitation is used or revoked."))
    return held


@transaction.atomic
def claim(*, email: str, code: str) -> BetaInvite:
    """Hold the invitation until the account it is used for is there: of several at once, one gets it.

    Raises DomainError, in the one sentence for every reason, for those that come too late.
    """
    held = BetaInvite.objects.open().select_for_update().filter(email=email, code=code).first()
    if held is None:
        raise DomainError(str(beta.REFUSED), code="invite")
    return held


@transaction.atomic
def spend(*, invite: BetaInvite, person: User) -> None:
    """The account is there: the claimed code is used."""
    invite.used_at, invite.used_by = timezone.now(), person
    invite.save(update_fields=["used_at", "used_by", "updated_at"])
    audit.record("beta.used", actor=person, target=invite)
