"""Mailing invitations to the closed beta."""

from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from accounts.models import BetaInvite
from core import leases, mail

MAIL_TASK = "accounts.tasks.mail_beta_invites"
AT_ONCE = 100  # in one transaction


def mail_invites(subject: UUID) -> None:
    """Mail every open invitation that was not mailed yet, 100 at a time; `subject` is the invite this began with."""
    leases.carry_out(subject, _mail)


@transaction.atomic
def _mail(held: leases.Claim) -> None:
    leases.confirm(held)
    waiting = BetaInvite.objects.open().filter(mailed_at=None).select_for_update(skip_locked=True).order_by("pk")
    invites = list(waiting[:AT_ONCE])
    for invite in invites:
        with override(invite.language):
            path = reverse("beta_invite", args=[invite.code])
            mail.write("beta_invite", {"code": invite.code, "url": f"{settings.SITE_URL}{path}"}, to=invite.email)
        invite.mailed_at = timezone.now()
    BetaInvite.objects.bulk_update(invites, ["mailed_at"])
    if len(invites) < AT_ONCE:
        leases.finish(held)
    else:
        leases.defer(held, timedelta(0))
