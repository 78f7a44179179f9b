"""Outgoing mail: stored in the transaction that caused it, sent by a worker, erased once sent.

Everything that sends through Django (allauth included) comes through `QueuedBackend`, so no request waits for SMTP and
a mail exists exactly when what it tells of was committed.
"""

import email
import email.policy
import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from email.message import EmailMessage as StandardMessage
from email.policy import Policy
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import Q
from django.template.loader import render_to_string

from core import leases
from core.models import Mail, MailState

log = logging.getLogger(__name__)

TASK = "core.tasks.deliver"
MAX_TRIES = 8


class QueuedBackend(BaseEmailBackend):
    """Django e-mail backend that stores each message and puts its delivery on offer."""

    @transaction.atomic
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            row = Mail.objects.create(
                recipients=message.recipients(), subject=message.subject[:255], content=message.message().as_bytes()
            )
            leases.offer(row.pk, TASK, organization=None)
        return len(email_messages)


class _Parsed(StandardMessage):
    """A parsed message that can be written the way Django's transports ask for it, with `linesep`."""

    def as_bytes(
        self, unixfrom: bool = False, policy: "Policy[Any] | None" = None, linesep: str | None = None
    ) -> bytes:
        """The whole message as bytes, its lines ended by `linesep` when given."""
        chosen = policy or self.policy
        return super().as_bytes(unixfrom, chosen.clone(linesep=linesep) if linesep else chosen)


class _Stored(EmailMessage):
    """A message that was rendered to bytes when it was queued."""

    def __init__(self, row: Mail) -> None:
        parsed = email.message_from_bytes(bytes(row.content), _class=_Parsed, policy=email.policy.SMTP)
        super().__init__(subject=row.subject, from_email=str(parsed["From"]), to=row.recipients)
        self._parsed = parsed

    def message(self) -> StandardMessage:  # type: ignore[override]  # Django 5.2 types the legacy class
        return self._parsed


def write(name: str, context: Mapping[str, Any], *, to: str, headers: Mapping[str, str] | None = None) -> None:
    """Send emails/`name`_subject.txt, .txt and .html with this context to one address, in the active language."""
    said = {"current_site": {"domain": urlsplit(settings.SITE_URL).netloc}} | dict(context)
    said["subject"] = render_to_string(f"emails/{name}_subject.txt", said).strip()
    message = EmailMultiAlternatives(
        said["subject"],
        render_to_string(f"emails/{name}.txt", said),
        to=[to],
        headers={"Auto-Submitted": "auto-generated"} | dict(headers or {}),
    )
    message.attach_alternative(render_to_string(f"emails/{name}.html", said), "text/html")
    message.send()


def forget(address: str, *, naming: Sequence[str], before: datetime | None = None) -> None:
    """Erase what is left of mails to an address, and the subjects of others' mails that name one of these.

    `before`: those alone that are older, where the address is somebody else's since then.

    What still waits is sent first: it is about to leave. Of failed mails nothing could be sent again either.
    """
    gone = Mail.objects.exclude(state=MailState.WAITING)
    to_address = gone.filter(recipients__contains=[address])
    (to_address.filter(created_at__lt=before) if before else to_address).delete()
    named = Q()
    for name in naming:
        named |= Q(subject__icontains=name)
    if naming:
        gone.filter(named).update(subject="")
    gone.filter(state=MailState.FAILED).update(content=b"")


def is_on_its_way_to(address: str) -> bool:
    """Whether a mail to the address waits to be sent."""
    return Mail.objects.filter(state=MailState.WAITING, recipients__contains=[address]).exists()


def deliver(mail_id: UUID) -> None:
    """Send one stored mail through MAIL_TRANSPORT; at most one worker at a time, erased after it left."""
    leases.carry_out(mail_id, _deliver)


def _deliver(held: leases.Claim) -> None:
    row = Mail.objects.get(pk=held.subject)
    try:
        get_connection(settings.MAIL_TRANSPORT).send_messages([_Stored(row)])
    except Exception as error:  # whatever a transport raises is one try of eight
        log.warning("mail %s not sent: %s", row.pk, type(error).__name__)
        _failed(row, held, error)
        return
    with transaction.atomic():
        leases.finish(held)
        row.state, row.content, row.error = MailState.SENT, b"", ""
        row.save(update_fields=["state", "content", "error", "updated_at"])


@transaction.atomic
def _failed(row: Mail, held: leases.Claim, error: Exception) -> None:
    row.tries += 1
    # The text may quote the recipient: only the class of the fault is kept.
    row.error = type(error).__name__
    if row.tries >= MAX_TRIES:
        row.state = MailState.FAILED
        leases.finish(held)
    else:
        leases.defer(held, timedelta(seconds=2**row.tries))
    row.save(update_fields=["tries", "error", "state", "updated_at"])
